"""The stream protocol from outside: every frame, in both directions, for visitors, agents and programs."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests import stream_client as stream
from tests.people import People
from tests.stream_client import text_of, topic_of

pytestmark = pytest.mark.usefixtures("plain")

BUTTONS: dict[str, Any] = {
    "type": "text",
    "text": "Which one?",
    "actions": [
        {"type": "postback", "text": "First", "payload": "ONE", "metadata": {"n": 1}},
        {"type": "postback", "text": "Second", "payload": "TWO"},
        {"type": "link", "text": "Read", "uri": "https://example.org"},
    ],
}
FORM: dict[str, Any] = {
    "type": "form",
    "fields": [
        {"type": "text", "name": "who", "label": "Name"},
        {"type": "email", "name": "mail", "label": "E-mail"},
        {"type": "select", "name": "size", "label": "Size", "options": [{"name": "s", "label": "Small"}, {"name": "l", "label": "Large"}]},
    ],
}
ANSWERS: list[dict[str, Any]] = [
    {"type": "text", "name": "who", "label": "Name", "text": "Ada"},
    {"type": "email", "name": "mail", "label": "E-mail", "email": "ada@example.org"},
    {"type": "select", "name": "size", "label": "Size", "select": [{"name": "l", "label": "Large"}]},
]


class TestHello:
    async def test_a_visitor_is_told_who_they_are(self, people: People) -> None:
        session = await people.session()
        assert ({"token", "user", "conversation"}, None) == (set(session), session["conversation"])
        visitor = await people.open(stream.MESSAGING, session["token"])
        welcome = await visitor.take("welcome")
        assert session["user"] == welcome["user"]

    async def test_an_agent_and_a_program_are_told_who_they_are(self, people: People) -> None:
        who = people.credentials["agent"]
        session = await stream.agent_session(people.http, people.url, who["email"], who["password"])
        welcome = await (await people.open(stream.AGENT, session["token"])).take("welcome")
        assert session["agent"]["id"] == welcome["agent"]["id"]
        session = await stream.program_session(people.http, people.url, people.app.key_id, people.app.secret)
        await (await people.open(stream.AGENT, session["token"])).take("welcome")

    @pytest.mark.parametrize(("path", "token"), [(stream.MESSAGING, "forged"), (stream.AGENT, "forged"), (stream.MESSAGING, "")])
    async def test_a_wrong_token_is_told_bye(self, people: People, path: str, token: str) -> None:
        socket = await people.open(path, token)
        bye = await socket.take("bye")
        assert "unauthorized" == bye["code"] and bye["reason"]
        await socket.ended()

    async def test_a_token_opens_its_own_kind_of_stream_only(self, people: People) -> None:
        visitors = (await people.session())["token"]
        who = people.credentials["agent"]
        agents = (await stream.agent_session(people.http, people.url, who["email"], who["password"]))["token"]
        for path, token in ((stream.AGENT, visitors), (stream.MESSAGING, agents)):
            socket = await people.open(path, token)
            assert "unauthorized" == (await socket.take("bye"))["code"]
            await socket.ended()

    @pytest.mark.parametrize("first", ['{"type":"ping"}', "{", '{"type":"hello"}', '{"type":"hello","token":7}', "7", "[]"])
    async def test_who_begins_otherwise_is_told_bye(self, people: People, first: str) -> None:
        socket = await people.open(stream.MESSAGING, None)
        await socket.send_text(first)
        await socket.take("bye")
        await socket.ended()

    async def test_hello_is_said_once(self, people: People) -> None:
        session = await people.session()
        visitor = await people.welcome(stream.MESSAGING, session["token"])
        await visitor.send(type="hello", token=session["token"])
        assert "retry_after" not in await visitor.refused()
        await visitor.settled()

    async def test_the_stream_without_an_upgrade_is_refused_in_the_apis_format(self, people: People) -> None:
        for path in (stream.MESSAGING, stream.AGENT):
            async with people.http.get(people.url + path) as answer:
                assert (400, "bad_request") == (answer.status, (await answer.json())["errors"][0]["code"])


class TestMessages:
    async def test_the_first_message_makes_the_default_conversation(self, people: People) -> None:
        session = await people.session()
        visitor = await people.welcome(stream.MESSAGING, session["token"])
        ack = await visitor.say("hello")
        again = await visitor.say("it is me")
        assert ack["conversation"] == again["conversation"]
        assert ack["seq"] + 1 == again["seq"]
        await visitor.subscribe(ack["conversation"])
        created, first, second = await visitor.events(ack["conversation"], 1, again["seq"])
        assert ["conversation:create", "conversation:message"] == [created["type"], first["type"]]
        assert ["hello", "it is me"] == [text_of(first), text_of(second)]
        assert (ack["message"], session["user"]["id"]) == (
            first["payload"]["message"]["id"],
            first["payload"]["message"]["author"]["userId"],
        )
        assert {"id", "createdAt", "type", "payload"} == set(first)
        assert ack["conversation"] == (await people.session(sessionToken=session["token"]))["conversation"]

    async def test_several_frames_in_one_text_message(self, people: People) -> None:
        visitor = await people.visitor()
        frames = [{"type": "message", "id": f"line-{n}", "content": {"type": "text", "text": f"{n}"}} for n in range(20)]
        await visitor.send_text("\n".join(map(json.dumps, frames)) + "\n")
        seqs = [(await visitor.take("ack", id=f"line-{n}"))["seq"] for n in range(20)]
        assert list(range(seqs[0], seqs[0] + 20)) == seqs

    async def test_the_same_id_has_one_place(self, people: People) -> None:
        """Also three times at the same moment, also on two sockets, also later."""
        session = await people.session()
        one, two = [await people.welcome(stream.MESSAGING, session["token"]) for _ in range(2)]
        same = {"type": "message", "id": "same", "content": {"type": "text", "text": "once"}}
        await asyncio.gather(one.send(**same), one.send(**same), two.send(**same))
        acks = [await socket.take("ack", id="same") for socket in (one, one, two)]
        acks.append(await one.say("once", acks[0]["conversation"], "same"))
        assert [acks[0]] * 4 == acks
        await one.send(type="message", id="same", conversation=acks[0]["conversation"], content={"type": "text", "text": "other"})
        refusal = await one.refused("same")
        assert ("id_reused", False) == (refusal["code"], "retry_after" in refusal)
        assert acks[0]["seq"] + 1 == (await one.say("another", acks[0]["conversation"]))["seq"]

    async def test_two_visitors_may_choose_the_same_id(self, people: People) -> None:
        acks = [await (await people.visitor()).say(f"hello {n}", identifier="mine") for n in range(2)]
        assert acks[0]["conversation"] != acks[1]["conversation"]

    async def test_metadata_goes_along(self, people: People) -> None:
        visitor, conversation = await people.talking()
        await visitor.subscribe(conversation)
        await visitor.say("with", conversation, metadata={"k": 1, "l": "m", "n": True})
        event = await visitor.hears(conversation, "with")
        assert {"k": 1, "l": "m", "n": True} == event["payload"]["message"]["metadata"]

    @pytest.mark.parametrize(
        "more",
        [
            {"content": {"type": "text", "text": "x" * 4097}},
            {"content": {"type": "nope"}},
            {"content": {"type": "text"}},
            {"content": "hello"},
            {"metadata": {"a": {"b": 1}}},
            {"metadata": {"a": "x" * 5000}},
            {"conversation": "nope"},
            {"conversation": "0" * 24},
            {"internal": True},
            {"destination": {"integrationId": "0" * 24}},
        ],
    )
    async def test_what_a_visitor_may_not_send_is_refused_for_good(self, people: People, more: dict[str, Any]) -> None:
        visitor, conversation = await people.talking()
        frame = {"type": "message", "id": "bad", "conversation": conversation, "content": {"type": "text", "text": "x"}, **more}
        await visitor.send(**frame)
        refusal = await visitor.refused("bad")
        assert refusal["code"] and refusal["title"] and "retry_after" not in refusal
        assert 3 == (await visitor.say("good", conversation))["seq"]

    @pytest.mark.parametrize(
        "text", ["{", "", "7", "null", "[]", "{}", '{"type":"nope"}', '{"type":"message"}', '{"type":"message","id":7}', "\x00", "[" * 5000]
    )
    async def test_a_bad_frame_is_refused_and_the_socket_stays(self, people: People, text: str) -> None:
        visitor = await people.visitor()
        await visitor.send_text(text)
        if text:
            assert "bad_request" == (await visitor.refused())["code"]
        await visitor.say("still here")

    async def test_a_frame_that_is_too_long_is_refused_and_the_socket_stays(self, people: People) -> None:
        visitor = await people.visitor()
        await visitor.send(type="message", id="long", content={"type": "text", "text": "x" * 120_000})
        assert "bad_request" == (await visitor.refused("long"))["code"]
        await visitor.say("still here")

    async def test_bytes_are_no_frames(self, people: People) -> None:
        visitor = await people.visitor()
        await visitor.send_bytes(b"\x00")
        assert "bad_frame" == (await visitor.take("bye"))["code"]
        await visitor.ended()

    async def test_a_visitor_has_several_conversations(self, people: People) -> None:
        session = await people.session()
        headers = {"Authorization": f"Bearer {session['token']}"}
        url = f"{people.url}/messaging/v1/conversations"
        made = []
        for body in ({"displayName": "One"}, {"displayName": "Two", "metadata": {"k": 1}}):
            async with people.http.post(url, json=body, headers=headers) as answer:
                assert 201 == answer.status
                made.append((await answer.json())["conversation"])
        first, second = made
        assert [("One", True), ("Two", False)] == [(one["displayName"], one["isDefault"]) for one in made]
        visitor = await people.welcome(stream.MESSAGING, session["token"])
        for one, text in ((first, "in one"), (second, "in two")):
            await visitor.subscribe(one["id"])
            await visitor.say(text, one["id"])
            await visitor.hears(one["id"], text)
        assert first["id"] == (await visitor.say("in the default one"))["conversation"]
        async with people.http.get(url, headers=headers) as answer:
            listed = (await answer.json())["conversations"]
        assert [(first["id"], 3), (second["id"], 2)] == [(one["id"], one["seq"]) for one in listed]
        for wrong, status in (({"displayName": ""}, 400), ({"metadata": {"a": {"b": 1}}}, 400)):
            async with people.http.post(url, json=wrong, headers=headers) as answer:
                assert status == answer.status
        async with people.http.get(url) as answer:
            assert 401 == answer.status


class TestResuming:
    async def test_from_any_seq(self, people: People) -> None:
        visitor, conversation = await people.talking("0")
        for n in range(1, 9):
            await visitor.say(f"{n}", conversation)
        agent = await people.agent()
        for after in (0, 1, 5, 9):
            subscribed = await agent.subscribe(conversation, after)
            assert after == subscribed["after"]
            events = await agent.events(conversation, after + 1, 10)
            assert [f"{n}" for n in range(max(after - 1, 0), 9)] == [text_of(event) for event in events if text_of(event) is not None]
        await agent.subscribe(conversation, 10)
        await visitor.say("live", conversation)
        assert "live" == text_of(await agent.event(conversation, 11))

    async def test_from_the_future_waits_for_it(self, people: People) -> None:
        visitor, conversation = await people.talking()
        agent = await people.agent()
        await agent.subscribe(conversation, 3)
        await visitor.say("three", conversation)
        await visitor.say("four", conversation)
        assert "four" == text_of(await agent.event(conversation, 4))
        assert [] == [frame for frame in agent.frames if frame["type"] == "event"]

    async def test_a_new_socket_goes_on_where_the_old_one_was_cut(self, people: People) -> None:
        session = await people.session()
        visitor = await people.welcome(stream.MESSAGING, session["token"])
        conversation = (await visitor.say("one"))["conversation"]
        await visitor.subscribe(conversation)
        await visitor.events(conversation, 1, 2)
        await visitor.close()
        agent = await people.agent()
        for n in range(5):
            await agent.say(f"while you were away {n}", conversation)
        visitor = await people.welcome(stream.MESSAGING, session["token"])
        await visitor.subscribe(conversation, 2)
        events = await visitor.events(conversation, 3, 7)
        assert [f"while you were away {n}" for n in range(5)] == [text_of(event) for event in events]

    async def test_who_unsubscribes_hears_nothing(self, people: People) -> None:
        visitor, conversation = await people.talking()
        agent = await people.agent()
        await agent.subscribe(conversation)
        await agent.events(conversation, 1, 2)
        await agent.send(type="unsubscribe", topic=topic_of(conversation))
        await agent.settled()
        await visitor.say("unheard", conversation)
        await agent.settled()
        assert [] == agent.frames
        await agent.subscribe(conversation, 2)
        await agent.hears(conversation, "unheard")

    async def test_history_goes_back_page_by_page(self, people: People) -> None:
        visitor, conversation = await people.talking("0")
        for n in range(1, 25):
            await visitor.say(f"{n}", conversation)
        seqs: list[int] = []
        before: int | None = None
        while True:
            named = {} if before is None else {"before": before}
            await visitor.send(type="history", id=f"page-{before}", conversation=conversation, limit=10, **named)
            page = await visitor.take("page", id=f"page-{before}")
            assert conversation == page["conversation"]
            found = [one["seq"] for one in page["events"]]
            seqs = found + seqs
            if not page["more"]:
                break
            before = found[0]
        assert list(range(1, 27)) == seqs
        assert "conversation:create" == page["events"][0]["event"]["type"]
        for wrong in ({"limit": 101}, {"limit": 0}, {"before": 0}, {"conversation": "0" * 24}):
            await visitor.send(**{"type": "history", "id": "wrong", "conversation": conversation, **wrong})
            await visitor.refused("wrong")

    async def test_a_page_of_large_events_has_fewer_of_them(self, people: People) -> None:
        """A hundred of the largest would be more than a socket may hold: nobody could ever read them."""
        visitor, conversation = await people.talking()
        content = {"type": "text", "text": "\N{CLOUD}" * 4096, "markdownText": "\N{CLOUD}" * 4000}
        for n in range(60):
            await visitor.send(type="message", id=f"large-{n}", conversation=conversation, content=content)
        await visitor.take("ack", id="large-59")
        seqs: list[int] = []
        while not seqs or seqs[0] > 1:
            before = {"before": seqs[0]} if seqs else {}
            await visitor.send(type="history", id=f"page-{len(seqs)}", conversation=conversation, **before)
            page = await visitor.take("page", id=f"page-{len(seqs)}")
            found = [one["seq"] for one in page["events"]]
            assert 1 <= len(found) < 60 and page["more"] == (found[0] > 1)
            seqs = found + seqs
        assert list(range(1, 63)) == seqs

    async def test_a_journal_longer_than_any_page_comes_whole(self, people: People) -> None:
        visitor, conversation = await people.talking()
        for n in range(500):
            await visitor.send(type="message", id=f"many-{n}", conversation=conversation, content={"type": "text", "text": f"{n}"})
        await visitor.take("ack", id="many-499")
        agent = await people.agent()
        await agent.subscribe(conversation)
        events = await agent.events(conversation, 1, 502)
        assert [f"{n}" for n in range(500)] == [text_of(event) for event in events[2:]]


class TestButtonsAndForms:
    async def test_a_button_is_pressed_by_its_place_or_its_payload(self, people: People) -> None:
        visitor, conversation = await people.talking()
        await visitor.subscribe(conversation)
        message = await people.posted(conversation, BUTTONS)
        offered = await visitor.event(conversation, 3)
        assert message["id"] == offered["payload"]["message"]["id"]
        for n, (action, payload) in enumerate(((0, "ONE"), ("TWO", "TWO")), 4):
            await visitor.send(type="postback", id=f"press-{n}", conversation=conversation, message=message["id"], action=action)
            ack = await visitor.take("ack", id=f"press-{n}")
            event = await visitor.event(conversation, n)
            assert (n, "conversation:postback", payload) == (ack["seq"], event["type"], event["payload"]["postback"]["payload"])

    async def test_what_is_no_button_is_not_pressed(self, people: People) -> None:
        visitor, conversation = await people.talking()
        message = (await people.posted(conversation, BUTTONS))["id"]
        ghost = "0" * 24
        wrong = [(message, 2), (message, 7), (message, -1), (message, "NINE"), (ghost, 0), (conversation, 0)]
        for n, (named, action) in enumerate(wrong):
            await visitor.send(type="postback", id=f"wrong-{n}", conversation=conversation, message=named, action=action)
            assert "retry_after" not in await visitor.refused(f"wrong-{n}")
        agent = await people.agent()
        await agent.send(type="postback", id="press", conversation=conversation, message=message, action=0)
        assert "forbidden" == (await agent.refused("press"))["code"]

    async def test_a_form_is_answered(self, people: People) -> None:
        visitor, conversation = await people.talking()
        await visitor.subscribe(conversation)
        form = await people.posted(conversation, FORM)
        content = {"type": "formResponse", "fields": [{**one, "quotedMessageId": form["id"]} for one in ANSWERS]}
        ack = await visitor.post(content, conversation)
        event = await visitor.event(conversation, ack["seq"])
        message = event["payload"]["message"]
        assert "formResponse" == message["content"]["type"]
        assert ANSWERS == message["content"]["fields"]
        assert form["id"] == message["quotedMessage"]["message"]["id"]

    @pytest.mark.parametrize(
        "change",
        [
            {"quotedMessageId": ""},
            {"quotedMessageId": "0" * 24},
            {"name": "other"},
            {"type": "email", "email": "ada@example.org"},
            {"text": ""},
            {"text": "x" * 129},
        ],
    )
    async def test_answers_that_do_not_fit_their_form_are_refused(self, people: People, change: dict[str, str]) -> None:
        visitor, conversation = await people.talking()
        form = await people.posted(conversation, FORM)
        fields = [{**ANSWERS[0], "quotedMessageId": form["id"], **change}, *ANSWERS[1:]]
        await visitor.send(type="message", id="answer", conversation=conversation, content={"type": "formResponse", "fields": fields})
        assert "retry_after" not in await visitor.refused("answer")
        await visitor.say("never mind", conversation)


class TestWhatAgentsSee:
    async def test_a_note_keeps_its_place_and_its_secret(self, people: People) -> None:
        """The customer's seqs have no gap; what stands there is nobody's business."""
        visitor, conversation = await people.talking()
        agent = await people.agent()
        await visitor.subscribe(conversation)
        await agent.subscribe(conversation)
        note = await agent.say("he is a regular", conversation, internal=True)
        await agent.say("hello again", conversation)
        seen = await visitor.events(conversation, 1, 4)
        assert (3, None) == (note["seq"], seen[2])
        assert "hello again" == text_of(seen[3])
        told = (await agent.events(conversation, 1, 4))[2]
        assert "causerie:note:create" == told["type"]
        assert "he is a regular" == told["payload"]["message"]["content"]["text"]
        await visitor.send(type="history", id="h", conversation=conversation)
        page = await visitor.take("page", id="h")
        assert [None] == [one["event"] for one in page["events"] if one["seq"] == 3]
        await visitor.subscribe(conversation, 2)
        assert None is await visitor.event(conversation, 3)
        _, answer = await people.call("GET", f"/conversations/{conversation}/messages")
        assert ["hello", "hello again"] == [one["content"]["text"] for one in answer["messages"]]

    async def test_the_inbox_is_a_snapshot_and_then_goes_on(self, people: People) -> None:
        visitor, conversation = await people.talking("before")
        agent = await people.agent()
        await agent.send(type="subscribe", topic="inbox")
        snapshot = await agent.take("subscribed", topic="inbox")
        (shown,) = [one for one in snapshot["conversations"] if one["id"] == conversation]
        assert 2 == shown["seq"]
        position = snapshot["position"]
        _, other = await people.talking("in another one")
        await visitor.say("after", conversation)
        frames = [await agent.take("event", topic="inbox") for _ in range(3)]
        assert [position + n for n in (1, 2, 3)] == [frame["position"] for frame in frames]
        assert [(other, 1), (other, 2), (conversation, 3)] == [(frame["conversation"], frame["seq"]) for frame in frames]
        await agent.send(type="unsubscribe", topic="inbox")
        await agent.settled()
        await visitor.say("unheard", conversation)
        await agent.settled()
        assert [] == [frame for frame in agent.frames if frame["type"] not in ("routing", "routed")]

    async def test_the_inbox_is_not_for_visitors(self, people: People) -> None:
        visitor = await people.visitor()
        await visitor.send(type="subscribe", topic="inbox")
        await visitor.refused(topic="inbox")

    async def test_a_program_speaks_as_a_bot(self, people: People) -> None:
        visitor, conversation = await people.talking()
        await visitor.subscribe(conversation, 2)
        program = await people.program()
        await program.subscribe(conversation, 2)
        await program.post(BUTTONS, conversation)
        offered = await visitor.event(conversation, 3)
        author = offered["payload"]["message"]["author"]
        assert ("business", ["bot"]) == (author["type"], author["subtypes"])
        await visitor.send(type="postback", id="p", conversation=conversation, message=offered["payload"]["message"]["id"], action="ONE")
        await program.take("event", seq=4)
