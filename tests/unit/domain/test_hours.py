"""Open or closed: by the hours of the place, its public holidays and its special days."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from domain.errors import Invalid
from domain.hours import Schedule, check_schedule, is_open

WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("09:00", "12:00"), ("14:00", "18:00")))
PARIS = Schedule(
    timezone="Europe/Paris",
    hours={**WEEK, "sat": (("22:00", "24:00"),)},
    country="FR",
    days={"2026-07-14": (("10:00", "11:00"),), "2026-07-15": ()},
)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-01-05T08:00+00:00", True),
        ("2026-01-05T07:59+00:00", False),
        ("2026-07-06T07:00+00:00", True),  # summer time
        ("2026-01-05T11:00+00:00", False),  # noon is the end
        ("2026-01-05T13:30+00:00", True),
        ("2026-01-10T22:59+00:00", True),  # a Saturday, to its last minute
        ("2026-01-10T23:00+00:00", False),
        ("2026-05-01T08:00+00:00", False),  # a public holiday, a Friday
        ("2026-07-14T08:30+00:00", True),  # another one, that is special here
        ("2026-07-15T08:30+00:00", False),
    ],
)
def test_hours_are_those_of_the_place(instant: str, expected: bool) -> None:
    assert expected == is_open(PARIS, int(datetime.fromisoformat(instant).timestamp() * 1000))


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("s.timezone", {"timezone": "Europe/Atlantis"}),
        ("s.timezone", {"timezone": "../etc/passwd"}),
        ("s.timezone", {"timezone": "Europe"}),
        ("s.country", {"country": "XX"}),
        ("s.region", {"country": "DE", "region": "ZZ"}),
        ("s.mon", {"hours": {"mon": (("10:00", "09:00"),)}}),
        ("s.days.2026-02-30", {"days": {"2026-02-30": ()}}),
    ],
)
def test_what_is_no_place_or_time_is_refused(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        check_schedule(Schedule(**{"timezone": "Europe/Berlin", "hours": {}, **changes}), "s")
    assert field == refused.value.field


def test_a_region_has_holidays_of_its_own() -> None:
    check_schedule(Schedule(timezone="Europe/Berlin", hours={}, country="DE", region="BY"), "s")
    bavaria, berlin = (Schedule(timezone="Europe/Berlin", hours=WEEK, country="DE", region=region) for region in ("BY", "BE"))  # type: ignore[arg-type]
    epiphany = int(datetime.fromisoformat("2026-01-06T09:00+00:00").timestamp() * 1000)
    assert (False, True) == (is_open(bavaria, epiphany), is_open(berlin, epiphany))
