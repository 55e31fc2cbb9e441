"""A ticket without a host: its rules over a journal in a list, redacted as storage does it, with a desk that the test sets up."""

from __future__ import annotations

from typing import Any

import msgspec

from actors.kind import Outcome, replayed
from actors.ticket import TABLE, TicketKind
from domain.assignment import commands as assignment
from domain.conversation import commands as conversation
from domain.desk.model import Agent, Desk, Group
from domain.envelope import Later
from domain.switchboard import Member
from domain.ticket import commands as cmd
from domain.ticket import events as ev
from domain.ticket.commands import By, Change, Comment
from domain.ticket.model import Ticket, TicketRef
from domain.ticket.state import State
from storage.ports import ActorId, EventRow
from storage.redaction import STUB_BYTES

APP, START_MS = "a" * 24, 1_790_000_000_000
CHAT = "c" * 24
ANN = By("user", "ann")
EVE, BOB = By("agent", "eve"), By("agent", "bob")
PEOPLE = Member("f" * 24, "people", "agent", integration_type="zd:agentWorkspace")
AGENTS = {"eve": Agent("eve", "Eve", groups=(1,), default_group=1), "bob": Agent("bob", "Bob", groups=(1, 2), default_group=2)}
DESK = Desk(APP, 1, groups={1: Group(1, "Support", True), 2: Group(2, "Sales")}, agents=AGENTS)


def change(**values: Any) -> tuple[Change, ...]:
    return tuple(Change(field, value) for field, value in values.items())


def update(by: By = EVE, comment: Comment | None = None, unless_after_ms: int | None = None, **values: Any) -> cmd.Update:
    return cmd.Update(by, change(**values), comment, unless_after_ms)


def opening(seq: int = 3, **fields: Any) -> cmd.Open:
    return cmd.Open(CHAT, seq, "ann", subject="It does not work", waiting_ms=fields.pop("waiting_ms", START_MS), agents=PEOPLE, **fields)


class Desks:
    """The one desk, customers who are called as their ids are, and numbers from 1."""

    def __init__(self, desk: Desk = DESK) -> None:
        self.desk, self.drawn = desk, 0

    async def current(self, app_id: str) -> Desk:
        return self.desk

    async def known(self, app_id: str, user_id: str) -> dict[str, str]:
        return {"ticket.requester.name": user_id.title()}

    async def first_words(self, app_id: str, conversation_id: str, since_ms: int, seq: int) -> str:
        return ""

    async def draw(self, app_id: str, count: int) -> int:
        first, self.drawn = self.drawn + 1, self.drawn + count
        return first


class Told:
    """`tell` is a turn that commits at once. `told` is every event as it was first told, `effects` what the last turn asked for."""

    def __init__(self, desk: Desk = DESK, identifier: str = "d" * 24, number: int = 1) -> None:
        self.actor, self.now_ms = ActorId("ticket", APP, identifier), START_MS
        self.kind = TicketKind(*[Desks(desk)] * 4)
        self.desk, self._number = desk, number
        self.state: State = self.kind.born(self.actor)
        self.rows: list[EventRow] = []
        self.told: list[ev.Event] = []
        self.rings: dict[str, cmd.Ring] = {}
        self.last: Outcome = Outcome(self.state)

    @property
    def ticket(self) -> Ticket:
        return self.state.ticket

    def tell(self, command: cmd.Command, later_ms: int = 1_000) -> list[ev.Event]:
        """The events. Raises `Refused`; then nothing has changed."""
        self.now_ms += later_ms
        self.kind._desks[APP] = self.desk
        self.kind._numbers[APP, self.actor.id] = self._number
        self.kind._old[APP, self.actor.id] = [(self.state.seq, {row.seq: old for row in self.rows if (old := _old(row)) is not None})]
        outcome = self.last = self.kind.turn(self.state, cmd.encode(command), self.now_ms, 9)
        events: list[ev.Event] = []
        for body, personal in zip(outcome.bodies, outcome.personal, strict=True):
            self.rows.append(EventRow(len(self.rows) + 1, body, version=self.kind.version, personal=personal))
            event = ev.decode(body, self.kind.version)[1]
            assert event is not None and not isinstance(event, Later)
            events.append(event)
        self.rows = [_redacted(row, outcome) for row in self.rows]
        self.state = outcome.state
        self.told += events
        self.rings.update({each.name: cmd.decode(each.payload) for each in outcome.effects if each.target == "timer"})
        return events

    def replay(self) -> State:
        state: State = replayed(self.kind, self.actor, None, 0, self.rows)
        return state

    # What the last turn asked for.

    def to_conversation(self) -> list[conversation.Command]:
        return [conversation.decode(one.payload) for one in self.last.effects if one.target.startswith("conversation/")]

    def noted(self) -> TicketRef | None:
        """What the conversation was told last."""
        refs = [one.ticket for one in self.to_conversation() if isinstance(one, conversation.NoteTicket)]
        return refs[-1] if refs else None

    def to_routing(self) -> list[assignment.Command]:
        return [assignment.decode(one.payload) for one in self.last.effects if one.target == f"assignment/{APP}"]

    def to_tickets(self) -> dict[str, cmd.Command]:
        return {one.target.partition("/")[2]: cmd.decode(one.payload) for one in self.last.effects if one.target.startswith("ticket/")}

    def timers(self) -> dict[str, int]:
        return {one.name: one.due_ms for one in self.last.effects if one.target == "timer"}

    def rung(self, name: str) -> cmd.Ring:
        """What the timer of this name says, or said last."""
        return self.rings.get(name, cmd.Ring(name))

    def row(self) -> Ticket | None:
        """What was written to the read table."""
        (written,) = [one for one in self.last.rows if one.table == TABLE]
        return None if written.row is None else msgspec.json.decode(written.row, type=Ticket)


def fields(event: ev.Event) -> dict[str, tuple[Any, Any]]:
    """(before, after) of what an audit says."""
    return {one.field: (one.previous, one.value) for one in event.changes}


def _old(row: EventRow) -> ev.Old | None:
    at_ms, event = ev.decode(row.body, row.version)
    return ev.Old(row.body[7:31].decode(), at_ms, event) if isinstance(event, ev.Event) else None


def _redacted(row: EventRow, outcome: Outcome) -> EventRow:
    """As `Journal.commit` leaves it."""
    for seq, body in outcome.redactions:
        row = msgspec.structs.replace(row, body=body) if seq == row.seq else row
    if row.seq < outcome.redact_all_before or (row.personal and row.seq < outcome.redact_before):
        row = msgspec.structs.replace(row, body=row.body[:STUB_BYTES], personal=False)
    return row
