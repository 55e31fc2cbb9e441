"""Attachments by the API: uploads, what they become in messages, downloads, and when they go."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import encode_basic_auth

from domain.attachments import UNUSED_MS
from gateway.files.store import Store
from gateway.files.uploading import STORE
from gateway.keys import LOOKUPS
from storage.files import FolderFiles
from tests import contract_schemas
from tests.people import eventually
from tests.pictures import HTML, PDF, form, png
from tests.sc_server import APP, CONVERSATION, CONVERSATIONS, MAX_FILE_BYTES, MESSAGES, USER, Answer, ScServer, code

ATTACHMENTS = APP + "/attachments"
REMOVE = ATTACHMENTS + "/remove"
UNKNOWN = "0" * 24
FOR_MESSAGE: dict[str, Any] = {"for": "message"}


async def upload(server: ScServer, data: Any, name: str | None = "cat.png", *, body: Any = None, **options: Any) -> Answer:
    """`options` are the query's, and `auth`."""
    headers = options.pop("auth", server.key)
    query = {"access": "public", **{key: value for key, value in options.items() if value is not None}}
    url = f"/sc/v2/apps/{server.app_id}/attachments"
    async with server.http.post(url, data=body or form(data, name), params=query, headers=headers) as response:
        answer = await response.json()
        contract_schemas.check("POST", ATTACHMENTS, response.status, answer)
        server.called.add(("POST", ATTACHMENTS))
        return response.status, answer


async def uploaded(server: ScServer, data: bytes = b"", **options: Any) -> str:
    status, answer = await upload(server, data or png(), **options)
    assert 201 == status, answer
    url: str = answer["attachment"]["mediaUrl"]
    return url


async def fetched(server: ScServer, url: str, **headers: str) -> tuple[int, bytes, Any]:
    parts = urlsplit(url)
    async with server.http.get(f"{parts.path}?{parts.query}" if parts.query else parts.path, headers=headers) as response:
        return response.status, await response.read(), response.headers


async def posted(server: ScServer, conversation: str, content: Any, **options: Any) -> dict[str, Any]:
    body = {"author": {"type": "business"}, "content": content}
    status, answer = await server.call("POST", MESSAGES, body, conversationId=conversation, **options)
    assert 201 == status, answer
    message: dict[str, Any] = answer["messages"][0]
    return message


class TestUploads:
    async def test_what_is_uploaded_is_fetched(self, server: ScServer) -> None:
        status, answer = await upload(server, png(), "Été 1.png")
        assert (201, "image/png") == (status, answer["attachment"]["mediaType"])
        url = answer["attachment"]["mediaUrl"]
        assert url.startswith(server.url) and url.endswith("/%C3%89t%C3%A9%201.png")
        status, data, headers = await fetched(server, url)
        assert (200, png()) == (status, data)
        assert ("image/png", "nosniff", str(len(png()))) == (
            headers["Content-Type"],
            headers["X-Content-Type-Options"],
            headers["Content-Length"],
        )
        assert "sandbox" in headers["Content-Security-Policy"]
        assert headers["Content-Disposition"].startswith("inline")

    async def test_what_could_run_is_only_downloaded_whatever_it_says_that_it_is(self, server: ScServer) -> None:
        for name in ("cat.png", "page.html", "x.svg", "x.js"):
            _, data, headers = await fetched(server, await uploaded(server, HTML, name=name))
            assert (HTML, "application/octet-stream") == (data, headers["Content-Type"])
            assert headers["Content-Disposition"].startswith("attachment")

    async def test_parts_of_a_file(self, server: ScServer) -> None:
        url = await uploaded(server, PDF, name="a.pdf")
        status, data, headers = await fetched(server, url, Range="bytes=1-3")
        assert (206, b"PDF", f"bytes 1-3/{len(PDF)}") == (status, data, headers["Content-Range"])
        status, data, headers = await fetched(server, url, Range=f"bytes={len(PDF)}-")
        assert (416, b"", f"bytes */{len(PDF)}") == (status, data, headers["Content-Range"])
        status, data, _ = await fetched(server, url, **{"If-None-Match": headers["ETag"]})
        assert (304, b"") == (status, data)
        async with server.http.head(urlsplit(url).path) as response:
            assert (200, str(len(PDF)), b"") == (response.status, response.headers["Content-Length"], await response.read())

    async def test_large_ones_are_streamed_up_to_the_limit(self, server: ScServer) -> None:
        data = bytes(range(256)) * (MAX_FILE_BYTES // 256)
        status, answer = await upload(server, data, "a.bin")
        assert (201, data) == (status, (await fetched(server, answer["attachment"]["mediaUrl"]))[1])
        more = data + bytes(MAX_FILE_BYTES - len(data) + 1)
        assert (413, "payload_too_large") == code(await upload(server, more, "a.bin"))

        async def without_end() -> Any:
            while True:
                yield bytes(65_536)

        assert (413, "payload_too_large") == code(await upload(server, without_end()))
        assert await left(server) == 1

    async def test_image_bombs_are_refused(self, server: ScServer) -> None:
        assert (413, "payload_too_large") == code(await upload(server, png(20_000, 20_000)))
        assert 0 == await left(server)

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"access": "secret"}, "bad_request"),
            ({"access": "private"}, "bad_request"),
            ({"for": "avatar"}, "bad_request"),
            ({"conversationId": UNKNOWN}, "conversation_not_found"),
            ({"conversationId": "x"}, "conversation_not_found"),
        ],
    )
    async def test_what_is_asked_wrongly(self, server: ScServer, query: dict[str, str], expected: str) -> None:
        assert expected == code(await upload(server, png(), **query))[1]

    async def test_what_is_no_upload(self, server: ScServer) -> None:
        assert (400, "bad_request") == code(await upload(server, b""))
        assert (400, "bad_request") == code(await upload(server, png(), body=form(png(), part="file")))
        assert (400, "bad_request") == code(await upload(server, png(), body=b"{}"))
        for broken in (b"--x\r\n", b"--x\r\nContent-Disposition: form-data; name=source\r\n\r\nhalf", b"nothing"):
            headers = {**server.key, "Content-Type": "multipart/form-data; boundary=x"}
            assert (400, "bad_request") == code(await upload(server, png(), body=broken, auth=headers))
        headers = {**server.key, "Content-Type": "multipart/form-data"}
        assert (400, "bad_request") == code(await upload(server, png(), body=b"x", auth=headers))
        assert 0 == await left(server)

    async def test_a_client_that_hangs_up_leaves_nothing(self, server: ScServer) -> None:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def slow() -> Any:
            yield bytes(300_000)
            begun.set()
            await go_on.wait()

        sending = asyncio.create_task(upload(server, slow()))
        await begun.wait()
        sending.cancel()
        await asyncio.wait([sending])
        await eventually(lambda: _none(server), pause_s=0.01)

    async def test_without_room_nothing_is_kept(self, server: ScServer) -> None:
        store(server).files = FolderFiles(files_root(server), reserve=2**62)
        assert (507, "storage_full") == code(await upload(server, png()))
        assert 0 == await left(server)

    async def test_nobody_uploads_without_a_key(self, server: ScServer) -> None:
        assert (401, "unauthorized") == code(await upload(server, png(), auth={"Authorization": "Basic eDp5"}))


