"""Processes killed and stopped, and a disk that fills, while people talk: nothing lost, nothing twice, nothing out of order."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import aiohttp
import psutil

from tests.chaos.disk import full
from tests.chaos.load import Load
from tests.people import eventually
from tests.serving import Serving, is_alive
from tests.stream_client import basic_auth

#: From a kill or a stop until messages are acked again. The targets are far lower; on a loaded machine this still tells a
#: service that comes back from one that does not.
BACK_AFTER_KILL_S = 10.0
BACK_AFTER_STOP_S = 15.0


async def test_a_host_is_killed_twice(served: Serving) -> None:
    async with Load(served, seed=1) as load:
        await load.goes_on()
        for _ in range(2):
            owner = await asyncio.to_thread(served.owner)
            owner.kill()
            assert await load.goes_on() < BACK_AFTER_KILL_S
            assert owner != await asyncio.to_thread(served.owner)
        assert [] == await load.judged()


async def test_owner_and_standby_are_killed_together(served: Serving) -> None:
    """Nobody waits to take over: Ray has to start the next ones."""
    async with Load(served, seed=2) as load:
        await load.goes_on()
        for host in await asyncio.to_thread(served.hosts):
            host.kill()
        await load.goes_on(timeout_s=30)
        assert [] == await load.judged()


async def test_a_stopped_owner_is_noticed_ended_and_replaced(served: Serving) -> None:
    async with Load(served, seed=3) as load:
        await load.goes_on()
        owner = await asyncio.to_thread(served.owner)
        owner.suspend()
        try:
            assert await load.goes_on() < BACK_AFTER_STOP_S
            await eventually(lambda: _gone(owner))
        finally:
            with contextlib.suppress(psutil.Error):
                owner.resume()
        assert owner != await asyncio.to_thread(served.owner)
        await load.goes_on()
        assert [] == await load.judged()


async def _gone(process: psutil.Process) -> bool:
    return not is_alive(process)


async def test_a_short_stop_is_only_a_delay(served: Serving) -> None:
    """Of the owner, and of the gateway itself."""
    async with Load(served, seed=4) as load:
        await load.goes_on()
        assert served.process is not None
        for process in (await asyncio.to_thread(served.owner), psutil.Process(served.process.pid)):
            process.suspend()
            await asyncio.sleep(1.0)  # the fault itself: a pause shorter than what counts as silence
            process.resume()
            await load.goes_on()
        assert [] == await load.judged()


async def test_everything_is_killed_and_started_again(served: Serving) -> None:
    async with Load(served, seed=5) as load:
        await load.goes_on()
        await asyncio.to_thread(served.kill)
        await asyncio.to_thread(served.start)
        await load.goes_on()
        assert [] == await load.judged()


async def test_the_disk_is_full_for_a_while(served: Serving, disk: Path) -> None:
    """Messages are refused for a while, `/readyz` and the API say so; when there is room again, service returns by itself."""
    async with Load(served, seed=6, words=600) as load, aiohttp.ClientSession() as http:
        await load.goes_on()
        c = served.credentials
        with full(served, disk):

            async def refused() -> bool:
                return any(talker.retried for talker, _ in load.talkers)

            async def not_ready() -> bool:
                return (await asyncio.to_thread(served.get, "/readyz")).status == 503

            await eventually(refused, 30)
            await eventually(not_ready, 15)
            url = f"{served.url}/sc/v2/apps/{c['app_id']}/conversations/{load.talkers[0][1]}"
            # That an answer says "later" does not say that it was not done: this one may be done twice.
            async with http.patch(url, json={"displayName": "x" * 100}, headers=basic_auth(c["key_id"], c["secret"])) as answer:
                assert (503, True) == (answer.status, "Retry-After" in answer.headers)
        await load.goes_on(timeout_s=30)
        await eventually(lambda: asyncio.to_thread(served.is_ready), 15)
        assert [] == await load.judged()
