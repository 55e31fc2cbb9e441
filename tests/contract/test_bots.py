"""The contract of `Bots`, kept alike on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from domain.bot.flow import Flow, encode_flow, parse_flow
from domain.bot.release import Entry, Published
from domain.errors import Refused
from storage.ports import Database
from storage.sql import bots as bots_module
from storage.sql.bots import MAX_FLOWS, MAX_SECRETS, Bots
from storage.sql.bots_rows import Bot, Draft, Made, Preview, Publishing, SecretName, Version
from storage.sql.bots_tables import flow_versions
from storage.sql.directory import Directory

APP, OTHER, BY = "a" * 24, "b" * 24, "key:app_1"
ENTRY = b'{"flow":"hello"}'


def a_flow(identifier: str = "hello", words: str = "Hello") -> Flow:
    step = {"type": "message", "id": "say", "text": {"en": words}}
    return parse_flow(encode_flow_of(identifier, [step]))


def encode_flow_of(identifier: str, steps: list[Any]) -> bytes:
    return json.dumps({"id": identifier, "name": identifier.title(), "language": "en", "start": "say", "steps": steps}).encode()


def a_draft(identifier: str = "hello", app_id: str = APP) -> Draft:
    return Draft(app_id, identifier, identifier.title(), encode_flow(a_flow(identifier)), 1_000, 1_000, BY)


def a_version(number: int, identifier: str = "hello", words: str = "Hello") -> Version:
    return Version(identifier, number, encode_flow(a_flow(identifier, words)), f"note {number}", 2_000 + number, BY)


@pytest.fixture
async def bots(database: Database) -> Bots:
    return Bots(database)


async def publish(bots: Bots, version: Version | None = None, app_id: str = APP, **fields: Any) -> int | None:
    """As the API does it: on what is live."""
    bot, flows = await bots.live_flows(app_id)
    draft = await bots.get_flow(app_id, version.flow_id) if version is not None else None
    flows = flows | ({version.flow_id: version.number} if version is not None else {})
    given = {"flows": flows, "settings": b"{}", "entry": ENTRY, "note": "why", "at_ms": 3_000, "by": BY} | fields
    drafts = {draft.id: draft.revision} if draft is not None else {}
    return await bots.publish(Publishing(app_id, bot.revision, versions=(version,) if version else (), drafts=drafts, **given))


class TestDrafts:
    async def test_a_flow_is_found_again_in_its_own_app(self, bots: Bots) -> None:
        await bots.create_flow(a_draft())
        assert a_draft() == await bots.get_flow(APP, "hello")
        assert None is await bots.get_flow(OTHER, "hello")
        assert [] == await bots.list_flows(OTHER)

    async def test_lists_are_by_id_and_without_definitions(self, bots: Bots) -> None:
        for name in ("c", "a", "b"):
            await bots.create_flow(a_draft(name))
        found = await bots.list_flows(APP, after="a", limit=2)
        assert [("b", b""), ("c", b"")] == [(one.id, one.definition) for one in found]

    async def test_an_id_is_taken_once(self, bots: Bots) -> None:
        done = await asyncio.gather(*(bots.create_flow(a_draft()) for _ in range(3)), return_exceptions=True)
        assert 1 == sum(one is None for one in done)
        assert {"conflict"} == {one.code for one in done if isinstance(one, Refused)}
        await bots.create_flow(a_draft(app_id=OTHER))

    async def test_the_first_of_an_app_may_come_at_once(self, bots: Bots) -> None:
        await asyncio.gather(*(bots.create_flow(a_draft(f"f{n}")) for n in range(4)))
        assert 4 == len(await bots.list_flows(APP))

    async def test_there_are_at_most_so_many(self, bots: Bots) -> None:
        for n in range(MAX_FLOWS):
            await bots.create_flow(a_draft(f"f{n}"))
        with pytest.raises(Refused):
            await bots.create_flow(a_draft("more"))
        await bots.create_flow(a_draft("more", OTHER))

    async def test_of_two_changes_of_one_revision_one_is_refused(self, bots: Bots) -> None:
        await bots.create_flow(a_draft())
        changed = await bots.change_flow(replace(a_draft(), name="New", updated_ms=5_000, updated_by="agent:1"))
        assert (2, "New", "agent:1") == (changed.revision, changed.name, changed.updated_by)
        assert changed == await bots.get_flow(APP, "hello")
        with pytest.raises(Refused) as caught:
            await bots.change_flow(a_draft())
        assert "conflict" == caught.value.code
        with pytest.raises(Refused) as caught:
            await bots.change_flow(a_draft("gone"))
        assert "flow_not_found" == caught.value.code


class TestReleases:
    async def test_a_published_flow_is_live(self, bots: Bots) -> None:
        await bots.create_flow(a_draft())
        assert None is await bots.live_release(APP)
        assert 1 == await publish(bots, a_version(1))
        assert 1 == await bots.live_release(APP)
        release = await bots.load_release(APP, 1)
        assert release is not None
        assert (1, Entry(flow="hello")) == (release.number, release.entry)
        assert {"hello": Published(version=1, flow=a_flow())} == release.flows
        assert a_version(1) == await bots.get_version(APP, "hello", 1)
        assert None is await bots.get_version(OTHER, "hello", 1)
        assert None is await bots.load_release(OTHER, 1)

    async def test_a_release_stays_what_it_was(self, bots: Bots) -> None:
        await bots.create_flow(a_draft())
        await publish(bots, a_version(1))
        before = await bots.load_release(APP, 1)
        await publish(bots, a_version(2, words="Good day"), settings=b'{"bot_name":"Ada"}')
        assert before == await bots.load_release(APP, 1)
        after = await bots.load_release(APP, 2)
        assert after is not None
        assert ("Ada", 2) == (after.settings.bot_name, after.flows["hello"].version)

    async def test_flows_are_live_together_and_listed_with_who_and_why(self, bots: Bots) -> None:
        for name in ("hello", "bye"):
            await bots.create_flow(a_draft(name))
            await publish(bots, a_version(1, name))
        expected = [Made(2, "why", 3_000, BY, {"bye": 1, "hello": 1}), Made(1, "why", 3_000, BY, {"hello": 1})]
        assert expected == await bots.list_releases(APP)
        assert expected[1:] == await bots.list_releases(APP, before=2)

    async def test_nothing_may_be_live_and_its_numbers_go_on(self, bots: Bots) -> None:
        await bots.create_flow(a_draft())
        await publish(bots, a_version(1))
        assert None is await publish(bots, flows={})
        assert None is await bots.live_release(APP)
        assert 2 == await publish(bots, flows={"hello": 1})
        bot = await bots.get_bot(APP)
        assert Bot(b"{}", ENTRY, 3, 2, 3_000, BY) == bot

    async def test_of_two_who_publish_at_once_one_is_refused(self, bots: Bots) -> None:
        for name in ("hello", "bye"):
            await bots.create_flow(a_draft(name))
        publishing = [Publishing(APP, 0, {n: 1}, b"{}", ENTRY, "", 1, BY, (a_version(1, n),), {n: 1}) for n in ("hello", "bye")]
        done = await asyncio.gather(*(bots.publish(one) for one in publishing), return_exceptions=True)
        assert {1, "conflict"} == {one.code if isinstance(one, Refused) else one for one in done}

    async def test_several_flows_go_live_together_or_not_at_all(self, bots: Bots) -> None:
        for name in ("hello", "bye"):
            await bots.create_flow(a_draft(name))
        versions, flows = (a_version(1), a_version(1, "bye")), {"hello": 1, "bye": 1}
        with pytest.raises(Refused):
            await bots.publish(Publishing(APP, 0, flows, b"{}", ENTRY, "", 1, BY, versions, {"hello": 1, "bye": 7}))
        assert ([], None) == (await bots.list_versions(APP, "hello"), await bots.live_release(APP))
        assert 1 == await bots.publish(Publishing(APP, 0, flows, b"{}", ENTRY, "", 1, BY, versions, {"hello": 1, "bye": 1}))
        assert flows == (await bots.live_flows(APP))[1]

    async def test_a_draft_that_has_changed_meanwhile_is_not_published(self, bots: Bots) -> None:
        await bots.create_flow(a_draft())
        await bots.change_flow(a_draft())
        with pytest.raises(Refused):
            await bots.publish(Publishing(APP, 0, {"hello": 1}, b"{}", ENTRY, "", 1, BY, (a_version(1),), {"hello": 1}))
        assert None is await bots.get_version(APP, "hello", 1)

    async def test_a_live_flow_is_not_deleted_and_what_releases_name_stays(self, bots: Bots) -> None:
        await bots.create_flow(a_draft())
        await publish(bots, a_version(1))
        with pytest.raises(Refused):
            await bots.delete_flow(APP, "hello")
        await publish(bots, flows={})
        assert await bots.delete_flow(APP, "hello")
        assert not await bots.delete_flow(APP, "hello")
        assert None is not await bots.load_release(APP, 1)
        await bots.create_flow(a_draft())
        await publish(bots, a_version(2))
        assert [2, 1] == [one.number for one in await bots.list_versions(APP, "hello")]
        assert [1] == [one.number for one in await bots.list_versions(APP, "hello", before=2)]

    async def test_old_releases_go_and_versions_that_only_they_have_named(
        self, bots: Bots, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bots_module, "MAX_RELEASES", 2)
        monkeypatch.setattr(bots_module, "MAX_VERSIONS", 1)
        for name in ("hello", "bye"):
            await bots.create_flow(a_draft(name))
        await publish(bots, a_version(1, "bye"))
        await publish(bots, flows={})
        await bots.delete_flow(APP, "bye")
        for n in range(1, 5):
            await publish(bots, a_version(n))
        assert None is await bots.load_release(APP, 3)
        assert {4, 5} == {one.number for one in await bots.list_releases(APP)}
        rows = await database.read(lambda c: c.execute(select(func.count()).select_from(flow_versions)).scalar())
        assert 2 == rows


class TestSecrets:
    async def test_values_are_apart_from_names(self, bots: Bots) -> None:
        await bots.put_secret(APP, "KEY", "hush", 1, BY)
        await bots.put_secret(APP, "KEY", "hush, hush", 2, "agent:1")
        assert [SecretName("KEY", 2, "agent:1")] == await bots.list_secrets(APP)
        assert {"KEY": "hush, hush"} == await bots.secrets(APP)
        assert {} == await bots.secrets(OTHER)
        assert await bots.delete_secret(APP, "KEY")
        assert not await bots.delete_secret(APP, "KEY")

    async def test_there_are_at_most_so_many(self, bots: Bots) -> None:
        for n in range(MAX_SECRETS):
            await bots.put_secret(APP, f"K{n}", "v", 1, BY)
        with pytest.raises(Refused):
            await bots.put_secret(APP, "MORE", "v", 1, BY)
        await bots.put_secret(APP, "K0", "w", 1, BY)


class TestPreviews:
    async def test_a_preview_is_there_until_it_expires(self, bots: Bots) -> None:
        preview = Preview(APP, "p1", b"release", b"body", 5_000)
        await bots.create_preview(preview, 1_000)
        assert preview == await bots.get_preview(APP, "p1", 4_999)
        assert None is await bots.get_preview(APP, "p1", 5_000)
        assert None is await bots.get_preview(OTHER, "p1", 1_000)
        await bots.save_preview(replace(preview, body=b"next", expires_ms=9_000))
        assert replace(preview, body=b"next", expires_ms=9_000, revision=2) == await bots.get_preview(APP, "p1", 8_000)
        with pytest.raises(Refused):
            await bots.save_preview(preview)
        assert await bots.delete_preview(APP, "p1")
        assert not await bots.delete_preview(APP, "p1")

    async def test_expired_ones_of_any_app_go_with_a_new_one(self, bots: Bots) -> None:
        await bots.create_preview(Preview(OTHER, "old", b"", b"", 5_000), 1_000)
        await bots.create_preview(Preview(APP, "new", b"", b"", 9_000), 5_000)
        assert not await bots.delete_preview(OTHER, "old")

    async def test_the_oldest_make_room(self, bots: Bots, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bots_module, "MAX_PREVIEWS", 2)
        for n in range(3):
            await bots.create_preview(Preview(APP, f"p{n}", b"", b"", 5_000 + n), 1_000)
        assert [False, True, True] == [await bots.get_preview(APP, f"p{n}", 1_000) is not None for n in range(3)]


async def test_of_a_deleted_app_nothing_is_left(database: Database, bots: Bots) -> None:
    for app_id in (APP, OTHER):
        await bots.create_flow(a_draft(app_id=app_id))
        await publish(bots, a_version(1), app_id)
        await bots.put_secret(app_id, "KEY", "hush", 1, BY)
    await Directory(database).delete_app(APP)
    assert ([], Bot(), {}) == (await bots.list_flows(APP), await bots.get_bot(APP), await bots.secrets(APP))
    assert None is await bots.load_release(APP, 1)
    assert None is not await bots.load_release(OTHER, 1)
