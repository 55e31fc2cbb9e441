"""The directory: apps, keys, users, integrations, accounts, sessions, stored replies, secrets. Each method is one transaction.

What is asked for and not there is None; a broken unique index is `Refused("conflict")`. It draws no ids.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, Table, and_, bindparam, delete, exists, func, insert, literal, not_, or_, select, union_all, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql.expression import ColumnElement

from domain.directory import Account, ApiKey, App, Integration, Reply, Session, User, check_key_count
from domain.errors import Refused
from domain.switchboard_rows import Board
from storage.ports import Collision, Database
from storage.sql import departures, user_marks
from storage.sql import directory_rows as rows
from storage.sql import help as help_centre
from storage.sql.desk import raise_version
from storage.sql.directory_integrations import Integrations
from storage.sql.directory_tables import (
    accounts,
    api_keys,
    apps,
    identities,
    integrations,
    replies,
    secrets,
    sessions,
    users,
)
from storage.sql.schema import metadata
from storage.sql.switchboards import Switchboards, insert_board

T = TypeVar("T")
Value = TypeVar("Value", App, User, Account)

_EXPIRED_AT_ONCE = 100
"""How many expired replies go with a new one, so that the table never needs a sweep and no transaction is long."""

_HASHES_AT_ONCE = 500

_is_suspended = exists().where(users.c.app_id == sessions.c.app_id, users.c.id == sessions.c.user_id, users.c.suspended).correlate(sessions)
"""Whether a session is that of a customer who may do nothing for now."""

_OF_THE_JOURNAL = frozenset({"actors", "members", "effects"})


class Directory:
    """Over `database`, which it does not close. `now_ms` says when people were changed."""

    def __init__(self, database: Database, now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> None:
        self._database, self._now_ms = database, now_ms
        self.switchboards = Switchboards(database)
        self.integrations = Integrations(database)
        self.departures = departures.Departures(database)

    # Apps.

    async def create_app(self, app: App) -> None:
        await self._insert(apps, rows.of_app(app), "App already exists")

    async def get_app(self, app_id: str) -> App | None:
        return await self._one(select(apps).where(apps.c.id == app_id), rows.to_app)

    async def list_apps(self, after: str, before: str, limit: int) -> list[App]:
        """By id: the first `limit` after `after`, or the last before `before` if that is not empty."""
        return await self._read(lambda c: [rows.to_app(row) for row in _page(c, select(apps), apps.c.id, after, before, limit)])

    async def change_app(self, app_id: str, change: Callable[[App], App]) -> App | None:
        """The app after `change`, which may refuse; read and written in one transaction."""

        def work(c: Connection) -> App | None:
            done = _changed(c, apps, apps.c.id == app_id, rows.to_app, change, rows.of_app)
            return None if done is None else done[1]

        return await self._database.write(work)

    async def delete_app(self, app_id: str) -> bool:
        """The app and every row that is its own, whatever room wrote it. What its conversations said is the journal's."""

        def work(c: Connection) -> bool:
            help_centre.delete_app(c, app_id)  # its index is by numbers, and not by the app
            for table in metadata.tables.values():
                if "app_id" in table.c and table.name not in _OF_THE_JOURNAL:
                    c.execute(delete(table).where(table.c.app_id == app_id))
            return bool(c.execute(delete(apps).where(apps.c.id == app_id)).rowcount)

        return await self._database.write(work)

    # Keys.

    async def create_key(self, key: ApiKey) -> None:
        """Refused when the app, or the integration, has its greatest number of keys."""

        def work(c: Connection) -> None:
            if key.app_id is not None:
                _lock_app(c, key.app_id)
                same = and_(api_keys.c.app_id == key.app_id, api_keys.c.integration_id.is_not_distinct_from(key.integration_id))
                count = c.execute(select(func.count()).select_from(api_keys).where(same, api_keys.c.scope == key.scope)).scalar_one()
                check_key_count(count, key.scope)
            c.execute(insert(api_keys).values(rows.of_key(key)))

        await self._write(work, "Key already exists")

    async def get_key(self, key_id: str) -> ApiKey | None:
        return await self._one(select(api_keys).where(api_keys.c.id == key_id), rows.to_key)

    async def list_keys(self, app_id: str) -> list[ApiKey]:
        """The app's own keys, not those of its integrations."""
        query = select(api_keys).where(_of_app_keys(app_id)).order_by(api_keys.c.id)
        return await self._read(lambda c: [rows.to_key(row) for row in c.execute(query)])

    async def list_account_keys(self) -> list[ApiKey]:
        """The keys of the installation's owner."""
        query = select(api_keys).where(api_keys.c.scope == "account").order_by(api_keys.c.id)
        return await self._read(lambda c: [rows.to_key(row) for row in c.execute(query)])

    async def delete_key(self, key_id: str) -> bool:
        """The key and the sessions that were opened with it."""

        def work(c: Connection) -> bool:
            c.execute(update(sessions).where(sessions.c.key_id == key_id).values(revoked=True))
            return bool(c.execute(delete(api_keys).where(api_keys.c.id == key_id)).rowcount)

        return await self._database.write(work)

    # Users.

    async def create_user(self, user: User) -> None:
        """Refused (`conflict`) when the app has a user with this external id."""

        def work(c: Connection) -> None:
            c.execute(insert(users).values(rows.of_user(user) | {"updated_ms": self._now_ms()}))
            _index_identities(c, user)
            user_marks.write(c, user)

        await self._write(work, "User already exists")

    async def get_user(self, app_id: str, user_id: str) -> User | None:
        return await self._one(select(users).where(users.c.app_id == app_id, users.c.id == user_id), rows.to_user)

    async def get_user_by_external_id(self, app_id: str, external_id: str) -> User | None:
        return await self._one(select(users).where(users.c.app_id == app_id, users.c.external_id == external_id), rows.to_user)

    async def get_users(self, app_id: str, user_ids: Sequence[str]) -> dict[str, User]:
        """Those that exist, by id."""
        query = select(users).where(users.c.app_id == app_id, users.c.id.in_(user_ids))
        return await self._read(lambda c: {row.id: rows.to_user(row) for row in c.execute(query)})

    async def users_by_email(self, app_id: str, email: str, limit: int = 100) -> list[User]:
        """Users with this address among their identities, whatever its case; not those who only have it in their profile."""
        match = and_(identities.c.app_id == users.c.app_id, identities.c.user_id == users.c.id)
        query = select(users).join(identities, match).order_by(users.c.id).limit(limit)
        query = query.where(identities.c.app_id == app_id, identities.c.type == "email", identities.c.value == email.lower())
        return await self._read(lambda c: [rows.to_user(row) for row in c.execute(query)])

    async def change_user(self, app_id: str, user_id: str, change: Callable[[User], User]) -> User | None:
        """The user after `change`, which may refuse; read and written in one transaction."""

        def work(c: Connection) -> User | None:
            this = and_(users.c.app_id == app_id, users.c.id == user_id)
            done = _changed(c, users, this, rows.to_user, change, rows.of_user, self._now_ms())
            if done is None:
                return None
            if done[0].identities != done[1].identities:
                _forget_identities(c, app_id, user_id)
                _index_identities(c, done[1])
            user_marks.rewrite(c, *done)
            return done[1]

        return await self._write(work, "User already exists")

    async def delete_user(self, app_id: str, user_id: str) -> bool:
        """The row, its identities and its sessions. What the conversations hold is the journal's."""

        def work(c: Connection) -> bool:
            return departures.drop_user(c, app_id, user_id)

        return await self._database.write(work)

    # Integrations.

    async def create_integration(self, one: Integration) -> None:
        await self._insert(integrations, rows.of_integration(one), "Integration already exists")

    async def get_integration(self, integration_id: str) -> Integration | None:
        """By its id alone, which is unique in the installation: a browser knows no more."""
        return await self._one(select(integrations).where(integrations.c.id == integration_id), rows.to_integration)

    async def list_integrations(self, app_id: str, after: str = "", before: str = "", limit: int = 100) -> list[Integration]:
        """By id, paged as `list_apps`."""
        query = select(integrations).where(integrations.c.app_id == app_id)
        return await self._read(lambda c: [rows.to_integration(row) for row in _page(c, query, integrations.c.id, after, before, limit)])

    # Accounts.

    async def create_account(self, account: Account) -> None:
        """Refused (`conflict`) when the address is taken, whatever its case."""

        def work(c: Connection) -> None:
            c.execute(insert(accounts).values(rows.of_account(account) | {"updated_ms": self._now_ms()}))
            raise_version(c, account.app_id)

        await self._write(work, "An account with this address exists already")

    async def get_account(self, account_id: str) -> Account | None:
        return await self._one(select(accounts).where(accounts.c.id == account_id), rows.to_account)

    async def account_by_email(self, email: str) -> Account | None:
        return await self._one(select(accounts).where(accounts.c.email == email.lower()), rows.to_account)

    async def list_accounts(self, limit: int = 1000) -> list[Account]:
        query = select(accounts).order_by(accounts.c.email).limit(limit)
        return await self._read(lambda c: [rows.to_account(row) for row in c.execute(query)])

    async def change_account(self, account_id: str, change: Callable[[Account], Account], at_ms: int = 0) -> Account | None:
        """The account after `change`, which may refuse. Refused (`conflict`) when its address is another's, or when nobody could
        administer any more. Who may do less than before signs in again; who is suspended gives their open tickets back."""

        def work(c: Connection) -> Account | None:
            done = _changed(c, accounts, accounts.c.id == account_id, rows.to_account, change, rows.of_account, self._now_ms())
            if done is None:
                return None
            _check_powers(c, *done, at_ms)
            raise_version(c, done[1].app_id)
            return done[1]

        return await self._write(work, "An account with this address exists already")

    async def set_password(self, account_id: str, password_hash: str) -> bool:
        """Set it and end the sessions that were opened with the old one."""

        def work(c: Connection) -> bool:
            c.execute(update(sessions).where(sessions.c.account_id == account_id).values(revoked=True))
            changed = update(accounts).where(accounts.c.id == account_id).values(password_hash=password_hash)
            return bool(c.execute(changed).rowcount)

        return await self._database.write(work)

    # Sessions.

    async def create_session(self, session: Session) -> None:
        """A few expired ones go at the same time."""

        def work(c: Connection) -> None:
            _drop_expired(c, sessions, sessions.c.token_hash, session.created_ms)
            c.execute(insert(sessions).values(rows.of_session(session)))

        await self._write(work, "Session already exists")

    async def find_session(self, token_hash: bytes) -> Session | None:
        """Also one that expired or was revoked: ask `Session.is_valid`."""
        return await self._one(select(sessions).where(sessions.c.token_hash == token_hash), rows.to_session)

    async def valid_sessions(self, token_hashes: Sequence[bytes], now_ms: int) -> set[bytes]:
        """Those of these tokens that still hold: not expired, not revoked, and of somebody who is still there."""
        known = and_(
            sessions.c.token_hash.in_(bindparam("hashes", expanding=True)),
            sessions.c.revoked.is_(False),
            sessions.c.expires_ms > now_ms,
            or_(sessions.c.key_id.is_(None), sessions.c.key_id.in_(select(api_keys.c.id))),
            or_(sessions.c.account_id.is_(None), sessions.c.account_id.in_(select(accounts.c.id).where(accounts.c.suspended.is_(False)))),
            or_(sessions.c.user_id.is_(None), not_(_is_suspended)),
            or_(sessions.c.integration_id.is_(None), sessions.c.integration_id.in_(select(integrations.c.id))),
        )
        query = select(sessions.c.token_hash).where(known)

        def work(c: Connection) -> set[bytes]:
            found: set[bytes] = set()
            for first in range(0, len(token_hashes), _HASHES_AT_ONCE):
                part = list(token_hashes[first : first + _HASHES_AT_ONCE])
                found.update(c.execute(query, {"hashes": part}).scalars())
            return found

        return await self._read(work)

    async def revoke_session(self, token_hash: bytes) -> bool:
        changed = update(sessions).where(sessions.c.token_hash == token_hash).values(revoked=True)
        return await self._database.write(lambda c: bool(c.execute(changed).rowcount))

    async def revoke_sessions(self, *, app_id: str | None = None, user_id: str | None = None, account_id: str | None = None) -> int:
        """All of a visitor (app and user), or all of an account."""
        if account_id is not None:
            these: ColumnElement[bool] = sessions.c.account_id == account_id
        elif app_id is not None and user_id is not None:
            these = and_(sessions.c.app_id == app_id, sessions.c.user_id == user_id)
        else:
            raise ValueError("name an account, or an app and a user")
        return await self._database.write(lambda c: c.execute(update(sessions).where(these).values(revoked=True)).rowcount)

    async def extend_session(self, token_hash: bytes, expires_ms: int) -> None:
        changed = update(sessions).where(sessions.c.token_hash == token_hash).values(expires_ms=expires_ms)
        await self._database.write(lambda c: c.execute(changed))

    async def expire_sessions(self, now_ms: int) -> int:
        """Delete those that expired before `now_ms`."""
        return await self._database.write(lambda c: c.execute(delete(sessions).where(sessions.c.expires_ms <= now_ms)).rowcount)

    # Replies.

    async def find_reply(self, scope: bytes, now_ms: int) -> Reply | None:
        query = select(replies.c.digest, replies.c.status, replies.c.body)
        query = query.where(replies.c.scope == scope, replies.c.expires_ms > now_ms)
        return await self._one(query, lambda row: Reply(row.digest, row.status, row.body))

    async def store_reply(self, scope: bytes, app_id: str, reply: Reply, now_ms: int, expires_ms: int) -> None:
        """Refused (`conflict`) when another process stored one for the same scope since. A few expired ones go at the same time."""
        values = {"scope": scope, "app_id": app_id, "expires_ms": expires_ms}
        values |= {"digest": reply.digest, "status": reply.status, "body": reply.body}

        def work(c: Connection) -> None:
            c.execute(delete(replies).where(replies.c.scope == scope, replies.c.expires_ms <= now_ms))
            _drop_expired(c, replies, replies.c.scope, now_ms)
            c.execute(insert(replies).values(values))

        await self._write(work, "The request was answered already")

    # Secrets, and the first run.

    async def secret(self, name: str, fresh: bytes) -> bytes:
        """The secret of this name; `fresh` becomes it if there is none yet, also when several processes ask at once."""
        query = select(secrets.c.value).where(secrets.c.name == name)
        found: bytes | None = await self._read(lambda c: c.execute(query).scalar())
        if found is not None:
            return bytes(found)

        def work(c: Connection) -> None:
            c.execute(insert(secrets).values(name=name, value=fresh))

        try:
            await self._database.write(work)
        except Collision:
            return bytes(await self._read(lambda c: c.execute(query).scalar_one()))
        return fresh

    async def is_empty(self) -> bool:
        """Whether this is the first run: no account, no key, no app."""
        query = union_all(*(select(literal(1)).select_from(table) for table in (accounts, api_keys, apps))).limit(1)
        return await self._read(lambda c: c.execute(query).first() is None)

    async def create_all(
        self, app: App, keys: Sequence[ApiKey], channels: Sequence[Integration], people: Sequence[Account], board: Board
    ) -> bool:
        """Everything of the first run at once; False, and nothing done, when it is not the first."""

        def work(c: Connection) -> bool:
            if c.execute(select(apps.c.id).limit(1)).first() or c.execute(select(accounts.c.id).limit(1)).first():
                return False
            c.execute(insert(apps).values(rows.of_app(app)))
            c.execute(insert(api_keys), [rows.of_key(key) for key in keys])
            c.execute(insert(integrations), [rows.of_integration(one) for one in channels])
            c.execute(insert(accounts), [rows.of_account(person) for person in people])
            insert_board(c, board)
            return True

        try:
            return await self._database.write(work)
        except Collision:
            return False

    # How.

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await self._database.read(work)

    async def _one(self, query: Select[Any], of: Callable[[Any], T]) -> T | None:
        row = await self._database.read(lambda c: c.execute(query).first())
        return None if row is None else of(row)

    async def _write(self, work: Callable[[Connection], T], conflict: str) -> T:
        try:
            return await self._database.write(work)
        except Collision:
            raise Refused("conflict", conflict) from None

    async def _insert(self, table: Table, values: rows.Values, conflict: str) -> None:
        await self._write(lambda c: c.execute(insert(table).values(values)), conflict)


