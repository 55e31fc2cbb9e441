"""A visitor and an agent send each other files."""

from __future__ import annotations

from typing import Any

from tests import stream_client as stream
from tests.people import People
from tests.pictures import HTML, PDF, form, png

VISITORS, AGENTS = "/messaging/v1/attachments", "/agent/v1/attachments"


async def upload(people: People, path: str, token: str, data: bytes, name: str = "cat.png", **query: str) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    async with people.http.post(people.url + path, data=form(data, name), params=query, headers=headers) as answer:
        told = await answer.json()
        return answer.status, told.get("attachment", told)


async def fetched(people: People, url: str, token: str | None = None) -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with people.http.get(url, headers=headers) as answer:
        return answer.status, await answer.read()


async def agent_token(people: People) -> str:
    who = people.credentials["agent"]
    token: str = (await stream.agent_session(people.http, people.url, who["email"], who["password"]))["token"]
    return token


async def shown(people: People, conversation: str) -> dict[str, Any]:
    """The content of the last message, as programs see it."""
    _, listed = await people.call("GET", f"/conversations/{conversation}/messages")
    content: dict[str, Any] = listed["messages"][-1]["content"]
    return content


async def test_a_picture_is_sent_before_anything_was_said(people: People) -> None:
    session = await people.session()
    status, one = await upload(people, VISITORS, session["token"], png(4, 5))
    assert (201, "image/png", len(png()), 4, 5, "public") == (
        status,
        *(one[name] for name in ("mediaType", "mediaSize", "width", "height", "access")),
    )
    visitor = await people.welcome(stream.MESSAGING, session["token"])
    ack = await visitor.post({"type": "image", "mediaUrl": one["mediaUrl"]})
    content = await shown(people, ack["conversation"])
    assert (one["id"], "image/png", one["mediaSize"]) == tuple(content[name] for name in ("attachmentId", "mediaType", "mediaSize"))
    assert (200, png(4, 5)) == await fetched(people, content["mediaUrl"])


async def test_an_agent_sends_a_document(people: People) -> None:
    _, conversation = await people.talking("send it, please")
    token = await agent_token(people)
    status, one = await upload(people, AGENTS, token, PDF, "Facture été.pdf", conversationId=conversation)
    assert (201, "application/pdf", "Facture été.pdf") == (status, one["mediaType"], one["name"])
    agent = await people.agent()
    await agent.post({"type": "file", "mediaUrl": one["mediaUrl"]}, conversation)
    content = await shown(people, conversation)
    assert ("Facture été.pdf", one["id"]) == (content["altText"], content["attachmentId"])


async def test_a_private_file_is_for_those_who_talk(people: People) -> None:
    session = await people.session()
    visitor = await people.welcome(stream.MESSAGING, session["token"])
    conversation = (await visitor.say("this is between us"))["conversation"]
    status, one = await upload(people, VISITORS, session["token"], png(), access="private", conversationId=conversation)
    assert 201 == status
    await visitor.post({"type": "image", "mediaUrl": one["mediaUrl"]}, conversation)
    other, agent = (await people.session())["token"], await agent_token(people)
    assert 401 == (await fetched(people, one["mediaUrl"]))[0]
    assert [200, 404, 200] == [(await fetched(people, one["mediaUrl"], token))[0] for token in (session["token"], other, agent)]
    assert (200, png()) == await fetched(people, one["link"]["url"])
    assert 404 == (await fetched(people, one["link"]["url"][:-1] + "x"))[0]
    for path, token, expected in ((VISITORS, session["token"], 200), (VISITORS, other, 404), (AGENTS, agent, 200)):
        async with people.http.get(f"{people.url}{path}/{one['id']}", headers={"Authorization": f"Bearer {token}"}) as answer:
            assert expected == answer.status
            if expected == 200:
                link = (await answer.json())["attachment"]["link"]["url"]
                assert 200 == (await fetched(people, link))[0]


async def test_another_visitor_cannot_make_it_theirs(people: People) -> None:
    session = await people.session()
    _, one = await upload(people, VISITORS, session["token"], png())
    await (await people.welcome(stream.MESSAGING, session["token"])).post({"type": "image", "mediaUrl": one["mediaUrl"]})
    visitor, conversation = await people.talking()
    await visitor.post({"type": "image", "mediaUrl": one["mediaUrl"]}, conversation)
    assert "attachmentId" not in await shown(people, conversation)
    _, theirs = await people.talking()
    status, refusal = await upload(people, VISITORS, (await people.session())["token"], png(), conversationId=theirs)
    assert (404, "conversation_not_found") == (status, refusal["errors"][0]["code"])


async def test_it_goes_with_its_message(people: People) -> None:
    session = await people.session()
    _, one = await upload(people, VISITORS, session["token"], HTML, "page.html")
    visitor = await people.welcome(stream.MESSAGING, session["token"])
    ack = await visitor.post({"type": "file", "mediaUrl": one["mediaUrl"]})
    assert (200, HTML) == await fetched(people, one["mediaUrl"])
    assert 200 == (await people.call("DELETE", f"/conversations/{ack['conversation']}/messages/{ack['message']}"))[0]
    assert 404 == (await fetched(people, one["mediaUrl"]))[0]


async def test_who_may_not_upload(people: People) -> None:
    web = (await people.made("/integrations", {"type": "web", "attachmentsEnabled": False, "originWhitelist": ["https://shop.example"]}))[
        "id"
    ]
    token = (await stream.visitor_session(people.http, people.url, web))["token"]
    assert 403 == (await upload(people, VISITORS, token, png()))[0]
    for path in (VISITORS, AGENTS):
        assert 401 == (await upload(people, path, "visitor_nobody", png()))[0]
    assert 401 == (await upload(people, AGENTS, token, png()))[0]
    headers = {"Authorization": f"Bearer {token}", "Origin": "https://evil.example"}
    async with people.http.post(people.url + VISITORS, data=form(png()), headers=headers) as answer:
        assert 403 == answer.status
    await people.call("DELETE", f"/integrations/{web}")
