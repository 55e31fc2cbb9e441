"""People who go: what goes with them, and what is told to whom, alike on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from domain.directory import About, Account, App, Identity, Profile, Session, User
from domain.errors import Refused
from domain.ticket.model import Ticket
from storage.ports import Database, RowChange
from storage.sql import read_rows
from storage.sql.departures import FORGET, PER_PART, RELEASE
from storage.sql.desk import Desks
from storage.sql.directory import Directory
from storage.sql.support_jobs import JobRows

APP, OTHER = "a" * 24, "b" * 24
ANA, BEN, EVE, AMY = "1" * 24, "2" * 24, "3" * 24, "4" * 24
NOW_MS = 1_750_000_000_000


@pytest.fixture
async def directory(database: Database) -> Directory:
    made = Directory(database)
    for app in (APP, OTHER):
        await made.create_app(App(app, "Shop"))
    for identifier, role, app_id in ((ANA, "admin", APP), (BEN, "agent", APP), (EVE, "admin", OTHER)):
        account = Account(identifier, f"{identifier[0]}@example.org", "hash", role, f"Agent {identifier[0]}", app_id)  # type: ignore[arg-type]
        await made.create_account(account)
    await made.create_session(Session(b"t" * 32, "agent", NOW_MS, NOW_MS * 2, app_id=APP, account_id=BEN))
    return made


async def put(database: Database, highest: int) -> None:
    one = Ticket(APP, "f" * 24, highest, requester_id=AMY, assignee_id=BEN, created_ms=1, updated_ms=1)
    await database.write(lambda c: read_rows.write(c, [(APP, RowChange("tickets", one.id, msgspec.json.encode(one)))]))


async def jobs(database: Database) -> list[tuple[str, list[dict[str, Any]]]]:
    found = await JobRows(database).latest(APP, 9)
    return [(one.kind, [{name: each[name] for name in each if name != "by"} for each in one.work]) for one in found]


async def test_an_agent_goes_with_seats_and_sessions(database: Database, directory: Directory) -> None:
    await put(database, PER_PART + 1)
    before = await Desks(database).current(APP)
    assert {ANA, BEN} == before.agents.keys()
    gone = await directory.departures.remove_account(BEN, NOW_MS)
    assert gone is not None
    after = await Desks(database).current(APP)
    assert ({ANA}, True) == (after.agents.keys(), after.version > before.version)
    assert set() == await directory.valid_sessions([b"t" * 32], NOW_MS)
    assert [(RELEASE, [{"agent": BEN, "after": 0}, {"agent": BEN, "after": PER_PART}])] == await jobs(database)
    [told], count = await directory.departures.gone(APP)
    assert (1, BEN, "agent", "Agent 2", before.agents[BEN].number) == (count, told.id, told.role, told.name, told.number)
    assert ([], 0) == await directory.departures.gone(OTHER)
    assert await directory.departures.remove_account(BEN, NOW_MS) is None


async def test_somebody_can_administer_an_app_always(directory: Directory) -> None:
    for change in (lambda one: replace(one, role="agent"), lambda one: replace(one, suspended=True)):
        with pytest.raises(Refused):
            await directory.change_account(ANA, change, NOW_MS)
    with pytest.raises(Refused):
        await directory.departures.remove_account(ANA, NOW_MS)
    await directory.change_account(BEN, lambda one: replace(one, role="admin"), NOW_MS)
    assert await directory.departures.remove_account(ANA, NOW_MS) is not None
    assert await directory.departures.remove_account(BEN, NOW_MS, last_too=True) is not None


async def test_who_is_suspended_is_no_agent_for_now(database: Database, directory: Directory) -> None:
    await put(database, 1)
    await directory.change_account(BEN, lambda one: replace(one, suspended=True), NOW_MS)
    assert {ANA} == (await Desks(database).current(APP)).agents.keys()
    assert set() == await directory.valid_sessions([b"t" * 32], NOW_MS)
    assert [(RELEASE, [{"agent": BEN, "after": 0}])] == await jobs(database)
    await directory.change_account(BEN, lambda one: replace(one, suspended=False), NOW_MS)
    agents = (await Desks(database).current(APP)).agents
    assert agents[BEN].groups, "they are where they were"


async def test_a_suspended_customers_sockets_end(directory: Directory) -> None:
    await directory.create_user(User(APP, AMY, "5" * 24))
    await directory.create_session(Session(b"v" * 32, "visitor", NOW_MS, NOW_MS * 2, app_id=APP, user_id=AMY))
    assert {b"v" * 32} == await directory.valid_sessions([b"v" * 32], NOW_MS)
    await directory.change_user(APP, AMY, lambda one: replace(one, suspended=True))
    assert set() == await directory.valid_sessions([b"v" * 32], NOW_MS)


async def test_a_customer_leaves_a_number_and_no_word(database: Database, directory: Directory) -> None:
    await put(database, 1)
    about = About(("vip",), "difficult", phone="+33 1")
    user = User(APP, AMY, "5" * 24, profile=Profile("Amy"), identities=(Identity("email", "a@example.org"),), about=about, suspended=True)
    await directory.create_user(user)
    assert user == await directory.get_user(APP, AMY)
    assert await directory.departures.erase_user(APP, AMY, NOW_MS)
    assert (None, []) == (await directory.get_user(APP, AMY), await directory.users_by_email(APP, "a@example.org"))
    assert [(FORGET, [{"user": AMY, "after": 0}])] == await jobs(database)
    [told], _ = await directory.departures.gone(APP)
    assert (AMY, "", NOW_MS) == (told.id, told.name, told.at_ms)
    assert ([told], 1) == await directory.departures.gone(APP, number=told.number)
    await directory.departures.forget_gone(APP, AMY)
    assert ([], 0) == await directory.departures.gone(APP)
    assert not await directory.departures.erase_user(APP, AMY, NOW_MS)
    assert ([], 0) == await directory.departures.gone(APP)
