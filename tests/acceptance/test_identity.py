"""Who somebody is, becomes, and is no longer: sessions, JWTs, tokens that end, pages and apps that are others'."""

from __future__ import annotations

import time

import pytest

from tests import stream_client as stream
from tests.people import App, People, eventually
from tests.stream_client import new_id, topic_of

pytestmark = pytest.mark.usefixtures("plain")


class TestBecomingKnown:
    async def test_an_anonymous_visitor_comes_back_as_the_same_person(self, people: People) -> None:
        first = await people.session()
        again = await people.session(sessionToken=first["token"])
        assert first["user"] == again["user"]
        assert (None, False) == (first["user"]["externalId"], first["user"]["authenticated"])
        assert first["user"]["id"] != (await people.session())["user"]["id"]

    async def test_by_a_jwt_with_the_history(self, people: People) -> None:
        name = new_id("customer")
        anonymous = await people.session()
        visitor = await people.welcome(stream.MESSAGING, anonymous["token"])
        conversation = (await visitor.say("before anybody knew me"))["conversation"]
        jwt = people.app.jwt(name, name="Ada Lovelace", email="ada@example.org")
        known = await people.session(jwt=jwt, sessionToken=anonymous["token"])
        assert (anonymous["user"]["id"], name, True) == (known["user"]["id"], known["user"]["externalId"], known["user"]["authenticated"])
        assert conversation == known["conversation"]
        visitor = await people.welcome(stream.MESSAGING, known["token"])
        await visitor.subscribe(conversation)
        await visitor.hears(conversation, "before anybody knew me")
        status, answer = await people.call("GET", f"/users/{name}")
        assert (200, "Ada", "Lovelace") == (status, answer["user"]["profile"]["givenName"], answer["user"]["profile"]["surname"])

    async def test_by_a_jwt_of_somebody_who_exists_already(self, people: People) -> None:
        """Both histories are theirs, the anonymous one ends, and so does its token."""
        name = new_id("customer")
        user, default = await people.person(name)
        await people.posted(default, {"type": "text", "text": "an older one"})
        anonymous = await people.session()
        visitor = await people.welcome(stream.MESSAGING, anonymous["token"])
        conversation = (await visitor.say("who am I?"))["conversation"]
        known = await people.session(jwt=people.app.jwt(name), sessionToken=anonymous["token"])
        assert (user["id"], default) == (known["user"]["id"], known["conversation"])
        visitor = await people.welcome(stream.MESSAGING, known["token"])
        for one, text in ((default, "an older one"), (conversation, "who am I?")):
            await visitor.subscribe(one)
            await visitor.hears(one, text)
        event = await visitor.event(conversation, 3)
        assert "causerie:participant:replace" == event["type"]
        ack = await visitor.say("it is me", conversation)
        assert 4 == ack["seq"]
        old = await people.open(stream.MESSAGING, anonymous["token"])
        assert "unauthorized" == (await old.take("bye"))["code"]
        assert 404 == (await people.call("GET", f"/users/{anonymous['user']['id']}"))[0]

    async def test_a_known_person_who_had_said_nothing_gets_the_anonymous_history_as_default(self, people: People) -> None:
        name = new_id("customer")
        await people.made("/users", {"externalId": name})
        anonymous = await people.session()
        visitor = await people.welcome(stream.MESSAGING, anonymous["token"])
        conversation = (await visitor.say("who am I?"))["conversation"]
        known = await people.session(jwt=people.app.jwt(name), sessionToken=anonymous["token"])
        assert conversation == known["conversation"]
        visitor = await people.welcome(stream.MESSAGING, known["token"])
        assert conversation == (await visitor.say("it is me"))["conversation"]

    async def test_with_a_jwt_alone(self, people: People) -> None:
        name = new_id("customer")
        first, second = [await people.session(jwt=people.app.jwt(name)) for _ in range(2)]
        assert first["user"] == second["user"]
        one, two = [await people.welcome(stream.MESSAGING, session["token"]) for session in (first, second)]
        conversation = (await one.say("from the telephone"))["conversation"]
        await two.subscribe(conversation)
        await two.hears(conversation, "from the telephone")

    async def test_what_is_no_valid_jwt_makes_nobody_known(self, people: People) -> None:
        other = await people.new_app()
        app = people.app
        wrong = [
            "nonsense",
            app.jwt("eve", scope="app"),
            app.jwt("eve", exp=int(time.time()) - 60),
            app.jwt(""),
            other.jwt("eve"),
            App(app.id, app.key_id, "n" * 43).jwt("eve"),
            App(app.id, "app_" + "0" * 24, app.secret).jwt("eve"),
        ]
        for jwt in wrong:
            body = {"integrationId": people.integration, "jwt": jwt}
            async with people.http.post(f"{people.url}/messaging/v1/sessions", json=body) as answer:
                assert (401, "unauthorized") == (answer.status, (await answer.json())["errors"][0]["code"]), jwt
        assert 404 == (await people.call("GET", "/users/eve"))[0]


