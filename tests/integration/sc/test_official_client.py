"""A client that nobody here wrote: PyPI `sunshine-conversations-client`, unchanged, runs every operation that is built."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from tests.sc_server import ScServer

sc = pytest.importorskip("sunshine_conversations_client")

T = TypeVar("T")


def client(server: ScServer, owner: bool = False) -> Any:
    c = server.credentials
    name, secret = (c.account_key_id, c.account_secret) if owner else (c.key_id, c.secret)
    return sc.ApiClient(sc.Configuration(host=f"{server.url}/sc", username=name, password=secret))


async def run(work: Callable[[], T]) -> T:
    """In a thread: the client blocks."""
    return await asyncio.to_thread(work)


async def test_apps_and_keys(server: ScServer) -> None:
    def work() -> None:
        apps, keys = sc.AppsApi(client(server, owner=True)), sc.AppKeysApi(client(server, owner=True))
        app = apps.create_app(sc.AppCreateBody(display_name="Boutique", settings=sc.AppSettings(multi_convo_enabled=True))).app
        assert "Boutique" == app.display_name
        assert "B" == apps.update_app(app.id, sc.AppUpdateBody(display_name="B")).app.display_name
        assert "B" == apps.get_app(app.id).app.display_name
        page = apps.list_apps(page=sc.Page(size=1))
        assert (1, True) == (len(page.apps), page.meta.has_more)
        rest = apps.list_apps(page=sc.Page(size=1, after=page.meta.after_cursor))
        assert [app.id] == [one.id for one in rest.apps]
        key = keys.create_app_key(app.id, sc.AppKeyCreateBody(display_name="Key")).key
        assert key.secret == keys.get_app_key(app.id, key.id).key.secret
        assert [key.id] == [one.id for one in keys.list_app_keys(app.id).keys]
        keys.delete_app_key(app.id, key.id)
        apps.delete_app(app.id)
        with pytest.raises(sc.ApiException) as refusal:
            apps.get_app(app.id)
        assert 404 == refusal.value.status
        # The contract says that this needs nobody, so the client sends no key by itself.
        assert server.app_id == sc.OAuthEndpointsApi(client(server)).get_token_info(_headers=server.key).app.id

    await run(work)


async def test_users(server: ScServer) -> None:
    def work() -> None:
        users = sc.UsersApi(client(server))
        profile = sc.Profile(given_name="Ada", surname="Lovelace", email="ada@example.org", locale="en-GB")
        made = users.create_user(server.app_id, sc.UserCreateBody(external_id="a/da", profile=profile, metadata={"k": 1})).user
        assert ("a/da", "Ada", {"k": 1}) == (made.external_id, made.profile.given_name, made.metadata)
        for name in (made.id, "a/da"):
            assert made == users.get_user(server.app_id, name).user
        body = sc.UserUpdateBody(profile=sc.Profile(given_name="Augusta"), to_be_retained=True)
        changed = users.update_user(server.app_id, made.id, body).user
        assert ("Augusta", "Lovelace", True) == (changed.profile.given_name, changed.profile.surname, changed.to_be_retained)
        erased = users.delete_user_personal_information(server.app_id, made.id).user
        assert (None, {}) == (erased.profile.given_name, erased.metadata)
        users.delete_user(server.app_id, made.id)

    await run(work)


CONTENTS: list[dict[str, Any]] = [
    {"type": "text", "text": "hello"},
    {"type": "text", "text": "choose", "actions": [{"type": "reply", "text": "Yes", "payload": "YES"}]},
    {"type": "carousel", "items": [{"title": "One", "actions": [{"type": "link", "text": "Go", "uri": "https://example.org"}]}]},
    {"type": "list", "items": [{"title": "One", "actions": [{"type": "postback", "text": "Take", "payload": "1"}]}]},
    {"type": "file", "mediaUrl": "https://example.org/f.pdf"},
    {"type": "image", "mediaUrl": "https://example.org/i.png"},
    {"type": "form", "fields": [{"type": "email", "name": "mail", "label": "E-mail"}]},
    {"type": "location", "coordinates": {"lat": 45.5, "long": -73.6}},
]


async def test_conversations_participants_and_messages(server: ScServer) -> None:
    def work() -> None:
        app, api = server.app_id, client(server)
        conversations, participants, messages = sc.ConversationsApi(api), sc.ParticipantsApi(api), sc.MessagesApi(api)
        for name in ("ada", "bob"):
            sc.UsersApi(api).create_user(app, sc.UserCreateBody(external_id=name))
        # Not as a dictionary: the client would send null in its place, without a word.
        ada = sc.ParticipantSubSchema(sc.ParticipantWithUserExternalId(user_external_id="ada", subscribe_sdk_client=False))
        body = sc.ConversationCreateBody(type="sdkGroup", participants=[ada])
        made = conversations.create_conversation(app, body).conversation
        assert made == conversations.get_conversation(app, made.id).conversation
        changed = conversations.update_conversation(app, made.id, sc.ConversationUpdateBody(display_name="Group")).conversation
        assert "Group" == changed.display_name
        wanted = sc.ConversationListFilter(user_external_id="ada")
        assert [made.id] == [one.id for one in conversations.list_conversations(app, filter=wanted, page=sc.Page(size=3)).conversations]
        joined = participants.join_conversation(app, made.id, sc.ParticipantJoinBody(user_external_id="bob")).participant
        assert 2 == len(participants.list_participants(app, made.id).participants)
        posted = []
        for content in CONTENTS:
            post = sc.MessagePost.from_dict({"author": {"type": "business"}, "content": content})
            posted += messages.post_message(app, made.id, post).messages
        assert [one["type"] for one in CONTENTS] == [one.content.actual_instance.type for one in posted]
        listed = messages.list_messages(app, made.id, page=sc.Page(size=100))
        assert posted == listed.messages
        earlier = messages.list_messages(app, made.id, page=sc.Page(before=posted[3].id))
        assert posted[:3] == earlier.messages
        read = sc.ActivityPost.from_dict({"author": {"type": "user", "userExternalId": "ada"}, "type": "conversation:read"})
        sc.ActivitiesApi(api).post_activity(app, made.id, read)
        unread = {one.user_external_id: one.unread_count for one in participants.list_participants(app, made.id).participants}
        assert {"ada": 0, "bob": len(CONTENTS)} == unread
        messages.delete_message(app, made.id, posted[0].id)
        assert posted[1:] == messages.list_messages(app, made.id).messages
        messages.delete_all_messages(app, made.id)
        assert [] == messages.list_messages(app, made.id).messages
        participants.leave_conversation(
            app, made.id, sc.ParticipantLeaveBody(sc.ParticipantLeaveBodyParticipantId(participant_id=joined.id))
        )
        conversations.delete_conversation(app, made.id)

    await run(work)


async def test_switchboards_and_control(server: ScServer) -> None:
    def work() -> None:
        app, api = server.app_id, client(server)
        boards, members, actions = sc.SwitchboardsApi(api), sc.SwitchboardIntegrationsApi(api), sc.SwitchboardActionsApi(api)
        board = boards.create_switchboard(app).switchboard
        people = members.create_switchboard_integration(
            app, board.id, sc.SwitchboardIntegrationCreateBody(name="people", integration_type="zd:agentWorkspace")
        ).switchboard_integration
        bot = members.create_switchboard_integration(
            app, board.id, sc.SwitchboardIntegrationCreateBody(name="bot", integration_type="acme", message_history_count=3)
        ).switchboard_integration
        changed = members.update_switchboard_integration(
            app, board.id, bot.id, sc.SwitchboardIntegrationUpdateBody(next_switchboard_integration_id=people.id)
        ).switchboard_integration
        assert (people.id, 3, True) == (
            changed.next_switchboard_integration_id,
            changed.message_history_count,
            changed.deliver_standby_events,
        )
        body = sc.SwitchboardUpdateBody(enabled=True, default_switchboard_integration_id=bot.id)
        assert boards.update_switchboard(app, board.id, body).switchboard == boards.list_switchboards(app).switchboards[0]
        assert {"people", "bot"} == {one.name for one in members.list_switchboard_integrations(app, board.id).switchboard_integrations}

        sc.UsersApi(api).create_user(app, sc.UserCreateBody(external_id="ada"))
        ada = sc.ParticipantSubSchema(sc.ParticipantWithUserExternalId(user_external_id="ada", subscribe_sdk_client=False))
        conversations = sc.ConversationsApi(api)
        made = conversations.create_conversation(app, sc.ConversationCreateBody(type="personal", participants=[ada])).conversation
        assert "bot" == made.active_switchboard_integration.name
        actions.pass_control(app, made.id, sc.PassControlBody(switchboard_integration="next", metadata={"k": 1}))
        actions.offer_control(app, made.id, sc.OfferControlBody(switchboard_integration="bot"))
        now = conversations.get_conversation(app, made.id).conversation
        assert ("people", "bot") == (now.active_switchboard_integration.name, now.pending_switchboard_integration.name)
        actions.accept_control(app, made.id, sc.AcceptControlBody(metadata={"k": True}))
        with pytest.raises(sc.ApiException) as refusal:
            actions.pass_control(app, made.id, sc.PassControlBody(switchboard_integration="nobody"))
        assert 400 == refusal.value.status
        actions.release_control(app, made.id, release_control_body=sc.ReleaseControlBody(metadata={"k": "v"}))
        assert None is conversations.get_conversation(app, made.id).conversation.active_switchboard_integration
        extra = members.create_switchboard_integration(
            app, board.id, sc.SwitchboardIntegrationCreateBody(name="extra", integration_type="more")
        ).switchboard_integration
        members.delete_switchboard_integration(app, board.id, extra.id)
        boards.delete_switchboard(app, board.id)
        assert [] == boards.list_switchboards(app).switchboards

    await run(work)
