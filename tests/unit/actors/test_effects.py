"""Effects of one actor to one target are performed in order; timers ring when the clock has reached them. Nothing here waits.

What is tried again after a pause is in tests/contract/test_effects.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from actors.effects import EffectRunner
from domain.errors import Refused
from storage.ports import ActorId, EffectRow, Entry

ANN, BOB = ActorId("conversation", "app", "ann"), ActorId("conversation", "app", "bob")


class Runner:
    """An `EffectRunner` whose clock stands still, with what it handed back. Effects to `line` are performed when they are let."""

    def __init__(self) -> None:
        self.ms = 1_000
        self.results: list[tuple[int, bytes]] = []
        self.begun: list[int] = []
        self.waiting: dict[int, asyncio.Future[bytes]] = {}
        self.runner = EffectRunner(self, lambda effect, command, digest: self.results.append((effect.id, command)))
        self.runner.performers["line"] = self._perform

    def now_ms(self) -> int:
        return self.ms

    async def _perform(self, effect: EffectRow) -> bytes:
        self.begun.append(effect.id)
        self.waiting[effect.id] = asyncio.get_running_loop().create_future()
        return await self.waiting[effect.id]

    async def add(self, *effects: EffectRow) -> None:
        self.runner.add(effects)
        await self.until_quiet()

    async def let(self, effect: int) -> None:
        """The outside world has done it."""
        self.waiting[effect].set_result(b"done %d" % effect)
        await self.until_quiet()

    async def settle(self, *effects: int, actor: ActorId = ANN, cancelled: list[tuple[str, str]] | None = None) -> None:
        """A commit holds their results."""
        self.runner.settled([Entry(actor, 1, False, 0, [], settled=list(effects), cancelled=cancelled or [])])
        await self.until_quiet()

    async def until_quiet(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)


@pytest.fixture
async def effects() -> AsyncIterator[Runner]:
    made = Runner()
    made.runner.start()
    yield made
    await made.runner.stop()


def to_line(effect: int, actor: ActorId = ANN, name: str = "") -> EffectRow:
    return EffectRow(effect, actor, "line", b"payload %d" % effect, name=name)


def timer(effect: int, due_ms: int, name: str = "", actor: ActorId = ANN) -> EffectRow:
    return EffectRow(effect, actor, "timer", b"rang %d" % effect, due_ms, name)


async def test_the_next_begins_when_the_previous_is_settled(effects: Runner) -> None:
    """Not when it was done: a host that dies in between performs it again, and the next must not have gone before."""
    await effects.add(to_line(1), to_line(2), to_line(3))
    assert [1] == effects.begun
    await effects.let(1)
    assert ([1], [(1, b"done 1")]) == (effects.begun, effects.results)
    await effects.settle(1)
    assert [1, 2] == effects.begun


async def test_other_actors_and_targets_do_not_wait(effects: Runner) -> None:
    effects.runner.performers["mail"] = effects._perform
    await effects.add(to_line(1), to_line(2, BOB), EffectRow(3, ANN, "mail", b""))
    assert [1, 2, 3] == effects.begun


async def test_what_is_refused_is_given_up_and_the_next_goes_on(effects: Runner) -> None:
    """The command that tells of it settles it."""
    effects.runner.gave_up = lambda effect: b"gave up %d" % effect.id
    await effects.add(to_line(1), to_line(2))
    effects.waiting[1].set_exception(Refused("forbidden", "They blocked us"))
    await effects.until_quiet()
    assert [(1, b"gave up 1")] == effects.results
    await effects.settle(1)
    assert [1, 2] == effects.begun


async def test_without_a_word_for_giving_up_the_payload_settles(effects: Runner) -> None:
    """A dead effect must not hold up those behind it for ever."""
    await effects.add(EffectRow(1, ANN, "nowhere", b"payload"))
    assert [(1, b"payload")] == effects.results


@pytest.mark.parametrize("end", ["settled", "cancelled"])
async def test_what_ends_while_it_waits_is_passed_over(effects: Runner, end: str) -> None:
    """It is not performed, and those behind it are."""
    await effects.add(to_line(1), to_line(2, name="greeting"), to_line(3))
    if end == "settled":
        await effects.settle(2)
    else:
        await effects.settle(cancelled=[("line", "greeting")])
    await effects.let(1)
    await effects.settle(1)
    assert [1, 3] == effects.begun
    assert 1 == len(effects.runner)


async def test_a_named_effect_replaces_the_one_before_it(effects: Runner) -> None:
    await effects.add(to_line(1), to_line(2, name="status"), to_line(3, name="status"), to_line(4, name="other"))
    await effects.let(1)
    await effects.settle(1)
    await effects.let(3)
    await effects.settle(3)
    assert [1, 3, 4] == effects.begun


async def test_a_named_effect_that_is_being_performed_is_replaced_too(effects: Runner) -> None:
    """What it comes to counts for nothing any more, and holds nothing up."""
    await effects.add(to_line(1, name="status"))
    await effects.add(to_line(2, name="status"))
    assert [1, 2] == effects.begun
    await effects.let(2)
    await effects.settle(2)
    await effects.let(1)
    await effects.settle(1)
    assert 0 == len(effects.runner)


async def test_a_timer_rings_when_its_time_has_come(effects: Runner) -> None:
    await effects.add(timer(1, 1_000), timer(2, 1_001))
    assert [(1, b"rang 1")] == effects.results


async def test_an_earlier_timer_is_not_kept_by_a_later_one(effects: Runner) -> None:
    await effects.add(timer(1, 900_000))
    await effects.add(timer(2, 500))
    assert [(2, b"rang 2")] == effects.results


async def test_timers_ring_in_the_order_of_their_times(effects: Runner) -> None:
    effects.ms = 0
    await effects.add(timer(1, 30), timer(2, 10), timer(3, 20, actor=BOB))
    effects.ms = 50
    await effects.add(timer(4, 40))
    assert [2, 3, 1, 4] == [effect for effect, _ in effects.results]


async def test_a_timer_that_is_set_again_rings_once(effects: Runner) -> None:
    """At its new time; another actor's of the same name is another timer."""
    await effects.add(timer(1, 2_000, "retention"), timer(2, 2_000, "retention", BOB))
    await effects.add(timer(3, 3_000, "retention"))
    effects.ms = 2_500
    await effects.add(timer(4, 10_000))
    assert [2] == [effect for effect, _ in effects.results]
    effects.ms = 3_500
    await effects.add(timer(5, 10_000))
    assert [2, 3] == [effect for effect, _ in effects.results]


@pytest.mark.parametrize(
    "end", [lambda one: one.settle(1), lambda one: one.settle(cancelled=[("timer", "retention")])], ids=["settled", "cancelled"]
)
async def test_a_timer_that_is_not_wanted_does_not_ring(effects: Runner, end: Callable[[Runner], object]) -> None:
    await effects.add(timer(1, 2_000, "retention"))
    await end(effects)  # type: ignore[misc]
    effects.ms = 5_000
    await effects.add(timer(2, 4_000))
    assert [2] == [effect for effect, _ in effects.results]


async def test_what_an_earlier_host_left_is_taken_up() -> None:
    """Before it starts: then it is performed in order, and timers that are overdue ring at once."""
    left = Runner()
    left.runner.add([to_line(1), to_line(2), timer(3, 10)])
    left.runner.start()
    await left.until_quiet()
    assert ([1], [(3, b"rang 3")]) == (left.begun, left.results)
    await left.runner.stop()


async def test_stopping_ends_what_is_being_performed(effects: Runner) -> None:
    await effects.add(to_line(1))
    await effects.runner.stop()
    assert effects.waiting[1].cancelled() and [] == effects.results
