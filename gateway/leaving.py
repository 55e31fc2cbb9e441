"""What deleting a user means beside their row: personal conversations and their files go, group ones are left.

Breaking off half way, it may be asked again.
"""

from __future__ import annotations

import asyncio

from actors.router import Router
from domain.conversation import commands as cmd
from domain.conversation.state import State
from domain.directory import User
from domain.errors import Refused
from gateway.files.store import Store
from storage.ports import ActorId

CONVERSATIONS_AT_ONCE = 50


async def leave_everything(router: Router, files: Store | None, user: User, sender: str) -> None:
    after = ""
    while True:
        found = await router.journal.by_member("conversation", user.app_id, user.id, after, "", CONVERSATIONS_AT_ONCE)
        states = await router.states(found)
        await asyncio.gather(*(_leave(router, files, actor, states[actor], user, sender) for actor in found if actor in states))
        if len(found) < CONVERSATIONS_AT_ONCE:
            break
        after = found[-1].id
    if files is not None:
        await files.forget_user(user.app_id, user.id)


async def _leave(router: Router, files: Store | None, actor: ActorId, state: State, user: User, sender: str) -> None:
    command: cmd.Command = cmd.RemoveConversation(with_user=True)
    if state.type != "personal":
        command = cmd.LeaveConversation(user_id=user.id)
    try:
        await router.ask(actor, command, sender=sender)
    except Refused as error:  # somebody else was quicker
        if error.code not in ("conversation_not_found", "participant_not_found"):
            raise
    if state.type == "personal" and files is not None:
        await files.forget_conversation(user.app_id, actor.id)
