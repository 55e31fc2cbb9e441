"""The kind `ticket`: the pure rules of `domain.ticket` behind the runtime's port.

Before a batch the desks of its apps are fetched, and a number is drawn for each ticket that may come into being.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from actors.conversation import ConversationKind
from actors.kind import Outcome
from domain.assignment import commands as assignment
from domain.conversation import commands as conversation
from domain.desk.model import Desk
from domain.desk.notices import speaks_of_requester
from domain.errors import Unavailable
from domain.ticket import commands as cmd
from domain.ticket import events as ev
from domain.ticket import reactions, reading, rules, state
from domain.ticket.state import State
from domain.ticket.turn import At
from storage.ports import ActorId, EffectRow, EventRow, NewEffect, RowChange

#: How many desks a process holds, of how many customers it knows the names, and how many numbers that were drawn it keeps for tickets.
MAX_DESKS = 256
MAX_KNOWN = 4_096
MAX_NUMBERS = 65_536
ASSIGNMENT, TIMER, TABLE, AUDITS = "assignment", "timer", "tickets", "ticket_audits"
_json = msgspec.json.Encoder().encode
_pack = msgspec.msgpack.Encoder().encode


class Desks(Protocol):
    """What apps have set up."""

    async def current(self, app_id: str) -> Desk:
        """The desk as it is now. Raises `Unavailable`."""


class People(Protocol):
    """The customers of an app."""

    async def known(self, app_id: str, user_id: str) -> dict[str, str]:
        """What is known of one, by placeholder. Raises `Unavailable`."""


class Talk(Protocol):
    """What was said: the conversations of an app, and what tickets have told before."""

    async def first_words(self, app_id: str, conversation_id: str, since_ms: int, seq: int) -> str:
        """What the customer said first, of what was said since an instant and before an event. Raises `Unavailable`."""

    async def events(self, actor: ActorId, seqs: Sequence[int]) -> dict[int, ev.Old]:
        """A ticket's own events, those that are left of these. Raises `Unavailable`."""


class Numbers(Protocol):
    """The numbers of an app's tickets."""

    async def draw(self, app_id: str, count: int) -> int:
        """The first of `count` numbers in a row that nobody else gets. Raises `Unavailable`."""


