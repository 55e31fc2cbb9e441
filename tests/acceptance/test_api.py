"""What the API refuses and how, what it does once, and how it pages: over the network, as any program would see it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.people import App, People
from tests.stream_client import basic_auth, new_id

TEXT, OTHER = {"type": "text", "text": "hello"}, {"type": "text", "text": "good-bye"}
BUSINESS = {"type": "business"}


async def refusal(answer: Any) -> tuple[int, str]:
    """(status, code), of an answer in the API's error format and in no other."""
    body = await answer.json()
    assert {"errors"} == set(body)
    assert {"code", "title"} == set(body["errors"][0])
    return answer.status, body["errors"][0]["code"]


def url_of(people: People, path: str = "", app: App | None = None) -> str:
    return f"{people.url}/sc/v2/apps/{(app or people.app).id}{path}"


class TestRefusals:
    @pytest.mark.parametrize(
        "body", [b"{", b"", b"\xff\xfe", b"[" * 50_000, b"7", b'"x"', b"null", b"[]", b'{"a":1e999}', b'{"type":"x"}\0']
    )
    async def test_what_is_no_request_is_400(self, people: People, body: bytes) -> None:
        headers = {**people.app.auth, "Content-Type": "application/json"}
        async with people.http.post(url_of(people, "/conversations"), data=body, headers=headers) as answer:
            assert (400, "bad_request") == await refusal(answer)

    async def test_the_field_is_named(self, people: People) -> None:
        _, conversation = await people.person(new_id("customer"))
        content = {"type": "carousel", "items": [{"title": "One", "actions": [{"type": "link", "text": "Go", "uri": "https://e.org"}]}, {}]}
        status, answer = await people.call("POST", f"/conversations/{conversation}/messages", {"author": BUSINESS, "content": content})
        assert (400, True) == (status, answer["errors"][0]["title"].startswith("content.items[1].title"))

    async def test_without_credentials_or_with_wrong_ones_401(self, people: People) -> None:
        app = people.app
        wrong: list[dict[str, str]] = [
            {},
            basic_auth(app.key_id, "wrong"),
            basic_auth("app_" + "0" * 24, app.secret),
            basic_auth(app.key_id, ""),
            basic_auth("", ""),
            {"Authorization": "Basic !!"},
            {"Authorization": "Bearer x.y.z"},
            {"Authorization": "Digest x"},
            {"Authorization": f"Bearer {app.jwt('ada')}"},
            {"Authorization": "Basic " + "A" * 8_180},
        ]
        for headers in wrong:
            async with people.http.get(url_of(people), headers=headers) as answer:
                assert (401, "unauthorized") == await refusal(answer), headers
                assert "WWW-Authenticate" in answer.headers

    async def test_the_wrong_scope_and_anothers_app_are_403_and_404(self, people: People) -> None:
        other = await people.new_app()
        async with people.http.get(f"{people.url}/sc/v2/apps", headers=people.app.auth) as answer:
            assert (403, "forbidden") == await refusal(answer)
        for app_id in (people.app.id, "0" * 24):
            async with people.http.get(f"{people.url}/sc/v2/apps/{app_id}", headers=other.auth) as answer:
                assert (403, "forbidden") == await refusal(answer), "whether there is such an app is not told"
        async with people.http.get(f"{people.url}/sc/v2/apps/{'0' * 24}", headers=people.owner) as answer:
            assert (404, "app_not_found") == await refusal(answer)

    async def test_what_is_not_there_404(self, people: People) -> None:
        for path in ("/users/nobody", f"/conversations/{'0' * 24}", f"/conversations/{'0' * 24}/messages", "/nope", "/users/%00"):
            async with people.http.get(url_of(people, path), headers=people.app.auth) as answer:
                assert 404 == (await refusal(answer))[0], path
        async with people.http.get(people.url + "/nope") as answer:
            assert (404, "not_found") == await refusal(answer)

    async def test_the_wrong_method_405(self, people: People) -> None:
        for method, path in (("PUT", ""), ("PATCH", "/users"), ("POST", "/participants")):
            async with people.http.request(method, url_of(people, path), headers=people.app.auth) as answer:
                assert (await refusal(answer))[0] == (405 if path != "/participants" else 404)
                assert path == "/participants" or "Allow" in answer.headers

    async def test_what_exists_already_409(self, people: People) -> None:
        name = new_id("customer")
        await people.made("/users", {"externalId": name})
        status, answer = await people.call("POST", "/users", {"externalId": name})
        assert (409, "conflict") == (status, answer["errors"][0]["code"])

    @pytest.mark.parametrize("size", [100_001, 300_000, 3_000_000])
    async def test_a_body_over_the_limit_413(self, people: People, size: int) -> None:
        """Whether it says so in advance or comes in chunks."""
        body = b'{"type":"sdkGroup","displayName":"' + b"x" * size + b'"}'

        async def chunks() -> AsyncIterator[bytes]:
            for at in range(0, len(body), 8192):
                yield body[at : at + 8192]

        headers = {**people.app.auth, "Content-Type": "application/json"}
        for data in (body, chunks()):
            async with people.http.post(url_of(people, "/conversations"), data=data, headers=headers) as answer:
                assert (413, "payload_too_large") == await refusal(answer)
        async with people.http.post(f"{people.url}/messaging/v1/sessions", data=body) as answer:
            assert (413, "payload_too_large") == await refusal(answer)
        async with people.http.get(url_of(people), headers=people.app.auth) as answer:
            assert 200 == answer.status

    async def test_a_body_without_end_is_cut_off(self, people: People) -> None:
        """Somebody who never stops gets an answer while they send, and soon after nobody listens any more."""
        reader, writer = await asyncio.open_connection("127.0.0.1", people.server.port)
        lines = [
            f"POST /sc/v2/apps/{people.app.id}/users HTTP/1.1",
            "Host: x",
            "Transfer-Encoding: chunked",
            "Content-Type: application/json",
        ]
        lines += [f"{name}: {value}" for name, value in people.app.auth.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode())

        async def send_for_ever() -> None:
            while True:
                writer.write(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
                await writer.drain()
                await asyncio.sleep(0.02)

        with pytest.raises(ConnectionError):
            await asyncio.wait_for(send_for_ever(), 30)
        with contextlib.suppress(ConnectionError):
            assert b" 413 " in (await reader.read(4096)).split(b"\r\n")[0]
        writer.close()

    async def test_what_is_not_built_501(self, people: People) -> None:
        for method, path in (("GET", f"/users/{'0' * 24}/clients"), ("GET", f"/users/{'0' * 24}/devices")):
            async with people.http.request(method, url_of(people, path), headers=people.app.auth, json={}) as answer:
                assert (501, "not_implemented") == await refusal(answer)
        async with people.http.get(url_of(people, f"/users/{'0' * 24}/clients")) as answer:
            assert 401 == answer.status

    @pytest.mark.parametrize(
        "request_bytes",
        [
            b"nonsense\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
            b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
            b"\x16\x03\x01\x02\x00",
        ],
    )
    async def test_what_is_no_http_does_no_harm(self, people: People, request_bytes: bytes) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", people.server.port)
        writer.write(request_bytes)
        writer.write_eof()
        answer = await asyncio.wait_for(reader.read(), 10)
        assert b"" == answer or b" 400 " in answer.split(b"\r\n")[0]
        writer.close()


class TestOnce:
    async def test_a_post_with_a_key_is_done_once(self, people: People) -> None:
        _, conversation = await people.person(new_id("customer"))
        for path, body, other in (
            ("/users", {"profile": {"givenName": "Ada"}}, {}),
            ("/conversations", {"type": "sdkGroup"}, {"type": "sdkGroup", "displayName": "x"}),
            (f"/conversations/{conversation}/messages", {"author": BUSINESS, "content": TEXT}, {"author": BUSINESS, "content": OTHER}),
        ):
            headers = {"Idempotency-Key": "the-key"}
            answers = await asyncio.gather(*(people.call("POST", path, body, headers=headers) for _ in range(8)))
            answers.append(await people.call("POST", path, body, headers=headers))
            assert (201, [answers[0]] * 9) == (answers[0][0], answers)
            status, answer = await people.call("POST", path, other, headers=headers)
            assert (409, "id_reused") == (status, answer["errors"][0]["code"])
            status, answer = await people.call("POST", path, body, headers={"Idempotency-Key": "another"})
            assert (201, True) == (status, answer != answers[0][1])
        _, answer = await people.call("GET", f"/conversations/{conversation}/messages")
        assert 2 == len(answer["messages"])

    async def test_keys_of_two_apps_are_apart(self, people: People) -> None:
        other = await people.new_app()
        headers = {"Idempotency-Key": "the-key-of-both"}
        made = [await people.call("POST", "/users", {}, app=app, headers=headers) for app in (people.app, other)]
        assert [201, 201] == [status for status, _ in made]
        assert made[0][1]["user"]["id"] != made[1][1]["user"]["id"]

    async def test_a_refused_post_may_be_corrected(self, people: People) -> None:
        headers = {"Idempotency-Key": new_id("key")}
        assert 400 == (await people.call("POST", "/users", {"externalId": ""}, headers=headers))[0]
        assert 201 == (await people.call("POST", "/users", {}, headers=headers))[0]

    @pytest.mark.parametrize("key", ["", "x" * 256, "\u00e9"])
    async def test_a_key_that_is_none_400(self, people: People, key: str) -> None:
        assert 400 == (await people.call("POST", "/users", {}, headers={"Idempotency-Key": key}))[0]


class TestPaging:
    async def test_messages_both_ways(self, people: People) -> None:
        """Over 100: pages from the end to the start, and from there to the end again."""
        app = await people.new_app()
        program = await people.program(app)
        _, conversation = await people.person("ada", app)
        for n in range(230):
            await program.send(type="message", id=f"{n}", conversation=conversation, content={"type": "text", "text": f"{n}"})
        await program.take("ack", id="229")
        backwards, answer = [], await self._page(people, app, conversation)
        while True:
            backwards.append(answer)
            if not answer["meta"]["hasMore"]:
                break
            answer = await self._page(people, app, conversation, before=answer["meta"]["beforeCursor"])
        assert [list(range(130, 230)), list(range(30, 130)), list(range(30))] == [_numbers(one) for one in backwards]
        forwards = [answer]
        while "afterCursor" in answer["meta"]:
            answer = await self._page(people, app, conversation, after=answer["meta"]["afterCursor"])
            forwards.append(answer)
        assert list(range(230)) == [n for one in forwards for n in _numbers(one)]
        assert answer["meta"]["hasMore"] is False

    async def test_the_links_lead_to_the_pages(self, people: People) -> None:
        app = await people.new_app()
        user = await people.made("/users", {}, app=app)
        for _ in range(5):
            body = {"type": "sdkGroup", "participants": [{"userId": user["id"], "subscribeSDKClient": False}]}
            await people.made("/conversations", body, app=app)
        url, seen = url_of(people, f"/conversations?filter[userId]={user['id']}&page[size]=2", app), []
        for _ in range(3):
            async with people.http.get(url, headers=app.auth) as answer:
                found = await answer.json()
            seen += [one["id"] for one in found["conversations"]]
            url = found["links"].get("next", "")
        assert ("", 5, sorted(seen)) == (url, len(set(seen)), seen)

    @pytest.mark.parametrize(
        "query", ["page[after]=nope", f"page[after]={'0' * 24}", "page[size]=0", "page[size]=101", "page[size]=x", "page=x"]
    )
    async def test_what_is_no_page_400(self, people: People, query: str) -> None:
        _, conversation = await people.person(new_id("customer"))
        assert 400 == (await people.call("GET", f"/conversations/{conversation}/messages?{query}"))[0]

    async def _page(self, people: People, app: App, conversation: str, **cursor: str) -> Any:
        params = {f"page[{name}]": value for name, value in cursor.items()}
        status, answer = await people.call("GET", f"/conversations/{conversation}/messages", app=app, params=params)
        assert 200 == status, answer
        return answer


def _numbers(page: Any) -> list[int]:
    return [int(one["content"]["text"]) for one in page["messages"]]


class TestPages:
    """`/healthz`, `/readyz`, `/metrics`."""

    async def test_health(self, people: People) -> None:
        for path, said in (("/healthz", "ok"), ("/readyz", "ready")):
            async with people.http.get(people.url + path) as answer:
                assert (200, {"status": said}) == (answer.status, await answer.json())

    async def test_metrics_are_prometheus_text_and_count(self, people: People) -> None:
        before = await self._metrics(people)
        visitor, conversation = await people.talking()
        await visitor.subscribe(conversation)
        await visitor.events(conversation, 1, 2)
        after = await self._metrics(people)
        for name in (
            "causerie_messages_in_total",
            "causerie_events_out_total",
            "causerie_host_events_total",
            "causerie_host_commits_total",
        ):
            assert after[name] > before.get(name, 0), name
        for name in (
            "causerie_host_commit_events_mean",
            "causerie_host_commit_seconds_mean",
            "causerie_host_live_activations",
            "causerie_host_queued",
            "causerie_open_sockets",
            "causerie_unanswered_commands",
        ):
            assert name in after
        assert after["causerie_link_up"] in (1, 2, 3, 4)  # the conversations', and a moment later those of each other kind
        await visitor.send(type="message", id="bad", content={"type": "nope"})
        await visitor.refused("bad")
        assert (await self._metrics(people)).get("causerie_refusals_total", 0) > after.get("causerie_refusals_total", 0)

    async def _metrics(self, people: People) -> dict[str, float]:
        """Sums over labels, by a parser that is not ours."""
        parser = pytest.importorskip("prometheus_client.parser")
        async with people.http.get(people.url + "/metrics") as answer:
            assert (200, "text/plain") == (answer.status, answer.content_type)
            text = await answer.text()
        found: dict[str, float] = {}
        for family in parser.text_string_to_metric_families(text):
            for sample in family.samples:
                found[sample.name] = found.get(sample.name, 0) + sample.value
        return found
