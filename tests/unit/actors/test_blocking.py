"""Blocking calls hold nobody up, and what was found by name is not looked up again."""

from __future__ import annotations

import asyncio
import threading

import pytest

from actors import blocking


async def test_a_call_has_its_outcome() -> None:
    assert 3 == await blocking.result(lambda: 1 + 2)
    with pytest.raises(ValueError, match="nothing"):
        await blocking.result(lambda: _raise(ValueError("nothing")))


def _raise(error: Exception) -> None:
    raise error


async def test_a_call_that_does_not_come_back_is_waited_for_so_long() -> None:
    """And however many there are, the loop's own threads are free."""
    gate = threading.Event()
    try:
        waits = [blocking.result(gate.wait, 0.01) for _ in range(100)]
        assert {TimeoutError} == {type(each) for each in await asyncio.gather(*waits, return_exceptions=True)}
        assert await asyncio.wait_for(asyncio.to_thread(lambda: True), 5)
    finally:
        gate.set()


async def test_a_name_is_looked_up_once() -> None:
    asked: list[str] = []

    def find(name: str) -> str:
        asked.append(name)
        return name.upper()

    found = blocking.Found(find, 5)
    assert ["A"] * 10 == await asyncio.gather(*(found.named("a") for _ in range(10)))
    assert "A" == await found.named("a")
    assert ["a"] == asked
    found.forget()
    assert "A" == await found.named("a")
    assert ["a", "a"] == asked


async def test_a_name_that_was_not_found_is_looked_up_again() -> None:
    answers = iter([KeyError("not yet"), "here"])

    def find(name: str) -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    found = blocking.Found(find, 5)
    with pytest.raises(KeyError):
        await found.named("a")
    assert "here" == await found.named("a")


async def test_what_comes_too_late_is_there_for_the_next_one() -> None:
    """Who asks meanwhile starts no further call."""
    gate, calls = threading.Event(), 0

    def find(name: str) -> str:
        nonlocal calls
        calls += 1
        gate.wait()
        return name

    found = blocking.Found(find, 0.01)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            await found.named("a")
    gate.set()
    found._timeout_s = 5
    assert "a" == await found.named("a")
    assert 1 == calls


async def test_who_is_cancelled_just_when_it_comes_is_cancelled() -> None:
    """A server that stops waits for its tasks: one that goes on would be waited for for ever."""
    outcome: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(blocking.within(5, outcome))
    await asyncio.sleep(0)
    outcome.set_result(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_calls_that_are_under_way_are_waited_for() -> None:
    """But not for ever: one that never comes back holds nobody up."""
    gate = threading.Event()
    held = blocking.begin(gate.wait)
    await asyncio.to_thread(blocking.settle, 0.001)
    assert not held.done(), "it was given up, and goes on"
    gate.set()
    await asyncio.to_thread(blocking.settle, 5)
    assert await held
