"""An API call of a bot, with its tries, its key and its secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
import structlog
from aiohttp import web
from structlog.testing import capture_logs

from domain.bot.commands import Called, decode
from domain.bot.effects import Call
from gateway.outward.breaker import FAILURES
from gateway.outward.calls import Caller
from gateway.outward.client import Outward
from gateway.outward.retries import FIRST_S
from storage.ports import ActorId, EffectRow
from tests.integration.outward.conftest import World, json

APP = "a" * 24


class Bench:
    """A caller that notes how long it would have slept."""

    def __init__(self, outward: Outward) -> None:
        self.slept: list[float] = []
        self.now_s = 0.0
        self.known = {APP: {"KEY": "hush"}}
        self.caller = Caller(outward, self.secrets, sleep=self.sleep, chance=lambda: 0.0, clock=lambda: self.now_s)

    async def secrets(self, app_id: str) -> Mapping[str, str]:
        return self.known.get(app_id, {})

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def perform(self, call: Call, effect_id: int = 1, app_id: str = APP) -> Called:
        return await self.caller.perform(call, app_id, effect_id)


@pytest.fixture
def bench(outward: Outward) -> Bench:
    return Bench(outward)


def a_call(world: World, **fields: Any) -> Call:
    return Call(**{"n": 3, "method": "GET", "url": world.url(path="/orders?token=hush"), **fields})


async def test_the_values_of_its_paths_come_back(world: World, bench: Bench) -> None:
    world.says(json({"order": {"state": "sent", "items": [{"name": "tea"}]}}))
    paths = {"state": "$.order.state", "item": "$.order.items[0].name", "gone": "$.order.gone"}
    assert Called(3, 200, {"state": "sent", "item": "tea", "gone": None}) == await bench.perform(a_call(world, paths=paths))


async def test_secrets_are_filled_in_and_never_logged(world: World, bench: Bench) -> None:
    world.says(json({}, 403))
    call = a_call(world, method="POST", headers={"Authorization": "Bearer {{secret.KEY}}"}, body='{"key":"{{secret.KEY}}"}')
    structlog.reset_defaults()  # a command that another test ran in this process may have raised the level
    with capture_logs() as logs:
        assert Called(3, 403, error="status") == await bench.perform(call)
    assert "Bearer hush" == world.requests[0].headers["Authorization"]
    assert (b'{"key":"hush"}', "application/json") == (world.bodies[0], world.requests[0].headers["Content-Type"])
    assert 1 == len(logs)
    assert "hush" not in str(logs)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"headers": {"X": "{{secret.GONE}}"}}, "secret_not_found"),
        ({"url": "https://example.com/{{secret.KEY}}"}, "bad_request"),
        ({"url": "http://10.0.0.1/"}, "forbidden_address"),
        ({"paths": {"a": "$..a"}}, "bad_request"),
        ({"headers": {"Host": "x"}}, "bad_request"),
    ],
)
async def test_a_call_that_may_not_be_made_is_not(world: World, bench: Bench, fields: dict[str, Any], error: str) -> None:
    world.says(json({}))
    assert Called(3, error=error) == await bench.perform(a_call(world, **fields))
    assert [] == world.requests


async def test_another_apps_secret_is_not_there(world: World, bench: Bench) -> None:
    call = a_call(world, headers={"X": "{{secret.KEY}}"})
    assert Called(3, error="secret_not_found") == await bench.perform(call, app_id="b" * 24)


async def test_all_tries_carry_one_key_also_after_a_crash(world: World, bench: Bench, outward: Outward) -> None:
    world.says(json({}, 503), json({}, 500), json({}), json({}))
    call = a_call(world, method="POST", headers={"Idempotency-Key": "mine"})
    assert 200 == (await bench.perform(call, 7)).status
    assert 200 == (await Bench(outward).perform(call, 7)).status
    keys = [request.headers.getall("Idempotency-Key") for request in world.requests]
    assert 4 == len(keys)
    assert keys[:1] * 4 == keys
    assert [FIRST_S, 2 * FIRST_S] == bench.slept
    await bench.perform(call, 8)
    assert keys[0] != world.requests[4].headers.getall("Idempotency-Key")


async def test_it_waits_as_long_as_it_is_asked_to_and_not_longer_than_anybody_does(world: World, bench: Bench) -> None:
    world.says(json({}, 429, **{"Retry-After": "7"}), json({}, 429, **{"Retry-After": "3600"}), json({}))
    assert Called(3, 429, error="status") == await bench.perform(a_call(world))
    assert [7.0] == bench.slept
    assert 2 == len(world.requests)


async def test_it_gives_up_after_its_retries(world: World, bench: Bench) -> None:
    world.says(json({}, 502))
    assert Called(3, 502, error="status") == await bench.perform(a_call(world, retries=1))
    assert 2 == len(world.requests)


async def test_a_refusal_of_the_other_side_is_final(world: World, bench: Bench) -> None:
    world.says(json({}, 404))
    assert Called(3, 404, error="status") == await bench.perform(a_call(world, retries=5))
    assert 1 == len(world.requests)


async def test_a_page_is_no_json(world: World, bench: Bench) -> None:
    world.says(lambda: web.Response(text="<html>"))
    assert Called(3, 200, error="not_json") == await bench.perform(a_call(world, paths={"a": "$.a"}))
    assert Called(3, 200) == await bench.perform(a_call(world))


async def test_who_does_not_answer_is_left_alone_for_a_while(world: World, bench: Bench) -> None:
    world.says(*[json({}, 500)] * FAILURES, json({}))
    for _ in range(FAILURES):
        await bench.perform(a_call(world, retries=0))
    assert Called(3, error="circuit_open") == await bench.perform(a_call(world))
    assert FAILURES == len(world.requests)
    assert 200 == (await bench.perform(a_call(world), app_id="b" * 24)).status
    bench.now_s = 1_000.0
    assert 200 == (await bench.perform(a_call(world))).status


async def test_an_effect_becomes_the_command_that_its_bot_waits_for(world: World, bench: Bench) -> None:
    world.says(json({"a": 1}))
    effect = EffectRow(7, ActorId("bot", APP, "c" * 24), Call.target, msgspec.msgpack.encode(a_call(world, paths={"a": "$.a"})))
    assert Called(3, 200, {"a": 1}) == decode(await bench.caller.perform_effect(effect))
