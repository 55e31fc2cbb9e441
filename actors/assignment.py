"""The kind `assignment`: the pure rules of `domain.assignment` behind the runtime's port. Its id is the app's: one actor routes for an app.

What makes choosing quick is derived from the state and kept beside it. It counts for that very value: after a failed commit, a reload
or a replay the state is another one, and it is made anew.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Sequence
from typing import Protocol

from actors.kind import Outcome
from domain import hours, ids
from domain.assignment import commands as cmd
from domain.assignment import effects as fx
from domain.assignment import events as ev
from domain.assignment import rules, state
from domain.assignment.index import Index
from domain.assignment.rows import rows_of
from domain.assignment.state import State
from domain.assignment.turn import Turn
from domain.conversation import commands as conversation
from domain.desk.model import Desk
from domain.errors import Refused
from domain.ticket import commands as ticket
from storage.ports import ActorId, EventRow, NewEffect, RowChange

#: Desks that a process holds; beyond, those that no turn at hand needs are fetched again.
MAX_DESKS = 1_000
_WAKE = "wake"
_ring = cmd.encode(cmd.Ring(_WAKE))


class Desks(Protocol):
    """Where apps' desks are."""

    async def current(self, app: str) -> Desk: ...


class AssignmentKind:
    """Routings as virtual actors."""

    name = "assignment"
    version = ev.VERSION
    snapshot_every = 10_000
    commands_at_once = 256

    def __init__(self, desks: Desks) -> None:
        self._source = desks
        self._desks: dict[str, Desk] = {}
        self._indexes: dict[str, tuple[weakref.ref[State], Index]] = {}

    def born(self, actor: ActorId) -> State:
        return State(actor.id, actor.app)

    def freeze(self, value: State) -> bytes:
        return state.encode(value)

    def thaw(self, snapshot: bytes) -> State:
        return state.decode(snapshot)

    def replay(self, value: State, row: EventRow) -> State:
        at_ms, event = ev.decode(row.body, row.version)
        return state.evolve(value, row.seq, at_ms, event)

    def knows(self, value: State) -> bool:
        return value.version <= ev.VERSION

    def exists(self, value: State) -> bool:
        return value.seq > 0

    async def prepare(self, told: Sequence[tuple[State, bytes]]) -> None:
        apps = dict.fromkeys(value.app for value, _ in told)
        if len(self._desks) > MAX_DESKS:
            self._desks = {app: desk for app, desk in self._desks.items() if app in apps}
        for app in apps:
            desk = await self._source.current(app)
            if desk is not self._desks.get(app):
                schedule = desk.schedules.get(desk.routing.schedule) if desk.routing.schedule is not None else None
                if schedule is not None:
                    await asyncio.to_thread(hours.warm, schedule)
                self._desks[app] = desk

    def turn(self, value: State, command: bytes, now_ms: int, key: int) -> Outcome:
        turn = self.decide(value, cmd.decode(command), now_ms)
        outcome = Outcome(turn.state, answers=0 if turn.events else -1)
        for n, event in enumerate(turn.events, value.seq + 1):
            outcome.bodies.append(ev.encode(ids.event_id(turn.at_ms, key, n), turn.at_ms, event))
            outcome.listed.append(False)
            outcome.personal.append(False)
        outcome.effects = [_effect(one) for one in turn.effects]
        outcome.rows = [RowChange(*row) for row in rows_of(turn)]
        return outcome

    def decide(self, value: State, told: cmd.Command, now_ms: int) -> Turn:
        """The turn, decided. Raises `Refused`."""
        at_ms = max(now_ms, value.at_ms)
        turn = Turn(value, self._index_of(value, at_ms), self._desks[value.app], at_ms)
        try:
            rules.decide(turn, told)
        except Refused:
            assert not turn.events, "whoever refuses has told nothing"
            self._keep(turn)
            raise
        self._keep(turn)
        return turn

    def _index_of(self, value: State, at_ms: int) -> Index:
        """What is derived from this very state and the desk, taken from where it is kept: a turn that fails leaves none behind."""
        desk, found = self._desks[value.app], self._indexes.pop(value.app, None)
        if found is not None and found[0]() is value and found[1].desk is desk:
            return found[1]
        return Index(value, desk, at_ms)

    def _keep(self, turn: Turn) -> None:
        app = turn.state.app

        def gone(dead: weakref.ref[State]) -> None:
            held = self._indexes.get(app)
            if held is not None and held[0] is dead:
                del self._indexes[app]

        self._indexes[app] = (weakref.ref(turn.state, gone), turn.index)


def _effect(one: fx.Effect) -> NewEffect:
    match one:
        case fx.TellAssigned():
            told: ticket.Command = ticket.Assigned(one.epoch, one.agent_id, one.group_id, one.how)
            return NewEffect(f"ticket/{one.ticket_id}", ticket.encode(told))
        case fx.TellUnassigned():
            return NewEffect(f"ticket/{one.ticket_id}", ticket.encode(ticket.Unassigned(one.epoch, one.reason)))
        case fx.TellPosition():
            place = conversation.TellPosition(one.position, one.wait_s)
            return NewEffect(f"conversation/{one.conversation_id}", conversation.encode(place), name="position")
        case fx.Wake():
            return NewEffect("timer", _ring, one.due_ms, _WAKE)
