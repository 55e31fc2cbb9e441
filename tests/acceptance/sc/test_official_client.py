"""A client that nobody here wrote runs every operation that is built and every type of message that the API accepts.

Each answer is checked twice: against the contract's schema, field by field, and by the client's own models, which read it.
"""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import contract_schemas
from tests.people import App, People
from tests.pictures import png

sc = pytest.importorskip("sunshine_conversations_client")

NOT_BUILT = 501

CONTENTS: list[dict[str, Any]] = [
    {"type": "text", "text": "hello"},
    {"type": "text", "markdownText": "**hello**"},
    {
        "type": "text",
        "text": "choose",
        "actions": [
            {"type": "reply", "text": "Yes", "payload": "YES", "iconUrl": "https://example.org/y.png", "metadata": {"k": 1}},
            {"type": "reply", "text": "No", "payload": "NO"},
            {"type": "locationRequest", "text": "Where?"},
        ],
    },
    {
        "type": "text",
        "text": "act",
        "actions": [
            {"type": "link", "text": "Go", "uri": "https://example.org", "default": True},
            {"type": "postback", "text": "Take", "payload": "TAKE", "metadata": {"k": "v"}},
            {"type": "webview", "text": "Look", "uri": "https://example.org/w", "fallback": "https://example.org/f", "size": "tall"},
            {"type": "buy", "text": "Buy", "amount": 1099, "currency": "usd"},
        ],
    },
    {
        "type": "carousel",
        "displaySettings": {"imageAspectRatio": "square"},
        "items": [
            {
                "title": "One",
                "description": "The first",
                "mediaUrl": "https://example.org/1.png",
                "mediaType": "image/png",
                "altText": "One",
                "size": "large",
                "metadata": {"n": 1},
                "actions": [{"type": "link", "text": "Go", "uri": "https://example.org"}],
            },
            {"title": "Two", "actions": [{"type": "postback", "text": "Take", "payload": "2"}]},
        ],
    },
    {
        "type": "list",
        "items": [{"title": "One", "actions": [{"type": "postback", "text": "Take", "payload": "1"}]}],
        "actions": [{"type": "link", "text": "All", "uri": "https://example.org/all"}],
    },
    {"type": "file", "mediaUrl": "https://example.org/f.pdf", "altText": "A file", "text": "read it"},
    {"type": "image", "mediaUrl": "https://example.org/i.png", "altText": "An image", "text": "look"},
    {
        "type": "form",
        "blockChatInput": True,
        "fields": [
            {"type": "text", "name": "who", "label": "Name", "placeholder": "Ada", "minSize": 2, "maxSize": 30},
            {"type": "email", "name": "mail", "label": "E-mail"},
            {"type": "select", "name": "size", "label": "Size", "options": [{"name": "s", "label": "S"}], "selectSize": 1},
        ],
    },
    {"type": "location", "coordinates": {"lat": 45.5, "long": -73.6}, "location": {"address": "1 Rue", "name": "Here"}},
    {"type": "template", "template": {"type": "text", "text": "anything"}},
]
REFUSED_FROM_THE_API: list[dict[str, Any]] = [
    {"type": "formResponse", "fields": [{"type": "text", "name": "who", "label": "Name", "text": "Ada"}]},
]


class Checked(sc.ApiClient):  # type: ignore[misc]
    """The official client, unchanged, overheard: each answer is held against the contract, each operation noted."""

    def __init__(self, url: str, name: str, secret: str, called: set[tuple[str, str]]) -> None:
        super().__init__(sc.Configuration(host=f"{url}/sc", username=name, password=secret))
        self._prefix, self._called = f"{url}/sc", called

    def call_api(self, method: str, url: str, *args: Any, **options: Any) -> Any:
        response = super().call_api(method, url, *args, **options)
        response.read()
        path = _template(method, urlsplit(url.removeprefix(self._prefix)).path)
        contract_schemas.check(method, path, response.status, json.loads(response.data))
        self._called.add((method, path))
        return response


def _template(method: str, path: str) -> str:
    """The contract's path of a request: the one with the fewest names to fill in."""
    fits = [
        known
        for verb, known in contract_schemas.operations()
        if verb == method and re.fullmatch(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(known)), path)
    ]
    assert fits, f"{method} {path}"
    return min(fits, key=lambda known: known.count("{"))


