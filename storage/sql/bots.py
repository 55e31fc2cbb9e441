"""Flows, what was published of them, and what bots need beside. Each method is one transaction; it draws no ids and reads no clock.

What is live changes only by `publish`, which makes one more immutable release out of immutable versions: a conversation that began
on a release finds it again. What is asked for and not there is None.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Select, Table, and_, delete, func, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql.expression import ColumnElement

from domain.bot.release import Release, decode_release
from domain.errors import Refused
from storage.ports import Collision, Database
from storage.sql.bots_rows import Bot, Draft, Made, Preview, Publishing, SecretName, Version
from storage.sql.bots_tables import bot_previews, bot_releases, bot_secrets, bots, flow_versions, flows, release_flows

T = TypeVar("T")

MAX_FLOWS = 100
MAX_VERSIONS = 200
MAX_RELEASES = 1_000
MAX_SECRETS = 50
MAX_PREVIEWS = 50

_RELEASE = b'{"number":%d,"flows":{%b},"entry":%b,"settings":%b}'


class Bots:
    """Over `database`, which it does not close."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Drafts.

    async def create_flow(self, draft: Draft) -> None:
        """Its versions go on from those of an earlier flow of this id that releases still name.

        Refused (`conflict`) when there is one with this id, or as many flows as may be.
        """

        def work(c: Connection) -> None:
            _lock(c, draft.app_id)
            _check_count(c, flows, draft.app_id, MAX_FLOWS, "flows")
            last = select(func.max(flow_versions.c.number))
            last = last.where(flow_versions.c.app_id == draft.app_id, flow_versions.c.flow_id == draft.id)
            c.execute(insert(flows).values(_of_draft(draft) | {"last_version": c.execute(last).scalar() or 0}))

        await self._write(work, "There is a flow with this id already")

    async def get_flow(self, app_id: str, flow_id: str) -> Draft | None:
        return await self._one(select(flows).where(_this(flows, app_id, flow_id)), _to_draft)

    async def list_flows(self, app_id: str, after: str = "", limit: int = MAX_FLOWS) -> list[Draft]:
        """By id, without their definitions."""
        columns = [column for column in flows.c if column.name != "draft"]
        query = select(*columns).where(flows.c.app_id == app_id, flows.c.id > after).order_by(flows.c.id).limit(limit)
        return await self._database.read(lambda c: [_to_draft(row) for row in c.execute(query)])

    async def change_flow(self, draft: Draft) -> Draft:
        """Replace name and definition; `draft.revision` is the one that was read, and the answer has the next. Refused: `conflict`."""
        changed = msgspec.structs.replace(draft, revision=draft.revision + 1)
        values = {"name": draft.name, "draft": draft.definition, "revision": changed.revision}
        values |= {"updated_ms": draft.updated_ms, "updated_by": draft.updated_by}

        def work(c: Connection) -> Draft:
            this = and_(_this(flows, draft.app_id, draft.id), flows.c.revision == draft.revision)
            if not c.execute(update(flows).where(this).values(values)).rowcount:
                raise _outdated() if _exists(c, draft.app_id, draft.id) else Refused("flow_not_found", "Flow not found")
            return changed

        return await self._database.write(work)

    async def delete_flow(self, app_id: str, flow_id: str) -> bool:
        """The draft, and the versions that no release names. Refused (`conflict`) while it is live."""

        def work(c: Connection) -> bool:
            bot = _lock(c, app_id)
            if flow_id in _parts(c, app_id, bot.live):
                raise Refused("conflict", "The flow is live: unpublish it first")
            _drop_versions(c, app_id, flow_id, below=None)
            return bool(c.execute(delete(flows).where(_this(flows, app_id, flow_id))).rowcount)

        return await self._database.write(work)

    # What was published.

    async def list_versions(self, app_id: str, flow_id: str, before: int | None = None, limit: int = 100) -> list[Version]:
        """The newest first, without their definitions."""
        v = flow_versions.c
        query = select(v.flow_id, v.number, v.note, v.created_ms, v.created_by).where(v.app_id == app_id, v.flow_id == flow_id)
        if before is not None:
            query = query.where(v.number < before)
        query = query.order_by(v.number.desc()).limit(limit)
        return await self._database.read(lambda c: [Version(r[0], r[1], b"", *r[2:]) for r in c.execute(query)])

    async def get_version(self, app_id: str, flow_id: str, number: int) -> Version | None:
        v = flow_versions.c
        query = select(v.flow_id, v.number, v.definition, v.note, v.created_ms, v.created_by)
        query = query.where(v.app_id == app_id, v.flow_id == flow_id, v.number == number)
        return await self._one(query, lambda row: Version(*row))

    async def get_bot(self, app_id: str) -> Bot:
        return await self._database.read(lambda c: _bot(c, app_id))

    async def live_flows(self, app_id: str) -> tuple[Bot, dict[str, int]]:
        """The bot, and the version of each flow that is live."""

        def work(c: Connection) -> tuple[Bot, dict[str, int]]:
            bot = _bot(c, app_id)
            return bot, _parts(c, app_id, bot.live)

        return await self._database.read(work)

    async def live_release(self, app_id: str) -> int | None:
        """The number of the release with which new runs begin."""
        query = select(bots.c.live).where(bots.c.app_id == app_id)
        return await self._database.read(lambda c: c.execute(query).scalar())

    async def load_release(self, app_id: str, number: int) -> Release | None:
        """A release, which never changes: callers remember it. None for one that never was, or is too old."""
        found = await self._database.read(lambda c: _release(c, app_id, number))
        return None if found is None else decode_release(found)

    async def list_releases(self, app_id: str, before: int | None = None, limit: int = 100) -> list[Made]:
        """The newest first."""
        r = bot_releases.c
        query = select(r.number, r.note, r.created_ms, r.created_by).where(r.app_id == app_id).order_by(r.number.desc()).limit(limit)
        if before is not None:
            query = query.where(r.number < before)

        def work(c: Connection) -> list[Made]:
            rows = c.execute(query).all()
            named: dict[int, dict[str, int]] = {row[0]: {} for row in rows}
            f = release_flows.c
            for release, flow_id, version in c.execute(
                select(f.release, f.flow_id, f.version).where(f.app_id == app_id, f.release.in_(list(named)))
            ):
                named[release][flow_id] = version
            return [Made(*row, flows=named[row[0]]) for row in rows]

        return await self._database.read(work)

    async def publish(self, new: Publishing) -> int | None:
        """Make a release live, with the versions that it brings; the release's number, None when nothing is live now.

        Refused (`conflict`) when the bot or one of the drafts was changed since it was read.
        """

        def work(c: Connection) -> int | None:
            bot = _lock(c, new.app_id)
            if bot.revision != new.revision:
                raise _outdated()
            for version in new.versions:
                _add_version(c, new.app_id, version, new.drafts[version.flow_id])
            number = _add_release(c, new) if new.flows else None
            values: dict[str, Any] = {"settings": new.settings, "entry": new.entry, "live": number, "revision": bot.revision + 1}
            values |= {"updated_ms": new.at_ms, "updated_by": new.by} | ({} if number is None else {"last_release": number})
            c.execute(update(bots).where(bots.c.app_id == new.app_id).values(values))
            if number is not None:
                _drop_releases(c, new.app_id, number - MAX_RELEASES)
            for version in new.versions:
                _drop_versions(c, new.app_id, version.flow_id, below=version.number - MAX_VERSIONS + 1)
            return number

        return await self._write(work, "Somebody else has published at the same moment")

    # Secrets.

    async def put_secret(self, app_id: str, name: str, value: str, at_ms: int, by: str) -> None:
        """Refused (`conflict`) when there are as many as may be."""
        values = {"value": value, "updated_ms": at_ms, "updated_by": by}

        def work(c: Connection) -> None:
            _lock(c, app_id)
            this = and_(bot_secrets.c.app_id == app_id, bot_secrets.c.name == name)
            if c.execute(update(bot_secrets).where(this).values(values)).rowcount:
                return
            _check_count(c, bot_secrets, app_id, MAX_SECRETS, "secrets")
            c.execute(insert(bot_secrets).values(app_id=app_id, name=name, **values))

        await self._write(work, "Somebody else has set it at the same moment")

    async def list_secrets(self, app_id: str) -> list[SecretName]:
        """By name, without their values."""
        s = bot_secrets.c
        query = select(s.name, s.updated_ms, s.updated_by).where(s.app_id == app_id).order_by(s.name)
        return await self._database.read(lambda c: [SecretName(*row) for row in c.execute(query)])

    async def delete_secret(self, app_id: str, name: str) -> bool:
        gone = delete(bot_secrets).where(bot_secrets.c.app_id == app_id, bot_secrets.c.name == name)
        return await self._database.write(lambda c: bool(c.execute(gone).rowcount))

    async def secrets(self, app_id: str) -> dict[str, str]:
        """Their values by name: for calls, and never for an answer of the API."""
        query = select(bot_secrets.c.name, bot_secrets.c.value).where(bot_secrets.c.app_id == app_id)
        return await self._database.read(lambda c: {row.name: row.value for row in c.execute(query)})

    # Previews.

    async def create_preview(self, preview: Preview, now_ms: int) -> None:
        """Expired ones go at the same time, of all apps; of too many of one app, those that would expire first."""

        def work(c: Connection) -> None:
            c.execute(delete(bot_previews).where(bot_previews.c.expires_ms <= now_ms))
            kept = select(bot_previews.c.id).where(bot_previews.c.app_id == preview.app_id)
            kept = kept.order_by(bot_previews.c.expires_ms.desc()).limit(MAX_PREVIEWS - 1)
            c.execute(delete(bot_previews).where(bot_previews.c.app_id == preview.app_id, bot_previews.c.id.not_in(kept)))
            c.execute(insert(bot_previews).values(msgspec.structs.asdict(preview)))

        await self._write(work, "Preview already exists")

    async def get_preview(self, app_id: str, preview_id: str, now_ms: int) -> Preview | None:
        p = bot_previews.c
        query = select(p.app_id, p.id, p.release, p.body, p.expires_ms, p.revision)
        return await self._one(query.where(_this(bot_previews, app_id, preview_id), p.expires_ms > now_ms), lambda row: Preview(*row))

    async def save_preview(self, preview: Preview) -> None:
        """`revision` is the one that was read. Refused: `conflict`."""
        values = {"body": preview.body, "expires_ms": preview.expires_ms, "revision": preview.revision + 1}

        def work(c: Connection) -> None:
            this = and_(_this(bot_previews, preview.app_id, preview.id), bot_previews.c.revision == preview.revision)
            if not c.execute(update(bot_previews).where(this).values(values)).rowcount:
                raise _outdated()

        await self._database.write(work)

    async def delete_preview(self, app_id: str, preview_id: str) -> bool:
        gone = delete(bot_previews).where(_this(bot_previews, app_id, preview_id))
        return await self._database.write(lambda c: bool(c.execute(gone).rowcount))

    # All of it.

    async def _one(self, query: Select[Any], of: Callable[[Any], T]) -> T | None:
        row = await self._database.read(lambda c: c.execute(query).first())
        return None if row is None else of(row)

    async def _write(self, work: Callable[[Connection], T], conflict: str) -> T:
        """Twice, if need be: the first collision may be about the row of `bots`, which two made at once, and which is there now."""
        try:
            return await self._database.write(work)
        except Collision:
            try:
                return await self._database.write(work)
            except Collision:
                raise Refused("conflict", conflict) from None