class TestMessages:
    async def test_a_message_is_told_what_its_file_is(self, server: ScServer, conversation: str) -> None:
        url = await uploaded(server, **FOR_MESSAGE)
        message = await posted(server, conversation, {"type": "image", "mediaUrl": url, "mediaType": "text/html", "mediaSize": 1})
        content = message["content"]
        assert ("image/png", len(png()), "cat.png") == (content["mediaType"], content["mediaSize"], content["altText"])
        pdf = await uploaded(server, PDF, name="a.pdf")
        message = await posted(server, conversation, {"type": "file", "mediaUrl": pdf})
        assert ("application/pdf", len(PDF)) == (message["content"]["mediaType"], message["content"]["mediaSize"])

    async def test_of_other_addresses_nothing_is_known(self, server: ScServer, conversation: str) -> None:
        url = await uploaded(server)
        for other in (url.replace(server.url, "https://evil.example"), url.replace(server.app_id, UNKNOWN), "https://example.org/cat.png"):
            message = await posted(server, conversation, {"type": "image", "mediaUrl": other})
            assert not {"mediaType", "mediaSize", "attachmentId"} & set(message["content"])

    async def test_it_goes_with_its_message_if_it_is_for_one(self, server: ScServer, conversation: str) -> None:
        mine, kept = await uploaded(server, **FOR_MESSAGE), await uploaded(server)
        for url in (mine, kept):
            message = await posted(server, conversation, {"type": "image", "mediaUrl": url})
            gone = {"conversationId": conversation, "messageId": message["id"]}
            assert 200 == (await server.call("DELETE", MESSAGES + "/{messageId}", **gone))[0]
        assert [404, 200] == [(await fetched(server, url))[0] for url in (mine, kept)]

    async def test_it_goes_with_all_messages(self, server: ScServer, conversation: str) -> None:
        card = {"title": "One", "actions": [{"type": "postback", "text": "Take", "payload": "1"}]}
        url, bound = (
            await uploaded(server, **FOR_MESSAGE),
            await uploaded(server, conversationId=conversation, **FOR_MESSAGE),
        )
        await posted(server, conversation, {"type": "carousel", "items": [{**card, "mediaUrl": url}]})
        assert 200 == (await server.call("DELETE", MESSAGES, conversationId=conversation))[0]
        assert [404, 404] == [(await fetched(server, each))[0] for each in (url, bound)]

    async def test_it_goes_with_the_conversation(self, server: ScServer) -> None:
        body = {"type": "sdkGroup", "participants": []}
        _, answer = await server.call("POST", CONVERSATIONS, body)
        conversation, url = answer["conversation"]["id"], await uploaded(server, **FOR_MESSAGE)
        await posted(server, conversation, {"type": "file", "mediaUrl": url})
        assert 200 == (await server.call("DELETE", CONVERSATION, conversationId=conversation))[0]
        assert 404 == (await fetched(server, url))[0]

    async def test_it_goes_with_the_user(self, server: ScServer, conversation: str) -> None:
        url = await uploaded(server, **FOR_MESSAGE)
        await posted(server, conversation, {"type": "file", "mediaUrl": url})
        assert 200 == (await server.call("DELETE", USER, userIdOrExternalId="ada"))[0]
        assert 404 == (await fetched(server, url))[0]

    async def test_it_goes_with_the_app(self, server: ScServer) -> None:
        url = await uploaded(server)
        assert 200 == (await server.call("DELETE", APP, auth=server.owner))[0]
        assert 404 == (await fetched(server, url))[0]
        assert 0 == await left(server)


