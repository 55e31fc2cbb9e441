"""A draft played as a customer would meet it: the real interpreter over a conversation that is nobody's. Pure.

What the bot asks of the world comes out as `asked`, and its answer goes in by `answer`; time passes only when the author lets it.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from domain.bot import commands as cmd
from domain.bot import effects as fx
from domain.bot.condition import Scalar
from domain.bot.events import Stepped, Understood
from domain.bot.example import CallAnswer, SearchAnswer
from domain.bot.release import Compiled
from domain.bot.rules import decide
from domain.bot.state import State, evolve
from domain.errors import Invalid, Refused
from domain.switchboard import BotStart

RELEASE = 1
"""The number of every release that is played."""

MAX_LINES = 500
MAX_RINGS = 100
MAX_CALLS_SHOWN = 100

Control = Literal["bot", "agents", "nobody"]
_CONTROL: dict[str, Control] = {"stay": "bot", "next": "agents", "release": "nobody", "solve": "nobody"}

USER = "preview"


class Line(msgspec.Struct, frozen=True):
    """Something that was said: by the customer as plain text, by the bot as a message's content (JSON)."""

    by: Literal["customer", "bot"]
    at_ms: int
    text: str = ""
    content: bytes = b""
    references: bytes | None = None
    ai: bool = False


class Called(msgspec.Struct, frozen=True):
    """An API call as its author sees it; secrets are still by reference."""

    flow: str
    step: str
    method: str
    url: str
    status: int
    error: str | None
    made: bool


class Play(msgspec.Struct, frozen=True):
    """Where a preview has come to. `seq` is that of the conversation that is nobody's, `made` how many calls were really made."""

    state: State
    start: BotStart
    at_ms: int
    seq: int = 0
    epoch: int = 0
    control: Control = "nobody"
    wake: tuple[int, int] | None = None
    lines: tuple[Line, ...] = ()
    calls: dict[str, CallAnswer] = {}
    searches: dict[str, SearchAnswer] = {}
    real_calls: bool = False
    made: int = 0
    called: tuple[Called, ...] = ()
    learned: dict[str, str] = {}
    metadata: dict[str, Scalar] = {}
    understood: Understood | None = None
    ended: str | None = None
    asked_call: fx.Call | None = None
    asked_search: fx.Search | None = None

    @property
    def asked(self) -> fx.Call | fx.Search | None:
        """What the bot waits for the world to answer: one thing at a time."""
        return self.asked_call or self.asked_search


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Play).decode


def begin(identifier: str, start: BotStart, at_ms: int) -> Play:
    """A conversation in which nothing has happened."""
    return Play(State(identifier), start, at_ms)


def hear(
    release: Compiled,
    play: Play,
    what: Literal["control", "message", "postback"],
    text: str | None = None,
    payload: str | None = None,
    fields: dict[str, str] | None = None,
) -> Play:
    """The customer does something, or control comes to the bot. If nobody or the agents have it, the bot has it again."""
    if play.control != "bot":
        play = replace(play, control="bot", epoch=play.epoch + 1, wake=None, ended=None)
    shown = text or ", ".join(f"{name}: {value}" for name, value in (fields or {}).items())
    play = replace(play, seq=play.seq + 1, understood=None)
    if shown:
        play = _with(play, Line("customer", play.at_ms, shown))
    command = cmd.Hear(play.epoch, play.seq, what, USER, text, payload, fields, play.start)
    return told(release, play, command)


def press(release: Compiled, play: Play, button: str) -> Play:
    """Press a quick reply or a postback of what the bot has said, by its payload or its text. Raises Invalid: there is none."""
    for line in reversed(play.lines):
        for action in _actions(line):
            if button in (action.get("payload"), action.get("text")) and action.get("type") in ("reply", "postback"):
                what: Literal["message", "postback"] = "message" if action["type"] == "reply" else "postback"
                return hear(release, play, what, action["text"], action["payload"])
    raise Invalid("press", "must be the payload or the text of a button that the bot has shown")