def _outdated() -> Refused:
    return Refused("conflict", "It was changed by somebody else since it was read")


def _this(table: Table, app_id: str, identifier: str) -> ColumnElement[bool]:
    return and_(table.c.app_id == app_id, table.c.id == identifier)


def _exists(c: Connection, app_id: str, flow_id: str) -> bool:
    return c.execute(select(flows.c.id).where(_this(flows, app_id, flow_id))).first() is not None


def _of_draft(draft: Draft) -> dict[str, Any]:
    values = msgspec.structs.asdict(draft)
    values["draft"] = values.pop("definition")
    return values


def _to_draft(row: Any) -> Draft:
    found = row._mapping
    return Draft(
        row.app_id,
        row.id,
        row.name,
        found.get("draft", b""),
        row.created_ms,
        row.updated_ms,
        row.updated_by,
        row.revision,
        row.last_version,
    )


_BOT = (bots.c.settings, bots.c.entry, bots.c.revision, bots.c.live, bots.c.updated_ms, bots.c.updated_by)


def _bot(c: Connection, app_id: str) -> Bot:
    row = c.execute(select(*_BOT).where(bots.c.app_id == app_id)).first()
    return Bot() if row is None else Bot(*row)


def _lock(c: Connection, app_id: str) -> Bot:
    """So that changes of one app's bot come one after the other, and what is counted stays counted. The row is born here."""
    row = c.execute(select(*_BOT).where(bots.c.app_id == app_id).with_for_update()).first()
    if row is not None:
        return Bot(*row)
    c.execute(insert(bots).values(app_id=app_id, settings=b"{}", revision=0, last_release=0, updated_ms=0, updated_by=""))
    return Bot()


