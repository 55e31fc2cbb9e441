"""What all things of a desk have in common in the API: lists, one by its number, made, changed, deleted, many at once.

A resource is a row of a table; what is its own is in functions: how a body is read, checked, and shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog
from aiohttp import web

from domain.decode import convert, decode
from domain.desk.bodies import BODIES, LIMITS, Body, Kind, Row
from domain.desk.facts import number_in
from domain.desk.model import Desk
from domain.desk.notices import MAILS
from domain.errors import Invalid, Refused
from gateway.routing.refreshing import refresh
from gateway.support import jobs, retiming
from gateway.support.pages import paged
from gateway.zendesk.operations import PREFIX, Call, Handle, Operation, answer, instant, not_found, nothing
from storage.sql.desk import Desks, Draft

log = structlog.get_logger()

Json = dict[str, Any]
#: What a request says of one thing.
Given = Mapping[str, Any]

MAX_POSITION = 2**31 - 1
MAX_MANY = 100
_object = msgspec.json.Decoder(dict[str, Any])


def _as_given(given: Given, before: Body | None, draft: Draft) -> Json:
    return dict(given)


def _unchecked(row: Row, draft: Draft) -> None:
    """Its type says all that there is to say."""


def _plainly(row: Row, desk: Desk) -> Json:
    return {name: msgspec.to_builtins(getattr(row.body, name)) for name in row.body.__struct_fields__}


def _all_of_them(rows: list[Row], call: Call, desk: Desk) -> list[Row]:
    return rows


@dataclass(frozen=True, slots=True)
class Resource:
    """`read` makes of a request the fields of a body, `check` refuses what cannot be, `show` gives the fields of an answer.

    `free` refuses to delete what others need; what goes along with it, it drops. `chosen` is what a list shows to whoever asks.
    """

    kind: Kind
    one: str
    many: str
    path: str
    read: Callable[[Given, Body | None, Draft], Json] = _as_given
    check: Callable[[Row, Draft], None] = _unchecked
    show: Callable[[Row, Desk], Json] = _plainly
    free: Callable[[Row, Draft], None] = _unchecked
    chosen: Callable[[list[Row], Call, Desk], list[Row]] = _all_of_them
    within: Callable[[Row], str] | None = None
    """The address of the thing that it is a part of, and of its like there; None: `path`."""

    def address(self, row: Row) -> str:
        path = self.path if self.within is None else self.within(row)
        return f"{PREFIX}{path}/{row.number}.json"


def desks(call: Call) -> Desks:
    return call.services.rooms.desks


def author(call: Call) -> str:
    """Who is named in the log."""
    return f"agent:{call.caller.account.id}" if call.caller.account else call.caller.name


def given_object(call: Call, name: str) -> Json:
    """The object of that name in the body. Raises Invalid."""
    found = decode(_object, call.body or b"{}", "").get(name)
    if not isinstance(found, dict):
        raise Invalid(name, "is required")
    _refuse_mail(call, found, "")
    return found


def _refuse_mail(call: Call, given: object, at: str) -> None:
    """Raises Invalid: a rule would send e-mail, and nothing here does."""
    actions = given.get("actions") if isinstance(given, dict) and not call.services.settings.mail else None
    for place, one in enumerate(actions if isinstance(actions, list) else []):
        if isinstance(one, dict) and one.get("field") in MAILS:
            why = "sends e-mail, and this installation sends none: its operator names no mail server"
            raise Invalid(f"{at}actions[{place}].field", why)


def given_list(call: Call, name: str, most: int = MAX_MANY) -> list[Any]:
    """The list of that name in the body. Raises Invalid."""
    found = decode(_object, call.body or b"{}", "").get(name)
    if not isinstance(found, list):
        raise Invalid(name, "is required")
    if len(found) > most:
        raise Invalid(name, f"must have at most {most}")
    for place, one in enumerate(found):
        _refuse_mail(call, one, f"{name}[{place}].")
    return found


def merged(resource: Resource, given: Given, before: Body | None, draft: Draft) -> Body:
    """The body after a request: what it leaves out stays, what it says is null is as if it had never been said. Raises Invalid."""
    base: Json = msgspec.to_builtins(before) if before is not None else {}
    after = base | resource.read(given, before, draft)
    kept = {name: value for name, value in after.items() if value is not None}
    body: Body = convert(kept, BODIES[resource.kind], "")
    return body


def position_of(given: Given) -> int | None:
    """Where it stands among its like: queues call it their order."""
    position = given.get("position", given.get("order"))
    if position is None:
        return None
    if not isinstance(position, int) or isinstance(position, bool) or not 0 <= position <= MAX_POSITION:
        raise Invalid("position", f"must be an integer from 0 to {MAX_POSITION}")
    return position


def shown(call: Call, resource: Resource, row: Row, desk: Desk) -> Json:
    """One thing as the API has it."""
    own = {"id": row.number, "url": call.base + resource.address(row)}
    times = {"created_at": instant(row.created_ms), "updated_at": instant(row.updated_ms)}
    return own | resource.show(row, desk) | times


async def all_shown(call: Call, resource: Resource, rows: Sequence[Row]) -> list[Json]:
    desk = await desks(call).current(call.app.id)
    return [shown(call, resource, row, desk) for row in rows]


# One after the other.


def list_of(resource: Resource, only: Callable[[Row], bool] = lambda row: True) -> Handle:
    async def list_all(call: Call) -> web.Response:
        found = [row for row in await desks(call).rows(call.app.id, resource.kind) if only(row)]
        rows = resource.chosen(found, call, await desks(call).current(call.app.id))
        places = {row.number: at for at, row in enumerate(rows, 1)}
        part, around = paged(call, rows, lambda row: places[row.number])
        return answer({resource.many: await all_shown(call, resource, part), **around})

    return list_all


def show_of(resource: Resource) -> Handle:
    async def show(call: Call) -> web.Response:
        row = await desks(call).get(call.app.id, resource.kind, call.number())
        if row is None:
            raise not_found()
        return answer({resource.one: (await all_shown(call, resource, [row]))[0]})

    return show


def count_of(resource: Resource) -> Handle:
    async def count(call: Call) -> web.Response:
        rows = await desks(call).rows(call.app.id, resource.kind)
        return answer({"count": {"value": len(rows), "refreshed_at": instant(call.now_ms())}})

    return count


def create_of(resource: Resource) -> Handle:
    async def create(call: Call) -> web.Response:
        given = given_object(call, resource.one)
        row = await write(call, lambda draft: created(resource, given, draft))
        response = answer({resource.one: (await all_shown(call, resource, [row]))[0]}, 201)
        response.headers["Location"] = call.base + resource.address(row)
        return response

    return create


def update_of(resource: Resource) -> Handle:
    async def change(call: Call) -> web.Response:
        given = given_object(call, resource.one)
        row = await write(call, lambda draft: changed(resource, call.number(), given, draft))
        return answer({resource.one: (await all_shown(call, resource, [row]))[0]})

    return change


def delete_of(resource: Resource) -> Handle:
    async def delete(call: Call) -> web.Response:
        await write(call, lambda draft: dropped(resource, call.number(), draft))
        return nothing()

    return delete


# Many at once. All of it is done, or nothing.


def create_many_of(resource: Resource) -> Handle:
    async def create_many(call: Call) -> web.Response:
        given = _many(given_list(call, resource.many), resource.many)
        rows = await write(
            call, lambda draft: [_told_by_place(resource, at, created, resource, one, draft) for at, one in enumerate(given)]
        )
        return answer({resource.many: await all_shown(call, resource, rows)}, 201)

    return create_many


def update_many_of(resource: Resource) -> Handle:
    """Each names itself by its `id`: positions, whether it is active, or anything else."""

    async def change_many(call: Call) -> web.Response:
        given = _many(given_list(call, resource.many), resource.many)

        def work(draft: Draft) -> list[Row]:
            return [_told_by_place(resource, at, changed, resource, _id(one), one, draft) for at, one in enumerate(given)]

        rows = await write(call, work)
        return answer({resource.many: await all_shown(call, resource, rows), "count": len(rows)})

    return change_many


def delete_many_of(resource: Resource) -> Handle:
    async def delete_many(call: Call) -> web.Response:
        numbers = numbers_in(call.request.query.get("ids", ""), "ids")

        def work(draft: Draft) -> None:
            for number in numbers:
                dropped(resource, number, draft)

        await write(call, work)
        return nothing()

    return delete_many


def reorder_of(resource: Resource, name: str) -> Handle:
    """In the order of the numbers that are given; those that are not named come after them."""

    async def reorder(call: Call) -> web.Response:
        wanted = [_number(one, name) for one in given_list(call, name, LIMITS[resource.kind])]

        def work(draft: Draft) -> list[Row]:
            rows = {row.number: row for row in draft.rows(resource.kind)}
            if len(set(wanted)) < len(wanted) or not set(wanted) <= rows.keys():
                raise Invalid(name, "must name each one that there is, once at most")
            order = [*wanted, *(number for number in rows if number not in set(wanted))]
            return [draft.replace(rows[number], position=at) for at, number in enumerate(order, 1)]

        rows = await write(call, work)
        return answer({resource.many: await all_shown(call, resource, rows), "count": len(rows)})

    return reorder


async def write(call: Call, work: Callable[[Draft], Any]) -> Any:
    """And let the routing look who may have what now, and the tickets what that is to them."""
    before = await desks(call).current(call.app.id)
    written = await desks(call).write(call.app.id, author(call), call.now_ms(), work)
    refresh(call.services.router, call.app.id)
    await _retime(call, before)
    return written


async def _retime(call: Call, before: Desk) -> None:
    if not retiming.matters(before, await desks(call).current(call.app.id)):
        return
    work: list[Json] = [dict(part) for part in await retiming.parts(call.services.rooms, call.app.id)]
    try:
        if work:
            await jobs.queued(call, "retime", work)
    except Refused as refused:  # the desk is changed all the same: tickets hear of it with their next change
        log.warning("tickets_not_retimed", app=call.app.id, code=refused.code)


def created(resource: Resource, given: Given, draft: Draft) -> Row:
    body = merged(resource, given, None, draft)
    row = draft.add(resource.kind, body, position_of(given))
    resource.check(row, draft)
    return draft.get(resource.kind, row.number) or row


def changed(resource: Resource, number: int, given: Given, draft: Draft) -> Row:
    row = draft.get(resource.kind, number)
    if row is None:
        raise not_found()
    after = draft.replace(row, merged(resource, given, row.body, draft), position_of(given))
    resource.check(after, draft)
    return draft.get(resource.kind, number) or after


def dropped(resource: Resource, number: int, draft: Draft) -> None:
    row = draft.get(resource.kind, number)
    if row is None:
        raise not_found()
    resource.free(row, draft)
    draft.drop(row)


def _told_by_place(resource: Resource, at: int, work: Callable[..., Row], *given: Any) -> Row:
    """A refusal says which of many it is of. Raises Invalid, Refused."""
    try:
        return work(*given)
    except Invalid as error:
        problem = error.title.removeprefix(f"{error.field}: ")
        raise Invalid(f"{resource.many}[{at}].{error.field}", problem) from None


def numbers_in(text: str, name: str) -> list[int]:
    """Numbers with commas between them. Raises Invalid."""
    found = [_number(part.strip(), name) for part in text.split(",") if part.strip()]
    if not 1 <= len(found) <= MAX_MANY:
        raise Invalid(name, f"must have 1 to {MAX_MANY} numbers")
    return found


def _many(given: list[Any], name: str) -> list[Json]:
    if not given or not all(isinstance(one, dict) for one in given):
        raise Invalid(name, "must have objects")
    return given


def _id(given: Given) -> int:
    return _number(given.get("id"), "id")


def _number(given: object, name: str) -> int:
    number = number_in(given)
    if number is None:
        raise Invalid(name, "must be a number")
    return number


def operations_of(resource: Resource, *, order: str | None = None, many: bool = True, lists: Handle | None = None) -> list[Operation]:
    """The operations that a resource has like all others. `order`: how numbers are named when it is reordered; `lists`: its own list."""
    path = resource.path
    found = [
        Operation("GET", path, "write", lists or list_of(resource)),
        Operation("POST", path, "admin", create_of(resource)),
        Operation("GET", f"{path}/count", "write", count_of(resource)),
        Operation("GET", f"{path}/{{id}}", "write", show_of(resource)),
        Operation("PUT", f"{path}/{{id}}", "admin", update_of(resource)),
        Operation("DELETE", f"{path}/{{id}}", "admin", delete_of(resource)),
    ]
    if many:
        found += [
            Operation("POST", f"{path}/create_many", "admin", create_many_of(resource)),
            Operation("PUT", f"{path}/update_many", "admin", update_many_of(resource)),
            Operation("DELETE", f"{path}/destroy_many", "admin", delete_many_of(resource)),
        ]
    if order is not None:
        found.append(Operation("PUT", f"{path}/reorder", "admin", reorder_of(resource, order)))
    return found


def refuse_while(used: bool, what: str) -> None:
    """Raises Refused (`conflict`)."""
    if used:
        raise Refused("conflict", what)
