"""The story of a customer, an agent and an administrator, from the first message to the rating, over public interfaces alone.

The customer's company speaks by the official Sunshine Conversations client, the administrator's programs by `zenpy`. Where it runs is the
caller's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from tests.people import People, eventually
from tests.stream_client import AGENT, Connection, Json, agent_session, basic_auth, text_of
from tests.zenpy_client import client

sc = pytest.importorskip("sunshine_conversations_client")
api = pytest.importorskip("zenpy.lib.api_objects")

T = TypeVar("T")


async def the_desks_story(people: People) -> None:
    """A customer asks, is queued, gets the agent who is free, is answered on two ways, and says what they think of it."""
    story = await Story.begun(people)
    await story.customer_asks()
    await story.agent_accepts()
    await story.agent_answers()
    await story.program_answers_hours_later()
    await story.is_solved_and_rated()
    await story.is_reported()


class Story:
    def __init__(self, people: People, agent: Connection, account: Json) -> None:
        self.people, self.agent, self.account = people, agent, account
        c = people.credentials
        self.support = client(people.url, c["admin"]["email"], people.app.secret, disable_cache=True)
        self.sunco = sc.ApiClient(sc.Configuration(host=f"{people.url}/sc", username=people.app.key_id, password=people.app.secret))
        self.conversation, self.number, self.ticket_id = "", 0, ""
        self.visitor: Connection

    @classmethod
    async def begun(cls, people: People) -> Story:
        """In an app of their own, where the desk asks for ratings, and the agent is there and looks at the inbox."""
        await people.settle()
        c = people.credentials
        settings = {"settings": {"tickets": {"survey": "solved"}}}
        status, answer = await desk(people, "PUT", "/desk/settings", settings)
        assert 200 == status, answer
        session = await agent_session(people.http, people.url, c["agent"]["email"], c["agent"]["password"], people.app.id)
        agent = await people.welcome(AGENT, session["token"])
        await agent.send(type="subscribe", topic="inbox")
        await agent.take("routing", 20)
        await agent.send(type="availability", id="here", status="online")
        await agent.take("ack", 20, id="here")
        return cls(people, agent, session["agent"])

    async def customer_asks(self) -> None:
        """By the company's program: the conversation is made, and the message posted, by the official client."""
        app = self.people.app.id

        def asks() -> Any:
            body = sc.UserCreateBody(external_id="grace", profile=sc.Profile(given_name="Grace", locale="en-GB"))
            user = sc.UsersApi(self.sunco).create_user(app, body).user
            one = sc.ParticipantSubSchema(sc.ParticipantWithUserId(user_id=user.id, subscribe_sdk_client=False))
            made = sc.ConversationCreateBody(type="personal", participants=[one])
            conversation = sc.ConversationsApi(self.sunco).create_conversation(app, made).conversation
            content = sc.Content(sc.TextMessage(type="text", text="My parcel is late"))
            post = sc.MessagePost(author=sc.Author(type="user", user_id=user.id), content=content)
            sc.MessagesApi(self.sunco).post_message(app, conversation.id, post)
            return conversation

        conversation = await asyncio.to_thread(asks)
        self.conversation = conversation.id
        self.visitor = await self.people.visitor(jwt=self.people.app.jwt("grace"))
        await self.visitor.subscribe(self.conversation)
        await self.visitor.hears(self.conversation, "My parcel is late")

    async def agent_accepts(self) -> None:
        """The ticket is there, waits for nobody but the agent, and is theirs as soon as they take it."""
        offered = await self.routed("routing:offered")
        assert self.account["id"] == offered["agentId"]
        self.ticket_id = offered["ticketId"]
        await self.agent.send(type="accept", id="mine", ticket=self.ticket_id)
        await self.agent.take("ack", id="mine")
        (ticket,) = await self.seen(lambda: [one for one in self.support.tickets() if one.assignee and one.requester.name == "Grace"])
        self.number = ticket.id
        assert ("open", "Grace", self.people.credentials["agent"]["email"]) == (ticket.status, ticket.requester.name, ticket.assignee.email)
        assert "My parcel is late" in [said.body for said in await self.run(lambda: list(self.support.tickets.comments(self.number)))]

    async def agent_answers(self) -> None:
        await self.agent.subscribe(self.conversation)
        await self.agent.say("I am looking for it", self.conversation)
        await self.visitor.hears(self.conversation, "I am looking for it")
        await self.seen(lambda: self.support.tickets.metrics(self.number).reply_time_in_minutes["calendar"] is not None)

    async def program_answers_hours_later(self) -> None:
        """A public comment on the ticket is a message to the customer, an internal one is not."""

        def comments() -> None:
            ticket = self.support.tickets(id=self.number)
            ticket.comment = api.Comment(body="The driver is ill", public=False)
            self.support.tickets.update(ticket)
            ticket.comment, ticket.status = api.Comment(body="It comes tomorrow", public=True), "pending"
            self.support.tickets.update(ticket)

        await self.run(comments)
        await self.visitor.hears(self.conversation, "It comes tomorrow")
        assert "The driver is ill" not in [text_of(frame["event"]) for frame in self.visitor.frames if frame["type"] == "event"]
        await self.visitor.say("Thank you", self.conversation)
        await self.seen(lambda: self.support.tickets(id=self.number).status == "open")

    async def is_solved_and_rated(self) -> None:
        def solves() -> None:
            ticket = self.support.tickets(id=self.number)
            ticket.status = "solved"
            self.support.tickets.update(ticket)

        await self.run(solves)
        survey = await self.visitor.take("event", 20, when=_asks)
        message = survey["event"]["payload"]["message"]
        best = message["content"]["actions"][-1]
        reply = {"type": "text", "text": best["text"], "payload": best["payload"]}
        await self.visitor.send(type="message", id="rating", conversation=self.conversation, content=reply)
        await self.visitor.take("ack", id="rating")
        await self.seen(lambda: self.support.tickets(id=self.number).satisfaction_rating.score == "good")
        ratings = await self.run(lambda: list(self.support.satisfaction_ratings()))
        assert [("good", self.number)] == [(one.score, one.ticket_id) for one in ratings]
        assert "solved" == (await self.run(lambda: self.support.tickets(id=self.number))).status

    async def is_reported(self) -> None:
        status, answer = await desk(self.people, "GET", "/reports/tickets", by="agent")
        (row,) = [one for one in answer["report"]["rows"] if one["key"] == self.account["id"]]
        assert (200, 1, 100.0) == (status, row["good"], row["satisfaction"]), row
        assert 1 <= row["solved"] <= row["first_reply"]["count"] <= row["created"], row
        changes = [event["field_name"] for audit in await self.run(self._audits) for event in audit.events if event["type"] == "Change"]
        assert {"status", "assignee_id"} <= set(changes)

    def _audits(self) -> list[Any]:
        return list(self.support.tickets.audits(self.number))

    # -- how it is seen

    async def routed(self, kind: str) -> Json:
        """The payload of the next such event of this customer's on the agent's inbox."""

        def fits(frame: Json) -> bool:
            event = frame["event"]
            return bool(event["type"] == kind and event["payload"]["conversationId"] == self.conversation)

        frame = await self.agent.take("routed", 20, when=fits)
        payload: Json = frame["event"]["payload"]
        return payload

    async def seen(self, look: Callable[[], T]) -> T:
        """What the client shows, as soon as it is something: the ticket hears of its conversation a moment later."""
        found: list[T] = []

        async def there() -> bool:
            found[:] = [await self.run(look)]
            return bool(found[0])

        await eventually(there, 20, 0.1)
        return found[0]

    async def run(self, work: Callable[[], T]) -> T:
        """In a thread: the clients block."""
        return await asyncio.to_thread(work)


def _asks(frame: Json) -> bool:
    event = frame["event"]
    return bool(event and event["type"] == "conversation:message" and event["payload"]["message"]["content"].get("actions"))


async def desk(people: People, method: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
    """An operation of `/api/v2` in the administrator's name."""
    c = people.credentials["admin"]
    headers = basic_auth(c["email"], c["password"])
    asked = {"params": {"app_id": people.app.id, **query}, "json": body, "headers": headers}
    async with people.http.request(method, f"{people.url}/api/v2{path}", **asked) as answer:
        return answer.status, await answer.json()