class TestSessions:
    async def test_a_session_needs_an_integration_of_its_kind(self, people: People) -> None:
        for integration in ("0" * 24, "nope", ""):
            async with people.http.post(f"{people.url}/messaging/v1/sessions", json={"integrationId": integration}) as answer:
                assert answer.status == 404, await answer.text()
        async with people.http.post(f"{people.url}/messaging/v1/sessions", json={}) as answer:
            assert answer.status == 400

    async def test_wrong_passwords_and_keys(self, people: People) -> None:
        url, who = f"{people.url}/agent/v1/sessions", people.credentials["agent"]
        for body in ({"email": who["email"], "password": "wrong"}, {"email": "nobody@example.org", "password": who["password"]}):
            async with people.http.post(url, json=body) as answer:
                assert (401, "unauthorized") == (answer.status, (await answer.json())["errors"][0]["code"])
        async with people.http.post(url, headers=stream.basic_auth(people.app.key_id, "wrong")) as answer:
            assert 401 == answer.status

    async def test_the_admin_may_come_in_too(self, people: People) -> None:
        who = people.credentials["admin"]
        session = await stream.agent_session(people.http, people.url, who["email"], who["password"])
        assert "admin" == session["agent"]["role"]
        await people.welcome(stream.AGENT, session["token"])

    @pytest.mark.parametrize("path", ["/messaging/v1/sessions", "/agent/v1/sessions"])
    async def test_a_revoked_token_ends_its_sockets_and_opens_none(self, people: People, path: str) -> None:
        if path.startswith("/agent"):
            who = people.credentials["agent"]
            token = (await stream.agent_session(people.http, people.url, who["email"], who["password"]))["token"]
            stream_path = stream.AGENT
        else:
            token, stream_path = (await people.session())["token"], stream.MESSAGING
        sockets = [await people.welcome(stream_path, token) for _ in range(2)]
        async with people.http.delete(people.url + path, headers={"Authorization": f"Bearer {token}"}) as answer:
            assert 200 == answer.status
        for socket in [*sockets, await people.open(stream_path, token)]:
            assert "unauthorized" == (await socket.take("bye"))["code"]
            await socket.ended()
        async with people.http.delete(people.url + path, headers={"Authorization": f"Bearer {token}"}) as answer:
            assert 401 == answer.status

    async def test_a_deleted_user_is_nobody(self, people: People) -> None:
        """The row goes, and with it everything that its tokens could do."""
        session = await people.session()
        visitor = await people.welcome(stream.MESSAGING, session["token"])
        conversation = (await visitor.say("forget me"))["conversation"]
        assert 200 == (await people.call("DELETE", f"/users/{session['user']['id']}"))[0]
        await visitor.send(type="message", id="ghost", conversation=conversation, content={"type": "text", "text": "boo"})

        async def is_out() -> bool:
            return visitor.over or any(frame["type"] in ("refused", "bye") for frame in visitor.frames)

        await eventually(is_out)
        late = await people.open(stream.MESSAGING, session["token"])
        assert "unauthorized" == (await late.take("bye"))["code"]


