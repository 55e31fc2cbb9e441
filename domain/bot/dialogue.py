"""Plays an example dialogue: the rules as in a conversation, with the dialogue's own answers in place of the world. Pure.

What was expected and what was said are both told as lines, so that a difference is a difference of two texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from domain import ids
from domain.bot import commands as cmd
from domain.bot import effects as fx
from domain.bot import rules
from domain.bot.condition import Scalar
from domain.bot.example import Dialogue, Exchange
from domain.bot.release import Compiled
from domain.bot.state import State, evolve
from domain.content import CarouselContent, Content, FormContent, ImageContent, ListContent, TextContent, load_content
from domain.switchboard import BotStart

#: How many results of effects one exchange may have: more is a flow that calls itself from result to result.
MAX_RESULTS = 200
USER = "customer"


class Played(msgspec.Struct, frozen=True):
    """A dialogue as it was written, and as it went."""

    name: str
    expected: tuple[str, ...]
    actual: tuple[str, ...]

    @property
    def is_as_expected(self) -> bool:
        return self.expected == self.actual


def play(release: Compiled, dialogue: Dialogue) -> Played:
    """Play a dialogue to its end, on the release's entry flow. Never raises for what a dialogue says."""
    stage = Stage(release, dialogue)
    expected: list[str] = []
    actual: list[str] = []
    for exchange in dialogue.turns:
        did = _did(exchange)
        expected += [did, *_lines(exchange.expect, exchange.then, exchange.metadata, exchange.variables)]
        actual += [did, *stage.perform(exchange)]
    return Played(dialogue.name, tuple(expected), tuple(actual))


class Stage:
    """The conversation, the clock and the world of one dialogue."""

    def __init__(self, release: Compiled, dialogue: Dialogue) -> None:
        self._release, self._dialogue = release, dialogue
        self.state = State("0" * 24)
        self.now_ms = ids.milliseconds(dialogue.at)
        self.said: list[Content] = []
        self.messages: list[str] = []
        self._then, self._metadata = "stay", dict[str, Scalar]()
        self._epoch, self._seq = 1, 0
        self._wake: fx.Wake | None = None
        self._used = Counter[str]()

    def perform(self, exchange: Exchange) -> list[str]:
        """Let one thing happen; the lines of what came of it."""
        self.messages, self._then, self._metadata = [], "stay", {}
        if exchange.after_s is not None:
            self._pass(exchange.after_s * 1000)
        else:
            heard = self._heard(exchange)
            if heard is None:
                return [f"! there is no button {exchange.press}"]
            self._tell(heard)
        metadata = None if exchange.metadata is None else _chosen(self._metadata, exchange.metadata)
        variables = None if exchange.variables is None else _chosen(self.state.variables, exchange.variables)
        lines = _lines(tuple(self.messages), self._then, metadata, variables)
        if self._then != "stay":
            self._epoch += 1
        return list(lines)

    def _heard(self, exchange: Exchange) -> cmd.Hear | None:
        self._seq += 1
        start = BotStart(self._release.release.number, self._dialogue.locale, self._dialogue.channel, profile=self._dialogue.profile)
        hear = cmd.Hear(self._epoch, self._seq, "message", user_id=USER, start=start)
        if exchange.say is not None:
            return msgspec.structs.replace(hear, text=exchange.say)
        if exchange.answers is not None:
            return msgspec.structs.replace(hear, fields=exchange.answers)
        if exchange.press is None:
            return msgspec.structs.replace(hear, what="control")
        buttons = [action for content in self.said for action in _replies(content)]
        label, payload = next((each for each in reversed(buttons) if exchange.press in (each[0], each[1].rpartition("/")[2])), ("", ""))
        return msgspec.structs.replace(hear, text=label, payload=payload) if payload else None

    def _tell(self, command: cmd.Command) -> None:
        """One command, and whatever follows from it at once."""
        pending: list[cmd.Command] = [command]
        for _ in range(MAX_RESULTS):
            if not pending:
                return
            decision = rules.decide(self._release, self.state, pending.pop(0), self.now_ms)
            step = self.state.stack[-1].step if self.state.stack else ""
            for event in decision.events:
                self.state = evolve(self.state, self.state.seq + 1, self.now_ms, event)
                step = self.state.stack[-1].step if self.state.stack else step
            for effect in decision.effects:
                pending.extend(self._performed(effect, step))

    def _performed(self, effect: fx.Effect, step: str) -> Iterator[cmd.Command]:
        match effect:
            case fx.Respond():
                self._then, self._metadata = effect.then, effect.metadata
                for said in effect.messages:
                    self.said.append(load_content(said.content))
                    self.messages.append(line_of(self.said[-1]))
            case fx.Call(n=n):
                yield self._called(n, step)
            case fx.Search(n=n):
                yield self._found(n, step)
            case fx.Wake():
                self._wake = effect
            case fx.Remember():
                pass  # nobody waits for it, and the dialogue shows variables

    def _called(self, n: int, step: str) -> cmd.Called:
        """The answers of one step come in the order in which they are written; the last one again and again."""
        known = [one for one in self._dialogue.calls if one.step == step]
        if not known:
            return cmd.Called(n, 0, {}, "the dialogue has no answer for this call")
        one = known[min(self._use(step), len(known) - 1)]
        return cmd.Called(n, one.status, one.values, one.error)

    def _found(self, n: int, step: str) -> cmd.Found:
        known = [one for one in self._dialogue.searches if one.step == step]
        if not known:
            return cmd.Found(n)
        one = known[min(self._use(step), len(known) - 1)]
        return cmd.Found(n, tuple(cmd.Article(each.url, each.title, each.url, each.snippet) for each in one.articles), one.answer)

    def _use(self, step: str) -> int:
        self._used[step] += 1
        return self._used[step] - 1

    def _pass(self, period_ms: int) -> None:
        """Let time go by; timers ring when they are due."""
        until = self.now_ms + period_ms
        for _ in range(MAX_RESULTS):
            if self._wake is None or self._wake.due_ms > until:
                break
            wake, self._wake = self._wake, None
            self.now_ms = max(self.now_ms, wake.due_ms)
            self._tell(cmd.Ring(wake.n))
        self.now_ms = until