class TestRemoval:
    async def test_by_its_address(self, server: ScServer) -> None:
        url = await uploaded(server)
        assert (200, {}) == await server.call("POST", REMOVE, {"mediaUrl": url})
        assert 404 == (await fetched(server, url))[0]
        assert (404, "not_found") == code(await server.call("POST", REMOVE, {"mediaUrl": url}))
        for other in ("https://evil.example/x.png", "x", url.replace(server.url, "https://evil.example")):
            assert (400, "bad_request") == code(await server.call("POST", REMOVE, {"mediaUrl": other}))
        assert (400, "bad_request") == code(await server.call("POST", REMOVE, {}))

    async def test_not_by_another_app(self, server: ScServer) -> None:
        url = await uploaded(server)
        _, other = await server.call("POST", "/v2/apps", {"displayName": "Other"}, auth=server.owner)
        refused = await server.call("POST", REMOVE, {"mediaUrl": url}, auth=server.owner, appId=other["app"]["id"])
        assert (404, "not_found") == code(refused)
        assert 200 == (await fetched(server, url))[0]


class TestPrivate:
    async def test_a_private_one_needs_a_key_of_its_app(self, server: ScServer, conversation: str) -> None:
        url = await uploaded(server, access="private", conversationId=conversation)
        assert 401 == (await fetched(server, url))[0]
        status, data, headers = await fetched(server, url, **server.key)
        assert (200, png(), True) == (status, data, headers["Cache-Control"].startswith("private"))
        _, other = await server.call("POST", "/v2/apps", {"displayName": "Other"}, auth=server.owner)
        _, made = await server.call("POST", APP + "/keys", {"displayName": "k"}, auth=server.owner, appId=other["app"]["id"])
        stranger = encode_basic_auth(made["key"]["id"], made["key"]["secret"])
        assert 404 == (await fetched(server, url, Authorization=stranger))[0]
        assert 404 == (await fetched(server, url + "?expires=99999999999&signature=x"))[0]


class TestSweeping:
    async def test_what_nobody_used_goes_after_a_day(self, server: ScServer, conversation: str) -> None:
        unused, used, kept = [await uploaded(server, **query) for query in (FOR_MESSAGE, FOR_MESSAGE, {})]
        await posted(server, conversation, {"type": "file", "mediaUrl": used})
        assert 0 == await sweep(server)
        server.router.moving.skip(UNUSED_MS)
        assert 1 == await sweep(server)
        assert [404, 200, 200] == [(await fetched(server, url))[0] for url in (unused, used, kept)]

    async def test_where_messages_go_after_a_silence_their_files_go_then(self, server: ScServer, conversation: str) -> None:
        await server.call("PATCH", APP, {"settings": {"conversationRetentionSeconds": 60}})
        url = await uploaded(server, **FOR_MESSAGE)
        await posted(server, conversation, {"type": "file", "mediaUrl": url})
        server.router.moving.skip(40_000)
        await posted(server, conversation, {"type": "text", "text": "still here"})
        server.router.moving.skip(40_000)
        assert 0 == await sweep(server)
        server.router.moving.skip(40_000)
        assert 1 == await sweep(server)
        assert 404 == (await fetched(server, url))[0]


async def left(server: ScServer) -> int:
    """How many files there are, drafts included."""
    return sum(path.is_file() for path in files_root(server).rglob("*"))


async def _none(server: ScServer) -> bool:
    return await left(server) == 0


def store(server: ScServer) -> Store:
    assert server.http.app is not None
    found: Store = server.http.app[STORE]
    return found


def files_root(server: ScServer) -> Path:
    files = store(server).files
    assert isinstance(files, FolderFiles)
    return files._root


async def sweep(server: ScServer) -> int:
    app = server.http.app
    assert app is not None
    return await store(server).sweep(app[LOOKUPS])
