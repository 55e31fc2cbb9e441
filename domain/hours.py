"""Business hours: the weekly hours of a place on earth, its public holidays, and the days that are otherwise."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from domain.errors import Invalid

Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)|^24:00$(?!\n)")]
Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$(?!\n)")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
#: From a time of the day to a later one, `24:00` being its end.
Spans = Annotated[tuple[tuple[Clock, Clock], ...], Meta(max_length=6)]

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_SPECIAL_DAYS = 366
SOME_YEAR = 2026
MAX_CLOSED_DAYS = 400
"""Who is closed for so long never opens: so far ahead is looked."""

_DAY_MS = 86_400_000
_EPOCH_DAY = date(1970, 1, 1).toordinal()


class Schedule(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """When somebody is there. `country` (and `region`) close it on public holidays; `days` says how single dates differ, first of all."""

    timezone: Annotated[str, Meta(min_length=1, max_length=64)]
    hours: dict[Weekday, Spans]
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$(?!\n)")] | None = None
    region: Annotated[str, Meta(max_length=32)] | None = None
    days: Annotated[dict[Day, Spans], Meta(max_length=MAX_SPECIAL_DAYS)] = {}


def is_open(schedule: Schedule, at_ms: int) -> bool:
    """Whether the instant lies within the schedule's hours."""
    here = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(schedule.timezone))
    now = f"{here:%H:%M}"
    return any(begin <= now < end for begin, end in _spans(schedule, here.date()))


def business_ms_between(schedule: Schedule, from_ms: int, to_ms: int) -> int:
    """How long it is open between two instants. 0 if the second is not later."""
    days = range(from_ms // _DAY_MS, to_ms // _DAY_MS + 1)
    spans = (span for day in days for span in _open_in(schedule, day))
    return sum(max(0, min(end, to_ms) - max(begin, from_ms)) for begin, end in spans)


def add_business_ms(schedule: Schedule, from_ms: int, ms: int) -> int | None:
    """When it will have been open for `ms` since an instant; for less than 0, from when on it was, up to that instant. None: never.

    What is due at the end of an opening is due then, and not when it opens again.
    """
    left, closed = abs(ms), 0
    day, step = from_ms // _DAY_MS, 1 if ms >= 0 else -1
    while closed <= MAX_CLOSED_DAYS:
        spans = _open_in(schedule, day)
        closed = 0 if spans else closed + 1
        for begin, end in spans[::step]:
            begin, end = (max(begin, from_ms), end) if ms >= 0 else (begin, min(end, from_ms))
            if begin < end and left <= end - begin:
                return begin + left if ms >= 0 else end - left
            left -= max(0, end - begin)
        day += step
    return None


def warm(schedule: Schedule) -> None:
    """Load what `is_open` needs: the first time it takes a second. May be called in a thread."""
    if schedule.country is not None:
        _holidays(schedule.country, schedule.region, SOME_YEAR)


def check_schedule(schedule: Schedule, prefix: str) -> None:
    """The rules that the types cannot express: zone, country, region, dates, spans that end after they begin. Raises Invalid."""
    try:
        ZoneInfo(schedule.timezone)
    except (KeyError, ValueError, OSError):  # not there; no name at all; the name of a folder
        raise Invalid(f"{prefix}.timezone", "is no time zone of the IANA database") from None
    _check_country(schedule, prefix)
    for key, spans in (*schedule.hours.items(), *schedule.days.items()):
        if any(begin >= end for begin, end in spans):
            raise Invalid(f"{prefix}.{key}", "has a span that ends before it begins")
    for day in schedule.days:
        try:
            date.fromisoformat(day)
        except ValueError:
            raise Invalid(f"{prefix}.days.{day}", "is no date") from None


def _check_country(schedule: Schedule, prefix: str) -> None:
    """By asking for a year's holidays: the library's list of all countries takes a second to make."""
    if schedule.country is None:
        return
    try:
        _holidays(schedule.country, None, SOME_YEAR)
    except NotImplementedError:  # the library's word for what it does not know
        raise Invalid(f"{prefix}.country", "is no country whose public holidays are known") from None
    try:
        _holidays(schedule.country, schedule.region, SOME_YEAR)
    except NotImplementedError:  # the library's word for what it does not know
        raise Invalid(f"{prefix}.region", "is no region of this country") from None


def _spans(schedule: Schedule, day: date) -> Spans:
    special = schedule.days.get(day.isoformat())
    if special is not None:
        return special
    if schedule.country is not None and day in _holidays(schedule.country, schedule.region, day.year):
        return ()
    return schedule.hours.get(WEEKDAYS[day.weekday()], ())


def _open_in(schedule: Schedule, utc_day: int) -> list[tuple[int, int]]:
    """The openings in a day of UTC, one after the other, in Unix milliseconds: where clocks are set, a day has two offsets."""
    found = sorted(span for begin, end, offset in _offsets(schedule.timezone, utc_day) for span in _openings(schedule, begin, end, offset))
    merged: list[tuple[int, int]] = []
    for begin, end in found:
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _openings(schedule: Schedule, from_ms: int, to_ms: int, offset_ms: int) -> Iterator[tuple[int, int]]:
    for day in range((from_ms + offset_ms) // _DAY_MS, (to_ms - 1 + offset_ms) // _DAY_MS + 1):
        midnight = day * _DAY_MS - offset_ms
        for begin, end in _spans(schedule, date.fromordinal(day + _EPOCH_DAY)):
            span = max(from_ms, midnight + _ms(begin)), min(to_ms, midnight + _ms(end))
            if span[0] < span[1]:
                yield span


def _ms(clock: str) -> int:
    return (int(clock[:2]) * 60 + int(clock[3:])) * 60_000


@functools.lru_cache(maxsize=4096)
def _offsets(timezone: str, utc_day: int) -> tuple[tuple[int, int, int], ...]:
    """The parts of a day of UTC with one offset each: (from, to, offset), in milliseconds. Clocks are set once a day at most."""
    zone = ZoneInfo(timezone)
    begin, end = utc_day * _DAY_MS, (utc_day + 1) * _DAY_MS
    low, high = begin // 1000, end // 1000 - 1
    if _offset(zone, low) != _offset(zone, high):
        before = _offset(zone, low)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
        edges = [begin, high * 1000, end]
    else:
        edges = [begin, end]
    return tuple((a, b, _offset(zone, a // 1000) * 1000) for a, b in pairwise(edges))


def _offset(zone: ZoneInfo, at_s: int) -> int:
    given = datetime.fromtimestamp(at_s, UTC).astimezone(zone).utcoffset()
    assert given is not None, "a zone knows its offset"
    return int(given.total_seconds())


@functools.lru_cache(maxsize=256)
def _holidays(country: str, region: str | None, year: int) -> frozenset[date]:
    import holidays  # takes a second, with all its countries: only who needs it waits for it

    return frozenset(holidays.country_holidays(country, subdiv=region, years=year))
