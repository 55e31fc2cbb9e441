"""Work on many tickets, as rows: whoever takes a job has it until its lease ends, and a batch that was done is not done again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.engine import Connection

from domain.errors import Refused
from storage.ports import Database
from storage.sql.tickets_tables import support_jobs

Status = Literal["queued", "working", "completed", "failed", "killed"]

KEPT_MS = 24 * 3_600_000
"""How long a job that is done can be asked for."""
MAX_JOBS = 30
"""Jobs of an app that are not done."""
_OPEN = ("queued", "working")

_encode = msgspec.json.Encoder().encode
_values = msgspec.json.Decoder(list[dict[str, Any]])


class Job(msgspec.Struct, frozen=True):
    """`work` is one entry for each thing to do, `results` one for each that was done."""

    app_id: str
    id: str
    kind: str
    work: list[dict[str, Any]]
    status: Status = "queued"
    progress: int = 0
    results: list[dict[str, Any]] = []
    created_ms: int = 0
    lease_ms: int = 0


class JobRows:
    """Over `database`, which it does not close."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, job: Job) -> None:
        """Refused when the app has many jobs already. Old ones go at the same time."""

        def work(c: Connection) -> None:
            of_app = support_jobs.c.app_id == job.app_id
            old = and_(of_app, support_jobs.c.created_ms < job.created_ms - KEPT_MS, support_jobs.c.status.not_in(_OPEN))
            c.execute(delete(support_jobs).where(old))
            waiting = select(func.count()).select_from(support_jobs).where(of_app, support_jobs.c.status.in_(_OPEN))
            if int(c.execute(waiting).scalar_one()) >= MAX_JOBS:
                raise Refused("conflict", f"There are {MAX_JOBS} jobs at work already")
            c.execute(insert(support_jobs).values(row_of(job)))

        await self._database.write(work)

    async def get(self, app_id: str, ids: Sequence[str]) -> list[Job]:
        query = select(support_jobs).where(support_jobs.c.app_id == app_id, support_jobs.c.id.in_(ids))
        return await self._database.read(lambda c: [_job(row) for row in c.execute(query)])

    async def latest(self, app_id: str, limit: int) -> list[Job]:
        """Newest first."""
        query = select(support_jobs).where(support_jobs.c.app_id == app_id)
        query = query.order_by(support_jobs.c.created_ms.desc(), support_jobs.c.id.desc()).limit(limit)
        return await self._database.read(lambda c: [_job(row) for row in c.execute(query)])

    async def take(self, now_ms: int, until_ms: int) -> Job | None:
        """A job that nobody is at, with a lease for whoever asks. Nearly always there is none, and nothing is written."""
        free = and_(support_jobs.c.status.in_(_OPEN), support_jobs.c.lease_ms <= now_ms)
        query = select(support_jobs).where(free).order_by(support_jobs.c.lease_ms, support_jobs.c.id).limit(1)
        if await self._database.read(lambda c: c.execute(query.with_only_columns(support_jobs.c.id)).first()) is None:
            return None

        def work(c: Connection) -> Job | None:
            row = c.execute(query.with_for_update(skip_locked=True)).first()
            if row is None:
                return None
            c.execute(update(support_jobs).where(_this(row.app_id, row.id)).values(status="working", lease_ms=until_ms))
            return msgspec.structs.replace(_job(row), status="working", lease_ms=until_ms)

        return await self._database.write(work)

    async def save(self, before: Job, after: Job) -> bool:
        """What was done of it. False: somebody else has it meanwhile."""
        changed = update(support_jobs).where(_this(before.app_id, before.id), support_jobs.c.lease_ms == before.lease_ms)
        return await self._database.write(lambda c: bool(c.execute(changed.values(row_of(after))).rowcount))


def _this(app_id: str, identifier: str) -> Any:
    return and_(support_jobs.c.app_id == app_id, support_jobs.c.id == identifier)


def row_of(job: Job) -> dict[str, Any]:
    """As the table has it."""
    values = msgspec.structs.asdict(job)
    return values | {"work": _encode(job.work), "results": _encode(job.results), "total": len(job.work)}


def _job(row: Any) -> Job:
    values = {name: getattr(row, name) for name in Job.__struct_fields__}
    return Job(**values | {"work": _values.decode(row.work), "results": _values.decode(row.results)})
