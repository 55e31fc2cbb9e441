"""The contract of `Desks`, kept alike on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.desk.bodies import LIMITS, Body, Kind, Row, decode_body
from domain.desk.model import Desk
from domain.directory import Account, App
from domain.errors import Refused
from storage.ports import Database
from storage.sql import desk as module
from storage.sql.database import open_database
from storage.sql.desk import Desks, Draft, forget_account
from storage.sql.directory import Directory

APP, OTHER, ANA, BEN = "a" * 24, "b" * 24, "c" * 24, "d" * 24


def body(kind: Kind, **fields: Any) -> Body:
    return decode_body(kind, json.dumps(fields).encode())


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    opened = open_database(request.getfixturevalue("sqlite_path" if request.param == "sqlite" else "postgres_url"))
    directory = Directory(opened)
    for app_id in (APP, OTHER):
        await directory.create_app(App(app_id, "App"))
    await directory.create_account(Account(ANA, "ana@example.org", "hash", "agent", "Ana"))
    yield opened
    await opened.close()


@pytest.fixture
async def desks(database: Database) -> Desks:
    return Desks(database)


async def add(desks: Desks, kind: Kind, app_id: str = APP, **fields: Any) -> Row:
    return await desks.write(app_id, "agent:ana", 5, lambda draft: draft.add(kind, body(kind, **fields)))


class TestTheFirstDesk:
    async def test_a_new_app_can_route(self, desks: Desks) -> None:
        desk = await desks.current(APP)
        (group,) = desk.groups.values()
        assert ("Support", True) == (group.name, group.is_default)
        ana = desk.agents[ANA]
        assert ((group.id,), group.id, "Ana") == (ana.groups, ana.default_group, ana.name)
        assert 0 < ana.number
        assert {"messaging": 5, "support": 20} == desk.capacity_rules[0].limits
        assert ["subject", "description"] == [row.body.type for row in await desks.rows(APP, "field")][:2]
        assert desk is await desks.current(APP)

    async def test_it_is_made_once(self, database: Database) -> None:
        found = await asyncio.gather(*(Desks(database).current(APP) for _ in range(4)))
        assert 1 == len({tuple(desk.groups) for desk in found})
        assert 1 == len(await Desks(database).rows(APP, "group"))
        assert 1 == len(await Desks(database).rows(APP, "membership"))

    async def test_who_comes_later_is_in_the_first_group(self, desks: Desks, database: Database) -> None:
        group = next(iter((await desks.current(APP)).groups))
        await Directory(database).create_account(Account(BEN, "ben@example.org", "hash", "admin", "Ben", app_id=APP))
        ben = (await desks.current(APP)).agents[BEN]
        assert ((group,), "admin") == (ben.groups, ben.role)
        assert BEN not in (await desks.current(OTHER)).agents

    async def test_an_app_that_is_not_there_gets_none(self, desks: Desks) -> None:
        assert {} == (await desks.current("f" * 24)).groups
        assert [] == await desks.rows("f" * 24, "group")
        with pytest.raises(Refused):
            await add(desks, "group", "f" * 24, name="Ghosts")


class TestRows:
    async def test_they_are_the_apps_own(self, desks: Desks) -> None:
        made = await add(desks, "group", name="Billing")
        assert made == await desks.get(APP, "group", made.number)
        assert None is await desks.get(OTHER, "group", made.number)
        assert None is await desks.get(APP, "macro", made.number)
        assert "Billing" == (await desks.current(APP)).groups[made.number].name
        assert made.number not in (await desks.current(OTHER)).groups

    async def test_a_change_is_seen_by_everybody(self, desks: Desks, database: Database) -> None:
        elsewhere = Desks(database)
        before = await elsewhere.current(APP)
        made = await add(desks, "group", name="Billing")
        changed = await desks.write(APP, "agent:ana", 9, lambda draft: draft.replace(made, body("group", name="Invoices")))
        assert (5, 9) == (changed.created_ms, changed.updated_ms)
        after = await elsewhere.current(APP)
        assert before.version < after.version
        assert "Invoices" == after.groups[made.number].name
        await desks.write(APP, "agent:ana", 10, lambda draft: draft.drop(changed))
        assert made.number not in (await elsewhere.current(APP)).groups

    async def test_what_changes_nothing_raises_no_version(self, desks: Desks) -> None:
        made = await add(desks, "group", name="Billing")
        before = await desks.current(APP)
        assert made == await desks.write(APP, "agent:ana", 9, lambda draft: draft.replace(made, made.body))
        assert before is await desks.current(APP)

    async def test_they_are_in_order_of_position(self, desks: Desks) -> None:
        made = [await add(desks, "group", name=name) for name in "abc"]
        await desks.write(APP, "agent:ana", 9, lambda draft: draft.replace(made[2], position=-1))
        assert ["c", "Support", "a", "b"] == [row.body.name for row in await desks.rows(APP, "group")]

    async def test_of_a_change_that_is_refused_nothing_is_left(self, desks: Desks) -> None:
        before = await desks.current(APP)

        def work(draft: Draft) -> None:
            draft.add("group", body("group", name="Half"))
            raise Refused("conflict", "No")

        with pytest.raises(Refused):
            await desks.write(APP, "agent:ana", 9, work)
        assert before is await desks.current(APP)

    async def test_changes_come_one_after_the_other(self, desks: Desks) -> None:
        """Each is made on what the one before has left: no count is lost."""
        made = await add(desks, "group", name="0")

        def one_more(draft: Draft) -> None:
            row = draft.get("group", made.number)
            assert row is not None
            draft.replace(row, body("group", name=str(int(row.body.name) + 1)))

        await asyncio.gather(*(desks.write(APP, "agent:ana", 9, one_more) for _ in range(8)))
        assert "8" == (await desks.current(APP)).groups[made.number].name

    async def test_there_are_at_most_so_many(self, desks: Desks) -> None:
        def fill(draft: Draft) -> None:
            for number in range(LIMITS["schedule"]):
                draft.add("schedule", body("schedule", name=str(number), time_zone="UTC"))

        await desks.write(APP, "agent:ana", 9, fill)
        with pytest.raises(Refused) as refused:
            await add(desks, "schedule", name="more", time_zone="UTC")
        assert "bad_request" == refused.value.code

    async def test_a_row_is_bounded(self, desks: Desks) -> None:
        actions = [{"field": "comment_value", "value": "x" * 16_000}] * 5
        with pytest.raises(Refused) as refused:
            await add(desks, "macro", title="Long", actions=actions)
        assert "payload_too_large" == refused.value.code


class TestRules:
    async def test_a_rule_names_people_by_their_numbers(self, desks: Desks) -> None:
        number = (await desks.current(APP)).agents[ANA].number
        conditions = {"all": [{"field": "assignee_id", "operator": "is", "value": str(number)}]}
        await add(desks, "trigger", title="T", conditions=conditions, actions=[{"field": "status", "value": "open"}])
        desk = await desks.current(APP)
        assert (ANA, ()) == (desk.triggers[0].conditions.all[0].value, desk.faults)

    async def test_one_that_cannot_be_followed_harms_no_other(self, desks: Desks) -> None:
        for group in ("999", ""):
            conditions = {"all": [{"field": "group_id", "operator": "is", "value": group}]}
            await add(desks, "trigger", title=group or "none", conditions=conditions, actions=[{"field": "status", "value": "open"}])
        desk = await desks.current(APP)
        assert (["none"], 1) == ([one.name for one in desk.triggers], len(desk.faults))


class TestGoing:
    async def test_an_app_takes_its_desk_along(self, desks: Desks, database: Database) -> None:
        await add(desks, "group", name="Billing")
        await Directory(database).delete_app(APP)
        assert ([], {}) == (await desks.rows(APP, "group"), (await desks.current(APP)).groups)
        assert ([], 0) == await desks.log(APP, limit=10)
        assert 1 == len((await desks.current(OTHER)).groups)

    async def test_an_account_takes_its_rows_along(self, desks: Desks, database: Database) -> None:
        await desks.current(APP)
        await add(desks, "agent", account=ANA, skills=[])
        await database.write(lambda c: forget_account(c, ANA))
        rows = await database.read(lambda c: [*module._rows(c, APP, ("membership", "agent"))])
        assert [] == rows


class TestLog:
    async def test_it_says_who_changed_what(self, desks: Desks) -> None:
        made = await add(desks, "group", name="Billing")
        await desks.write(APP, "key:1", 9, lambda draft: draft.replace(made, body("group", name="Invoices")))
        await desks.write(APP, "key:1", 11, lambda draft: draft.drop(made))
        found, count = await desks.log(APP, limit=2)
        assert 3 == count
        assert [("destroy", (), 11), ("update", ("name",), 9)] == [(one.action, one.fields, one.at_ms) for one in found]
        assert ("key:1", "group", made.number, "Invoices") == (found[1].by, found[1].kind, found[1].row, found[1].label)
        (first,), _ = await desks.log(APP, limit=5, before=found[1].number)
        assert ("create", "agent:ana") == (first.action, first.by)
        assert ([], 0) == await desks.log(OTHER, limit=5)

    async def test_it_is_bounded(self, desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "MAX_LOG", 3)
        for name in "abcde":
            await add(desks, "group", name=name)
        found, count = await desks.log(APP, limit=9)
        assert (3, ["e", "d", "c"]) == (count, [one.label for one in found])


async def test_desks_are_held_within_bounds(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CACHED", 1)
    first = await desks.current(APP)
    await desks.current(OTHER)
    again: Desk = await desks.current(APP)
    assert first == again and first is not again
