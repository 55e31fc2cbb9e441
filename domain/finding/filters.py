"""What tickets and people are asked for, as trees of tests: searches, views and lists all become one, and storage reads nothing else.

A thing is known by its facts (columns) and its marks: tags, followers, values of custom fields, and the words of its text. `meets`
says what a tree means; storage says the same in SQL. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from operator import ge, gt, le, lt
from typing import Any, Literal

import msgspec

from domain.language import fold
from domain.ticket.model import Priority, Status, Ticket

Operator = Literal["=", "<", "<=", ">", ">="]
Value = str | int | None

MAX_WORD = 40
MAX_WORDS = 300
"""Distinct words of one thing that are found."""
MAX_TEXT = 4_000
"""Characters of a thing in which phrases are found."""
MAX_SAID_WORDS = 2_000
"""Distinct words of all that was said on one ticket that are found."""
MAX_SAID_TEXT = 64_000
"""Characters of it in which phrases are found."""
MAX_MARK = 255

STATUSES: dict[Status, int] = {"new": 0, "open": 1, "pending": 2, "hold": 3, "solved": 4, "closed": 5}
PRIORITIES: dict[Priority, int] = {"low": 1, "normal": 2, "high": 3, "urgent": 4}

_WORD = re.compile(r"\w+")
_COMPARE: dict[Operator, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


class Test(msgspec.Struct, frozen=True, tag=True):
    """A fact compared with a value. `=` with None: it has none. Whatever has no such fact meets no other test."""

    __test__ = False  # pytest takes it for one of its own
    column: str
    operator: Operator
    value: Value


class Marked(msgspec.Struct, frozen=True, tag=True):
    """It has this mark; with `prefix` one that begins so; with the value None any of the kind."""

    kind: str
    value: str | None
    prefix: bool = False


class Phrase(msgspec.Struct, frozen=True, tag=True):
    """These words stand in its text, one after the other. `text` is folded, with one space between the words.

    `said`: in one of the comments and messages instead.
    """

    text: str
    said: bool = False


class Every(msgspec.Struct, frozen=True, tag=True):
    of: tuple[Filter, ...]


class Either(msgspec.Struct, frozen=True, tag=True):
    of: tuple[Filter, ...]


class Without(msgspec.Struct, frozen=True, tag=True):
    of: Filter


Filter = Test | Marked | Phrase | Every | Either | Without

EVERYTHING, NOTHING = Every(()), Either(())
NOBODY = "-"
"""An id that nobody has."""
KEPT = Test("deleted", "=", 0)
"""Tickets that are not deleted."""


class Known(msgspec.Struct, frozen=True):
    """What is asked of a thing. `said` is what was said on a ticket (`said_with`), and `said` the kind of its words among the marks."""

    facts: Mapping[str, Value]
    marks: frozenset[tuple[str, str]]
    text: str = " "
    said: str = ""


def meets(asked: Filter, known: Known) -> bool:
    """Whether a thing is one of those that are asked for."""
    match asked:
        case Test(column, operator, value):
            return _compared(known.facts.get(column), operator, value)
        case Marked(kind, value, prefix):
            return any(each == kind and _is_mark(one, value, prefix) for each, one in known.marks)
        case Phrase(text, said):
            return f" {text} " in (known.said if said else known.text)
        case Every(of):
            return all(meets(one, known) for one in of)
        case Either(of):
            return any(meets(one, known) for one in of)
        case Without(of):
            return not meets(of, known)


def _compared(found: Value, operator: Operator, value: Value) -> bool:
    if operator == "=" or found is None or value is None:
        return bool(operator == "=" and found == value)
    return bool(_COMPARE[operator](found, value))


def _is_mark(found: str, value: str | None, prefix: bool) -> bool:
    return value is None or (found.startswith(value) if prefix else found == value)


def words_of(text: str) -> list[str]:
    """The words of a text in their order, as they are found: without case and accents, cut where they are long."""
    return [word[:MAX_WORD] for word in _WORD.findall(fold(text))]


def word_marks(*texts: str) -> set[tuple[str, str]]:
    found: dict[str, None] = {}
    for text in texts:
        found.update(dict.fromkeys(words_of(text[: MAX_TEXT * 4])))
    return {("word", word) for word in list(found)[:MAX_WORDS]}


def text_of(*texts: str) -> str:
    """What phrases are looked for in, with a space on either side of each word."""
    return f" {' '.join(' '.join(words_of(text[:MAX_TEXT])) for text in texts)[:MAX_TEXT]} "


def said_with(before: str, texts: Iterable[str]) -> str:
    """What was said, with more of it: the words of each comment on a line, and no more of them than are found."""
    found, length = [before], len(before)
    for text in texts:
        if length >= MAX_SAID_TEXT:
            break
        words = " ".join(words_of(text[: MAX_SAID_TEXT * 2]))[: MAX_SAID_TEXT - length]
        if words:
            found.append(f" {words} \n")
            length += len(found[-1])
    return "".join(found)


def said_words(said: str) -> set[str]:
    """The words by which it is found."""
    return set(list(dict.fromkeys(said.split()))[:MAX_SAID_WORDS])


def of_ticket(ticket: Ticket, said: str = "") -> Known:
    """A ticket as lists, views and searches know it, with what was `said`. Instants that never were are None."""
    marks = {("tag", tag) for tag in ticket.tags} | {("follower", each) for each in ticket.follower_ids}
    for number, given in ticket.fields.items():
        marks |= {(kind, value) for kind in ("field", f"field:{number}") for value in field_values(given)}
    marks |= word_marks(ticket.subject, ticket.description)
    marks |= {("said", word) for word in said_words(said)}
    return Known(_facts(ticket), frozenset(marks), text_of(ticket.subject, ticket.description), said)


def _facts(ticket: Ticket) -> dict[str, Value]:
    metrics = ticket.metrics
    return {
        "number": ticket.number,
        "status": STATUSES[ticket.status],
        "priority": None if ticket.priority is None else PRIORITIES[ticket.priority],
        "type": ticket.type,
        "group_id": ticket.group_id,
        "assignee_id": ticket.assignee_id,
        "requester_id": ticket.requester_id or None,
        "submitter_id": ticket.submitter_id or None,
        "external_id": ticket.external_id,
        "brand_id": ticket.brand_id,
        "channel": ticket.channel,
        "session": ticket.session,
        "score": ticket.rating.score,
        "rated_ms": ticket.rating.at_ms or None,
        "problem_number": ticket.problem_number,
        "subject": ticket.subject[:MAX_MARK],
        "created_ms": ticket.created_ms,
        "updated_ms": ticket.updated_ms,
        "status_ms": metrics.status_ms or None,
        "assigned_ms": metrics.assigned_ms or None,
        "solved_ms": metrics.solved_ms or None,
        "waiting_ms": metrics.waiting_ms or None,
        "due_ms": ticket.due_ms or None,
        "deleted": int(ticket.deleted),
    }


def field_values(given: Any) -> list[str]:
    """A custom field's value as it is found: that of a list is each of its members."""
    if given is None or given == "":
        return []
    if isinstance(given, list | tuple):
        return sorted({one for each in given for one in field_values(each)})
    if isinstance(given, bool):
        return [str(given).lower()]
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    return [fold(str(given))[:MAX_MARK]]
