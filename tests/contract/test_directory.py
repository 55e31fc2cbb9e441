"""The contract of `Directory`, kept alike on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from domain.directory import (
    MAX_KEYS_PER_APP,
    Account,
    ApiKey,
    App,
    AppSettings,
    Identity,
    Integration,
    Profile,
    Reply,
    Session,
    User,
    without_personal_information,
)
from domain.errors import Refused
from domain.integrations import WebSettings
from storage.passwords import is_password
from storage.ports import Database
from storage.sql.bootstrap import bootstrap, present
from storage.sql.directory import Directory

APP = App("a" * 24, "Boutique", AppSettings(message_limit=7), {"lang": "fr", "n": 1, "on": True})
OTHER = App("b" * 24, "Other")


@pytest.fixture
async def directory(database: Database) -> Directory:
    made = Directory(database)
    await made.create_app(APP)
    await made.create_app(OTHER)
    return made


def key(number: int, app_id: str | None = APP.id, scope: Any = "app") -> ApiKey:
    return ApiKey(f"app_{number:024x}", f"secret {number}", f"Key {number}", scope, app_id)


def user(number: int, app_id: str = APP.id, **fields: Any) -> User:
    return User(app_id, f"{number:024x}", f"c{number:023x}", **fields)


def session(number: int, **fields: Any) -> Session:
    given = {"created_ms": 1_000, "expires_ms": 2_000, "kind": "visitor", **fields}
    return Session(token_hash=number.to_bytes(32, "big"), **given)


class TestApps:
    async def test_an_app_is_read_as_it_was_written(self, directory: Directory) -> None:
        assert APP == await directory.get_app(APP.id)
        assert None is await directory.get_app("c" * 24)

    async def test_apps_are_paged_by_id_in_both_directions(self, directory: Directory) -> None:
        third = App("c" * 24, "Third")
        await directory.create_app(third)
        assert [APP, OTHER] == await directory.list_apps("", "", 2)
        assert [third] == await directory.list_apps(OTHER.id, "", 2)
        assert [OTHER] == await directory.list_apps("", third.id, 1)

    async def test_a_change_that_refuses_changes_nothing(self, directory: Directory) -> None:
        def refuse(app: App) -> App:
            raise Refused("bad_request", "no")

        with pytest.raises(Refused):
            await directory.change_app(APP.id, refuse)
        assert APP == await directory.get_app(APP.id)

    async def test_concurrent_changes_are_all_kept(self, directory: Directory) -> None:
        def count(app: App) -> App:
            return replace(app, metadata={**app.metadata, "n": int(app.metadata["n"]) + 1})

        await asyncio.gather(*(directory.change_app(APP.id, count) for _ in range(10)))
        found = await directory.get_app(APP.id)
        assert found is not None
        assert 11 == found.metadata["n"]

    async def test_a_deleted_app_takes_its_rows_along_and_nobody_elses(self, directory: Directory) -> None:
        await directory.create_key(key(1))
        await directory.create_key(key(2, OTHER.id))
        await directory.create_user(user(1, external_id="x"))
        await directory.create_user(user(1, OTHER.id, external_id="x"))
        assert await directory.delete_app(APP.id)
        assert not await directory.delete_app(APP.id)
        assert (None, None) == (await directory.get_key(key(1).id), await directory.get_user(APP.id, user(1).id))
        assert key(2, OTHER.id) == await directory.get_key(key(2).id)
        assert None is not await directory.get_user(OTHER.id, user(1).id)


class TestKeys:
    async def test_an_app_has_ten_keys_and_no_more_also_at_once(self, directory: Directory) -> None:
        made = await asyncio.gather(*(directory.create_key(key(n)) for n in range(MAX_KEYS_PER_APP + 3)), return_exceptions=True)
        assert 3 == len([one for one in made if isinstance(one, Refused)])
        assert MAX_KEYS_PER_APP == len(await directory.list_keys(APP.id))

    async def test_a_deleted_key_ends_its_programs_sessions(self, directory: Directory) -> None:
        await directory.create_key(key(1))
        await directory.create_session(session(1, kind="program", key_id=key(1).id))
        assert await directory.delete_key(key(1).id)
        found = await directory.find_session(session(1).token_hash)
        assert found is not None
        assert found.revoked

    async def test_a_key_does_not_show_its_secret_in_logs(self) -> None:
        assert "secret" not in repr(key(1))


class TestUsers:
    async def test_a_user_is_read_as_written_by_both_ids(self, directory: Directory) -> None:
        ada = user(
            1,
            external_id="ada@example.org",
            profile=Profile("Ada", "Lovelace", "ada@example.org", "https://example.org/a.png", "en-GB"),
            metadata={"vip": True},
            authenticated=True,
            signed_up_ms=1_700_000_000_123,
            to_be_retained=True,
            zendesk_id="7",
            brand_id="9",
            identities=(Identity("email", "Ada@example.org", "sso"),),
        )
        await directory.create_user(ada)
        assert ada == await directory.get_user(APP.id, ada.id)
        assert ada == await directory.get_user_by_external_id(APP.id, "ada@example.org")
        assert [ada] == await directory.users_by_email(APP.id, "ADA@example.org")
        assert {ada.id: ada} == await directory.get_users(APP.id, [ada.id, "f" * 24])

    async def test_nothing_is_found_from_another_app(self, directory: Directory) -> None:
        await directory.create_user(user(1, external_id="x", identities=(Identity("email", "x@y"),)))
        assert None is await directory.get_user(OTHER.id, user(1).id)
        assert None is await directory.get_user_by_external_id(OTHER.id, "x")
        assert [] == await directory.users_by_email(OTHER.id, "x@y")
        assert {} == await directory.get_users(OTHER.id, [user(1).id])
        assert not await directory.delete_user(OTHER.id, user(1).id)

    async def test_an_external_id_is_taken_once_in_an_app_also_at_once(self, directory: Directory) -> None:
        made = await asyncio.gather(*(directory.create_user(user(n, external_id="x")) for n in range(5)), return_exceptions=True)
        assert ["conflict"] * 4 == [one.code for one in made if isinstance(one, Refused)]
        await directory.create_user(user(1, OTHER.id, external_id="x"))

    async def test_any_number_of_users_have_no_external_id(self, directory: Directory) -> None:
        await directory.create_user(user(1))
        await directory.create_user(user(2))

    async def test_external_ids_compare_exactly(self, directory: Directory) -> None:
        for number, name in enumerate(("é", "e\u0301", "E", "e", " e", "e ")):
            await directory.create_user(user(number, external_id=name))

    async def test_personal_information_is_erased_and_the_ids_stay(self, directory: Directory) -> None:
        email = (Identity("email", "x@y"),)
        await directory.create_user(user(1, external_id="x", profile=Profile("Ada"), metadata={"a": 1}, identities=email))
        assert user(1, external_id="x") == await directory.change_user(APP.id, user(1).id, without_personal_information)
        assert [] == await directory.users_by_email(APP.id, "x@y")

    async def test_a_deleted_user_frees_the_external_id_and_ends_their_sessions(self, directory: Directory) -> None:
        await directory.create_user(user(1, external_id="x"))
        await directory.create_session(session(1, app_id=APP.id, user_id=user(1).id))
        assert await directory.delete_user(APP.id, user(1).id)
        assert None is await directory.find_session(session(1).token_hash)
        await directory.create_user(user(2, external_id="x"))


class TestIntegrationsAndAccounts:
    async def test_integrations(self, directory: Directory) -> None:
        web = Integration(APP.id, "d" * 24, "web", display_name="Web", settings=WebSettings(brand_color="fff"))
        await directory.create_integration(web)
        assert web == await directory.get_integration(web.id)
        assert [web] == await directory.list_integrations(APP.id)
        assert [] == await directory.list_integrations(OTHER.id)

    async def test_an_address_has_one_account_whatever_its_case(self, directory: Directory) -> None:
        agent = Account("e" * 24, "agent@example.org", "hash", "agent", "Agent")
        await directory.create_account(agent)
        with pytest.raises(Refused, match="conflict"):
            await directory.create_account(replace(agent, id="f" * 24, email="AGENT@example.org"))
        assert agent == await directory.account_by_email("Agent@Example.org")

    async def test_a_new_password_ends_the_sessions_of_the_old(self, directory: Directory) -> None:
        await directory.create_account(Account("e" * 24, "agent@example.org", "old", "agent", "Agent"))
        await directory.create_session(session(1, kind="agent", account_id="e" * 24))
        assert await directory.set_password("e" * 24, "new")
        found, opened = await directory.get_account("e" * 24), await directory.find_session(session(1).token_hash)
        assert found is not None
        assert opened is not None
        assert ("new", True) == (found.password_hash, opened.revoked)


class TestSessions:
    async def test_a_session_is_read_as_written(self, directory: Directory) -> None:
        one = session(1, app_id=APP.id, user_id="u", integration_id="i", rights=("read", "write"))
        await directory.create_session(one)
        assert one == await directory.find_session(one.token_hash)
        assert None is await directory.find_session(b"nobody's")

    async def test_a_session_ends_by_time_and_by_revocation(self, directory: Directory) -> None:
        one = session(1)
        assert one.is_valid(1_999)
        assert not one.is_valid(2_000)
        await directory.create_session(one)
        assert await directory.revoke_session(one.token_hash)
        found = await directory.find_session(one.token_hash)
        assert found is not None
        assert not found.is_valid(1_500)

    async def test_expired_sessions_go(self, directory: Directory) -> None:
        await directory.create_session(session(1))
        await directory.create_session(session(2, expires_ms=9_000))
        await directory.extend_session(session(1).token_hash, 3_000)
        assert 0 == await directory.expire_sessions(2_999)
        assert 1 == await directory.expire_sessions(3_000)

    async def test_all_sessions_of_a_visitor_end_and_nobody_elses(self, directory: Directory) -> None:
        for number, (app, who) in enumerate([(APP.id, "u"), (APP.id, "u"), (APP.id, "v"), (OTHER.id, "u")]):
            await directory.create_session(session(number, app_id=app, user_id=who))
        assert 2 == await directory.revoke_sessions(app_id=APP.id, user_id="u")


class TestReplies:
    async def test_a_reply_is_kept_for_its_time(self, directory: Directory) -> None:
        reply = Reply(b"digest", 201, b'{"user":{}}')
        await directory.store_reply(b"scope", APP.id, reply, 1_000, 2_000)
        assert reply == await directory.find_reply(b"scope", 1_999)
        assert None is await directory.find_reply(b"scope", 2_000)
        assert None is await directory.find_reply(b"other", 1_999)

    async def test_the_first_reply_counts_until_it_expires(self, directory: Directory) -> None:
        await directory.store_reply(b"scope", APP.id, Reply(b"1", 201, b"1"), 1_000, 2_000)
        with pytest.raises(Refused):
            await directory.store_reply(b"scope", APP.id, Reply(b"2", 201, b"2"), 1_500, 3_000)
        await directory.store_reply(b"scope", APP.id, Reply(b"3", 201, b"3"), 2_000, 3_000)
        assert Reply(b"3", 201, b"3") == await directory.find_reply(b"scope", 2_500)


class TestTheFirstRun:
    async def test_a_secret_is_drawn_once_also_by_several_at_once(self, directory: Directory) -> None:
        found = await asyncio.gather(*(directory.secret("tokens", bytes([n]) * 32) for n in range(5)))
        assert {await directory.secret("tokens", b"late")} == set(found)
        assert b"late" == await directory.secret("another", b"late")

    async def test_an_empty_directory_is_filled_once(self, database: Database) -> None:
        directory, numbers = Directory(database), itertools.count(1)

        def new_id() -> str:
            return f"{next(numbers):024x}"

        made = await bootstrap(directory, new_id)
        assert made is not None
        assert None is await bootstrap(directory, new_id)
        again = await present(directory)
        known = [msgspec.structs.replace(login, password=None) for login in (made.admin, made.agent)]
        assert msgspec.structs.replace(made, admin=known[0], agent=known[1]) == again, "the passwords are known to their owners alone"
        app_key, owner, web = (
            await directory.get_key(made.key_id),
            await directory.get_key(made.account_key_id),
            await directory.get_integration(made.web_integration_id),
        )
        assert app_key is not None
        assert owner is not None
        assert web is not None
        assert ("app", made.app_id, made.secret) == (app_key.scope, app_key.app_id, app_key.secret)
        assert ("account", None, made.account_secret) == (owner.scope, owner.app_id, owner.secret)
        assert ("web", made.app_id) == (web.type, web.app_id)
        assert [owner] == await directory.list_account_keys()
        for login, role in ((made.admin, "admin"), (made.agent, "agent")):
            person = await directory.account_by_email(login.email)
            assert person is not None
            assert role == person.role
            assert is_password(person.password_hash, login.password)
            assert not is_password(person.password_hash, login.password + "x")


async def test_tokens_hold_while_their_owners_are_there(directory: Directory) -> None:
    """Revoked, expired, or of a key that was deleted: such a token is not valid any more."""
    await directory.create_key(key(1))
    made = [session(1), session(2, expires_ms=1_001), session(3), session(4, kind="program", key_id=key(1).id)]
    for one in made:
        await directory.create_session(one)
    await directory.revoke_session(made[2].token_hash)
    hashes = [one.token_hash for one in made]
    assert {hashes[0], hashes[3]} == await directory.valid_sessions(hashes, 1_500)
    await directory.delete_key(key(1).id)
    assert {hashes[0]} == await directory.valid_sessions(hashes, 1_500)
