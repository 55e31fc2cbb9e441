"""Effects of one actor to one target are performed in order; timers ring when the clock has reached them. Nothing here waits.

What is tried again after a pause is in tests/contract/test_effects.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from actors.answers import Answer
from actors.effects import AT_ONCE, AT_ONCE_OF_APP, EffectRunner, Ways
from actors.link import OnAnswer
from domain.errors import Refused
from storage.ports import ActorId, EffectRow, Entry

ANN, BOB = ActorId("conversation", "app", "ann"), ActorId("conversation", "app", "bob")


class Runner:
    """An `EffectRunner` whose clock stands still, with what it handed back. Effects to `line` are performed when they are let."""

    def __init__(self) -> None:
        self.ms = 1_000
        self.results: list[tuple[int, bytes | None]] = []
        self.begun: list[int] = []
        self.waiting: dict[int, asyncio.Future[bytes | None]] = {}
        self.said: list[tuple[int, OnAnswer]] = []
        ways = Ways(
            {"line": self._perform, "mail": self._perform}, {"bot"}, lambda effect, on_answer: self.said.append((effect.id, on_answer))
        )
        self.runner = EffectRunner(self, lambda effect, command: self.results.append((effect.id, command)), ways, self._rejected)
        self.runner.add_timers([], 1_000_000)

    def now_ms(self) -> int:
        return self.ms

    def _done(self, effect: EffectRow, command: bytes | None) -> None:
        self.results.append((effect.id, command))

    def _rejected(self, effect: EffectRow, code: str) -> bytes | None:
        return None if effect.payload == b"quiet" else f"{code} {effect.id}".encode()

    async def _perform(self, effect: EffectRow) -> bytes | None:
        self.begun.append(effect.id)
        self.waiting[effect.id] = asyncio.get_running_loop().create_future()
        return await self.waiting[effect.id]

    async def add(self, *effects: EffectRow) -> None:
        self.runner.add(effects)
        await self.until_quiet()

    async def let(self, effect: int, told: bool = True) -> None:
        """The outside world has done it, and the actor is to be told so."""
        self.waiting[effect].set_result(b"done %d" % effect if told else None)
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


def to_bot(effect: int) -> EffectRow:
    return EffectRow(effect, ANN, "bot", b"hear")


def timer(effect: int, due_ms: int, name: str = "", actor: ActorId = ANN) -> EffectRow:
    return EffectRow(effect, actor, "timer", b"rang %d" % effect, due_ms, name)


async def test_the_next_begins_when_the_previous_was_performed(effects: Runner) -> None:
    """Its row may still be there: whoever performs it again after a death does so under the same key."""
    await effects.add(to_line(1), to_line(2), to_line(3))
    assert [1] == effects.begun
    await effects.let(1)
    assert ([1, 2], [(1, b"done 1")], 3) == (effects.begun, effects.results, len(effects.runner))
    await effects.settle(1)
    assert ([1, 2], 2) == (effects.begun, len(effects.runner))


async def test_where_there_is_nothing_to_tell_it_is_only_settled(effects: Runner) -> None:
    await effects.add(to_line(1))
    await effects.let(1, told=False)
    assert [(1, None)] == effects.results


async def test_other_actors_and_targets_do_not_wait(effects: Runner) -> None:
    await effects.add(to_line(1), to_line(2, BOB), EffectRow(3, ANN, "mail", b""))
    assert [1, 2, 3] == effects.begun


async def test_so_many_at_a_time_and_so_many_of_one_app(effects: Runner) -> None:
    """One app's slow neighbours do not take all the room; what waits begins in turn as room comes free."""
    of_app = [EffectRow(n, ActorId("conversation", "app", str(n)), "line", b"") for n in range(1, AT_ONCE + 1)]
    others = [EffectRow(1000 + n, ActorId("conversation", f"app{n}", "x"), "line", b"") for n in range(AT_ONCE)]
    await effects.add(*of_app, *others)
    assert (AT_ONCE, AT_ONCE_OF_APP) == (len(effects.begun), sum(id < 1000 for id in effects.begun))
    await effects.let(1)
    await effects.let(1000)
    assert [AT_ONCE_OF_APP + 1, 1000 + AT_ONCE - AT_ONCE_OF_APP] == effects.begun[AT_ONCE:]


async def test_what_a_later_version_asks_for_is_left_alone(effects: Runner) -> None:
    """Nobody here performs it: it waits in its row for whoever does, and is no reason to stop."""
    await effects.add(EffectRow(1, ANN, "hologram", b""), to_line(2))
    assert ([2], [], 2) == (effects.begun, effects.results, len(effects.runner))


@pytest.mark.parametrize(("payload", "command"), [(b"", b"forbidden 1"), (b"quiet", None)])
async def test_what_is_refused_is_given_up_and_the_next_goes_on(effects: Runner, payload: bytes, command: bytes | None) -> None:
    """The actor is told the refusal's code, if its kind wants it to be."""
    await effects.add(EffectRow(1, ANN, "line", payload), to_line(2))
    effects.waiting[1].set_exception(Refused("forbidden", "They blocked us"))
    await effects.until_quiet()
    assert ([(1, command)], [1, 2]) == (effects.results, effects.begun)


async def test_an_actor_of_another_kind_is_told_one_after_the_other(effects: Runner) -> None:
    """Accepted: there is nothing to tell. Refused: its sender is told."""
    await effects.add(to_bot(1), to_bot(2))
    assert [1] == [id for id, _ in effects.said]
    effects.said[0][1](Answer(1, ""))
    effects.said[1][1](Refused("not_in_control", ""))
    assert [(1, None), (2, b"not_in_control 2")] == effects.results


async def test_what_a_stopped_runner_hears_counts_for_nothing(effects: Runner) -> None:
    """Its successor says it again, and settles it."""
    await effects.add(to_bot(1), to_bot(2))
    await effects.runner.stop()
    effects.said[0][1](Answer(1, ""))
    assert ([], 1) == (effects.results, len(effects.said))


@pytest.mark.parametrize("end", ["settled", "cancelled"])
async def test_what_ends_while_it_waits_is_passed_over(effects: Runner, end: str) -> None:
    """It is not performed, and those behind it are."""
    await effects.add(to_line(1), to_line(2, name="greeting"), to_line(3))
    if end == "settled":
        await effects.settle(2)
    else:
        await effects.settle(cancelled=[("line", "greeting")])
    await effects.let(1)
    assert [1, 3] == effects.begun
    await effects.settle(1)
    assert 1 == len(effects.runner)


async def test_a_named_effect_replaces_the_one_before_it(effects: Runner) -> None:
    await effects.add(to_line(1), to_line(2, name="status"), to_line(3, name="status"), to_line(4, name="other"))
    await effects.let(1)
    await effects.let(3)
    assert [1, 3, 4] == effects.begun


async def test_a_named_effect_that_is_being_performed_is_replaced_too(effects: Runner) -> None:
    """What it comes to counts for nothing any more, and holds nothing up."""
    await effects.add(to_line(1, name="status"))
    await effects.add(to_line(2, name="status"))
    assert [1, 2] == effects.begun
    await effects.let(2)
    await effects.settle(2)
    await effects.let(1)
    assert ([(2, b"done 2")], 0) == (effects.results, len(effects.runner))


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
