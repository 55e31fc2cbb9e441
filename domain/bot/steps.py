"""What each kind of step does: `enter` when the run comes to it, `resume` when what it waited for has come. One form for each kind.

Both return where to go. A step that waits says so by `turn.wait`; nothing here knows of epochs, bounds or events.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from domain import hours
from domain.bot import commands as cmd
from domain.bot import effects as fx
from domain.bot import flow as fl
from domain.bot import matcher, say, wording
from domain.bot.condition import holds
from domain.bot.details import TICKET_FIELD, ask_details, fill_form, fill_press, fill_text
from domain.bot.names import Text
from domain.bot.turn import Enter, Goto, Leave, Move, Over, Puzzled, Return, Turn
from domain.by_type import ByType

RATINGS = ("1", "2", "3", "4", "5")
COMMENT = 1
#: How long a performer may take beyond all its tries before the step goes on without it.
GRACE_MS = 60_000
SEARCH_MS = 30_000
TAGS = "dataCapture.systemField.tags"


class Press(msgspec.Struct, frozen=True):
    """A button of the step that waits was pressed."""

    option: str


class Words(msgspec.Struct, frozen=True):
    """The customer wrote."""

    text: str


class Filled(msgspec.Struct, frozen=True):
    """The customer sent the form."""

    answers: dict[str, str]


class Silence(msgspec.Struct, frozen=True):
    """Nothing came in the time that the step gave."""


Input = Press | Words | Filled | Silence | cmd.Called | cmd.Found


@ByType
def enter(step: fl.Step, turn: Turn) -> Move:
    """Do what the step does first."""
    raise TypeError(f"no step {type(step).__name__}")


@ByType
def resume(step: fl.Step, turn: Turn, told: Input) -> Move:
    """Go on with what came. A step that waits for nothing of the kind is puzzled."""
    return Puzzled()


@enter.register
def _(step: fl.Message, turn: Turn) -> Move:
    words = turn.words(step.text)
    if step.image is not None:
        turn.messages.append(say.image(step.image, words))
    else:
        turn.say(words)
    return Leave("next")


@enter.register
def _(step: fl.Options, turn: Turn) -> Move:
    buttons = [say.button(turn.words(one.label), turn.payload(one.name)) for one in step.options]
    turn.say(turn.words(step.text), buttons)
    return turn.listen()


@resume.register
def _(step: fl.Options, turn: Turn, told: Input) -> Move:
    name = _chosen(turn, told, {one.name: one.label for one in step.options})
    if name is None:
        return Puzzled()
    turn.set(step.variable, name)
    return Leave(name)


@enter.register
def _(step: fl.AskResolved, turn: Turn) -> Move:
    labels = _yes_no(step, turn)
    turn.say(turn.words(step.text), [say.button(label, turn.payload(name)) for name, label in labels.items()])
    return turn.listen()


@resume.register
def _(step: fl.AskResolved, turn: Turn, told: Input) -> Move:
    labels = _yes_no(step, turn)
    if isinstance(told, Press):
        return Leave(told.option) if told.option in labels else Puzzled()
    place = matcher.chosen(told.text, list(labels.values())) if isinstance(told, Words) else None
    return Puzzled() if place is None else Leave(list(labels)[place])


def _yes_no(step: fl.AskResolved, turn: Turn) -> dict[str, str]:
    return {"yes": turn.words(step.yes) or turn.own("yes"), "no": turn.words(step.no) or turn.own("no")}


def _chosen(turn: Turn, told: Input, options: dict[str, Text]) -> str | None:
    """The option that was pressed or written."""
    if isinstance(told, Press):
        return told.option if told.option in options else None
    if not isinstance(told, Words):
        return None
    place = matcher.chosen(told.text, [turn.words(label) for label in options.values()])
    return None if place is None else list(options)[place]


@enter.register
def _(step: fl.Articles, turn: Turn) -> Move:
    if step.articles:
        return _show(step, turn, [cmd.Article("", turn.words(one.title), one.url, turn.words(one.description)) for one in step.articles])
    return _search(turn, step.query, step.limit, step.labels, False)


@resume.register
def _(step: fl.Articles, turn: Turn, told: Input) -> Move:
    return _show(step, turn, told.articles[: step.limit] if isinstance(told, cmd.Found) else ())


def _show(step: fl.Articles, turn: Turn, articles: Sequence[cmd.Article]) -> Move:
    cards = say.article_cards(articles, turn.own("read"))
    if not cards:
        return Leave("none")
    turn.say(turn.words(step.text))
    turn.messages.append(say.carousel(cards))
    return Leave("next")


@enter.register
def _(step: fl.Answer, turn: Turn) -> Move:
    if not turn.release.settings.answers:
        return Leave("none")
    return _search(turn, step.query, 3, step.labels, True)


@resume.register
def _(step: fl.Answer, turn: Turn, told: Input) -> Move:
    if not isinstance(told, cmd.Found) or not told.answer:
        return Leave("none")
    turn.messages.append(say.answer(told.answer, told.articles))
    return Leave("answered")


def _search(turn: Turn, query: str, limit: int, labels: tuple[str, ...], answer: bool) -> Move:
    wanted = wording.fill(query, turn.values(), limit=512)
    if not wanted:
        return Leave("none")
    waiting = turn.wait("articles", SEARCH_MS)
    turn.requests.append(fx.Search(turn.n, wanted, turn.run.locale, limit, answer, labels))
    return waiting


@enter.register
def _(step: fl.Carousel, turn: Turn) -> Move:
    values = turn.values()
    items = []
    for panel in step.panels:
        made = [say.link(turn.words(one.text), wording.fill_url(one.url, values)) for one in panel.links]
        links = [each for each in made if each is not None]
        if links:
            items.append(say.card(turn.words(panel.title), turn.words(panel.description), links, panel.image))
    turn.say(turn.words(step.text))
    if items:
        turn.messages.append(say.carousel(items))
    return Leave("next")


@enter.register
def _(step: fl.Details, turn: Turn) -> Move:
    return ask_details(step, turn)


@resume.register
def _(step: fl.Details, turn: Turn, told: Input) -> Move:
    match told:
        case Filled(answers=answers):
            return fill_form(step, turn, answers)
        case Press(option=option):
            return fill_press(step, turn, option)
        case Words(text=text):
            return fill_text(step, turn, text)
        case _:
            return Puzzled()


@enter.register
def _(step: fl.Satisfaction, turn: Turn) -> Move:
    turn.say(turn.words(step.text), [say.button(each, turn.payload(each)) for each in RATINGS])
    return turn.listen()


@resume.register
def _(step: fl.Satisfaction, turn: Turn, told: Input) -> Move:
    if turn.awaits.part == COMMENT:
        return _comment(step, turn, told)
    given = told.option if isinstance(told, Press) else told.text.strip() if isinstance(told, Words) else ""
    if given not in RATINGS:
        return Puzzled()
    turn.set(step.variable, int(given))
    turn.capture("satisfaction.rating", int(given))
    comment = turn.words(step.comment)
    if not comment:
        return Leave("next")
    turn.say(comment)
    return turn.listen(part=COMMENT)


def _comment(step: fl.Satisfaction, turn: Turn, told: Input) -> Move:
    if not isinstance(told, Words):
        return Puzzled()
    turn.set(step.comment_variable, told.text)
    turn.capture("satisfaction.comment", told.text)
    return Leave("next")


@enter.register
def _(step: fl.Call, turn: Turn) -> Move:
    values = turn.values()
    headers = {name: wording.fill_header(value, values) for name, value in step.headers.items()}
    body = None
    if step.body is not None:
        body = msgspec.json.encode(wording.fill_json(step.body, values)).decode()
        if not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = "application/json"
    waiting = turn.wait("call", int(step.timeout_s * 1000) * (step.retries + 1) * 2 + GRACE_MS)
    url = wording.fill_url(step.url, values)
    turn.requests.append(fx.Call(turn.n, step.method, url, headers, body, step.results, step.timeout_s, step.retries))
    return waiting


@resume.register
def _(step: fl.Call, turn: Turn, told: Input) -> Move:
    if not isinstance(told, cmd.Called) or told.error is not None:
        return Leave("failed")
    for name in step.results:
        turn.set(name, told.values.get(name))
    return Leave("ok")


@enter.register
def _(step: fl.Branch, turn: Turn) -> Move:
    values = turn.values()
    return Leave(next((case.name for case in step.cases if holds(case.when, values)), "else"))


@enter.register
def _(step: fl.BusinessHours, turn: Turn) -> Move:
    return Leave("open" if _is_open(turn, step.schedule) else "closed")


def _is_open(turn: Turn, name: str | None) -> bool:
    schedule = turn.release.settings.schedules.get(name or "")
    return schedule is None or hours.is_open(schedule, turn.at_ms)


@enter.register
def _(step: fl.Set, turn: Turn) -> Move:
    value = step.value
    turn.set(step.variable, wording.fill(value, turn.values()) if isinstance(value, str) else value)
    return Leave("next")


@enter.register
def _(step: fl.Wait, turn: Turn) -> Move:
    return turn.wait("timer", step.seconds * 1000)


@resume.register
def _(step: fl.Wait, turn: Turn, told: Input) -> Move:
    if isinstance(told, Silence):
        return Leave("next")
    return Leave("spoke") if "spoke" in step.exits else Puzzled()


@enter.register
def _(step: fl.Loop, turn: Turn) -> Move:
    times = turn.frame.counts.get(step.id, 0) + 1
    again = times <= step.max and (step.while_ is None or holds(step.while_, turn.values()))
    turn.count(step.id, times if again else 0)
    return Leave("again" if again else "done")


@enter.register
def _(step: fl.LinkTo, turn: Turn) -> Move:
    return Goto(step.flow)


@enter.register
def _(step: fl.Subflow, turn: Turn) -> Move:
    return Enter(step.flow)


@enter.register
def _(step: fl.Transfer, turn: Turn) -> Move:
    closed = not _is_open(turn, step.schedule)
    if closed and "closed" in step.exits:
        return Leave("closed")
    turn.say((turn.words(step.text_closed) if closed else "") or turn.words(step.text) or turn.own("handover"))
    if step.tags:
        turn.capture(TAGS, ",".join(step.tags))
    for field, template in step.fields.items():
        turn.capture(TICKET_FIELD + field, wording.fill(template, turn.values()))
    return Over("handover", "next")


@enter.register
def _(step: fl.Solve, turn: Turn) -> Move:
    turn.say(turn.words(step.text))
    return Over("solved", "solve")


@enter.register
def _(step: fl.End, turn: Turn) -> Move:
    return Return()
