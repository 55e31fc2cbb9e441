"""A ticket's own events as its journal has them, and the numbers by which audits and comments are known.

An audit has the number of its ticket and the place of its event; so has a comment. What was said in the ticket's conversation has an odd
number, what was said on the ticket itself an even one. None of them is kept anywhere: they are read off the places.
"""

from __future__ import annotations

import msgspec

from domain.envelope import Later
from domain.ticket import events as ev
from domain.ticket.model import Ticket
from gateway.support.scene import Scene
from storage import spoken
from storage.ports import ActorId, EventRow

_SHIFT = 20


class Audit(msgspec.Struct, frozen=True):
    """One event of a ticket. `number` is the audit's, and that of the comment in it."""

    number: int
    seq: int
    at_ms: int
    event: ev.Event


def number_at(ticket: Ticket, seq: int, in_conversation: bool = False) -> int:
    """The number of what stands at a place of the ticket's journal, or of its conversation's."""
    return (ticket.number << _SHIFT) + 2 * seq + in_conversation


def place_of(ticket: Ticket, number: int) -> tuple[int, bool]:
    """The inverse."""
    place = number - (ticket.number << _SHIFT)
    return place >> 1, bool(place & 1)


async def audits(scene: Scene, ticket: Ticket) -> list[Audit]:
    """All that is left of what happened to a ticket, oldest first: of what was erased there is nothing."""
    rows = await rows_of(scene, scene.actor(ticket.id))
    found = [(row.seq, *ev.decode(row.body, row.version)) for row in rows]
    return [
        Audit(number_at(ticket, seq), seq, at_ms, event)
        for seq, at_ms, event in found
        if event is not None and not isinstance(event, Later)
    ]


async def rows_of(scene: Scene, actor: ActorId, after: int = 0) -> list[EventRow]:
    """An actor's events with a greater seq, at most `spoken.MAX_EVENTS`."""
    return await spoken.rows_of(scene.services.router.journal, actor, after)
