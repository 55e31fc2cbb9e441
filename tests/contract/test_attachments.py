"""The contract of `Attachments`, kept alike on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from domain.attachments import Attachment
from domain.directory import App
from storage.ports import Database
from storage.sql.attachments import Attachments
from storage.sql.directory import Directory

APP, OTHER = "a" * 24, "b" * 24
TALK, ADA = "d" * 24, "e" * 24


@pytest.fixture
def rows(database: Database) -> Attachments:
    return Attachments(database)


def one(number: int, **fields: Any) -> Attachment:
    given = {"app_id": APP, "access": "public", "for_message": True, **fields}
    known = {"name": "é.png", "media_type": "image/png", "size": 2**33, "sender": "key:x", "created_ms": 1_000}
    return Attachment(id=f"{number:024x}", key=f"{number:032x}", **known, **given)  # type: ignore[arg-type]


async def test_a_row_is_read_as_written_by_id_and_by_key(rows: Attachments) -> None:
    made = one(1, access="private", user_id=ADA, conversation_id=TALK, expires_ms=9_000, width=3, height=4)
    await rows.add(made)
    await rows.add(one(2))
    assert made == await rows.get(APP, made.id) == await rows.by_key(APP, made.key)
    assert one(2) == await rows.get(APP, one(2).id)
    assert (None, None) == (await rows.get(OTHER, made.id), await rows.by_key(OTHER, made.key))


async def test_a_message_makes_it_its_conversations(rows: Attachments) -> None:
    await rows.add(one(1, expires_ms=5_000))
    await rows.add(one(2, for_message=False))
    claimed = await rows.claim(APP, one(1).key, None, TALK, None)
    assert one(1, used=True, conversation_id=TALK) == claimed == await rows.get(APP, one(1).id)
    again = await rows.claim(APP, one(1).key, None, "f" * 24, 7_000)
    assert one(1, used=True, conversation_id=TALK, expires_ms=7_000) == again, "it stays the first one's"
    for_good = await rows.claim(APP, one(2).key, None, TALK, 7_000)
    assert for_good is not None and for_good.expires_ms is None, "what is not for messages does not go with them"
    assert None is await rows.claim(OTHER, one(1).key, None, TALK, None)
    assert None is await rows.claim(APP, "0" * 32, None, TALK, None)


async def test_a_visitor_claims_their_own_that_of_their_conversation_and_what_nobody_has(rows: Attachments) -> None:
    elsewhere = {"conversation_id": "f" * 24}
    known = ({"user_id": ADA, **elsewhere}, {"conversation_id": TALK}, {}, elsewhere, {"access": "private"})
    for number, fields in enumerate(known):
        await rows.add(one(number, **fields))
    found = [await rows.claim(APP, one(number).key, ADA, TALK, None) is not None for number in range(len(known))]
    assert [True, True, True, False, False] == found


async def test_what_goes_with_what(rows: Attachments) -> None:
    made = [
        one(1, conversation_id=TALK),
        one(2, conversation_id=TALK, user_id=ADA),
        one(3, conversation_id=TALK, for_message=False),
        one(4, user_id=ADA),
        one(5, conversation_id=TALK, app_id=OTHER),
    ]
    for each in made:
        await rows.add(each)
    assert [1, 2] == numbers(await rows.of_conversation(APP, TALK, 10))
    assert 1 == len(await rows.of_conversation(APP, TALK, 1))
    assert [2, 4] == numbers(await rows.of_user(APP, ADA, 10))
    keys = [each.key for each in made]
    assert [1, 2] == numbers(await rows.of_message(APP, TALK, keys))
    assert [] == await rows.of_message(APP, "f" * 24, keys)
    assert 2 == await rows.delete(APP, [made[0].id, made[1].id, made[4].id])
    assert [4] == numbers(await rows.of_user(APP, ADA, 10))
    assert made[4] == await rows.get(OTHER, made[4].id)


async def test_those_whose_time_has_come_longest_ago_are_found_first(rows: Attachments) -> None:
    for number, until_ms in ((1, 3_000), (2, 1_000), (3, None), (4, 2_000), (5, 9_000)):
        await rows.add(one(number, expires_ms=until_ms, app_id=OTHER if number == 4 else APP))
    assert [2, 4, 1] == [int(each.id, 16) for each in await rows.expired(3_000, 10)]
    assert [2] == [int(each.id, 16) for each in await rows.expired(3_000, 1)]
    await rows.postpone(one(2), 4_000)
    await rows.postpone(one(1), None)
    assert [4] == [int(each.id, 16) for each in await rows.expired(3_000, 10)]


async def test_they_go_with_their_app(rows: Attachments, database: Database) -> None:
    directory = Directory(database)
    for app_id in (APP, OTHER):
        await directory.create_app(App(app_id, "App"))
        await rows.add(one(1, app_id=app_id))
    assert await directory.delete_app(APP)
    assert (None, replace(one(1), app_id=OTHER)) == (await rows.get(APP, one(1).id), await rows.get(OTHER, one(1).id))


def numbers(found: list[Attachment]) -> list[int]:
    return sorted(int(each.id, 16) for each in found)