class Apis:
    """The client's classes, by key."""

    def __init__(self, people: People, app: App, called: set[tuple[str, str]]) -> None:
        c = people.credentials
        self.app = app
        key = Checked(people.url, app.key_id, app.secret, called)
        owner = Checked(people.url, c["account_key_id"], c["account_secret"], called)
        self.users, self.conversations, self.messages = sc.UsersApi(key), sc.ConversationsApi(key), sc.MessagesApi(key)
        self.participants, self.activities, self.token = sc.ParticipantsApi(key), sc.ActivitiesApi(key), sc.OAuthEndpointsApi(key)
        self.boards, self.members = sc.SwitchboardsApi(key), sc.SwitchboardIntegrationsApi(key)
        self.control = sc.SwitchboardActionsApi(key)
        self.attachments = sc.AttachmentsApi(key)
        self.integrations, self.programs = sc.IntegrationsApi(key), sc.CustomIntegrationApiKeysApi(key)
        self.apps, self.keys = sc.AppsApi(owner), sc.AppKeysApi(owner)


@pytest.fixture(scope="module")
def called() -> set[tuple[str, str]]:
    return set()


@pytest.fixture
async def apis(people: People, called: set[tuple[str, str]]) -> Apis:
    return Apis(people, await people.new_app(), called)


