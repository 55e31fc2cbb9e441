"""For whom something is done and by whom: what a request and a job of many tickets have in common."""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from actors.answers import Answer
from actors.router import bytes_digest
from domain.directory import App
from domain.errors import Invalid
from domain.finding.filters import Marked
from domain.ticket import commands as cmd
from domain.ticket.commands import By
from gateway.zendesk.operations import Call, Rooms, Services
from storage.ports import ActorId

KIND = "ticket"
MAX_NUMBER = 2**63


class Scene(msgspec.Struct, frozen=True):
    """`sender` is whose commands these are, `account_id` the agent in whose name, if there is one, `base` how clients reach this server."""

    services: Services
    app: App
    by: By
    sender: str
    account_id: str | None = None
    base: str = ""

    @property
    def rooms(self) -> Rooms:
        return self.services.rooms

    def actor(self, ticket_id: str) -> ActorId:
        return ActorId(KIND, self.app.id, ticket_id)

    async def tell(self, ticket_id: str, command: cmd.Command, client_id: str | None = None) -> Answer:
        """One command to a ticket. Raises Refused or Unavailable."""
        encoded = cmd.encode(command)
        digest = bytes_digest(encoded)
        router = self.services.router
        return await router.ask_encoded(self.actor(ticket_id), encoded, digest, sender=self.sender, client_id=client_id, want_body=True)


def scene_of(call: Call) -> Scene:
    """Of a request."""
    caller = call.caller
    account_id = caller.account.id if caller.account else None
    by = By("key", caller.name) if account_id is None else By("agent", account_id)
    return Scene(call.services, call.app, by, caller.name, account_id, call.base)


def derived_id(*parts: str) -> str:
    """The id of a ticket whose making may be asked for twice: by an idempotency key, by a job."""
    return blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


async def person(scene: Scene, number: object, field: str) -> str:
    """The id of the user or agent that a number names. Raises Invalid: there is none in this app."""
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < MAX_NUMBER:
        raise Invalid(field, "must be the id of a user")
    kind, identifier = (await scene.rooms.people.ids([number])).get(number, ("", ""))
    if kind:
        accounts, users, _ = await scene.rooms.people.named(scene.app.id, [identifier])
        if identifier in accounts or identifier in users:
            return identifier
    raise Invalid(field, "is not a user")


async def person_by_email(scene: Scene, email: str) -> str | None:
    """The id of whoever has this address: an agent first of all."""
    if "\0" in email or len(email) > 320:
        return None
    account = await scene.services.directory.account_by_email(email)
    if account is not None and account.app_id in (None, scene.app.id):
        return account.id
    found = await scene.rooms.people.users(scene.app.id, Marked("email", email.lower()), limit=1)
    return found.users[0].id if found.users else None
