"""Instants and days as searches write them: `2026-01-31`, `2026-01-31T08:00:00Z`, `4hours`, `today`. Pure.

What is written names a span of time: a day, or a single second. So `created:2026-01-31` is the whole day, and `created>2026-01-31`
what comes after it. `4hours` is the instant four hours ago.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from domain.errors import Invalid

DAY_MS = 86_400_000
_UNITS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 7 * 86_400, "month": 30 * 86_400, "year": 365 * 86_400}
_AGO = re.compile(r"([0-9]{1,6}) ?(minute|hour|day|week|month|year)s?\Z")
_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}


def span(written: str, field: str, now_ms: int) -> tuple[int, int]:
    """(first millisecond, first millisecond after it). Raises Invalid."""
    ago = _AGO.match(written)
    if ago:
        at_ms = now_ms - int(ago[1]) * _UNITS[ago[2]] * 1000
        return at_ms, at_ms + 1
    if written in _DAYS:
        midnight = now_ms - now_ms % DAY_MS + _DAYS[written] * DAY_MS
        return midnight, midnight + DAY_MS
    return _written(written, field)


def _written(written: str, field: str) -> tuple[int, int]:
    try:
        at = datetime.fromisoformat(written)
        at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        first = round(at.timestamp() * 1000)
    except (ValueError, OverflowError):
        raise Invalid("query", f"{field} wants a date, an instant or a time ago such as 4hours") from None
    is_day = len(written) <= 10
    return first, first + round((timedelta(days=1) if is_day else timedelta(seconds=1)).total_seconds() * 1000)