class TestEveryOperation:
    """In this order: the last test looks at what the others called."""

    async def test_apps_and_keys(self, apis: Apis) -> None:
        def work() -> None:
            settings = sc.AppSettings(multi_convo_enabled=True, conversation_retention_seconds=3600)
            app = apis.apps.create_app(sc.AppCreateBody(display_name="Boutique", settings=settings, metadata={"k": 1})).app
            assert ("Boutique", True, 3600, {"k": 1}) == (
                app.display_name,
                app.settings.multi_convo_enabled,
                app.settings.conversation_retention_seconds,
                app.metadata,
            )
            assert "B" == apis.apps.update_app(app.id, sc.AppUpdateBody(display_name="B")).app.display_name
            assert "B" == apis.apps.get_app(app.id).app.display_name
            page = apis.apps.list_apps(page=sc.Page(size=1))
            assert (1, True) == (len(page.apps), page.meta.has_more)
            seen = [one.id for one in page.apps]
            while page.meta.has_more:
                page = apis.apps.list_apps(page=sc.Page(size=50, after=page.meta.after_cursor))
                seen += [one.id for one in page.apps]
            assert (1, len(set(seen))) == (seen.count(app.id), len(seen))
            key = apis.keys.create_app_key(app.id, sc.AppKeyCreateBody(display_name="Key")).key
            assert key.secret == apis.keys.get_app_key(app.id, key.id).key.secret
            assert [key.id] == [one.id for one in apis.keys.list_app_keys(app.id).keys]
            apis.keys.delete_app_key(app.id, key.id)
            apis.apps.delete_app(app.id)
            with pytest.raises(sc.ApiException) as refusal:
                apis.apps.get_app(app.id)
            assert 404 == refusal.value.status

        await asyncio.to_thread(work)

    async def test_who_am_i(self, apis: Apis) -> None:
        # The contract says that this needs nobody, so the client sends no key by itself.
        told = await asyncio.to_thread(lambda: apis.token.get_token_info(_headers=apis.app.auth))
        assert apis.app.id == told.app.id

    async def test_users(self, people: People, apis: Apis) -> None:
        def work() -> None:
            app, users = apis.app.id, apis.users
            profile = sc.Profile(given_name="Ada", surname="Lovelace", email="ada@example.org", locale="en-GB")
            made = users.create_user(app, sc.UserCreateBody(external_id="a/da", profile=profile, metadata={"k": 1})).user
            assert ("a/da", "Ada", {"k": 1}) == (made.external_id, made.profile.given_name, made.metadata)
            for name in (made.id, "a/da"):
                assert made == users.get_user(app, name).user
            # The client is older than this operation.
            url = f"{people.url}/sc/v2/apps/{app}/users?filter[identities.email]=ada@example.org"
            assert {"users": []} == json.loads(users.api_client.call_api("GET", url, apis.app.auth).data)
            body = sc.UserUpdateBody(profile=sc.Profile(given_name="Augusta"), to_be_retained=True, metadata={"l": True})
            changed = users.update_user(app, made.id, body).user
            assert ("Augusta", "Lovelace", True, {"k": 1, "l": True}) == (
                changed.profile.given_name,
                changed.profile.surname,
                changed.to_be_retained,
                changed.metadata,
            )
            erased = users.delete_user_personal_information(app, made.id).user
            assert (None, {}) == (erased.profile.given_name, erased.metadata)
            users.delete_user(app, made.id)
            with pytest.raises(sc.ApiException) as refusal:
                users.get_user(app, made.id)
            assert 404 == refusal.value.status

        await asyncio.to_thread(work)

    async def test_conversations_and_participants(self, apis: Apis) -> None:
        def work() -> None:
            app, conversations, participants = apis.app.id, apis.conversations, apis.participants
            for name in ("ada", "bob"):
                apis.users.create_user(app, sc.UserCreateBody(external_id=name))
            ada = sc.ParticipantSubSchema(sc.ParticipantWithUserExternalId(user_external_id="ada", subscribe_sdk_client=False))
            body = sc.ConversationCreateBody(type="sdkGroup", participants=[ada], display_name="G", description="D", metadata={"k": 1})
            made = conversations.create_conversation(app, body).conversation
            assert ("sdkGroup", "G", "D", {"k": 1}) == (made.type, made.display_name, made.description, made.metadata)
            assert made == conversations.get_conversation(app, made.id).conversation
            changed = conversations.update_conversation(app, made.id, sc.ConversationUpdateBody(display_name="Group")).conversation
            assert ("Group", "D") == (changed.display_name, changed.description)
            wanted = sc.ConversationListFilter(user_external_id="ada")
            assert [made.id] == [one.id for one in conversations.list_conversations(app, filter=wanted, page=sc.Page(size=3)).conversations]
            joined = participants.join_conversation(app, made.id, sc.ParticipantJoinBody(user_external_id="bob")).participant
            assert {"ada", "bob"} == {one.user_external_id for one in participants.list_participants(app, made.id).participants}
            leaver = sc.ParticipantLeaveBody(sc.ParticipantLeaveBodyParticipantId(participant_id=joined.id))
            participants.leave_conversation(app, made.id, leaver)
            assert ["ada"] == [one.user_external_id for one in participants.list_participants(app, made.id).participants]
            conversations.delete_conversation(app, made.id)
            with pytest.raises(sc.ApiException) as refusal:
                conversations.get_conversation(app, made.id)
            assert 404 == refusal.value.status

        await asyncio.to_thread(work)

    async def test_messages_and_activities(self, people: People, apis: Apis) -> None:
        _, conversation = await people.person("ada", apis.app)

        def work() -> None:
            app, messages = apis.app.id, apis.messages
            posted = []
            for content in CONTENTS:
                body = {"author": {"type": "business", "subtypes": ["AI"]}, "content": content, "metadata": {"n": 1}}
                post = sc.MessagePost.from_dict(body | ({"schema": "whatsapp"} if content["type"] == "template" else {}))
                posted += messages.post_message(app, conversation, post).messages
            assert [one["type"] for one in CONTENTS] == [one.content.actual_instance.type for one in posted]
            assert posted == messages.list_messages(app, conversation).messages
            assert posted[:3] == messages.list_messages(app, conversation, page=sc.Page(before=posted[3].id)).messages
            for content in REFUSED_FROM_THE_API:
                with pytest.raises(sc.ApiException) as refusal:
                    messages.post_message(app, conversation, _post({"type": "user", "userExternalId": "ada"}, content))
                assert 400 == refusal.value.status
            for author, kind in (("business", "typing:start"), ("business", "typing:stop"), ("user", "conversation:read")):
                who = {"type": author} if author == "business" else {"type": author, "userExternalId": "ada"}
                apis.activities.post_activity(app, conversation, sc.ActivityPost.from_dict({"author": who, "type": kind}))
            (ada,) = apis.participants.list_participants(app, conversation).participants
            assert (0, True) == (ada.unread_count, ada.last_read is not None)
            messages.delete_message(app, conversation, posted[0].id)
            assert posted[1:] == messages.list_messages(app, conversation).messages
            messages.delete_all_messages(app, conversation)
            assert [] == messages.list_messages(app, conversation).messages

        await asyncio.to_thread(work)

    async def test_switchboards(self, apis: Apis) -> None:
        def work() -> None:
            app, boards, members = apis.app.id, apis.boards, apis.members
            assert [] == boards.list_switchboards(app).switchboards
            board = boards.create_switchboard(app).switchboard
            with pytest.raises(sc.ApiException) as refusal:
                boards.create_switchboard(app)
            assert 400 == refusal.value.status
            people, bot, extra = (
                members.create_switchboard_integration(
                    app, board.id, sc.SwitchboardIntegrationCreateBody(name=name, integration_type=kind, message_history_count=3)
                ).switchboard_integration
                for name, kind in (("people", "zd:agentWorkspace"), ("bot", "acme"), ("extra", "more"))
            )
            body = sc.SwitchboardIntegrationUpdateBody(next_switchboard_integration_id=people.id, deliver_standby_events=False)
            changed = members.update_switchboard_integration(app, board.id, bot.id, body).switchboard_integration
            assert (people.id, 3, False) == (
                changed.next_switchboard_integration_id,
                changed.message_history_count,
                changed.deliver_standby_events,
            )
            members.delete_switchboard_integration(app, board.id, extra.id)
            listed = members.list_switchboard_integrations(app, board.id).switchboard_integrations
            assert {"people", "bot"} == {one.name for one in listed}
            with pytest.raises(sc.ApiException) as refusal:
                boards.update_switchboard(app, board.id, sc.SwitchboardUpdateBody(enabled=True))
            assert 404 == refusal.value.status
            enabled = sc.SwitchboardUpdateBody(enabled=True, default_switchboard_integration_id=bot.id)
            assert boards.update_switchboard(app, board.id, enabled).switchboard == boards.list_switchboards(app).switchboards[0]
            for one in (people, bot):
                with pytest.raises(sc.ApiException) as refusal:
                    members.delete_switchboard_integration(app, board.id, one.id)
                assert 400 == refusal.value.status
            boards.delete_switchboard(app, board.id)
            assert [] == boards.list_switchboards(app).switchboards

        await asyncio.to_thread(work)

    async def test_integrations_and_their_keys(self, people: People, apis: Apis) -> None:
        def work() -> None:
            app, integrations, programs = apis.app.id, apis.integrations, apis.programs
            fields = [sc.ModelField(type="email", name="mail", label="E-mail")]
            looks = {"brand_color": "abc", "business_name": "Kent Shop", "origin_whitelist": ["https://example.org"]}
            prechat = sc.PrechatCapture(enabled=True, fields=fields)
            web = integrations.create_integration(app, sc.Web(display_name="Shop", prechat_capture=prechat, **looks)).integration
            assert ("web", "active", "Shop", "abc", "https://example.org") == (
                *(web.type, web.status.value, web.display_name, web.brand_color),
                web.origin_whitelist[0],
            )
            assert (True, "mail") == (web.prechat_capture.enabled, web.prechat_capture.fields[0].name)
            hook = sc.Webhook(target="https://example.org/hook", triggers=["conversation:message"])
            program = integrations.create_integration(app, sc.Custom(display_name="Program", webhooks=[hook])).integration
            assert ("https://example.org/hook", True) == (program.webhooks[0].target, bool(program.webhooks[0].secret))
            assert {web.id, program.id} == {one.id for one in integrations.list_integrations(app).integrations}
            only = integrations.list_integrations(app, page=sc.Page(size=1), filter=sc.IntegrationListFilter(types="custom")).integrations
            assert [program] == only
            assert web == integrations.get_integration(app, web.id).integration
            update = sc.IntegrationUpdate(sc.WebUpdate(brand_color="123456", origin_whitelist=None))
            changed = integrations.update_integration(app, web.id, update).integration
            assert ("123456", None, "Kent Shop") == (changed.brand_color, changed.origin_whitelist, changed.business_name)
            key = programs.create_custom_integration_key(app, program.id, sc.IntegrationApiKey(display_name="k")).key
            assert [key] == programs.list_custom_integration_keys(app, program.id).keys
            assert key == programs.get_custom_integration_key(app, program.id, key.id).key
            theirs = sc.UsersApi(Checked(people.url, key.id, key.secret, set()))
            assert "ada" == theirs.create_user(app, sc.UserCreateBody(external_id="ada")).user.external_id
            programs.delete_custom_integration_key(app, program.id, key.id)
            for one in (web, program):
                integrations.delete_integration(app, one.id)
            assert [] == integrations.list_integrations(app).integrations

        await asyncio.to_thread(work)

    async def test_attachments(self, people: People, apis: Apis, tmp_path: Path) -> None:
        _, conversation = await people.person("ada", apis.app)
        file = tmp_path / "cat.png"
        file.write_bytes(png())

        def work() -> None:
            app, attachments = apis.app.id, apis.attachments
            made = attachments.upload_attachment(app, "public", str(file), var_for="message", conversation_id=conversation).attachment
            assert ("image/png", True) == (made.media_type, made.media_url.endswith("/cat.png"))
            content = {"type": "image", "mediaUrl": made.media_url}
            (message,) = apis.messages.post_message(app, conversation, _post({"type": "business"}, content)).messages
            image = message.content.actual_instance
            assert ("image/png", len(png()), "cat.png") == (image.media_type, image.media_size, image.alt_text)
            attachments.delete_attachment(app, sc.AttachmentDeleteBody(media_url=made.media_url))
            with pytest.raises(sc.ApiException) as refusal:
                attachments.delete_attachment(app, sc.AttachmentDeleteBody(media_url=made.media_url))
            assert 404 == refusal.value.status

        await asyncio.to_thread(work)

    async def test_control(self, people: People, apis: Apis) -> None:
        def prepare() -> None:
            app, boards = apis.app.id, apis.boards
            board = boards.create_switchboard(app).switchboard
            bot, _ = (
                apis.members.create_switchboard_integration(
                    app, board.id, sc.SwitchboardIntegrationCreateBody(name=name, integration_type=kind)
                ).switchboard_integration
                for name, kind in (("bot", "acme"), ("people", "zd:agentWorkspace"))
            )
            boards.update_switchboard(app, board.id, sc.SwitchboardUpdateBody(enabled=True, default_switchboard_integration_id=bot.id))

        def holders(conversation: str) -> tuple[str | None, str | None]:
            now = apis.conversations.get_conversation(apis.app.id, conversation).conversation
            active, pending = now.active_switchboard_integration, now.pending_switchboard_integration
            return active and active.name, pending and pending.name

        def work() -> None:
            app, control = apis.app.id, apis.control
            assert ("bot", None) == holders(conversation)
            control.pass_control(app, conversation, sc.PassControlBody(switchboard_integration="people", metadata={"k": 1}))
            assert ("people", None) == holders(conversation)
            control.offer_control(app, conversation, sc.OfferControlBody(switchboard_integration="acme"))
            assert ("people", "bot") == holders(conversation)
            control.accept_control(app, conversation, sc.AcceptControlBody(metadata={"k": True}))
            assert ("bot", None) == holders(conversation)
            for failing in (
                lambda: control.pass_control(app, conversation, sc.PassControlBody(switchboard_integration="nobody")),
                lambda: control.offer_control(app, conversation, sc.OfferControlBody(switchboard_integration="bot")),
                lambda: control.accept_control(app, conversation, sc.AcceptControlBody()),
            ):
                with pytest.raises(sc.ApiException) as refusal:
                    failing()
                assert 400 == refusal.value.status
            control.release_control(app, conversation, release_control_body=sc.ReleaseControlBody(metadata={"k": "v"}))
            assert (None, None) == holders(conversation)

        await asyncio.to_thread(prepare)
        _, conversation = await people.person("ada", apis.app)
        await asyncio.to_thread(work)

    async def test_what_came_by_the_stream(self, people: People, apis: Apis) -> None:
        """Agents, programs and form responses come by the stream only; the client reads them all the same."""
        first = Apis(people, people.app, set())
        visitor, conversation = await people.talking("hello")
        form = await people.posted(conversation, CONTENTS[8])
        fields = [
            {"type": "text", "name": "who", "label": "Name", "text": "Ada", "quotedMessageId": form["id"]},
            {"type": "email", "name": "mail", "label": "E-mail", "email": "ada@example.org"},
            {"type": "select", "name": "size", "label": "Size", "select": [{"name": "s", "label": "S"}]},
        ]
        await visitor.post({"type": "formResponse", "fields": fields}, conversation)
        agent, program = await people.agent(), await people.program()
        await agent.say("by an agent", conversation)
        await agent.post(CONTENTS[8], conversation)
        await program.say("by a program", conversation)
        listed = await asyncio.to_thread(lambda: first.messages.list_messages(people.app.id, conversation).messages)
        kinds = ["text", "form", "formResponse", "text", "form", "text"]
        assert kinds == [one.content.actual_instance.type for one in listed]
        assert form["id"] == listed[2].quoted_message.actual_instance.message.id

    def test_every_operation_was_among_them(self, called: set[tuple[str, str]], unbuilt: set[tuple[str, str]]) -> None:
        assert set(contract_schemas.operations()) - unbuilt == called

    @pytest.fixture
    async def unbuilt(self, people: People) -> set[tuple[str, str]]:
        """The operations that say themselves that they are not built."""
        found = set()
        for method, path in contract_schemas.operations():
            url = people.url + "/sc" + re.sub(r"\{[^}]*\}", "0" * 24, path.replace("{appId}", people.app.id))
            auths = (people.app.auth, {}) if "/oauth/" in path else (people.app.auth,)
            for auth in auths:
                if method == "DELETE" and path == "/v2/apps/{appId}":
                    continue
                async with people.http.request(method, url, headers=auth, json={} if method != "GET" else None) as answer:
                    if answer.status == NOT_BUILT or (answer.status == 403 and "authorization" in path):
                        found.add((method, path))
        return found


def _post(author: dict[str, Any], content: dict[str, Any]) -> Any:
    return sc.MessagePost.from_dict({"author": author, "content": content})
