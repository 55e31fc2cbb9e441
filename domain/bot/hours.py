"""Business hours: the weekly hours of a place on earth, its public holidays, and the days that are otherwise."""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime
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


@functools.lru_cache(maxsize=256)
def _holidays(country: str, region: str | None, year: int) -> frozenset[date]:
    import holidays  # takes a second, with all its countries: only who needs it waits for it

    return frozenset(holidays.country_holidays(country, subdiv=region, years=year))
