"""Organizations and who belongs to them, alike on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from msgspec.structs import replace

from domain.directory import App, User
from domain.errors import Refused
from domain.finding.filters import Test
from domain.organizations import Body
from domain.ticket.model import Ticket
from storage.ports import Database, RowChange
from storage.sql import read_rows
from storage.sql.directory import Directory
from storage.sql.organizations import Organizations
from storage.sql.support_people import People
from storage.sql.tickets import Tickets, kept, of

APP, OTHER = "a" * 24, "b" * 24
AMY, MAX = "1" * 24, "2" * 24
NOW_MS = 1_750_000_000_000


@pytest.fixture
def rows(database: Database) -> Organizations:
    return Organizations(database)


async def test_there_is_one_of_a_name(rows: Organizations) -> None:
    acme = await rows.add(APP, Body("Acme Été", "x-1", tags=("vip",)), NOW_MS)
    for body in (Body("ACME ete"), Body("Other", "x-1")):
        with pytest.raises(Refused):
            await rows.add(APP, body, NOW_MS)
    await rows.add(OTHER, Body("Acme Été", "x-1"), NOW_MS)
    changed = await rows.change(APP, acme.number, lambda body: replace(body, details="Big"), NOW_MS + 1)
    assert {acme.number: changed} == await rows.get(APP, [acme.number])
    assert changed is not None
    assert ("Big", NOW_MS, NOW_MS + 1) == (changed.body.details, changed.created_ms, changed.updated_ms)
    assert {} == await rows.get(OTHER, [acme.number])
    assert await rows.change(APP, 999, lambda body: body, NOW_MS) is None


async def test_how_they_are_found(rows: Organizations) -> None:
    names = (("Acme Sons", "x-1"), ("Sons of Acme", None), ("100%_x", None))
    made = [await rows.add(APP, Body(name, external), NOW_MS) for name, external in names]
    for asked, expected in (
        ({"words": ["son"]}, [0, 1]),
        ({"words": ["acme", "of"]}, [1]),
        ({"words": ["ons"]}, []),
        ({"words": ["100"]}, [2]),
        ({"name": "acme SONS"}, [0]),
        ({"external_ids": ["x-1", "x-2"]}, [0]),
    ):
        found, count = await rows.listed(APP, **asked)  # type: ignore[arg-type]
        assert ([made[at] for at in expected], len(expected)) == (found, count), asked
    assert ([made[1]], 3) == await rows.listed(APP, limit=1, offset=1)


async def test_one_of_somebodys_organizations_is_the_default(rows: Organizations) -> None:
    first, second, third = [(await rows.add(APP, Body(name), NOW_MS)).number for name in ("One", "Two", "Three")]
    one = await rows.join(APP, AMY, first, NOW_MS)
    two = await rows.join(APP, AMY, second, NOW_MS)
    assert (True, False) == (one.is_default, two.is_default)
    with pytest.raises(Refused):
        await rows.join(APP, AMY, first, NOW_MS)
    with pytest.raises(Refused):
        await rows.join(APP, AMY, 999, NOW_MS)
    await rows.join(APP, AMY, third, NOW_MS, default=True)
    assert {AMY: third} == await rows.of_people(APP, [AMY, MAX])
    assert await rows.prefer(APP, AMY, two.number)
    assert not await rows.prefer(APP, MAX, two.number)
    assert {AMY: second} == await rows.of_people(APP, [AMY])
    assert await rows.leave(APP, two.number)
    assert {AMY: first} == await rows.of_people(APP, [AMY])
    assert await rows.remove(APP, first)
    assert {AMY: third} == await rows.of_people(APP, [AMY])
    assert not await rows.remove(APP, first)
    found, count = await rows.memberships(APP, user_id=AMY)
    assert (1, [third]) == (count, [each.organization for each in found])


async def test_tickets_and_people_are_found_by_it(database: Database, rows: Organizations) -> None:
    directory = Directory(database)
    await directory.create_app(App(APP, "Shop"))
    for user in (AMY, MAX):
        await directory.create_user(User(APP, user, user[::-1].replace("1", "3").replace("2", "4")))
    acme = (await rows.add(APP, Body("Acme"), NOW_MS)).number
    await rows.join(APP, AMY, acme, NOW_MS)
    those = [Ticket(APP, f"{n:024x}", n, requester_id=who, created_ms=1, updated_ms=1) for n, who in enumerate((AMY, MAX), 1)]
    await database.write(lambda c: read_rows.write(c, [(APP, RowChange("tickets", one.id, msgspec.json.encode(one))) for one in those]))
    shelf = Tickets(database)
    assert [1, 1] == await shelf.counts(APP, [kept(of("organization", acme)), kept(of("organization", None))])
    assert [AMY] == [one.id for one in (await People(database).users(APP, Test("organization", "=", acme), limit=5)).users]
    assert await directory.departures.erase_user(APP, AMY, NOW_MS)
    assert {} == await rows.of_people(APP, [AMY])


async def test_who_joins_twice_at_once_joins_once(rows: Organizations) -> None:
    acme = (await rows.add(APP, Body("Acme"), NOW_MS)).number
    told = await asyncio.gather(*(rows.join(APP, AMY, acme, NOW_MS) for _ in range(4)), return_exceptions=True)
    assert 1 == len([one for one in told if not isinstance(one, Exception)])
    assert 1 == (await rows.memberships(APP))[1]
