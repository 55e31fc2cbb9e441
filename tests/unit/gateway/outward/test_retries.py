"""When it is tried again, and after how long."""

from __future__ import annotations

import pytest

from gateway.outward.requests import Answer
from gateway.outward.retries import FIRST_S, LONGEST_S, MAX_RETRY_AFTER_S, asked_s, delay_s, is_passing


@pytest.mark.parametrize(("status", "passing"), [(200, False), (404, False), (409, False), (429, True), (500, True), (503, True)])
def test_only_passing_troubles_are_worth_another_try(status: int, passing: bool) -> None:
    assert passing == is_passing(status)


def test_delays_double_up_to_a_bound_and_chance_takes_at_most_half() -> None:
    assert [FIRST_S, 2 * FIRST_S, 4 * FIRST_S, LONGEST_S] == [delay_s(attempt, 0.0) for attempt in (0, 1, 2, 9)]
    assert FIRST_S / 2 == delay_s(0, 1.0)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("", 0.0), ("7", 7.0), (" 30 ", MAX_RETRY_AFTER_S), ("31", None), ("9" * 400, None), ("soon", 0.0), ("-1", 0.0), ("٣", 0.0)],
)
def test_retry_after_is_kept_to_as_long_as_anybody_waits(given: str, expected: float | None) -> None:
    assert expected == asked_s(Answer(503, {"retry-after": given}, b""))