def wait(release: Compiled, play: Play, seconds: int) -> Play:
    """Let time pass: what rings meanwhile rings at its time, until the world is asked something."""
    until_ms = play.at_ms + seconds * 1000
    for _ in range(MAX_RINGS):
        if play.wake is None or play.wake[1] > until_ms or play.asked:
            break
        n, due_ms = play.wake
        play = told(release, replace(play, at_ms=max(play.at_ms, due_ms), wake=None), cmd.Ring(n))
    return play if play.asked else replace(play, at_ms=max(play.at_ms, until_ms))


def answer(release: Compiled, play: Play, result: cmd.Called | cmd.Found, is_made: bool = False) -> Play:
    """What the world says to what was asked."""
    asked, play = play.asked, replace(play, asked_call=None, asked_search=None)
    if isinstance(asked, fx.Call) and isinstance(result, cmd.Called):
        flow, step = place_of(play)
        called = Called(flow, step, asked.method, asked.url, result.status, result.error, is_made)
        play = replace(play, called=(*play.called, called)[-MAX_CALLS_SHOWN:], made=play.made + is_made)
    return told(release, play, result)


def given(play: Play) -> cmd.Called | cmd.Found | None:
    """The author's own answer to what was asked; None: there is none."""
    asked, (_, step) = play.asked, place_of(play)
    if isinstance(asked, fx.Call):
        call = play.calls.get(step)
        if call is None:
            return None
        values = {name: call.values.get(name) for name in asked.paths} if call.error is None else {}
        return cmd.Called(asked.n, call.status, values, call.error)
    search = play.searches.get(step)
    if search is None or asked is None:
        return None
    articles = tuple(cmd.Article(str(n), one.title, one.url, one.snippet) for n, one in enumerate(search.articles, 1))
    return cmd.Found(asked.n, articles, search.answer)


def told(release: Compiled, play: Play, command: cmd.Command) -> Play:
    """One turn of the bot."""
    decision = decide(release, play.state, command, play.at_ms)
    for event in decision.events:
        play = replace(play, state=evolve(play.state, play.state.seq + 1, play.at_ms, event))
        if isinstance(event, Stepped):
            play = replace(play, understood=event.understood or play.understood, ended=event.ended)
        else:
            play = replace(play, ended=event.reason)
    for effect in decision.effects:
        play = _performed(play, effect)
    return play


def place_of(play: Play) -> tuple[str, str]:
    """(flow, step) where the run is; empty when there is none."""
    return (play.state.stack[-1].flow, play.state.stack[-1].step) if play.state.stack else ("", "")


def _performed(play: Play, effect: fx.Effect) -> Play:
    match effect:
        case fx.Respond():
            for said in effect.messages:
                play = _with(play, Line("bot", play.at_ms, "", said.content, said.references, said.ai))
            play = replace(play, seq=play.seq + len(effect.messages), control=_CONTROL[effect.then])
            return replace(play, metadata={**play.metadata, **effect.metadata}) if effect.metadata else play
        case fx.Call():
            return replace(play, asked_call=effect)
        case fx.Search():
            return replace(play, asked_search=effect)
        case fx.Remember():
            return replace(play, learned={**play.learned, **effect.profile})
        case fx.Wake():
            return replace(play, wake=(effect.n, effect.due_ms))


def _with(play: Play, line: Line) -> Play:
    if len(play.lines) >= MAX_LINES:
        raise Refused("conflict", f"A preview has at most {MAX_LINES} messages: begin another")
    return replace(play, lines=(*play.lines, line))


def _actions(line: Line) -> list[dict[str, Any]]:
    if not line.content:
        return []
    content = msgspec.json.decode(line.content)
    inner = [action for item in content.get("items", ()) for action in item.get("actions", ())]
    return [*content.get("actions", ()), *inner]