def _check_count(c: Connection, table: Table, app_id: str, most: int, noun: str) -> None:
    if c.execute(select(func.count()).select_from(table).where(table.c.app_id == app_id)).scalar_one() >= most:
        raise Refused("conflict", f"An app has at most {most} {noun}")


def _parts(c: Connection, app_id: str, release: int | None) -> dict[str, int]:
    if release is None:
        return {}
    f = release_flows.c
    found = c.execute(select(f.flow_id, f.version).where(f.app_id == app_id, f.release == release).order_by(f.flow_id))
    return {row.flow_id: row.version for row in found}


def _release(c: Connection, app_id: str, number: int) -> bytes | None:
    """The release's JSON, put together from what is stored as JSON."""
    r, f, v = bot_releases.c, release_flows.c, flow_versions.c
    row = c.execute(select(r.settings, r.entry).where(r.app_id == app_id, r.number == number)).first()
    if row is None:
        return None
    match = and_(v.app_id == f.app_id, v.flow_id == f.flow_id, v.number == f.version)
    query = select(f.flow_id, f.version, v.definition).select_from(release_flows.join(flow_versions, match))
    found = c.execute(query.where(f.app_id == app_id, f.release == number).order_by(f.flow_id))
    parts = (b'"%b":{"version":%d,"flow":%b}' % (name.encode(), version, bytes(flow)) for name, version, flow in found)
    return _RELEASE % (number, b",".join(parts), bytes(row.entry), bytes(row.settings))


