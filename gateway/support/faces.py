"""The people whom answers name: who they are, by their ids, and the numbers by which `/api/v2` knows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from domain.directory import Account, User
from domain.ticket.model import Ticket
from gateway.support.scene import Scene

SYSTEM = -1
"""The number of nobody in particular: a bot, a rule, a key."""


class Faces(msgspec.Struct, frozen=True):
    accounts: Mapping[str, Account]
    users: Mapping[str, User]
    numbers: Mapping[str, int]
    organizations: Mapping[str, int] = {}
    """To which each of them belongs by default."""

    def number(self, identifier: str | None) -> int | None:
        return self.numbers.get(identifier or "")


async def faces(scene: Scene, ids: Iterable[str | None]) -> Faces:
    """Of these people, who get a number if they have none. Who is gone keeps theirs."""
    wanted = sorted({one for one in ids if one})
    accounts, users, numbers = await scene.rooms.people.named(scene.app.id, wanted)
    for kind, known in (("account", accounts), ("user", users)):
        missing = [one for one in known if one not in numbers]
        if missing:
            numbers |= await scene.rooms.numbers.of(kind, missing)
    return Faces(accounts, users, numbers, await scene.rooms.organizations.of_people(scene.app.id, wanted))


def people_of(tickets: Iterable[Ticket]) -> set[str | None]:
    return {one for ticket in tickets for one in (ticket.requester_id, ticket.submitter_id, ticket.assignee_id, *ticket.follower_ids)}
