"""A post is done once, whoever repeats it and when."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from domain.directory import Reply
from domain.errors import Invalid, Refused, Unavailable
from gateway.idempotency import KEPT_MS, Idempotency, digest_of, key_of, scope_of

SCOPE, DIGEST = b"scope", digest_of(b"body")


class Replies:
    """The directory's table of replies."""

    def __init__(self) -> None:
        self.rows: dict[bytes, tuple[int, Reply]] = {}
        self.error: Exception | None = None

    async def find_reply(self, scope: bytes, now_ms: int) -> Reply | None:
        expires_ms, reply = self.rows.get(scope, (0, None))
        return reply if expires_ms > now_ms else None

    async def store_reply(self, scope: bytes, app_id: str, reply: Reply, now_ms: int, expires_ms: int) -> None:
        if self.error is not None:
            raise self.error
        self.rows[scope] = (expires_ms, reply)


class Post:
    """Something to be done once; it waits for `gate`."""

    def __init__(self) -> None:
        self.done, self.gate = 0, asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None

    async def __call__(self) -> Reply:
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        self.done += 1
        return Reply(DIGEST, 201, b"%d" % self.done)


@pytest.fixture
def replies() -> Replies:
    return Replies()


@pytest.fixture
def post() -> Post:
    return Post()


Once = Callable[..., Awaitable[Reply]]


@pytest.fixture
def now() -> list[int]:
    return [1_000]


@pytest.fixture
def once(replies: Replies, post: Post, now: list[int]) -> Once:
    idempotency = Idempotency(replies, lambda: now[0])  # type: ignore[arg-type]

    async def call(digest: bytes = DIGEST) -> Reply:
        return await idempotency.once(SCOPE, "app", digest, post)

    return call


async def test_a_repeat_gets_the_first_answer_for_24_hours(once: Once, post: Post, now: list[int]) -> None:
    first = await once()
    now[0] += KEPT_MS - 1
    assert first == await once()
    now[0] += 1
    assert b"2" == (await once()).body


async def test_twins_in_flight_wait_for_the_first(once: Once, post: Post) -> None:
    post.gate.clear()
    twins = [asyncio.ensure_future(once()) for _ in range(10)]
    await asyncio.sleep(0)
    post.gate.set()
    assert {b"1"} == {reply.body for reply in await asyncio.gather(*twins)}


async def test_the_first_one_hanging_up_does_not_take_the_others_along(once: Once, post: Post) -> None:
    post.gate.clear()
    first, second = asyncio.ensure_future(once()), asyncio.ensure_future(once())
    await asyncio.sleep(0)
    first.cancel()
    post.gate.set()
    assert b"1" == (await second).body


async def test_another_body_is_refused_before_and_after_the_answer(once: Once, post: Post) -> None:
    post.gate.clear()
    first = asyncio.ensure_future(once())
    await asyncio.sleep(0)
    for _ in range(2):
        with pytest.raises(Refused, match="id_reused"):
            await once(digest_of(b"another body"))
        post.gate.set()
        await first
    assert 1 == post.done


async def test_a_failure_is_not_remembered_and_reaches_the_twins(once: Once, post: Post) -> None:
    post.error = Unavailable("unavailable", "Not now")
    failed = await asyncio.gather(*(once() for _ in range(2)), return_exceptions=True)
    assert [post.error, post.error] == failed
    post.error = None
    assert b"1" == (await once()).body


async def test_what_is_done_but_cannot_be_noted_is_answered(once: Once, replies: Replies) -> None:
    replies.error = Unavailable("unavailable", "Not now")
    assert b"1" == (await once()).body


async def test_an_answer_that_another_process_stored_counts(once: Once, replies: Replies, post: Post) -> None:
    post.gate.clear()
    mine = asyncio.ensure_future(once())
    for _ in range(5):
        await asyncio.sleep(0)
    replies.rows[SCOPE] = (2**60, Reply(DIGEST, 201, b"theirs"))
    replies.error = Refused("conflict", "The request was answered already")
    post.gate.set()
    assert b"theirs" == (await mine).body


@pytest.mark.parametrize(("values", "expected"), [([], None), (["k"], "k"), (["x" * 255], "x" * 255)])
def test_keys(values: list[str], expected: str | None) -> None:
    assert expected == key_of(request_with(values))


@pytest.mark.parametrize("values", [[""], ["x" * 256], ["é"], ["a\tb"], ["a", "a"]])
def test_what_is_no_key_is_refused(values: list[str]) -> None:
    with pytest.raises(Invalid):
        key_of(request_with(values))


def test_scopes_do_not_run_into_each_other() -> None:
    assert scope_of("a", "b", "c", "d") == scope_of("a", "b", "c", "d")
    assert 4 == len(
        {scope_of("a", "b", "c", "d"), scope_of("ab", "", "c", "d"), scope_of("a", "b", "cd", ""), scope_of("a", "x", "c", "d")}
    )


def request_with(values: list[str]):  # type: ignore[no-untyped-def]
    return make_mocked_request("POST", "/", CIMultiDict(("Idempotency-Key", value) for value in values))