class TestPages:
    """Browsers say which page speaks: ours may, others may not."""

    async def test_foreign_pages_open_neither_streams_nor_sessions(self, people: People) -> None:
        session = await people.session()
        for origin in ("https://evil.example", "null", people.url.replace("127.0.0.1", "localhost"), people.url + "0"):
            headers = {"Origin": origin}
            upgrade = {**headers, "Upgrade": "websocket", "Connection": "Upgrade"}
            async with people.http.get(people.url + stream.AGENT, headers=upgrade) as answer:
                assert (403, "forbidden") == (answer.status, (await answer.json())["errors"][0]["code"]), origin
            visitor = await people.open(stream.MESSAGING, session["token"], headers)
            assert "forbidden" == (await visitor.take("bye"))["code"], origin
            body = {"integrationId": people.integration}
            async with people.http.post(f"{people.url}/messaging/v1/sessions", json=body, headers=headers) as answer:
                assert 403 == answer.status, origin
            async with people.http.post(f"{people.url}/agent/v1/sessions", json=people.credentials["agent"], headers=headers) as answer:
                assert 403 == answer.status, origin

    async def test_our_own_pages_may(self, people: People) -> None:
        headers = {"Origin": people.url}
        async with people.http.post(
            f"{people.url}/messaging/v1/sessions", json={"integrationId": people.integration}, headers=headers
        ) as answer:
            assert 201 == answer.status
            token = (await answer.json())["token"]
        socket = await people.open(stream.MESSAGING, token, headers)
        await socket.take("welcome")


class TestOthers:
    async def test_a_visitor_reaches_only_their_own_conversations(self, people: People) -> None:
        ann, hers = await people.talking("ann's secret")
        bob, _ = await people.talking("bob's secret")
        for frame in (
            {"type": "message", "id": "x", "conversation": hers, "content": {"type": "text", "text": "intruder"}},
            {"type": "history", "id": "x", "conversation": hers},
            {"type": "postback", "id": "x", "conversation": hers, "message": "0" * 24, "action": 0},
        ):
            await bob.send(**frame)
            there = await bob.refused("x")
            await bob.send(**{**frame, "conversation": "0" * 24})
            nowhere = await bob.refused("x")
            assert (there["code"], there["title"]) == (nowhere["code"], nowhere["title"]), "whether it exists is not told"
        await bob.send(type="subscribe", topic=topic_of(hers), after=0)
        await bob.refused(topic=topic_of(hers))
        await bob.send(type="activity", conversation=hers, activity="typing:start")
        await bob.refused()
        await ann.subscribe(hers)
        await ann.say("still alone", hers)
        await ann.events(hers, 1, 3)
        await bob.settled()
        assert [] == [frame for frame in bob.frames if frame["type"] in ("event", "page", "ack")]

    async def test_an_app_sees_nothing_of_another(self, people: People) -> None:
        other = await people.new_app()
        _, conversation = await people.talking("ours")
        program = await people.program(other)
        await program.send(type="subscribe", topic=topic_of(conversation), after=0)
        await program.refused(topic=topic_of(conversation))
        await program.send(type="message", id="x", conversation=conversation, content={"type": "text", "text": "intruder"})
        await program.refused("x")
        await program.send(type="history", id="x", conversation=conversation)
        await program.refused("x")
        await program.send(type="subscribe", topic="inbox")
        assert [] == (await program.take("subscribed", topic="inbox"))["conversations"]
        _, theirs = await people.person("theirs", other)
        await people.posted(theirs, {"type": "text", "text": "theirs"}, app=other)
        frames = [await program.take("event", topic="inbox") for _ in range(2)]
        assert [theirs] * 2 == [frame["conversation"] for frame in frames]
        await people.talking("ours again")
        await program.settled()
        assert [] == [frame for frame in program.frames if frame["type"] == "event"]
        agent = await people.agent()
        await agent.send(type="subscribe", topic=topic_of(theirs), after=0)
        await agent.refused(topic=topic_of(theirs))

    async def test_a_key_of_another_app_gets_the_same_answer_for_what_exists_and_what_does_not(self, people: People) -> None:
        other = await people.new_app()
        user, conversation = await people.person(new_id("customer"))
        theirs = App(people.app.id, other.key_id, other.secret)
        for path in (f"/conversations/{conversation}", f"/users/{user['id']}", f"/conversations/{conversation}/messages"):
            ghost = path.replace(conversation, "0" * 24).replace(user["id"], "0" * 24)
            assert 403 == (await people.call("GET", path, app=theirs))[0]
            assert await people.call("GET", path, app=other) == await people.call("GET", ghost, app=other)
            assert 404 == (await people.call("GET", path, app=other))[0]
