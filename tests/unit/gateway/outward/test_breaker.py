"""Who does not answer is left alone for a while, and tried once after it."""

from __future__ import annotations

from gateway.outward import breaker
from gateway.outward.breaker import FAILURES, OPEN_S, Breakers


def opened() -> Breakers:
    breakers = Breakers()
    for _ in range(FAILURES):
        breakers.failed("a", 0.0)
    return breakers


def test_it_opens_after_several_failures_in_a_row() -> None:
    breakers = Breakers()
    for _ in range(FAILURES - 1):
        breakers.failed("a", 0.0)
    assert breakers.may_pass("a", 0.0)
    breakers.failed("a", 0.0)
    assert not breakers.may_pass("a", OPEN_S - 1)
    assert breakers.may_pass("b", 0.0)


def test_a_success_in_between_begins_the_count_anew() -> None:
    breakers = Breakers()
    for _ in range(FAILURES - 1):
        breakers.failed("a", 0.0)
    breakers.passed("a")
    breakers.failed("a", 0.0)
    assert breakers.may_pass("a", 0.0)


def test_after_a_while_one_may_try_and_its_end_decides() -> None:
    breakers = opened()
    assert breakers.may_pass("a", OPEN_S)
    assert not breakers.may_pass("a", OPEN_S)
    breakers.failed("a", OPEN_S)
    assert not breakers.may_pass("a", OPEN_S + 1)
    assert breakers.may_pass("a", 2 * OPEN_S)
    breakers.passed("a")
    assert breakers.may_pass("a", 2 * OPEN_S)
    assert breakers.may_pass("a", 2 * OPEN_S)


def test_a_try_that_never_ends_does_not_keep_it_open_for_ever() -> None:
    breakers = opened()
    assert breakers.may_pass("a", OPEN_S)
    assert breakers.may_pass("a", 2 * OPEN_S)


def test_it_remembers_a_bounded_number_of_hosts() -> None:
    breakers = Breakers()
    for n in range(breaker.CAPACITY + 10):
        breakers.failed(n, 0.0)
    assert breaker.CAPACITY == len(breakers)
