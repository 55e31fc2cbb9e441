"""The door that looks outward only: over real sockets, with names that lie."""

from __future__ import annotations

import gzip
import socket

import pytest
from aiohttp import web

from domain.errors import Refused
from gateway.outward.addresses import Reach
from gateway.outward.client import MAX_REDIRECTS, USER_AGENT, Outward
from gateway.outward.requests import Failed, Request
from tests.integration.outward.conftest import Names, World, json, redirect


async def refusal(outward: Outward, request: Request) -> str:
    with pytest.raises(Refused) as caught:
        await outward.send(request)
    return caught.value.code


async def failure(outward: Outward, request: Request) -> str:
    with pytest.raises(Failed) as caught:
        await outward.send(request)
    return caught.value.reason


async def test_a_request_is_answered_and_says_who_asks(world: World, outward: Outward) -> None:
    world.says(json({"ok": True}))
    answer = await outward.send(Request("POST", world.url(path="/orders?id=7"), {"X-Key": "k"}, b'{"a":1}'))
    assert (200, b'{"ok": true}') == (answer.status, answer.body)
    sent = world.requests[0]
    assert ("POST", "/orders?id=7", "k", USER_AGENT) == (sent.method, sent.path_qs, sent.headers["X-Key"], sent.headers["User-Agent"])
    assert b'{"a":1}' == world.bodies[0]


@pytest.mark.parametrize("host", ["inner.example", "mixed.example"])
async def test_a_name_that_leads_inward_is_refused_also_if_only_one_of_its_addresses_does(
    world: World, outward: Outward, host: str
) -> None:
    world.says(json({}))
    assert "forbidden_address" == await refusal(outward, Request("GET", world.url(host)))
    assert [] == world.requests


async def test_a_name_is_asked_for_once_and_the_checked_address_is_the_one_that_is_called(world: World) -> None:
    """Rebinding: the second answer would lead inward, and nobody asks for it."""
    world.says(json({}))
    names = Names(rebound_example=[["127.0.0.1"], ["10.0.0.1"]])
    outward = Outward(Reach(("127.0.0.1/32",), http=True), names)
    assert 200 == (await outward.send(Request("GET", world.url("rebound.example")))).status
    assert ["rebound.example"] == names.asked
    await outward.close()


async def test_a_new_connection_to_a_rebound_name_is_refused(world: World) -> None:
    world.says(lambda: web.Response(headers={"Connection": "close"}))
    outward = Outward(Reach(("127.0.0.1/32",), http=True), Names(rebound_example=[["127.0.0.1"], ["10.0.0.1"]]))
    await outward.send(Request("GET", world.url("rebound.example")))
    assert "forbidden_address" == await refusal(outward, Request("GET", world.url("rebound.example")))
    await outward.close()


async def test_without_leave_this_machine_is_inward(world: World) -> None:
    world.says(json({}))
    outward = Outward(Reach(http=True), Names(api_example=[["127.0.0.1"]]))
    for host in ("api.example", "127.0.0.1", "[::1]", "2130706433"):
        assert "forbidden_address" == await refusal(outward, Request("GET", world.url(host)))
    assert [] == world.requests
    await outward.close()


async def test_the_last_guard_stands_at_the_socket_itself(world: World) -> None:
    """A resolver that checks nothing does not help an attacker: the address of each socket is looked at."""
    world.says(json({}))
    outward = Outward(Reach(http=True), Names(api_example=[["127.0.0.1"]]))
    outward._opened().connector._resolver = Names(api_example=[["127.0.0.1"]])  # type: ignore[union-attr]
    assert "forbidden_address" == await refusal(outward, Request("GET", world.url()))
    assert [] == world.requests
    await outward.close()


