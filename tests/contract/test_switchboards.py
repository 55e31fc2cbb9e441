"""The contract of `Switchboards`, kept alike on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from domain.conversation import commands as cmd
from domain.directory import App, Integration
from domain.errors import Refused
from domain.integrations import WebSettings
from domain.switchboard_rows import MAX_MEMBERS, MAX_SILENCES, Board, MemberRow, SwitchboardRow
from gateway.lookups import Lookups
from storage.patience import counting_silences
from storage.ports import ActorId, Database, EffectRow
from storage.sql.bootstrap import bootstrap
from storage.sql.directory import Directory

APP, OTHER = App("a" * 24, "Boutique"), App("b" * 24, "Other")
ROW = SwitchboardRow(APP.id, "5" * 24)
NOW_MS = 1_750_000_000_000


@pytest.fixture
async def directory(database: Database) -> Directory:
    made = Directory(database)
    for app in (APP, OTHER):
        await made.create_app(app)
    await made.switchboards.create(ROW)
    return made


def member(number: int, **fields: Any) -> MemberRow:
    """Of an integration that stands for nothing yet: it is made."""
    given = {"name": f"member-{number}", "integration_id": f"1{number:023x}", "integration_type": f"type:{number}", **fields}
    return MemberRow(APP.id, ROW.id, f"{number:024x}", **given)


async def code(waiting: Any) -> str:
    with pytest.raises(Refused) as refused:
        await waiting
    return refused.value.code


async def members(directory: Directory) -> tuple[MemberRow, ...]:
    board = await directory.switchboards.of_app(APP.id)
    assert board is not None
    return board.members


async def test_an_app_has_one_switchboard(directory: Directory) -> None:
    """Source: API contract, CreateSwitchboard; also when two are asked for at once."""
    assert "bad_request" == await code(directory.switchboards.create(replace(ROW, id="6" * 24)))
    assert None is await directory.switchboards.of_app(OTHER.id)
    rows = [SwitchboardRow(OTHER.id, f"{n:024x}") for n in range(3)]
    done = await asyncio.gather(*(directory.switchboards.create(row) for row in rows), return_exceptions=True)
    assert 2 == len([each for each in done if isinstance(each, Refused)])


async def test_it_is_read_as_it_was_written(directory: Directory) -> None:
    boards = directory.switchboards
    first = await boards.add(member(1, history=5, patience_s=20, deliver_standby_events=False))
    second = await boards.add(member(2, next_id=first.id))
    row = await boards.change(APP.id, ROW.id, lambda row: replace(row, enabled=True, default_id=first.id))
    assert Board(row, (first, second)) == await boards.of_app(APP.id)
    changed = await boards.change_member(APP.id, ROW.id, second.id, lambda one: replace(one, name="new", next_id=None))
    assert ("new", None) == (changed.name, changed.next_id)
    assert (first, changed) == await members(directory)


async def test_a_member_of_a_type_stands_for_the_apps_integration_of_that_type(directory: Directory) -> None:
    custom = Integration(APP.id, "c" * 24, "custom")
    await directory.create_integration(custom)
    assert custom.id == (await directory.switchboards.add(member(1, integration_type="custom"))).integration_id
    made = await directory.switchboards.add(member(2, integration_type="acme"))
    found = await directory.get_integration(made.integration_id)
    assert found is not None and ("acme", APP.id) == (found.type, found.app_id)
    moved = await directory.switchboards.change_member(
        APP.id, ROW.id, made.id, lambda one: replace(one, integration_id="d" * 24, integration_type="custom")
    )
    assert custom.id == moved.integration_id


async def test_limits_and_names(directory: Directory) -> None:
    boards = directory.switchboards
    for n in range(MAX_MEMBERS):
        await boards.add(member(n))
    assert "too_many_switchboard_integrations" == await code(boards.add(member(99)))
    rename = boards.change_member(APP.id, ROW.id, member(1).id, lambda one: replace(one, name="member-0"))
    assert "conflict" == await code(rename)


async def test_two_at_once_get_the_same_name_once(directory: Directory) -> None:
    same = [directory.switchboards.add(member(n, name="same")) for n in range(3)]
    done = await asyncio.gather(*same, return_exceptions=True)
    assert ["conflict", "conflict"] == [each.code for each in done if isinstance(each, Refused)]


async def test_what_another_app_has_is_not_found(directory: Directory) -> None:
    boards, stranger = directory.switchboards, replace(member(1), app_id=OTHER.id)
    await boards.add(member(1))
    assert {"switchboard_not_found"} == {
        await code(boards.change(OTHER.id, ROW.id, lambda row: row)),
        await code(boards.delete(OTHER.id, ROW.id)),
        await code(boards.add(stranger)),
        await code(boards.change_member(OTHER.id, ROW.id, member(1).id, lambda one: one)),
        await code(boards.remove(OTHER.id, ROW.id, member(1).id)),
    }
    await boards.silent(OTHER.id, member(1).id, NOW_MS)
    assert 0 == (await members(directory))[0].silences


async def test_a_change_that_refuses_changes_nothing(directory: Directory) -> None:
    boards = directory.switchboards
    assert "switchboard_integration_not_found" == await code(boards.change(APP.id, ROW.id, lambda row: replace(row, enabled=True)))
    assert Board(ROW) == await boards.of_app(APP.id)
    gone = boards.change_member(APP.id, ROW.id, "0" * 24, lambda one: one)
    assert "switchboard_integration_not_found" == await code(gone)


async def test_deleting(directory: Directory) -> None:
    """A member that nothing refers to; a switchboard with its members, and not with what they stand for; an app with all of it."""
    boards = directory.switchboards
    one = await boards.add(member(1))
    await boards.add(member(2, next_id=one.id))
    assert "bad_request" == await code(boards.remove(APP.id, ROW.id, one.id))
    await boards.remove(APP.id, ROW.id, member(2).id)
    assert (one,) == await members(directory)
    await boards.delete(APP.id, ROW.id)
    assert None is await boards.of_app(APP.id) is not await directory.get_integration(one.integration_id)
    await boards.create(ROW)
    assert () == await members(directory)
    await directory.delete_app(APP.id)
    assert None is await boards.of_app(APP.id)


async def test_silences_are_counted_until_somebody_speaks(directory: Directory) -> None:
    boards = directory.switchboards
    one = await boards.add(member(1, patience_s=1))
    perform = counting_silences(boards, lambda: NOW_MS)
    payload = cmd.encode(cmd.CountSilence(one.id))
    for _ in range(MAX_SILENCES):
        assert payload == await perform(EffectRow(1, ActorId("conversation", APP.id, "c" * 24), "patience", payload))
    (silent,) = await members(directory)
    assert (MAX_SILENCES, NOW_MS + 60_000) == (silent.silences, silent.passed_over_until_ms)
    await boards.answered(APP.id, one.id)
    assert (one,) == await members(directory)


class Clocks:
    def __init__(self) -> None:
        self.now_ms = NOW_MS

    def lookups(self, directory: Directory) -> Lookups:
        return Lookups(directory, lambda: self.now_ms / 1000, now_ms=lambda: self.now_ms)


async def test_commands_are_told_what_is_written(directory: Directory) -> None:
    """For a second from memory; changes made here show at once. Members that cannot answer are passed over."""
    boards, clocks = directory.switchboards, Clocks()
    lookups = clocks.lookups(directory)
    assert None is await lookups.switchboard(APP.id)
    two = await boards.add(member(2))
    one = await boards.add(member(1, integration_type="custom", next_id=two.id))
    await boards.change(APP.id, ROW.id, lambda row: replace(row, enabled=True, default_id=one.id))
    assert None is await lookups.switchboard(APP.id)
    lookups.forget_switchboard(APP.id)
    told = await lookups.switchboard(APP.id)
    assert told is not None and (one.id, "solved", None) == (told.first, told.hand_back, told.idle_s)
    assert told is await lookups.switchboard(APP.id)
    for _ in range(MAX_SILENCES):
        await boards.silent(APP.id, one.id, clocks.now_ms)
    clocks.now_ms += 1_000
    told = await lookups.switchboard(APP.id)
    assert told is not None and two.id == told.first
    await lookups.answered(APP.id, one.id)
    told = await lookups.switchboard(APP.id)
    assert told is not None and one.id == told.first


async def test_the_apps_policy_and_the_channels_default_are_told(directory: Directory) -> None:
    boards, lookups = directory.switchboards, Clocks().lookups(directory)
    one, two = await boards.add(member(1)), await boards.add(member(2))
    channel = Integration(APP.id, "c" * 24, "web", settings=WebSettings(default_responder_id=two.id))
    await directory.create_integration(channel)
    await boards.change(APP.id, ROW.id, lambda row: replace(row, enabled=True, default_id=one.id))
    settings = replace(APP.settings, hand_back="never", hand_back_idle_seconds=600)
    await directory.change_app(APP.id, lambda app: replace(app, settings=settings))
    told, other = await lookups.switchboard(APP.id, channel.id), await lookups.switchboard(APP.id)
    assert told is not None and other is not None and (two.id, one.id) == (told.first, other.first)
    assert ("never", 600) == (told.hand_back, told.idle_s)


async def test_the_first_run_makes_one(database: Database) -> None:
    numbers = itertools.count(1)
    new_id: Callable[[], str] = lambda: f"{next(numbers):024x}"  # noqa: E731
    directory = Directory(database)
    made = await bootstrap(directory, new_id)
    assert made is not None
    lookups = Clocks().lookups(directory)
    told = await lookups.switchboard(made.app_id)
    assert told is not None and ["answerBot", "agentWorkspace"] == [one.name for one in told.members]
    assert told.members[1].id == told.first == told.members[0].next_id, "the bot has nothing to say yet"

    async def live(app_id: str) -> int | None:
        return 7 if app_id == made.app_id else None

    lookups.live_release = live
    lookups.forget_switchboard(made.app_id)
    told = await lookups.switchboard(made.app_id)
    assert told is not None and told.bot is not None and (told.members[0].id, 7) == (told.first, told.bot.release)
