"""What becomes of the tickets of people who have gone: an agent's open ones are given back, a customer's forget them. Parts of jobs.

One that is done twice does nothing more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from domain.errors import Refused
from domain.finding.filters import STATUSES, Either, Every, Filter, Marked, Test
from domain.ticket import commands as cmd
from domain.ticket import events as ev
from domain.ticket.commands import Change
from domain.ticket.model import Ticket
from gateway.support.journal import audits
from gateway.support.scene import Scene
from storage.sql.departures import PER_PART
from storage.sql.tickets import Part, kept, of

AT_ONCE = 25


async def release(scene: Scene, agent_id: str, after: int) -> None:
    """Give back what an agent has open. Where the routing has done so already, nothing is left to do."""
    those = await _part(scene, after, kept(of("assignee_id", agent_id), Test("status", "<", STATUSES["solved"])))
    update = cmd.Update(scene.by, (Change("assignee_id", None),))
    await _each(scene, [(one, update) for one in those])


async def forget(scene: Scene, user_id: str, after: int) -> None:
    """Whose ticket it is, of that the words go; of others', what they said themselves. Deleted ones are tickets too."""
    whose = Either((of("requester_id", user_id), of("submitter_id", user_id), Marked("follower", user_id)))
    those = await _part(scene, after, whose)
    told: list[tuple[Ticket, cmd.Command]] = []
    for one in those:
        if one.requester_id == user_id:
            told.append((one, cmd.ForgetPerson(user_id)))
        else:
            said = [audit.seq for audit in await audits(scene, one) if _is_by(audit.event, user_id)]
            told.append((one, cmd.ForgetPerson(user_id, tuple(said))))
    await _each(scene, told)


def _is_by(event: ev.Event, user_id: str) -> bool:
    return event.comment is not None and (event.comment.author_id or event.by.id) == user_id


async def _part(scene: Scene, after: int, asked: Filter) -> list[Ticket]:
    found = await scene.rooms.tickets.listed(scene.app.id, Every((asked, Test("number", "<=", after + PER_PART))), _page(after))
    return found.tickets


def _page(after: int) -> Part:
    return Part(limit=PER_PART, after=(after, after), counted=False)


async def _each(scene: Scene, told: Sequence[tuple[Ticket, cmd.Command]]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def tell(ticket: Ticket, command: cmd.Command) -> None:
        async with gate:
            try:
                await scene.tell(ticket.id, command)
            except Refused as error:  # it was closed, or deleted for good, meanwhile
                if error.code not in ("ticket_closed", "ticket_not_found"):
                    raise

    await asyncio.gather(*(tell(*one) for one in told))
