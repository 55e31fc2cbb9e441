"""Rates, and whose address a request has."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from domain.errors import Unavailable
from gateway.limits import Buckets, Limits


def test_a_burst_is_served_and_then_the_rate() -> None:
    buckets = Buckets(rate_per_s=10, burst=3)
    assert [0, 0, 0] == [buckets.take("a", 100.0) for _ in range(3)]
    assert 0.1 == pytest.approx(buckets.take("a", 100.0))
    assert 0 == buckets.take("a", 100.11)
    assert buckets.take("a", 100.11) > 0


def test_a_refusal_takes_nothing() -> None:
    buckets = Buckets(rate_per_s=1, burst=1)
    buckets.take("a", 0.0)
    for _ in range(100):
        assert buckets.take("a", 0.5) == pytest.approx(0.5)
    assert 0 == buckets.take("a", 1.0)


def test_names_do_not_share() -> None:
    buckets = Buckets(rate_per_s=1, burst=1)
    assert [0, 0] == [buckets.take(name, 0.0) for name in "ab"]


def test_the_number_of_buckets_is_bounded_and_the_idlest_goes() -> None:
    buckets = Buckets(rate_per_s=0.001, burst=1, capacity=2)
    for name in ("a", "b", "a", "c"):
        buckets.take(name, 0.0)
    assert 2 == len(buckets)
    assert buckets.take("a", 0.0) > 0, "it was used last but one, and is remembered"
    assert 0 == buckets.take("b", 0.0), "it was forgotten"


@given(st.lists(st.floats(0, 100), min_size=1, max_size=200))
def test_never_more_than_the_burst_and_the_rate(instants: list[float]) -> None:
    """Also when the clock runs back."""
    buckets = Buckets(rate_per_s=2, burst=5)
    served = sum(buckets.take("a", now_s) == 0 for now_s in instants)
    assert served <= 5 + 2 * (max(instants) - min(instants)) + 1e-6


def test_limits_refuse_with_the_time_to_wait_and_can_be_switched_off() -> None:
    limits = Limits(clock=lambda: 0.0)
    for _ in range(400):
        limits.check(limits.keys, "app_1")
    with pytest.raises(Unavailable) as refusal:
        limits.check(limits.keys, "app_1")
    assert ("rate_limited", True) == (refusal.value.code, refusal.value.retry_after_s > 0)
    off = Limits(enabled=False, clock=lambda: 0.0)
    for _ in range(10_000):
        off.check(off.keys, "app_1")


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "expected"),
    [
        ((), "192.0.2.1", ["198.51.100.7"], "192.0.2.1"),
        (("10.0.0.0/8",), "192.0.2.1", ["198.51.100.7"], "192.0.2.1"),
        (("10.0.0.0/8",), "10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        (("10.0.0.0/8",), "10.0.0.1", ["6.6.6.6, 198.51.100.7, 10.0.0.2"], "198.51.100.7"),
        (("10.0.0.0/8",), "10.0.0.1", ["6.6.6.6", "198.51.100.7"], "198.51.100.7"),
        (("10.0.0.0/8",), "10.0.0.1", [], "10.0.0.1"),
        (("10.0.0.0/8",), "10.0.0.1", ["not an address"], "10.0.0.1"),
        (("10.0.0.0/8",), "10.0.0.1", ["198.51.100.7:4711"], "198.51.100.7"),
        (("10.0.0.0/8", "::1"), "::1", ["[2001:db8::7]:4711"], "2001:db8::7"),
        (("10.0.0.0/8",), "::ffff:10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
    ],
)
def test_forwarding_headers_count_from_trusted_proxies_only(
    trusted: tuple[str, ...], peer: str, forwarded: list[str], expected: str
) -> None:
    request = make_mocked_request("GET", "/", CIMultiDict(("X-Forwarded-For", value) for value in forwarded)).clone(remote=peer)
    assert expected == Limits(trusted_proxies=trusted).address_of(request)


def test_what_is_left_is_told() -> None:
    limits = Limits(clock=lambda: 100.0)
    for _ in range(3):
        limits.check(limits.keys, "a")
    assert ("400", "397") == tuple(limits.told(limits.keys, "a")[name] for name in ("X-Rate-Limit", "X-Rate-Limit-Remaining"))
    assert {} == Limits(enabled=False).told(limits.keys, "a"), "where there are none there is nothing to tell"
