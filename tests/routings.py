"""Desks, agents and work for tests of routing, and one app's routing without a host."""

from __future__ import annotations

import weakref
from typing import Any

from actors.assignment import AssignmentKind
from domain.assignment import commands as cmd
from domain.assignment import effects as fx
from domain.assignment import events as ev
from domain.assignment.commands import Work
from domain.assignment.index import Index
from domain.assignment.state import Piece, State
from domain.desk.model import Agent, CapacityRule, Desk, Group, Queue, Routing
from storage.ports import ActorId, EventRow

APP = "a" * 24
ACTOR = ActorId("assignment", APP, APP)
NOW_MS = 1_750_000_000_000
SALES, HELP, LATE = 1, 2, 3
SECOND = 1_000


def agent_id(n: int) -> str:
    return f"{n:024x}"


def ticket_id(n: int) -> str:
    return f"{0x7 << 80 | n:024x}"


ANN, BOB, EVE, SAM = (agent_id(n) for n in (1, 2, 3, 4))


def a_desk(
    agents: dict[str, Any] | None = None, queues: tuple[Queue, ...] = (), limit: int = 2, idle_weight: float = 0.0, **routing: Any
) -> Desk:
    """Ann and Bob sell, Eve helps, Sam supervises; each may have so many messaging tickets."""
    rule = CapacityRule(1, "All", {"messaging": limit}, idle_weight=idle_weight, is_default=True)
    people = {
        ANN: Agent(ANN, "Ann", groups=(SALES,), default_group=SALES),
        BOB: Agent(BOB, "Bob", groups=(SALES,), default_group=SALES),
        EVE: Agent(EVE, "Eve", groups=(HELP,), default_group=HELP),
        SAM: Agent(SAM, "Sam", role="admin", groups=(SALES, HELP), default_group=HELP),
    }
    groups = {n: Group(n, name) for n, name in ((SALES, "Sales"), (HELP, "Help"), (LATE, "Late"))}
    rules = Routing(**{"offer_s": 30, **routing})
    return Desk(APP, version=1, groups=groups, agents=agents or people, capacity_rules={1: rule}, queues=queues, routing=rules)


def work(n: int, epoch: int = 1, **given: Any) -> Work:
    return Work(**{"ticket_id": ticket_id(n), "epoch": epoch, "group": SALES, "conversation_id": f"{n:024x}", **given})


class DesksTwin:
    """The desks of a test."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def current(self, app: str) -> Desk:
        return self.desk


class App:
    """One app's routing, told one thing after the other."""

    def __init__(self, desk: Desk | None = None) -> None:
        self.kind = AssignmentKind(DesksTwin(desk or a_desk()))
        self.set_desk(desk or a_desk())
        self.state: State = self.kind.born(ACTOR)
        self.now_ms = NOW_MS
        self.rows: list[EventRow] = []
        self.effects: list[fx.Effect] = []
        self.wakes_ms = 0

    def set_desk(self, desk: Desk) -> None:
        self.kind._desks[APP] = desk

    def tell(self, command: cmd.Command) -> list[ev.Event]:
        """What comes of it. Raises `Refused`."""
        turn = self.kind.decide(self.state, cmd.decode(cmd.encode(command)), self.now_ms)
        for n, event in enumerate(turn.events, self.state.seq + 1):
            self.rows.append(EventRow(n, ev.encode(f"{n:024x}", turn.at_ms, event)))
        self.state, self.effects = turn.state, turn.effects
        self.wakes_ms = next((one.due_ms for one in turn.effects if isinstance(one, fx.Wake)), self.wakes_ms)
        return turn.events

    def wait(self, seconds: float) -> list[ev.Event]:
        """Time passes, and then the timer rings."""
        self.now_ms += int(seconds * 1000)
        return self.tell(cmd.Ring("wake"))

    def online(self, *agents: str, status: str = "online") -> None:
        for one in agents:
            self.tell(cmd.SetStatus(one, status))

    def enqueue(self, n: int, **given: Any) -> list[ev.Event]:
        return self.tell(cmd.Enqueue(work(n, **given)))

    def piece(self, n: int) -> Piece:
        return self.state.pieces[ticket_id(n)]

    def asked(self, n: int) -> str | None:
        return self.piece(n).offer

    def accept(self, n: int) -> list[ev.Event]:
        return self.tell(cmd.Accept(self.piece(n).offer or "", ticket_id(n)))

    def given(self) -> list[str]:
        """What somebody has."""
        return [name for name, one in self.state.pieces.items() if one.agent is not None]

    @property
    def index(self) -> Index:
        """What is derived from the state just now."""
        found = self.kind._index_of(self.state, self.now_ms)
        self.kind._indexes[APP] = (weakref.ref(self.state), found)
        return found

    def replayed(self) -> State:
        """The state that a new host would have."""
        state: State = self.kind.born(ACTOR)
        for row in self.rows:
            state = self.kind.replay(state, row)
        return state
