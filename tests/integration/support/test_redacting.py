"""Words that are taken out of comments are nowhere any more, and what is made private no customer reads again."""

from __future__ import annotations

from typing import Any

import pytest

from domain.conversation import commands as cmd
from domain.directory import Profile, User
from storage.ports import ActorId
from tests import conversations as talk
from tests import zenpy_client
from tests.support_server import ADMIN, SupportServer
from tests.zenpy_client import run


async def said(server: SupportServer, number: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await server.get(f"/tickets/{number}/comments.json"))["comments"]
    return found


async def chat(server: SupportServer, *words: str) -> tuple[ActorId, int]:
    """A conversation of a customer with people, and the number of its ticket."""
    amy = User(server.app_id, server.router.new_id(), server.router.new_id(), profile=Profile("Amy"))
    await server.directory.create_user(amy)
    actor, board = ActorId("conversation", server.app_id, amy.default_conversation_id), talk.board(talk.PEOPLE)
    await server.router.ask(actor, talk.create(amy.id, switchboard=board), sender="x")
    for text in words:
        await server.router.ask(actor, talk.post(amy.id, text, switchboard=board), sender="x")
    await server.router.ask(actor, cmd.ReadWords(), sender="x")
    return actor, (await server.get("/tickets.json"))["tickets"][0]["id"]


async def whole(server: SupportServer, number: int) -> str:
    """Everything that can be read of a ticket."""
    paths = (f"/tickets/{number}.json", f"/tickets/{number}/comments.json", f"/tickets/{number}/audits.json")
    return str([await server.get(path) for path in paths])


async def test_a_comment_loses_words(server: SupportServer) -> None:
    ticket = await server.ticket(subject="Card", comment={"html_body": "<p>My card is <b>swordfish</b> ok</p>"})
    [first] = await said(server, ticket["id"])
    path = f"/tickets/{ticket['id']}/comments/{first['id']}/redact.json"
    status, answer = await server.call("PUT", path, {"text": "swordfish"})
    assert (200, "My card is ▇▇▇▇▇▇▇▇▇ ok", first["id"]) == (status, answer["comment"]["body"], answer["comment"]["id"])
    assert "swordfish" not in await whole(server, ticket["id"])
    assert 0 == (await server.get("/search/count.json", query="swordfish"))["count"]
    assert "CommentRedactionEvent" in await whole(server, ticket["id"])
    assert 422 == (await server.call("PUT", path, {"text": "swordfish"}))[0]
    marked = {"ticket_id": ticket["id"], "html_body": "My <redact>card</redact> is <redact>ok</redact>"}
    status, answer = await server.call("PUT", f"/comment_redactions/{first['id']}.json", marked)
    assert (200, "My ▇▇▇▇ is ▇▇▇▇▇▇▇▇▇ ▇▇") == (status, answer["comment"]["body"])
    assert 404 == (await server.call("PUT", f"/tickets/{ticket['id']}/comments/1/redact.json", {"text": "x"}))[0]


async def test_a_closed_ticket_loses_words_too(server: SupportServer) -> None:
    ticket = await server.ticket(status="closed", comment={"body": "swordfish"})
    [first] = await said(server, ticket["id"])
    assert 200 == (await server.call("PUT", f"/tickets/{ticket['id']}/comments/{first['id']}/redact.json", {"text": "sword"}))[0]
    assert "swordfish" not in await whole(server, ticket["id"])


async def test_a_comment_is_made_private(server: SupportServer) -> None:
    ticket = await server.ticket(comment={"body": "Hello"})
    [first] = await said(server, ticket["id"])
    assert 200 == (await server.call("PUT", f"/tickets/{ticket['id']}/comments/{first['id']}/make_private.json"))[0]
    assert [("Hello", False)] == [(one["body"], one["public"]) for one in await said(server, ticket["id"])]


async def test_of_a_message_what_is_left_is_kept_on_the_ticket(server: SupportServer) -> None:
    actor, number = await chat(server, "Hello", "My card is swordfish", "And I am difficult")
    _, card, difficult = await said(server, number)
    status, answer = await server.call("PUT", f"/tickets/{number}/comments/{card['id']}/redact.json", {"text": "swordfish"})
    kept = answer["comment"]
    assert (200, "My card is ▇▇▇▇▇▇▇▇▇", False, card["author_id"]) == (status, kept["body"], kept["public"], kept["author_id"])
    assert 200 == (await server.call("PUT", f"/tickets/{number}/comments/{difficult['id']}/make_private.json"))[0]
    left = [(one["body"], one["public"]) for one in await said(server, number)]
    assert [("Hello", True), ("My card is ▇▇▇▇▇▇▇▇▇", False), ("And I am difficult", False)] == left
    assert 0 == (await server.get("/search/count.json", query="swordfish"))["count"]
    key = await server.router.journal.find(actor) or 0
    bodies = b"".join(row.body for row in await server.router.journal.read(key, 0, 100))
    assert b"swordfish" not in bodies
    assert b"difficult" not in bodies


async def test_what_a_customer_said_first_is_not_left_in_the_description(server: SupportServer) -> None:
    _, number = await chat(server, "My card is swordfish")
    [first] = await said(server, number)
    assert "My card is swordfish" == (await server.get(f"/tickets/{number}.json"))["ticket"]["description"]
    assert 200 == (await server.call("PUT", f"/tickets/{number}/comments/{first['id']}/redact.json", {"text": "swordfish"}))[0]
    assert "swordfish" not in await whole(server, number)


async def test_a_file_is_taken_out(server: SupportServer) -> None:
    headers = server.admin | {"Content-Type": "text/plain"}
    async with server.http.post("/api/v2/uploads.json", params={"filename": "a.txt"}, data=b"secret", headers=headers) as response:
        upload = (await response.json())["upload"]
    ticket = await server.ticket(comment={"body": "See", "uploads": [upload["token"]]})
    [first] = await said(server, ticket["id"])
    file = first["attachments"][0]["id"]
    status, answer = await server.call("PUT", f"/tickets/{ticket['id']}/comments/{first['id']}/attachments/{file}/redact.json")
    assert (200, file, True) == (status, answer["attachment"]["id"], answer["attachment"]["deleted"])
    assert [] == (await said(server, ticket["id"]))[0]["attachments"]
    assert 404 == (await server.call("GET", f"/attachments/{file}.json"))[0]


async def test_by_the_client(server: SupportServer) -> None:
    pytest.importorskip("zenpy")
    ticket = await server.ticket(comment={"body": "My card is swordfish"})

    def work() -> None:
        desk = zenpy_client.client(server.url, ADMIN, server.token, disable_cache=True)
        first = next(iter(desk.tickets.comments(ticket["id"])))
        desk.tickets.comment_redact(ticket["id"], first.id, "swordfish")
        assert ["My card is ▇▇▇▇▇▇▇▇▇"] == [one.body for one in desk.tickets.comments(ticket["id"])]

    await run(work)
