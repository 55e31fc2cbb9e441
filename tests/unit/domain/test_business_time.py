"""Time that counts only while it is open, against a model that looks at each minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.hours import WEEKDAYS, Schedule, add_business_ms, business_ms_between, is_open

HOUR, MINUTE = 3_600_000, 60_000
OFFICE = Schedule(timezone="Europe/Paris", hours=dict.fromkeys(WEEKDAYS[:5], (("09:00", "17:00"),)))


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def test_nights_and_week_ends_do_not_count() -> None:
    friday, monday = at("2026-01-09T15:00"), at("2026-01-12T09:00")  # 16:00 and 10:00 in Paris
    assert 2 * HOUR == business_ms_between(OFFICE, friday, monday)
    assert monday == add_business_ms(OFFICE, friday, 2 * HOUR)
    assert friday == add_business_ms(OFFICE, monday, -2 * HOUR)


def test_what_is_due_when_it_closes_is_due_then() -> None:
    assert at("2026-01-09T16:00") == add_business_ms(OFFICE, at("2026-01-09T15:00"), HOUR)


def test_who_never_opens_is_never_due() -> None:
    assert None is add_business_ms(Schedule(timezone="UTC", hours={}), 0, 1)


def test_holidays_do_not_count() -> None:
    shut = Schedule(timezone="UTC", hours=OFFICE.hours, days={"2026-01-12": ()})
    assert at("2026-01-13T10:00") == add_business_ms(shut, at("2026-01-09T16:00"), 2 * HOUR)


def test_on_the_day_when_clocks_are_set_the_hour_counts_twice() -> None:
    night = Schedule(timezone="Europe/Paris", hours={"sun": (("01:00", "04:00"),)})
    assert 4 * HOUR == business_ms_between(night, at("2026-10-24T12:00"), at("2026-10-26T12:00"))
    assert 2 * HOUR == business_ms_between(night, at("2026-03-28T12:00"), at("2026-03-30T12:00"))


clocks = st.integers(0, 96).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
spans = st.lists(st.tuples(clocks, clocks).filter(lambda two: two[0] < two[1]), max_size=3).map(tuple)
schedules = st.builds(
    Schedule,
    timezone=st.sampled_from(["UTC", "Europe/Paris", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe"]),
    hours=st.dictionaries(st.sampled_from(WEEKDAYS), spans),
    days=st.dictionaries(st.integers(0, 4).map(lambda n: str((datetime(2026, 3, 27) + timedelta(n)).date())), spans),  # noqa: DTZ001
)
instants = st.integers(0, 4 * 24 * 60).map(lambda minute: at("2026-03-27T00:00") + minute * MINUTE)


@settings(max_examples=40)
@given(schedules, instants, st.integers(0, 2 * 24 * 60))
def test_business_time_is_the_sum_of_open_minutes(schedule: Schedule, start: int, minutes: int) -> None:
    expected = sum(is_open(schedule, start + n * MINUTE) for n in range(minutes)) * MINUTE
    assert expected == business_ms_between(schedule, start, start + minutes * MINUTE)


@given(schedules, instants, st.integers(1, 6 * HOUR))
def test_to_add_and_to_count_agree(schedule: Schedule, start: int, ms: int) -> None:
    due = add_business_ms(schedule, start, ms)
    if due is not None:
        assert ms == business_ms_between(schedule, start, due)
        assert ms - 1 == business_ms_between(schedule, start, due - 1)
        before = add_business_ms(schedule, due, -ms)
        assert before is not None and start <= before
        assert ms == business_ms_between(schedule, before, due)
