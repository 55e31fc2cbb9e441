"""Which timers are in memory: those up to the horizon, and no more than a page and what was set since."""

from __future__ import annotations

from actors.timers import LEAD_MS, PAGE, WINDOW_MS, Timers
from storage.ports import ActorId, EffectRow

ANN = ActorId("ticket", "app", "ann")


def timer(id: int, due_ms: int) -> EffectRow:
    return EffectRow(id, ANN, "timer", b"", due_ms)


def test_nothing_is_known_before_anything_was_read() -> None:
    timers = Timers()
    assert (True, False, None) == (timers.wants(0), timers.add(timer(1, 5)), timers.next_ms)


def test_what_is_set_beyond_the_horizon_is_left_to_the_database() -> None:
    timers = Timers()
    timers.read([timer(1, 50), timer(2, 70)], 100)
    assert [True, True, False] == [timers.add(timer(n, due)) for n, due in ((3, 60), (4, 100), (5, 101))]
    assert ([1, 3], 70, 2) == (timers.due(69), timers.next_ms, len(timers))
    assert [2, 4] == timers.due(1_000)


def test_a_full_page_ends_the_horizon_at_its_last_timer() -> None:
    """Also where thousands ring in the same millisecond."""
    timers = Timers()
    timers.read([timer(n, 7) for n in range(PAGE)], WINDOW_MS)
    assert (7, PAGE - 1) == timers.until
    assert (False, True) == (timers.add(timer(PAGE, 7)), not timers.wants(0))
    assert PAGE == len(timers.due(7))
    assert timers.wants(7)


def test_it_is_read_on_when_the_horizon_is_near() -> None:
    timers = Timers()
    timers.read([], WINDOW_MS)
    assert [False, True] == [timers.wants(WINDOW_MS - LEAD_MS - 1), timers.wants(WINDOW_MS - LEAD_MS)]


def test_what_was_dropped_does_not_ring() -> None:
    timers = Timers()
    timers.read([timer(1, 5), timer(2, 5)], 10)
    timers.drop(1)
    assert ([2], []) == (timers.due(5), timers.due(5))
