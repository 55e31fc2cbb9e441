"""A bot without a host: its rules over a journal in a list. What it says is kept; what it asks of the world is answered by the test."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from domain.bot import commands as cmd
from domain.bot import effects as fx
from domain.bot import events as ev
from domain.bot import rules
from domain.bot.dialogue import line_of
from domain.bot.flow import Flow, parse_flow
from domain.bot.release import Compiled, Entry, Published, Release, Settings
from domain.bot.state import State, decode, encode, evolve
from domain.content import load_content, parse_content
from domain.switchboard import BotStart, Member

START_MS = 1_767_700_000_000
AGENTS = Member("agents", "Agents", "agent")


def flow(*steps: dict[str, Any], **fields: Any) -> Flow:
    """A flow of one language that begins with its first step."""
    whole = {"id": "main", "name": "Main", "language": "en", "start": steps[0]["id"], "steps": steps, **fields}
    return parse_flow(json.dumps(whole).encode())


def step(identifier: str, kind: str, /, *, exits: str | dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
    """A step; `exits` as a word is where `next` leads. A text that is a word is English."""
    ways = {} if exits is None else {"next": exits} if isinstance(exits, str) else exits
    worded = {name: {"en": value} if name in ("text", "comment") and isinstance(value, str) else value for name, value in fields.items()}
    return {"id": identifier, "type": kind, "exits": ways, **worded}


def release(*flows: Flow, number: int = 1, entry: str = "", settings: Settings | None = None) -> Compiled:
    """All flows in version 1; the first one greets."""
    published = {one.id: Published(version=1, flow=one) for one in flows}
    return Compiled(Release(number=number, flows=published, entry=Entry(flow=entry or flows[0].id), settings=settings or Settings()))


class Bot:
    """`tell` is a turn that commits at once. `said` are the lines of the last turn, `effects` what it asked for."""

    def __init__(self, of: Compiled, **start: Any) -> None:
        self.release, self.now_ms, self.epoch, self.seq = of, START_MS, 1, 0
        self.state = State("c" * 24)
        self.start = BotStart(of.release.number, start.pop("locale", "en"), **start)
        self.bodies: list[bytes] = []
        self.counts: Counter[tuple[str, str]] = Counter()
        self.effects: tuple[fx.Effect, ...] = ()
        self.buttons: list[tuple[str, str]] = []
        self.entered = 0

    def tell(self, command: cmd.Command) -> rules.Decision:
        decision = rules.decide(self.release, self.state, cmd.decode(cmd.encode(command)), self.now_ms)
        for event in decision.events:
            self.bodies.append(ev.encode("0" * 24, self.now_ms, event))
            self.state = evolve(self.state, self.state.seq + 1, self.now_ms, event)
        for place, count in decision.counts.items():
            for name in ("entered", "left", "dropped"):
                self.counts[place[2], name] += getattr(count, name)
        self.effects = decision.effects
        self.entered = sum(count.entered for count in decision.counts.values())
        for said in self.respond.messages:
            parse_content(said.content, "api")
            content = load_content(said.content)
            self.buttons += [(each.text, each.payload) for each in getattr(content, "actions", ()) if hasattr(each, "payload")]
        return decision

    # What the customer does.

    def arrive(self) -> list[str]:
        return self._hear("control")

    def say(self, text: str) -> list[str]:
        return self._hear("message", text=text)

    def press(self, label: str) -> list[str]:
        """The last button of this label."""
        payload = next(payload for text, payload in reversed(self.buttons) if text == label)
        return self._hear("message", text=label, payload=payload)

    def fill(self, **answers: str) -> list[str]:
        return self._hear("message", fields=answers)

    def _hear(self, what: Any, **fields: Any) -> list[str]:
        self.seq += 1
        self.tell(cmd.Hear(self.epoch, self.seq, what, user_id="ann", start=self.start, heir=AGENTS, **fields))
        return self.said

    # What the world answers.

    def called(self, error: str | None = None, **values: Any) -> list[str]:
        self.tell(cmd.Called(self.state.n, 200, values, error))
        return self.said

    def found(self, *articles: cmd.Article, answer: str | None = None) -> list[str]:
        self.tell(cmd.Found(self.state.n, articles, answer))
        return self.said

    def ring(self) -> list[str]:
        """Time goes by until the timer is due."""
        self.now_ms = self.wake.due_ms
        self.tell(cmd.Ring(self.wake.n))
        return self.said

    # What it did.

    @property
    def respond(self) -> fx.Respond:
        return next((one for one in self.effects if isinstance(one, fx.Respond)), fx.Respond(self.epoch))

    @property
    def wake(self) -> fx.Wake:
        return next(one for one in self.effects if isinstance(one, fx.Wake))

    @property
    def said(self) -> list[str]:
        return [line_of(load_content(one.content)) for one in self.respond.messages]

    def asked(self, kind: type[fx.Call] | type[fx.Search] | type[fx.Remember]) -> Any:
        return next(one for one in self.effects if isinstance(one, kind))

    def replayed(self) -> State:
        """The state that the journal gives."""
        state = State(self.state.id)
        for seq, body in enumerate(self.bodies, 1):
            state = evolve(state, seq, *ev.decode(body))
        return state

    def check_replay(self) -> None:
        assert self.state == self.replayed() == decode(encode(self.state))


def article(name: str) -> cmd.Article:
    return cmd.Article(name, f"About {name}", f"https://help.example/{name}", f"All of {name}.")