class TicketKind:
    """Tickets as virtual actors."""

    name = "ticket"
    version = ev.VERSION

    def __init__(self, desks: Desks, numbers: Numbers, people: People, talk: Talk) -> None:
        self._source, self._draw, self._people, self._talk = desks, numbers, people, talk
        self._old: dict[tuple[str, str], list[tuple[int, dict[int, ev.Old]]]] = {}
        """Of tickets that are to forget something: their earlier events, each time with the ticket's seq from which on they are so."""
        self._first: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._known: OrderedDict[tuple[str, str], dict[str, str]] = OrderedDict()
        self._desks: OrderedDict[str, Desk] = OrderedDict()
        self._numbers: OrderedDict[tuple[str, str], int] = OrderedDict()

    def born(self, actor: ActorId) -> State:
        return state.born(actor.id, actor.app)

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
        return value.life == "live"

    async def prepare(self, told: Sequence[tuple[State, bytes]]) -> None:
        apps = {value.app for value, _ in told}
        for app in apps:
            self._desks[app] = await self._source.current(app)
            self._desks.move_to_end(app)
        for app in apps:
            await self._draw_for(app, dict.fromkeys(value.id for value, _ in told if value.app == app and value.life == "none"))
        for app, user in {(value.app, _requester(value, command)) for value, command in told}:
            if user and speaks_of_requester(self._desks[app]):
                self._known[app, user] = await self._people.known(app, user)
                self._known.move_to_end((app, user))
        for value, command in told:
            if value.life == "none" and isinstance(opened := cmd.decode(command), cmd.Open):
                key = value.app, value.id
                self._first[key] = await self._talk.first_words(value.app, opened.conversation_id, opened.waiting_ms, opened.seq)
                self._first.move_to_end(key)
        await self._find_old(told)
        self._forget(len(apps), len(told))

    async def _find_old(self, told: Sequence[tuple[State, bytes]]) -> None:
        """Events that are to be written anew, as they are before the batch."""
        self._old.clear()
        for value, command in told:
            found = cmd.decode(command)
            if isinstance(found, cmd.Redact | cmd.ForgetPerson):
                seqs = (found.seq, *value.retold) if isinstance(found, cmd.Redact) else found.seqs
                ((_, known),) = self._old.get((value.app, value.id), [(0, {})])
                old = await self._talk.events(ActorId(self.name, value.app, value.id), seqs)
                self._old[value.app, value.id] = [(value.seq, known | old)]

    def _old_of(self, value: State) -> dict[int, ev.Old]:
        """As turns of the same batch have left them; a batch that is decided again begins at the seq at which it began."""
        versions = self._old.get((value.app, value.id), [])
        return next((events for seq, events in reversed(versions) if seq <= value.seq), {})

    def _forget(self, apps: int, told: int) -> None:
        """Memory is bounded, but holds what the batch at hand needs."""
        most_known = max(MAX_KNOWN, told)
        for held, most in ((self._desks, max(MAX_DESKS, apps)), (self._known, most_known), (self._first, most_known)):
            while len(held) > most:
                held.popitem(last=False)

    async def _draw_for(self, app: str, ids: Iterable[str]) -> None:
        """In the order in which they came. Numbers stay with those for whom they were drawn: a batch that is tried again draws none."""
        missing = [one for one in ids if (app, one) not in self._numbers]
        if not missing:
            return
        first = await self._draw.draw(app, len(missing))
        self._numbers.update({(app, one): first + n for n, one in enumerate(missing)})
        while len(self._numbers) > MAX_NUMBERS:
            self._numbers.popitem(last=False)

    def turn(self, value: State, command: bytes, now_ms: int, key: int) -> Outcome:
        told, desk = cmd.decode(command), self._desks.get(value.app)
        if desk is None:
            raise Unavailable("unavailable", "The desk of the app is not known here", 0.1)
        known = self._known.get((value.app, _requester(value, command)), {})
        number, first_words = self._numbers.get((value.app, value.id), 0), self._first.get((value.app, value.id), "")
        before, at = value, At(max(now_ms, value.at_ms), key, number, known, first_words, self._old_of(value))
        decision = rules.decide(desk, value, told, at)
        outcome = Outcome(
            value,
            answers=0 if decision.events else -1,
            redact_before=decision.redact_before,
            redact_all_before=decision.redact_all_before,
        )
        told_now: dict[int, ev.Old] = {}
        for one in decision.rewritten:
            outcome.redactions.append((one.seq, ev.encode(one.id, one.at_ms, one.event)))
        for event in decision.events:
            value = state.evolve(value, value.seq + 1, at.now_ms, event)
            outcome.bodies.append(ev.encode(at.id(value.seq), at.now_ms, event))
            outcome.listed.append(False)
            outcome.personal.append(ev.is_personal(event))
            outcome.rows.append(RowChange(AUDITS, f"{value.id}/{value.seq}", str(at.now_ms).encode()))
            told_now[value.seq] = ev.Old(at.id(value.seq), at.now_ms, event)
        if decision.rewritten:
            rewritten = {one.seq: ev.Old(one.id, one.at_ms, one.event) for one in decision.rewritten}
            self._old[value.app, value.id].append((value.seq, {**at.old, **rewritten, **told_now}))
        outcome.state = value
        for effect in reactions.react(desk, told, before, value, decision.events):
            _note(outcome, effect, value.app)
        if decision.events:
            outcome.rows.append(RowChange(TABLE, value.id, None if value.life == "gone" else _json(value.ticket)))
        return outcome

    def rejected(self, effect: EffectRow, code: str) -> bytes | None:
        """What was not said is in the audits; a ticket that takes no other in leaves it as it is; a full routing is asked again."""
        match effect.way:
            case ConversationKind.name:
                spoken = isinstance(conversation.decode(effect.payload), conversation.PostMessage)
                return cmd.encode(cmd.Undelivered(code)) if spoken else None
            case TicketKind.name:
                asked = isinstance(cmd.decode(effect.payload), cmd.Absorb)
                return cmd.encode(cmd.Spurned(code)) if asked else None
            case way if way == ASSIGNMENT:
                told = assignment.decode(effect.payload)
                return cmd.encode(cmd.Unrouted(code)) if isinstance(told, assignment.Enqueue | assignment.Take) else None
            case _:
                return None


def _requester(value: State, command: bytes) -> str:
    """Whose ticket it is, or will be."""
    if value.life != "none":
        return value.ticket.requester_id
    told = cmd.decode(command)
    return told.requester_id if isinstance(told, cmd.Create | cmd.Open | cmd.Import) else ""


def _note(outcome: Outcome, effect: reactions.Effect, app: str) -> None:
    match effect:
        case reactions.Tell(conversation_id, command):
            outcome.effects.append(NewEffect(f"{ConversationKind.name}/{conversation_id}", conversation.encode(command)))
        case reactions.Route(command):
            outcome.effects.append(NewEffect(f"{ASSIGNMENT}/{app}", assignment.encode(command)))
        case reactions.Pass(ticket_id, command):
            outcome.effects.append(NewEffect(f"{TicketKind.name}/{ticket_id}", cmd.encode(command)))
        case reactions.Send(notice):
            outcome.effects.append(NewEffect(notice.way, _pack(notice)))
        case reading.Read():
            outcome.effects.append(NewEffect(reading.WAY, reading.encode(effect)))
        case reactions.Timer(name, key, due_ms) if due_ms:
            outcome.effects.append(NewEffect(TIMER, cmd.encode(cmd.Ring(name, key)), due_ms, name))
        case reactions.Timer(name):
            outcome.cancelled.append((TIMER, name))
