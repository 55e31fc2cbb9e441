"""The contract of `Integrations`, kept alike on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from domain.directory import MAX_KEYS_PER_INTEGRATION, ApiKey, App, Integration, Session
from domain.errors import Refused
from domain.integrations import MAX_WEBHOOKS_PER_APP, TYPES, CustomSettings, Webhook, WebSettings
from domain.switchboard_rows import MemberRow, SwitchboardRow
from storage.ports import Database
from storage.sql.directory import Directory

APP, OTHER = App("a" * 24, "Boutique"), App("b" * 24, "Other")
WEB = Integration(APP.id, "c" * 24, "web", settings=WebSettings(brand_color="fff"))


@pytest.fixture
async def directory(database: Database) -> Directory:
    made = Directory(database)
    for app in (APP, OTHER):
        await made.create_app(app)
    await made.integrations.create(WEB)
    return made


def program(number: int) -> Integration:
    hook = Webhook(f"{number:024x}", "s3cret", "https://example.org/hook", ("conversation:message",))
    return Integration(APP.id, f"d{number:023x}", "custom", "active", None, CustomSettings((hook,)))


def key(number: int, of: Integration) -> ApiKey:
    return ApiKey(f"int_{number:024x}", "s3cret", "Key", "integration", of.app_id, of.id)


def session(number: int, **fields: object) -> Session:
    return Session(number.to_bytes(32, "big"), "visitor", 1_000, 2_000, app_id=APP.id, **fields)  # type: ignore[arg-type]


async def test_they_are_read_as_written_and_paged_by_type(directory: Directory) -> None:
    made = [program(n) for n in range(3)]
    for one in made:
        await directory.integrations.create(one)
    await directory.create_integration(Integration(APP.id, "e" * 24, "zd:agentWorkspace"))
    assert [WEB, *made] == await directory.integrations.page(APP.id, TYPES, "", "", 10)
    assert made[:2] == await directory.integrations.page(APP.id, {"custom"}, "", "", 2)
    assert made[2:] == await directory.integrations.page(APP.id, {"custom"}, made[1].id, "", 2)
    assert made[:1] == await directory.integrations.page(APP.id, {"custom"}, "", made[1].id, 2)
    assert [] == await directory.integrations.page(OTHER.id, TYPES, "", "", 10)
    assert made[0] == await directory.get_integration(made[0].id)


async def test_an_app_has_so_many_webhooks_also_at_once(directory: Directory) -> None:
    tries = (directory.integrations.create(program(n)) for n in range(MAX_WEBHOOKS_PER_APP + 2))
    made = await asyncio.gather(*tries, return_exceptions=True)
    assert 2 == len([one for one in made if isinstance(one, Refused)])


async def test_a_change_is_of_the_apps_own_alone_and_may_refuse(directory: Directory) -> None:
    changed = await directory.integrations.change(APP.id, WEB.id, lambda one: replace(one, display_name="Shop"))
    assert replace(WEB, display_name="Shop") == changed == await directory.get_integration(WEB.id)
    assert None is await directory.integrations.change(OTHER.id, WEB.id, lambda one: replace(one, display_name="Mine"))

    def refuse(one: Integration) -> Integration:
        raise Refused("bad_request", "no")

    with pytest.raises(Refused):
        await directory.integrations.change(APP.id, WEB.id, refuse)
    assert changed == await directory.get_integration(WEB.id)


async def test_keys_are_counted_by_integration_and_apart_from_the_apps(directory: Directory) -> None:
    one, two = program(1), program(2)
    for each in (one, two):
        await directory.integrations.create(each)
    keys = [key(n, one) for n in range(MAX_KEYS_PER_INTEGRATION + 1)]
    made = await asyncio.gather(*(directory.create_key(each) for each in keys), return_exceptions=True)
    assert 1 == len([each for each in made if isinstance(each, Refused)])
    await directory.create_key(key(100, two))
    await directory.create_key(ApiKey("app_1", "s", "App's", "app", APP.id))
    assert [key(100, two)] == await directory.integrations.list_keys(APP.id, two.id)
    assert MAX_KEYS_PER_INTEGRATION == len(await directory.integrations.list_keys(APP.id, one.id))
    assert [] == await directory.integrations.list_keys(OTHER.id, two.id)


async def test_with_a_channel_its_visitors_go_and_nobody_else(directory: Directory) -> None:
    ours, others = [session(n, integration_id=WEB.id, user_id="u") for n in range(3)], session(9, user_id="u")
    for one in (*ours, others):
        await directory.create_session(one)
    hashes = [one.token_hash for one in (*ours, others)]
    assert set(hashes) == await directory.valid_sessions(hashes, 1_500)
    assert None is await directory.integrations.delete(OTHER.id, WEB.id)
    assert [] == await directory.integrations.delete(APP.id, WEB.id)
    assert {others.token_hash} == await directory.valid_sessions(hashes, 1_500)
    assert [None] * 3 == [await directory.find_session(one.token_hash) for one in ours]
    assert None is await directory.get_integration(WEB.id)
    assert None is await directory.integrations.delete(APP.id, WEB.id)


async def test_with_a_program_its_keys_and_their_sessions_go(directory: Directory) -> None:
    one = program(1)
    await directory.integrations.create(one)
    await directory.create_key(key(1, one))
    await directory.create_session(session(1, key_id=key(1, one).id))
    assert [key(1, one)] == await directory.integrations.delete(APP.id, one.id)
    assert None is await directory.get_key(key(1, one).id)
    found = await directory.find_session(session(1).token_hash)
    assert found is not None and found.revoked


async def test_a_member_of_the_switchboard_stays(directory: Directory) -> None:
    one, boards = program(1), directory.switchboards
    await directory.integrations.create(one)
    await boards.create(SwitchboardRow(APP.id, "9" * 24))
    await boards.add(MemberRow(APP.id, "9" * 24, "8" * 24, "bot", one.id, one.type))
    with pytest.raises(Refused, match="bot"):
        await directory.integrations.delete(APP.id, one.id)
    await boards.remove(APP.id, "9" * 24, "8" * 24)
    assert [] == await directory.integrations.delete(APP.id, one.id)
