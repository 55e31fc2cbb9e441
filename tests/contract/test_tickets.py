"""The contract of the read table of tickets, of what is found in it, and of users' marks, alike on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import insert

from domain.directory import Identity, Profile, User
from domain.errors import Refused
from domain.finding import filters, people
from domain.finding.filters import Either, Every, Filter, Marked, Phrase, Test, Without
from domain.finding.search import Names, compiled, compiled_people, parse
from domain.ticket.model import Metrics, Ticket
from storage.ports import Database, RowChange
from storage.sql import read_rows
from storage.sql.database import open_database
from storage.sql.directory import Directory
from storage.sql.directory_rows import of_user
from storage.sql.directory_tables import users
from storage.sql.support_jobs import KEPT_MS, MAX_JOBS, Job, JobRows
from storage.sql.support_people import People
from storage.sql.tickets import Part, Tickets, kept, of
from storage.sql.tickets_tables import ticket_marks
from tests.contract.test_expanding import to

APP, OTHER = "a" * 24, "b" * 24
ANA, BEN = "1" * 24, "2" * 24
NOW_MS = 1_750_000_000_000


@pytest.fixture
def shelf(database: Database) -> Tickets:
    return Tickets(database)


def ticket(number: int, app: str = APP, **fields: Any) -> Ticket:
    given: dict[str, Any] = {"requester_id": ANA, "created_ms": NOW_MS + number, "updated_ms": NOW_MS + number} | fields
    return Ticket(app, f"{number:024x}", number, **given)


async def put(database: Database, *those: Ticket) -> None:
    changes = [(one.app, RowChange("tickets", one.id, msgspec.json.encode(one))) for one in those]
    await database.write(lambda c: read_rows.write(c, changes))


THOSE = (
    ticket(1, subject="Late parcel", description="Où est mon colis ?", status="open", tags=("late", "vip"), assignee_id=BEN, group_id=7),
    ticket(2, subject="parcel is late again", status="pending", priority="high", tags=("late",), fields={"12": "Red", "13": ["a", "b"]}),
    ticket(3, subject="100% broken_thing", status="solved", priority="low", type="problem", metrics=Metrics(solved_ms=NOW_MS + 9)),
    ticket(4, subject="Hello", external_id="x-4", problem_number=3, follower_ids=(BEN,), due_ms=NOW_MS + 500),
    ticket(5, subject="Gone", deleted=True),
)
ASKED: tuple[Filter, ...] = (
    filters.EVERYTHING,
    filters.NOTHING,
    kept(),
    kept(of("assignee_id", None)),
    of("priority", None),
    Test("priority", ">", 1),
    Without(Test("priority", ">", 1)),
    Test("status", "<", 4),
    Every((Test("status", ">=", 1), Without(Marked("tag", "vip")))),
    Either((Marked("field:12", "red"), Marked("field", "b"), Marked("follower", BEN))),
    Marked("tag", None),
    Marked("word", "par", True),
    Every((Marked("word", "late"), Phrase("late parcel"))),
    Phrase("100 broken_thing"),
    Test("solved_ms", "<=", NOW_MS + 9),
    of("nothing", None),
    Test("nothing", ">", 3),
)


async def test_a_tree_means_the_same_to_the_database_as_to_the_rules(database: Database, shelf: Tickets) -> None:
    await put(database, *THOSE, ticket(1, OTHER, subject="Late parcel", tags=("late",)))
    for asked in ASKED:
        expected = [one.number for one in THOSE if filters.meets(asked, filters.of_ticket(one))]
        listed = await shelf.listed(APP, asked, Part())
        assert expected == [one.number for one in listed.tickets], asked
        assert len(expected) == listed.count == await shelf.count(APP, asked)
    assert [5, 0, 4] == await shelf.counts(APP, ASKED[:3])


async def test_the_row_is_the_ticket_and_the_last_word_counts(database: Database, shelf: Tickets) -> None:
    first = THOSE[0]
    await put(database, *THOSE)
    changed = replace(first, status="hold", tags=("vip", "new"), subject="Found", updated_ms=NOW_MS + 99)
    await put(database, replace(first, status="closed"), changed)
    assert {1: changed} == await shelf.by_numbers(APP, [1, 5, 99])
    assert {5: THOSE[4]} == await shelf.by_numbers(APP, [5], deleted=True)
    assert (changed, None) == (await shelf.by_id(APP, first.id), await shelf.by_id(OTHER, first.id))
    assert [("late", 1), ("new", 1), ("vip", 1)] == await shelf.tags(APP, "", 10)
    assert ([("new", 1)], 3) == (await shelf.tags(APP, "late", 10, "n"), await shelf.tag_count(APP))
    assert {3} == await shelf.incidents(APP, [1, 3])


async def test_a_row_that_goes_takes_its_marks_along(database: Database, shelf: Tickets) -> None:
    await put(database, *THOSE)
    gone = [(APP, RowChange("tickets", one.id, None)) for one in (*THOSE, ticket(9))]
    await database.write(lambda c: read_rows.write(c, gone))
    assert 0 == await shelf.count(APP, filters.EVERYTHING)
    assert [] == await database.read(lambda c: list(c.execute(ticket_marks.select())))


@pytest.mark.parametrize("order", ["number", "priority", "subject", "assignee_id", "updated_ms"])
@pytest.mark.parametrize("descending", [False, True])
async def test_pages_in_both_directions(database: Database, shelf: Tickets, order: Any, descending: bool) -> None:
    await put(database, *THOSE)
    whole = await shelf.listed(APP, filters.EVERYTHING, Part(order=order, descending=descending))
    part = Part(2, order=order, descending=descending)
    first = await shelf.listed(APP, filters.EVERYTHING, part)
    second = await shelf.listed(APP, filters.EVERYTHING, replace(part, after=first.places[-1]))
    assert whole.tickets[:4] == first.tickets + second.tickets
    assert second == await shelf.listed(APP, filters.EVERYTHING, replace(part, offset=2))
    assert first.tickets == (await shelf.listed(APP, filters.EVERYTHING, replace(part, before=second.places[0]))).tickets


async def test_what_has_changed_since(database: Database, shelf: Tickets) -> None:
    await put(database, *THOSE)
    first, more = await shelf.changed(APP, (NOW_MS + 1, 1), NOW_MS + 5, 2)
    assert ([2, 3], True) == ([one.number for one in first], more)
    last, more = await shelf.changed(APP, (NOW_MS + 3, 3), NOW_MS + 6, 2)
    assert ([4, 5], False) == ([one.number for one in last], more)


async def test_queries_find_tickets(database: Database, shelf: Tickets) -> None:
    await put(database, *THOSE)
    names = Names(BEN, {"ana": (ANA,)}, {"support": (7,)}, {}, NOW_MS + 1000)
    expected = {
        "late parc": [1, 2],
        '"late parcel"': [1],
        "status<solved tags:late priority>low": [2],
        "assignee:me": [1],
        "assignee:none -tags:late": [3, 4],
        "requester:Ana group:support": [1],
        "status:open status:pending": [1, 2],
        "ou colis": [1],
        "3": [3],
        "custom_field_12:red": [2],
        "solved>1minute": [3],
    }
    for query, numbers in expected.items():
        found = await shelf.listed(APP, Every((filters.KEPT, compiled(parse(query), names))), Part())
        assert numbers == [one.number for one in found.tickets], query


async def test_people_are_found_by_what_is_known_of_them(database: Database) -> None:
    directory, shelf = Directory(database), People(database)
    known = [
        User(APP, f"{NOW_MS // 1000:08x}{'a' * 16}", "c" * 24, profile=Profile(given_name="Zoé", surname="Bell", email="zoe@example.org")),
        User(APP, f"{NOW_MS // 1000:08x}{'b' * 16}", "d" * 24, "ext", identities=(Identity("email", "Max@Example.org"),)),
        User(OTHER, f"{NOW_MS // 1000:08x}{'c' * 16}", "e" * 24, profile=Profile(given_name="Zoe")),
    ]
    for one in known:
        await directory.create_user(one)
    for query in (
        "zoe",
        "zoe bell",
        '"zoe bell"',
        "email:max@example.org",
        "max@example.org",
        "role:end-user",
        "role:agent",
        "created>1hour",
    ):
        asked = compiled_people(parse(query), Names(now_ms=NOW_MS + 5000))
        expected = [one for one in known[:2] if filters.meets(asked, people.of_user(one))]
        found = await shelf.users(APP, asked, limit=10)
        assert (expected, len(expected)) == (found.users, found.count), query
    await directory.change_user(APP, known[0].id, lambda user: replace(user, profile=Profile(given_name="Ada")))
    await directory.delete_user(APP, known[1].id)
    asked = compiled_people(parse("zoe"), Names())
    assert [] == (await shelf.users(APP, asked, limit=10)).users
    assert ["Ada"] == [one.profile.given_name for one in (await shelf.users(APP, filters.EVERYTHING, limit=10)).users]


class TestJobs:
    def job(self, at: int, **fields: Any) -> Job:
        return Job(APP, f"{at:024x}", "update", [{"id": 1}, {"id": 2}], created_ms=NOW_MS + at, **fields)

    async def test_a_job_is_one_servers_until_its_lease_ends(self, database: Database) -> None:
        rows = JobRows(database)
        await rows.add(self.job(1))
        first = await rows.take(NOW_MS, NOW_MS + 10)
        assert first == replace(self.job(1), status="working", lease_ms=NOW_MS + 10)
        assert await rows.take(NOW_MS + 9, NOW_MS + 20) is None
        second = await rows.take(NOW_MS + 10, NOW_MS + 20)
        assert first is not None and second is not None
        assert not await rows.save(first, replace(first, progress=1)), "another server has it"
        done = replace(second, progress=2, results=[{"success": True}], status="completed")
        assert await rows.save(second, done)
        assert [done] == await rows.get(APP, [done.id, "x"])
        assert ([], None) == (await rows.get(OTHER, [done.id]), await rows.take(NOW_MS + 99, NOW_MS + 100))

    async def test_each_job_is_taken_once_however_many_ask(self, database: Database) -> None:
        rows = JobRows(database)
        for at in range(5):
            await rows.add(self.job(at))
        taken = await asyncio.gather(*(rows.take(NOW_MS, NOW_MS + 10) for _ in range(8)))
        found = [one.id for one in taken if one is not None]
        assert len(found) == len(set(found))
        assert 5 == len(found) + len([one for _ in range(5) if (one := await rows.take(NOW_MS, NOW_MS + 10))])

    async def test_jobs_are_bounded_and_old_ones_go(self, database: Database) -> None:
        rows = JobRows(database)
        await rows.add(self.job(1, status="completed"))
        for at in range(MAX_JOBS):
            await rows.add(self.job(KEPT_MS + 2 + at))
        with pytest.raises(Refused):
            await rows.add(self.job(KEPT_MS + 99))
        latest = await rows.latest(APP, 100)
        assert (MAX_JOBS, f"{KEPT_MS + 1 + MAX_JOBS:024x}") == (len(latest), latest[0].id)


async def test_users_who_were_there_before_are_found(tmp_path: Path) -> None:
    database = open_database(tmp_path / "old.db")
    await database.write(to("0010"))
    old = User(APP, "1" * 24, "2" * 24, profile=Profile(given_name="Zoé"))
    values = {name: value for name, value in of_user(old).items() if name not in ("suspended", "about")}
    await database.write(lambda c: c.execute(insert(users).values(values)))
    await database.write(to("head"))
    assert [old] == (await People(database).users(APP, compiled_people(parse("zoe"), Names()), limit=5)).users
    await database.close()
