"""The story for which all this exists: a customer writes, an agent sees it and replies, the customer sees the reply."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.bot_story import import_samples, the_bots_story
from tests.desk_story import the_desks_story
from tests.people import People, people_of
from tests.serving import Serving
from tests.shop import OUTWARD

sc = pytest.importorskip("sunshine_conversations_client")


async def the_story(people: People) -> None:
    """By the official client, the agent's stream and the visitor's socket."""
    c = people.credentials
    client = sc.ApiClient(sc.Configuration(host=f"{people.url}/sc", username=c["key_id"], password=c["secret"]))

    def begin() -> tuple[Any, Any]:
        user = sc.UsersApi(client).create_user(c["app_id"], sc.UserCreateBody(external_id="ada", profile=sc.Profile(given_name="Ada"))).user
        one = sc.ParticipantSubSchema(sc.ParticipantWithUserId(user_id=user.id, subscribe_sdk_client=False))
        body = sc.ConversationCreateBody(type="personal", participants=[one])
        return user, sc.ConversationsApi(client).create_conversation(c["app_id"], body).conversation

    def says(text: str) -> Any:
        content = sc.Content(sc.TextMessage(type="text", text=text))
        post = sc.MessagePost(author=sc.Author(type="user", user_id=user.id), content=content)
        return sc.MessagesApi(client).post_message(c["app_id"], conversation.id, post).messages[0]

    user, conversation = await asyncio.to_thread(begin)
    agent = await people.agent()
    await agent.subscribe(conversation.id)
    created = await agent.event(conversation.id, 1)
    assert "conversation:create" == created["type"]

    visitor = await people.visitor(jwt=people.app.jwt("ada"))
    await visitor.subscribe(conversation.id)
    for text in ("bonjour", "il y a quelqu'un ?"):
        message = await asyncio.to_thread(says, text)
        event = await agent.hears(conversation.id, text)
        assert (message.id, user.id, "Ada") == (event["id"], event["payload"]["message"]["author"]["userId"], message.author.display_name)
    ack = await agent.say("Oui, bonjour !", conversation.id)
    reply = await visitor.hears(conversation.id, "Oui, bonjour !")
    assert (ack["message"], "business") == (reply["payload"]["message"]["id"], reply["payload"]["message"]["author"]["type"])
    await visitor.say("merci", conversation.id)
    await agent.hears(conversation.id, "merci")

    listed = await asyncio.to_thread(lambda: sc.MessagesApi(client).list_messages(c["app_id"], conversation.id).messages)
    assert ["bonjour", "il y a quelqu'un ?", "Oui, bonjour !", "merci"] == [one.content.actual_instance.text for one in listed]


async def test_on_the_embedded_defaults(people: People) -> None:
    await the_story(people)


@pytest.mark.postgresql
@pytest.mark.redis
async def test_on_postgresql_and_redis(tmp_path: Path, postgres_empty_url: str, redis_url: str) -> None:
    environment = {"CAUSERIE_DATABASE_URL": postgres_empty_url, "CAUSERIE_REDIS_URL": redis_url, **OUTWARD}

    def serve() -> Serving:
        server = Serving(tmp_path, environment=environment)
        server.start()
        return server

    server = await asyncio.to_thread(serve)
    try:
        async with people_of(server) as people:
            await the_story(people)
            await import_samples(server)
            await the_bots_story(people, "fr")
            await the_desks_story(people)
    finally:
        left = await asyncio.to_thread(server.stop)
    assert [] == left


async def test_what_the_first_start_leaves_behind(served: Serving) -> None:
    """Credentials for nobody else's eyes, of the form that design.md fixes."""
    file = served.data / "credentials.json"
    assert 0o600 == file.stat().st_mode & 0o777
    names = {"url", "app_id", "key_id", "secret", "account_key_id", "account_secret", "web_integration_id", "admin", "agent"}
    assert names == set(served.credentials)
    assert {"email", "password"} == set(served.credentials["agent"]) == set(served.credentials["admin"])