def _changed(
    c: Connection,
    table: Table,
    this: ColumnElement[bool],
    read: Callable[[Any], Value],
    change: Callable[[Value], Value],
    write: Callable[[Value], rows.Values],
    at_ms: int | None = None,
) -> tuple[Value, Value] | None:
    """(before, after): the row is locked in between, so that no other change is lost. `at_ms` is written along, if it is kept when."""
    row = c.execute(select(table).where(this).with_for_update()).first()
    if row is None:
        return None
    before = read(row)
    after = change(before)
    if after != before:
        c.execute(update(table).where(this).values(write(after) | ({} if at_ms is None else {"updated_ms": at_ms})))
    return before, after


def _check_powers(c: Connection, before: Account, after: Account, at_ms: int) -> None:
    if after.role == "admin" and not after.suspended:
        return
    departures.require_another_admin(c, before)
    if (before.role, before.suspended) != (after.role, after.suspended):
        departures.end_sessions(c, after.id)
    if after.suspended and not before.suspended:
        departures.release(c, after, at_ms)


def _page(c: Connection, query: Select[Any], by: ColumnElement[str], after: str, before: str, limit: int) -> list[Any]:
    if before:
        return list(c.execute(query.where(by < before).order_by(by.desc()).limit(limit)).all())[::-1]
    return list(c.execute(query.where(by > after).order_by(by).limit(limit)).all())


def _of_app_keys(app_id: str) -> ColumnElement[bool]:
    return and_(api_keys.c.app_id == app_id, api_keys.c.scope == "app")


def _lock_app(c: Connection, app_id: str) -> None:
    """So that two new keys are counted one after the other."""
    c.execute(select(apps.c.id).where(apps.c.id == app_id).with_for_update())


def _index_identities(c: Connection, user: User) -> None:
    found = rows.of_identities(user)
    if found:
        c.execute(insert(identities), found)


def _forget_identities(c: Connection, app_id: str, user_id: str) -> None:
    c.execute(delete(identities).where(identities.c.app_id == app_id, identities.c.user_id == user_id))


def _drop_expired(c: Connection, table: Table, key: ColumnElement[Any], now_ms: int) -> None:
    """Those that another transaction is dropping at the moment are left to it."""
    some = select(key).where(table.c.expires_ms <= now_ms).limit(_EXPIRED_AT_ONCE).with_for_update(skip_locked=True)
    c.execute(delete(table).where(key.in_(some)))
