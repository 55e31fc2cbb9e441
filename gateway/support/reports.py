"""Reports, as JSON and as CSV (`.csv` or `format=csv`). Ours: Zendesk has them in another product."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import msgspec
from aiohttp import web

from domain import reports
from domain.errors import Invalid, Refused
from domain.finding.filters import KEPT, Either, Every, Test
from domain.reports import By, Period, Row
from domain.ticket.model import Ticket
from gateway.support.faces import faces
from gateway.support.scene import scene_of
from gateway.zendesk.operations import Call, answer
from storage.sql.tickets import Part

_AT_ONCE = 1_000
_MOMENTS = ("created_ms", "solved_ms", "rated_ms", "assigned_ms", "updated_ms")
_DEFAULT_DAYS = 30


async def show_report(call: Call) -> web.Response:
    """`from` and `to` are days, both included; `by` says what a line is; `schedule` is the number of business hours, 0 for none."""
    query = call.request.query
    by, period = _by(query.get("by", "all")), await _period(call)
    tickets = await _tickets(call, period)
    rows, total = reports.report(tickets, period, by), reports.report(tickets, period, "all")
    names = await _names(call, by, rows)
    shown = [_shown(row, names.get(row.key, row.key)) for row in rows]
    if query.get("format") == "csv":
        return _csv(by, shown)
    told = {"from": _day(period.from_ms, period), "to": _day(period.to_ms - 1, period), "by": by, "rows": shown}
    return answer({"report": {**told, "total": _shown(total[0] if total else Row(""), "")}})


async def show_bots(call: Call) -> web.Response:
    """By day: conversations that began, that a bot took up, solved, and handed over. Days are UTC's."""
    period = await _period(call)
    counted = await call.services.router.journal.tallies(call.app.id, "days")
    days: dict[str, dict[str, int]] = {}
    for key, number in counted.items():
        day, _, what = key.partition(":")
        if _day(period.from_ms, period) <= day <= _day(period.to_ms - 1, period):
            days.setdefault(day, {})[what] = number
    names = ("began", "bot", "solved", "handed_over")
    shown = [{"day": day, **{name: days[day].get(name, 0) for name in names}} for day in sorted(days)]
    total = {name: sum(row[name] for row in shown) for name in names}  # type: ignore[misc]
    ended = total["solved"] + total["handed_over"]
    rate = round(100 * total["solved"] / ended, 1) if ended else None
    if call.request.query.get("format") == "csv":
        return _csv("day", shown)
    return answer({"bots": {"rows": shown, "total": {**total, "resolution_rate": rate}}})


def _by(given: str) -> By:
    if given not in get_args(By):
        raise Invalid("by", f"must be one of {', '.join(get_args(By))}")
    return given  # type: ignore[return-value]


async def _period(call: Call) -> Period:
    query = call.request.query
    desk = await call.services.rooms.desks.current(call.app.id)
    schedule = None
    if query.get("schedule") != "0":
        number = int(query["schedule"]) if query.get("schedule", "").isdigit() else None
        schedule = desk.schedule(number)
    zone = Period(0, 0, schedule).zone
    today = datetime.fromtimestamp(call.now_ms() / 1000, UTC).astimezone(zone).date()
    to = _date(query.get("to"), "to") or today
    since = _date(query.get("from"), "from") or to - timedelta(days=_DEFAULT_DAYS - 1)
    if not since <= to or (to - since).days >= reports.MAX_DAYS:
        raise Invalid("from", f"must not be later than to, nor more than {reports.MAX_DAYS} days before")
    begin, end = (datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() for day in (since, to + timedelta(days=1)))
    return Period(int(begin * 1000), int(end * 1000), schedule)


def _date(given: str | None, name: str) -> date | None:
    try:
        return None if given is None else date.fromisoformat(given)
    except ValueError:
        raise Invalid(name, "must be a day, as in 2026-11-23") from None


def _day(at_ms: int, period: Period) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(period.zone).date().isoformat()


async def _tickets(call: Call, period: Period) -> list[Ticket]:
    """Those with any moment in the period. Refused where that is too much for one report."""
    moments = tuple(Every((Test(name, ">=", period.from_ms), Test(name, "<", period.to_ms))) for name in _MOMENTS)
    asked, found, after = Every((KEPT, Either(moments))), list[Ticket](), None
    while True:
        page = await call.services.rooms.tickets.listed(call.app.id, asked, Part(_AT_ONCE, after=after, counted=False))
        found += page.tickets
        if not page.more or not page.tickets:
            return found
        if len(found) > reports.MAX_TICKETS:
            raise Refused("bad_request", f"A report reads at most {reports.MAX_TICKETS} tickets: name a shorter period")
        after = page.places[-1]


async def _names(call: Call, by: By, rows: Sequence[Row]) -> dict[str, str]:
    """What people call a key."""
    if by == "agent":
        known = await faces(scene_of(call), [row.key for row in rows])
        return {identifier: account.display_name for identifier, account in known.accounts.items()}
    if by == "group":
        desk = await call.services.rooms.desks.current(call.app.id)
        return {str(number): group.name for number, group in desk.groups.items()}
    return {}


def _shown(row: Row, name: str) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": name,
        **{k: v for k, v in msgspec.to_builtins(row).items() if k != "key"},
        "satisfaction": row.satisfaction,
    }


def _csv(name: str, rows: Sequence[dict[str, Any]]) -> web.Response:
    """Spreadsheets take a value that begins with a sign for a formula: such ones are quoted for them."""
    flat = [_flat(row) for row in rows]
    written = io.StringIO()
    writer = csv.DictWriter(written, list(flat[0]) if flat else [name])
    writer.writeheader()
    writer.writerows(flat)
    headers = {"Content-Disposition": f'attachment; filename="report-{name}.csv"'}
    return web.Response(text=written.getvalue(), content_type="text/csv", charset="utf-8", headers=headers)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            found |= {f"{name}_{each}": what for each, what in value.items()}
        else:
            found[name] = f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value
    return found
