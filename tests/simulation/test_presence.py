"""Which agents have a socket here is told when it changes, and again before the lease ends."""

from __future__ import annotations

import asyncio
from typing import Any

from actors.answers import Answer
from domain.assignment import commands as cmd
from domain.errors import Refused, Unavailable
from gateway.presence import LEASE_MS, RENEW_S, Presence
from storage.ports import ActorId
from tests import virtual_time

ANN, BOB = "a" * 24, "b" * 24


class Router:
    """Notes what is told, by the second at which it is; the first ones may fail."""

    def __init__(self, *failures: Exception) -> None:
        self.told: list[tuple[float, str, tuple[str, ...], tuple[str, ...]]] = []
        self._failures = list(failures)

    def new_id(self) -> str:
        return "g" * 24

    async def ask_encoded(self, actor: ActorId, command: bytes, digest: int, **options: Any) -> Answer:
        if self._failures:
            raise self._failures.pop(0)
        present = cmd.decode(command)
        assert isinstance(present, cmd.Present)
        assert (LEASE_MS, actor.app) == (present.lease_ms, actor.id)
        self.told.append((round(asyncio.get_running_loop().time(), 1), actor.app, present.agents, present.seen))
        return Answer(1, "e")


def told(router: Router, work: Any) -> list[Any]:
    async def play() -> None:
        presence = Presence(router)  # type: ignore[arg-type]
        await work(presence)
        await presence.close()

    virtual_time.run(play())
    return router.told


def test_who_comes_and_goes_is_told_and_a_second_socket_is_no_news() -> None:
    async def work(presence: Presence) -> None:
        presence.enter("app", ANN)
        await asyncio.sleep(1)
        presence.enter("app", ANN)
        presence.enter("other", BOB)
        presence.leave("app", ANN)
        await asyncio.sleep(1)
        presence.leave("app", ANN)
        presence.leave("other", BOB)

    found = told(Router(), work)
    assert [(ANN,), ()] == [agents for _, app, agents, _ in found if app == "app"]
    assert [(BOB,), ()] == [agents for _, app, agents, _ in found if app == "other"]


def test_it_is_said_again_with_who_did_something() -> None:
    async def work(presence: Presence) -> None:
        presence.enter("app", ANN)
        await asyncio.sleep(1)
        presence.see("app", ANN)
        await asyncio.sleep(RENEW_S)
        presence.leave("app", ANN)

    first, second, _ = told(Router(), work)
    assert ((), (ANN,)) == (first[3], second[3])
    assert RENEW_S <= second[0] < LEASE_MS / 1000


def test_a_thousand_at_once_are_one_word() -> None:
    async def work(presence: Presence) -> None:
        presence.enter("app", ANN)
        await asyncio.sleep(1)
        for n in range(1_000):
            presence.enter("app", f"{n:024x}")
        await asyncio.sleep(1)

    assert [1, 1_001] == [len(agents) for _, _, agents, _ in told(Router(), work)]


def test_while_nobody_hears_it_is_said_again() -> None:
    async def work(presence: Presence) -> None:
        presence.enter("app", ANN)
        await asyncio.sleep(10)
        presence.leave("app", ANN)

    assert [(ANN,), ()] == [agents for _, _, agents, _ in told(Router(*[Unavailable("unavailable", "away")] * 3), work)]


def test_a_refusal_is_no_reason_to_insist() -> None:
    async def work(presence: Presence) -> None:
        presence.enter("app", ANN)
        await asyncio.sleep(1)
        presence.leave("app", ANN)

    assert [()] == [agents for _, _, agents, _ in told(Router(Refused("overloaded", "too many")), work)]