def line_of(content: Content) -> str:
    """A message in one line: its words, its buttons in brackets, the fields of a form in braces."""
    match content:
        case TextContent() | ImageContent():
            words = [content.text or "", *(f"[{label}]" for label, _ in _replies(content))]
            words += [f"({content.media_url})"] if isinstance(content, ImageContent) else []
        case FormContent():
            words = [content.text or "", *(f"{{{field.label}}}" for field in content.fields)]
        case CarouselContent() | ListContent():
            words = [content.text or ""]
        case _:
            words = []
    return " ".join(" ".join(words).split())


def _replies(content: Content) -> list[tuple[str, str]]:
    actions = content.actions if isinstance(content, TextContent) else ()
    return [(action.text, action.payload) for action in actions if hasattr(action, "payload")]


def _did(exchange: Exchange) -> str:
    if exchange.say is not None:
        return f"> {exchange.say}"
    if exchange.press is not None:
        return f"> [{exchange.press}]"
    if exchange.answers is not None:
        return f"> {', '.join(f'{name}: {value}' for name, value in exchange.answers.items())}"
    return f"> ({exchange.after_s} s)" if exchange.after_s is not None else "> (arrives)"


def _lines(said: tuple[str, ...], then: str, metadata: dict[str, Scalar] | None, variables: dict[str, Scalar] | None) -> Iterator[str]:
    yield from (" ".join(each.split()) for each in said)
    if then != "stay":
        yield f"= {then}"
    for title, values in (("metadata", metadata), ("variable", variables)):
        yield from (f"  {title} {name} = {value}" for name, value in (values or {}).items())


def _chosen(values: dict[str, Scalar], wanted: dict[str, Scalar]) -> dict[str, Scalar]:
    """Of the values, those that were asked for; what is not there shows as nothing."""
    return {name: values.get(name, "-") for name in wanted}
