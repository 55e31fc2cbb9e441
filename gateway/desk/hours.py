"""Schedules and their holidays. Source: Zendesk's Support API, Schedules. Zones are those of the IANA database."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from msgspec.structs import replace

from domain.decode import convert
from domain.desk import building
from domain.desk.bodies import Body, HolidayBody, Row, ScheduleBody
from domain.desk.model import Desk
from gateway.desk.resources import Given, Json, Resource, all_shown, desks, given_object, refuse_while, write
from gateway.zendesk.operations import Call, answer, not_found, nothing
from storage.sql.desk import Draft

_DAY = 24 * 60
#: Monday to Friday, nine to five: what a schedule has until it is told otherwise.
_USUAL = [{"start_time": day * _DAY + 9 * 60, "end_time": day * _DAY + 17 * 60} for day in range(1, 6)]


def _read(given: Given, before: Body | None, draft: Draft) -> Json:
    found = {name: value for name, value in given.items() if name != "holidays"}  # which have addresses of their own
    return found if before is not None or "intervals" in found else found | {"intervals": _USUAL}


def _check(row: Row, draft: Draft) -> None:
    building.schedule_of(row.body)


def _free(row: Row, draft: Draft) -> None:
    refuse_while(any(one.body.schedule_id == row.number for one in draft.rows("sla")), "An SLA policy counts by the schedule")
    refuse_while(draft.desk.routing.schedule == row.number, "The routing goes by the schedule")


def _show(row: Row, desk: Desk) -> Json:
    body: ScheduleBody = row.body
    intervals = [{"start_time": one.start_time, "end_time": one.end_time} for one in body.intervals]
    return {"name": body.name, "time_zone": body.time_zone, "intervals": intervals, "country": body.country, "region": body.region}


SCHEDULES = Resource("schedule", "schedule", "schedules", "/business_hours/schedules", _read, _check, _show, _free)


async def set_workweek(call: Call) -> web.Response:
    given = given_object(call, "workweek")

    def work(draft: Draft) -> Row:
        row = _schedule(call, draft)
        body = convert({**_built(row), "intervals": given.get("intervals")}, ScheduleBody, "workweek")
        after = draft.replace(row, body)
        _check(after, draft)
        return after

    row = await write(call, work)
    return answer({"workweek": {"intervals": (await all_shown(call, SCHEDULES, [row]))[0]["intervals"]}})


def _built(row: Row) -> dict[str, Any]:
    return {name: getattr(row.body, name) for name in row.body.__struct_fields__}


def _schedule(call: Call, draft: Draft) -> Row:
    row = draft.get("schedule", call.number())
    if row is None:
        raise not_found()
    return row


def _holiday(one: HolidayBody) -> Json:
    return {"id": one.id, "name": one.name, "start_date": one.start_date, "end_date": one.end_date}


async def list_holidays(call: Call) -> web.Response:
    row = await desks(call).get(call.app.id, "schedule", call.number())
    if row is None:
        raise not_found()
    holidays = [_holiday(one) for one in row.body.holidays]
    return answer({"holidays": holidays, "count": len(holidays), "next_page": None, "previous_page": None})


async def show_holiday(call: Call) -> web.Response:
    row = await desks(call).get(call.app.id, "schedule", call.number())
    found = [one for one in (row.body.holidays if row is not None else ()) if one.id == call.number("holiday_id")]
    if not found:
        raise not_found()
    return answer({"holiday": _holiday(found[0])})


async def create_holiday(call: Call) -> web.Response:
    given = given_object(call, "holiday")

    def work(draft: Draft) -> HolidayBody:
        row = _schedule(call, draft)
        return _put(draft, row, convert({**given, "id": draft.number()}, HolidayBody, "holiday"))

    return answer({"holiday": _holiday(await write(call, work))}, 201)


async def update_holiday(call: Call) -> web.Response:
    given = given_object(call, "holiday")

    def work(draft: Draft) -> HolidayBody:
        row = _schedule(call, draft)
        number = call.number("holiday_id")
        before = next((one for one in row.body.holidays if one.id == number), None)
        if before is None:
            raise not_found()
        return _put(draft, row, convert({**_holiday(before), **given, "id": number}, HolidayBody, "holiday"))

    return answer({"holiday": _holiday(await write(call, work))})


async def delete_holiday(call: Call) -> web.Response:
    def work(draft: Draft) -> None:
        row = _schedule(call, draft)
        kept = tuple(one for one in row.body.holidays if one.id != call.number("holiday_id"))
        if len(kept) == len(row.body.holidays):
            raise not_found()
        draft.replace(row, replace(row.body, holidays=kept))

    await write(call, work)
    return nothing()


def _put(draft: Draft, row: Row, holiday: HolidayBody) -> HolidayBody:
    others = tuple(one for one in row.body.holidays if one.id != holiday.id)
    holidays = sorted((*others, holiday), key=lambda one: (one.start_date, one.id))
    checked = convert({**_built(row), "holidays": holidays}, ScheduleBody, "holiday")
    _check(draft.replace(row, checked), draft)
    return holiday