def _add_version(c: Connection, app_id: str, version: Version, draft_revision: int) -> None:
    """Refused when the draft is not the one that was read, or its last version is not the one before."""
    this = and_(_this(flows, app_id, version.flow_id), flows.c.revision == draft_revision, flows.c.last_version == version.number - 1)
    if not c.execute(update(flows).where(this).values(last_version=version.number)).rowcount:
        raise _outdated()
    c.execute(insert(flow_versions).values(app_id=app_id, **msgspec.structs.asdict(version)))


def _add_release(c: Connection, new: Publishing) -> int:
    number: int = c.execute(select(bots.c.last_release).where(bots.c.app_id == new.app_id)).scalar_one() + 1
    values = {"settings": new.settings, "entry": new.entry, "note": new.note, "created_ms": new.at_ms, "created_by": new.by}
    c.execute(insert(bot_releases).values(app_id=new.app_id, number=number, **values))
    parts = [{"app_id": new.app_id, "release": number, "flow_id": one, "version": version} for one, version in new.flows.items()]
    c.execute(insert(release_flows), parts)
    return number


def _drop_releases(c: Connection, app_id: str, last: int) -> None:
    """Those up to `last`, and with them the versions of deleted flows that only they have named."""
    if last <= 0:
        return
    c.execute(delete(release_flows).where(release_flows.c.app_id == app_id, release_flows.c.release <= last))
    c.execute(delete(bot_releases).where(bot_releases.c.app_id == app_id, bot_releases.c.number <= last))
    v, f = flow_versions.c, release_flows.c
    named = select(f.version).where(f.app_id == app_id, f.flow_id == v.flow_id, f.version == v.number).exists()
    kept = select(flows.c.id).where(flows.c.app_id == app_id)
    c.execute(delete(flow_versions).where(v.app_id == app_id, v.flow_id.not_in(kept), ~named))


def _drop_versions(c: Connection, app_id: str, flow_id: str, below: int | None) -> None:
    """Those of a flow (below a number, or all) that no release names."""
    v, f = flow_versions.c, release_flows.c
    named = select(f.version).where(f.app_id == app_id, f.flow_id == flow_id)
    these = and_(v.app_id == app_id, v.flow_id == flow_id, v.number.not_in(named))
    c.execute(delete(flow_versions).where(these if below is None else and_(these, v.number < below)))
