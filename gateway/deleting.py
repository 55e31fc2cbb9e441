"""A message that is deleted, with its files."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from actors.router import Router
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.ids import milliseconds
from gateway.files.claims import keys_of
from gateway.files.store import Store
from storage.ports import ActorId

_encode = msgspec.json.Encoder().encode


async def delete_message(
    router: Router, files: Store | None, actor: ActorId, seq: int, event: ev.MessagePosted | ev.NotePosted, hosts: Collection[str]
) -> None:
    """What stands at a place of a conversation. `hosts` are the names of this installation, whose files go along."""
    message, internal = event.message, isinstance(event, ev.NotePosted)
    received_ms, silent = milliseconds(message.received), ev.is_silent(message)
    command = cmd.DeleteMessage(message.id, seq, received_ms, message.author, message.source, internal=internal, silent=silent)
    await router.ask(actor, command, sender="delete", client_id=message.id)  # by two at once, it goes once
    if files is not None:
        keys = keys_of(_encode(message.content), actor.app, hosts)
        await files.forget_messages(actor.app, actor.id, keys)
