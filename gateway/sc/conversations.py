"""Operations on conversations and their participants. Source: API contract, tags Conversations, Participants."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.conversation.state import State
from domain.decode import ImageUrl, decode
from domain.directory import DisplayName, Reply, User
from domain.errors import Invalid, Refused
from domain.metadata import check_metadata
from gateway.responders import board_for
from gateway.sc import paging
from gateway.sc.apps import own_url
from gateway.sc.operations import EMPTY, Call, json_reply
from gateway.sc.people import find_user
from gateway.sc.views import conversation_view, created_view, joined_view, participant_view
from storage.ports import ActorId

SOURCE = ev.Source("api")

E = TypeVar("E", ev.ConversationCreated, ev.ParticipantJoined)

_Who = Annotated[str, Meta(min_length=1, max_length=1024)]
_Description = Annotated[str, Meta(min_length=1, max_length=100)]


class _Participant(msgspec.Struct, rename="camel"):
    user_id: _Who | None = None
    user_external_id: _Who | None = None
    subscribe_sdk_client: bool | None = msgspec.field(default=None, name="subscribeSDKClient")


class _Leaver(msgspec.Struct, rename="camel"):
    user_id: _Who | None = None
    user_external_id: _Who | None = None
    participant_id: _Who | None = None


class _Create(msgspec.Struct, rename="camel"):
    type: ev.ConversationType
    participants: Annotated[tuple[_Participant, ...], Meta(max_length=10)] | None = None
    display_name: DisplayName | None = None
    description: _Description | None = None
    icon_url: ImageUrl | None = None
    metadata: Any = None


class _Update(msgspec.Struct, rename="camel"):
    display_name: DisplayName | UnsetType | None = UNSET
    description: _Description | UnsetType | None = UNSET
    icon_url: ImageUrl | UnsetType | None = UNSET
    metadata: Any = UNSET


_create_body = msgspec.json.Decoder(_Create)
_update_body = msgspec.json.Decoder(_Update)
_join_body = msgspec.json.Decoder(_Participant)
_leave_body = msgspec.json.Decoder(_Leaver)


async def create_conversation(call: Call) -> Reply:
    body = decode(_create_body, call.body, "")
    given = body.participants or ()
    if body.type == "personal" and len(given) != 1:
        raise Invalid("participants", "must be exactly one for a personal conversation")
    users = [await _participant(call, one, f"participants[{at}]") for at, one in enumerate(given)]
    command = cmd.CreateConversation(
        body.type,
        tuple(_member(call, user) for user in users),
        SOURCE,
        display_name=body.display_name,
        description=body.description,
        icon_url=body.icon_url,
        metadata=check_metadata(body.metadata, "metadata") or None,
        switchboard=await board_for(call.services.lookups, call.app.id, users[0] if users else None, SOURCE),
    )
    return await (_create_personal(call, command, users[0]) if body.type == "personal" else _create(call, command))


async def list_conversations(call: Call) -> Reply:
    query = call.request.query
    page, wanted = paging.parse_page(query), paging.deep_object(query, "filter")
    user_id, external_id = (paging.text_in(wanted, "filter", field) for field in ("userId", "userExternalId"))
    if (user_id is None) == (external_id is None):
        raise Invalid("filter", "must have either userId or userExternalId")
    router = call.services.router
    user = await find_user(call.services.lookups, call.app.id, user_id, external_id)
    found = await router.journal.by_member("conversation", call.app.id, user.id, page.after, page.before, page.size + 1)
    shown, around = paging.cut(found, page, lambda actor: actor.id)
    states = await router.states(shown)
    views = [conversation_view(states[actor]) for actor in shown if actor in states and states[actor].life == "live"]
    return json_reply({"conversations": views, **paging.around(around, own_url(call), query)})


async def get_conversation(call: Call) -> Reply:
    return json_reply({"conversation": conversation_view(await live(call, call.actor()))})


async def update_conversation(call: Call) -> Reply:
    body = decode(_update_body, call.body, "")
    actor = call.actor()
    given = {name: getattr(body, name) for name in ("display_name", "description", "icon_url")}
    changes = {name: value for name, value in given.items() if value is not UNSET}
    command = cmd.UpdateConversation(changes, await _metadata_changes(call, actor, body.metadata))
    await call.services.router.ask(actor, command, sender=call.principal.sender)
    return json_reply({"conversation": conversation_view(await live(call, actor))})


async def delete_conversation(call: Call) -> Reply:
    actor = call.actor()
    await live(call, actor)
    await call.services.router.ask(actor, cmd.RemoveConversation(), sender=call.principal.sender)
    if call.services.attachments is not None:
        await call.services.attachments.forget_conversation(call.app.id, actor.id)
    return EMPTY


async def list_participants(call: Call) -> Reply:
    query = call.request.query
    page = paging.parse_page(query)
    everyone = sorted((await live(call, call.actor())).participants, key=lambda one: one.id)
    if page.before:
        found = [one for one in everyone if one.id < page.before][-page.size - 1 :]
    else:
        found = [one for one in everyone if one.id > page.after][: page.size + 1]
    shown, around = paging.cut(found, page, lambda one: one.id)
    return json_reply({"participants": [participant_view(one) for one in shown], **paging.around(around, own_url(call), query)})


async def join_conversation(call: Call) -> Reply:
    body = decode(_join_body, call.body, "")
    actor, user = call.actor(), await _participant(call, body, "")
    command = cmd.JoinConversation(_member(call, user))
    answer = await call.services.router.ask(actor, command, sender=call.principal.sender, want_body=True)
    joined = _told(answer.body, ev.ParticipantJoined)[1]
    return json_reply({"participant": joined_view(joined.participant)}, 201)


async def leave_conversation(call: Call) -> Reply:
    body = decode(_leave_body, call.body, "")
    actor = call.actor()
    if [body.user_id, body.user_external_id, body.participant_id].count(None) != 2:
        raise Invalid("", "must have one of userId, userExternalId and participantId")
    command = cmd.LeaveConversation(participant_id=body.participant_id)
    if body.participant_id is None:
        user = await find_user(call.services.lookups, call.app.id, body.user_id, body.user_external_id)
        command = cmd.LeaveConversation(user_id=user.id)
    await call.services.router.ask(actor, command, sender=call.principal.sender)
    return EMPTY


async def live(call: Call, actor: ActorId) -> State:
    """The committed state of a conversation. Raises Refused (`conversation_not_found`), also when it was removed."""
    state = await call.services.router.state(actor)
    if state is None or state.life != "live":
        raise Refused("conversation_not_found", "Conversation not found")
    return state


async def _create_personal(call: Call, command: cmd.CreateConversation, user: User) -> Reply:
    """The user's first personal conversation is the default one, whose id has been waiting in the user's row."""
    router = call.services.router
    default = ActorId("conversation", call.app.id, user.default_conversation_id)
    if await router.journal.find(default) is None:
        try:
            return await _create(call, msgspec.structs.replace(command, is_default=True), default.id)
        except Refused as error:  # the user's own first message was quicker
            if error.code != "conflict":
                raise
    if not call.app.settings.multi_convo_enabled:
        raise Refused("conflict", "The user has a conversation, and the app allows one only")
    return await _create(call, command)


async def _create(call: Call, command: cmd.CreateConversation, identifier: str | None = None) -> Reply:
    router = call.services.router
    actor = ActorId("conversation", call.app.id, identifier or router.new_id())
    answer = await router.ask(actor, command, sender=call.principal.sender, want_body=True)
    at_ms, created = _told(answer.body, ev.ConversationCreated)
    return json_reply({"conversation": created_view(created, at_ms)}, 201)


async def _participant(call: Call, given: _Participant, field: str) -> User:
    if (given.user_id is None) == (given.user_external_id is None):
        raise Invalid(field, "must have either userId or userExternalId")
    return await find_user(call.services.lookups, call.app.id, given.user_id, given.user_external_id)


def _member(call: Call, user: User) -> cmd.Member:
    return cmd.Member(call.services.router.new_id(), user.id, user.external_id, user.authenticated)


async def _metadata_changes(call: Call, actor: ActorId, given: Any) -> dict[str, Any] | None:
    """What is to change, by key; null in place of the whole means that every key goes."""
    if given is UNSET:
        return None
    if given is None:
        return dict.fromkeys((await live(call, actor)).metadata or {})
    if not isinstance(given, dict):
        raise Invalid("metadata", "must be an object")
    check_metadata({name: value for name, value in given.items() if value is not None}, "metadata")
    return given


def _told(body: bytes | None, kind: type[E]) -> tuple[int, E]:
    """(instant in ms, the event that answers a command)."""
    opened = ev.decode(body or b"")
    assert opened is not None, "a command that was just accepted has its event"
    assert isinstance(opened[1], kind), "a command is answered by its own event"
    return opened[0], opened[1]
