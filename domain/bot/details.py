"""Asking for details: one form where the channel shows forms, one question after the other everywhere else.

Somebody who writes instead of filling in the form is asked question by question, too. Every answer is looked at here, also those
of a form, since a form may come from anywhere.
"""

from __future__ import annotations

import re
from typing import Final

from domain import forms
from domain.bot import matcher, say
from domain.bot.condition import Scalar
from domain.bot.flow import Details, Field
from domain.bot.turn import Leave, Move, Over, Puzzled, Turn
from domain.decode import Email, convert
from domain.errors import Invalid

#: Where a form is shown as such. Elsewhere it would be a link to a page, and a question is friendlier.
FORM_CHANNELS: Final = frozenset({"web", "android", "ios", "unity"})
#: `Awaits.part` of the form; the questions are counted from 1.
FORM = 0
MAX_BUTTONS = 10
#: The key of a hand-over's metadata that fills a ticket field: this and the field's id.
TICKET_FIELD: Final = "dataCapture.ticketField."

_NUMBERS: Final = {"integer": re.compile(r"[+-]?[0-9]+"), "decimal": re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")}


def ask_details(step: Details, turn: Turn) -> Move:
    """Ask for all by a form, or for the first."""
    if turn.run.channel not in FORM_CHANNELS:
        turn.say(turn.words(step.text))
        return _ask(step, turn, 1)
    turn.messages.append(say.form(turn.words(step.text), [_form_field(one, turn) for one in step.fields]))
    return turn.listen(part=FORM)


def ask_again(step: Details, turn: Turn, tries: int) -> Move:
    """The question that is open, once more."""
    if turn.awaits.part == FORM:
        return ask_details(step, turn)
    return _ask(step, turn, turn.awaits.part, tries)


def fill_form(step: Details, turn: Turn, answers: dict[str, str]) -> Move:
    """Take the answers of the form; ask for what is missing or of no use."""
    for number, field in enumerate(step.fields, 1):
        value = _read(field, answers.get(field.name, ""), turn)
        if value is None:
            return _ask(step, turn, number)
        _fill(field, value, turn)
    return Leave("next")


def fill_press(step: Details, turn: Turn, option: str) -> Move:
    """Take a choice that was pressed, if its question is still open."""
    number, _, name = option.partition(":")
    return fill_text(step, turn, name) if number == str(turn.awaits.part) else Puzzled()


def fill_text(step: Details, turn: Turn, text: str) -> Move:
    """Take one answer that was written."""
    number = turn.awaits.part
    if number == FORM:
        return _ask(step, turn, 1)
    field = step.fields[number - 1] if number <= len(step.fields) else None
    value = None if field is None else _read(field, text, turn)
    if field is None or value is None:
        return _refuse(step, turn)
    _fill(field, value, turn)
    return _ask(step, turn, number + 1) if number < len(step.fields) else Leave("next")


def _refuse(step: Details, turn: Turn) -> Move:
    """The answer is of no use: somebody who wants something else is understood, others are asked again, so often."""
    tries = turn.awaits.tries + 1
    if tries < step.tries:
        return Puzzled()
    return Leave("failed") if "failed" in step.exits else Over("failed", "next")


def _ask(step: Details, turn: Turn, number: int, tries: int = 0) -> Move:
    field = step.fields[number - 1]
    choices = _choices(field, turn)
    buttons = [say.button(label, turn.payload(f"{number}:{name}")) for name, label in choices] if len(choices) <= MAX_BUTTONS else []
    words = turn.words(field.label) or field.name
    if choices and not buttons:
        words = "\n".join([words, *(f"{place}. {label}" for place, (_, label) in enumerate(choices, 1))])
    turn.say(words, buttons)
    return turn.listen(part=number, tries=tries)


def _read(field: Field, text: str, turn: Turn) -> Scalar | None:
    """The answer as a value; None when it is none."""
    text = text.strip()
    if field.kind == "select":
        return _selected(text, _choices(field, turn))
    if field.kind == "email":
        return text if _is_email(text) else None
    if field.kind in _NUMBERS:
        return _number(field, text)
    return text if field.min_size <= len(text) <= field.max_size else None


def _selected(text: str, choices: list[tuple[str, str]]) -> str | None:
    names = [name for name, _ in choices]
    if text in names:
        return text
    place = matcher.chosen(text, [label for _, label in choices])
    return None if place is None else names[place]


def _number(field: Field, text: str) -> int | float | None:
    if not _NUMBERS[field.kind].fullmatch(text) or len(text) > min(field.max_size, 18):
        return None
    return int(text) if field.kind == "integer" else float(text.replace(",", "."))


def _is_email(text: str) -> bool:
    of: type[str] = Email
    try:
        convert(text, of, "email")
    except Invalid:
        return False
    return True


def _fill(field: Field, value: Scalar, turn: Turn) -> None:
    turn.misses = 0
    turn.set(field.variable, value)
    if field.ticket_field is not None:
        turn.capture(TICKET_FIELD + field.ticket_field, value)
    if field.profile is not None:
        turn.learn(field.profile, str(value))


def _choices(field: Field, turn: Turn) -> list[tuple[str, str]]:
    """(name, label) of each choice."""
    if field.kind != "select":
        return []
    return [(one.name, turn.words(one.label)[: say.MAX_SHORT] or one.name) for one in field.choices]


def _form_field(field: Field, turn: Turn) -> forms.FormField:
    label, hint = turn.words(field.label), turn.words(field.placeholder)
    return say.form_field(field.kind, field.name, label, hint, (field.min_size, field.max_size), _choices(field, turn))