class TestRedirects:
    async def test_they_are_followed_and_another_host_gets_no_keys(self, world: World, outward: Outward) -> None:
        world.says(redirect(world.url("other.example", "/two")), json({"ok": 1}))
        answer = await outward.send(Request("GET", world.url(), {"Authorization": "Bearer hush", "X-Api-Key": "hush", "Accept": "a/b"}))
        assert 200 == answer.status
        first, second = world.requests
        assert "Bearer hush" == first.headers["Authorization"]
        assert not {"Authorization", "X-Api-Key"} & set(second.headers)
        assert "a/b" == second.headers["Accept"]

    async def test_the_same_host_gets_them_again(self, world: World, outward: Outward) -> None:
        world.says(redirect("/two"), json({}))
        await outward.send(Request("GET", world.url(), {"Authorization": "Bearer hush"}))
        assert "/two" == world.requests[1].path
        assert "Bearer hush" == world.requests[1].headers["Authorization"]

    @pytest.mark.parametrize("location", ["http://10.0.0.1/", "http://inner.example/", "http://[::ffff:169.254.169.254]/", "//0/"])
    async def test_never_inward(self, world: World, outward: Outward, location: str) -> None:
        world.says(redirect(location))
        assert "forbidden_address" == await refusal(outward, Request("GET", world.url()))

    @pytest.mark.parametrize("location", ["file:///etc/passwd", "gopher://api.example/", "http://a:b@api.example/"])
    async def test_never_to_another_kind_of_address(self, world: World, outward: Outward, location: str) -> None:
        world.says(redirect(location))
        assert "bad_redirect" == await failure(outward, Request("GET", world.url()))

    async def test_a_bound_on_them(self, world: World, outward: Outward) -> None:
        world.says(redirect("/again"))
        assert "too_many_redirects" == await failure(outward, Request("GET", world.url()))
        assert MAX_REDIRECTS + 1 == len(world.requests)

    async def test_a_post_that_was_seen_to_is_looked_at_by_get(self, world: World, outward: Outward) -> None:
        world.says(redirect("/done", 303), json({}))
        await outward.send(Request("POST", world.url(), {"Content-Type": "text/plain"}, b"words"))
        assert ("GET", b"") == (world.requests[1].method, world.bodies[1])

    async def test_a_body_goes_to_no_other_host(self, world: World, outward: Outward) -> None:
        world.says(redirect(world.url("other.example"), 307), json({}))
        assert "bad_redirect" == await failure(outward, Request("POST", world.url(), body=b"hush"))
        assert 1 == len(world.requests)


class TestAnswers:
    async def test_one_that_is_too_large_is_broken_off(self, world: World, outward: Outward) -> None:
        world.says(lambda: web.Response(body=b"x" * 20_000))
        assert "too_large" == await failure(outward, Request("GET", world.url(), max_bytes=10_000))

    async def test_one_that_never_ends_is_too(self, world: World, outward: Outward) -> None:
        async def endless(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            while True:
                await response.write(b"x" * 10_000)

        world.answers = [endless]
        assert "too_large" == await failure(outward, Request("GET", world.url(), max_bytes=100_000))

    async def test_a_bomb_is_not_unpacked(self, world: World, outward: Outward) -> None:
        bomb = gzip.compress(b"\0" * 20_000_000)
        world.says(lambda: web.Response(body=bomb, headers={"Content-Encoding": "gzip"}))
        assert "too_large" == await failure(outward, Request("GET", world.url()))

    async def test_a_packed_one_is_unpacked(self, world: World, outward: Outward) -> None:
        world.says(lambda: web.Response(body=gzip.compress(b"words"), headers={"Content-Encoding": "gzip"}))
        assert b"words" == (await outward.send(Request("GET", world.url()))).body

    async def test_a_slow_body_is_not_waited_for(self, world: World, outward: Outward) -> None:
        async def slow(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            await response.write(b"x")
            await world.released.wait()
            return response

        world.answers = [slow]
        assert "timeout" == await failure(outward, Request("GET", world.url(), timeout_s=0.1))

    async def test_cookies_are_not_kept(self, world: World, outward: Outward) -> None:
        world.says(json({}, **{"Set-Cookie": "id=7"}))
        for _ in range(2):
            await outward.send(Request("GET", world.url()))
        assert "Cookie" not in world.requests[1].headers

    async def test_too_many_headers_are_a_bad_answer(self, world: World, outward: Outward) -> None:
        world.says(lambda: web.Response(headers={f"X-{n}": "x" for n in range(500)}))
        assert "bad_answer" == await failure(outward, Request("GET", world.url()))


async def test_a_name_that_is_not_there_and_a_port_that_is_closed_are_failures(outward: Outward) -> None:
    assert "connection" == await failure(outward, Request("GET", "http://gone.example/"))
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        assert "connection" == await failure(outward, Request("GET", f"http://api.example:{port}/"))


async def test_proxies_of_the_environment_are_not_used(world: World, outward: Outward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    world.says(json({}))
    assert 200 == (await outward.send(Request("GET", world.url()))).status


async def test_the_systems_names_are_asked_for_and_looked_at(world: World) -> None:
    world.says(json({}))
    allowed = Outward(Reach(("127.0.0.1/32", "::1/128"), http=True))
    assert 200 == (await allowed.send(Request("GET", world.url("localhost")))).status
    strict = Outward(Reach(http=True))
    assert "forbidden_address" == await refusal(strict, Request("GET", world.url("localhost")))
    for one in (allowed, strict):
        await one.close()
