"""Jobs: what is done to many tickets goes on after the request was answered, also when this server does not.

A job is a row. Whoever has its lease does it in small batches and writes each one down. Each thing in it is one command with an id of its
own, so that a batch which was done but not written down is not done again.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog
from aiohttp import web
from msgspec.structs import replace

from domain.errors import Invalid, Refused, Unavailable
from domain.ids import row_id
from domain.ticket.commands import By
from gateway.support import clearing, writing
from gateway.support.bodies import ticket_of
from gateway.support.pages import paged
from gateway.support.retiming import retime
from gateway.support.scene import Scene, derived_id, scene_of
from gateway.support.views import job_view
from gateway.zendesk.operations import SERVICES, Call, Services, answer, not_found
from storage.sql.departures import FORGET, RELEASE
from storage.sql.support_jobs import Job

log = structlog.get_logger()

LEASE_MS = 30_000
LOOK_S = 30.0
"""How often servers look for jobs that nobody is at any more."""
TRY_AGAIN_S = 1.0
BATCH = 10
AT_ONCE = 5
LATEST = 100

Perform = Callable[[Scene, dict[str, Any], str], Awaitable[dict[str, Any]]]
"""Does one thing, under an id of its own, and tells what came of it."""


async def _create(scene: Scene, work: dict[str, Any], key: str) -> dict[str, Any]:
    """Once: it may have been made, and not been written down."""
    ticket_id, shelf = derived_id(scene.app.id, key), scene.rooms.tickets
    made = await shelf.by_id(scene.app.id, ticket_id)
    if made is None:
        await writing.create(scene, ticket_of(work["ticket"]), ticket_id, key)
        made = await shelf.by_id(scene.app.id, ticket_id)
    return {"id": made.number if made else None, "action": "create", "status": "Created", "success": True}


async def _import(scene: Scene, work: dict[str, Any], key: str) -> dict[str, Any]:
    """Once, as with making."""
    ticket_id, shelf = derived_id(scene.app.id, key), scene.rooms.tickets
    made = await shelf.by_id(scene.app.id, ticket_id)
    if made is None:
        await writing.bring(scene, ticket_of(work["ticket"]), ticket_id, key)
        made = await shelf.by_id(scene.app.id, ticket_id)
    return {"id": made.number if made else None, "action": "import", "status": "Created", "success": True}


async def _update(scene: Scene, work: dict[str, Any], key: str) -> dict[str, Any]:
    ticket = await _named(scene, work)
    await writing.update(scene, ticket, ticket_of(work["ticket"]), key)
    return {"id": ticket.number, "action": "update", "status": "Updated", "success": True}


async def _delete(scene: Scene, work: dict[str, Any], key: str) -> dict[str, Any]:
    ticket = await _named(scene, work)
    await writing.delete(scene, ticket, key)
    return {"id": ticket.number, "action": "delete", "status": "Deleted", "success": True}


async def _erase(scene: Scene, work: dict[str, Any], key: str) -> dict[str, Any]:
    ticket = await _named(scene, work, deleted=True)
    await writing.delete(scene, ticket, key, forever=True)
    return {"id": ticket.number, "action": "permanently_delete", "status": "Deleted", "success": True}


async def _restore(scene: Scene, work: dict[str, Any], key: str) -> dict[str, Any]:
    ticket = await _named(scene, work, deleted=True)
    await writing.restore(scene, ticket, key)
    return {"id": ticket.number, "action": "restore", "status": "Restored", "success": True}


async def _merge(scene: Scene, work: dict[str, Any], key: str) -> dict[str, Any]:
    ticket = await _named(scene, work)
    into = await _named(scene, {"id": work["into"]})
    await writing.merge(scene, ticket, into, work, key)
    return {"id": ticket.number, "action": "merge", "status": "Merged", "success": True}


async def _retime(scene: Scene, work: dict[str, Any], key: str) -> dict[str, Any]:
    await retime(scene, work["after"])
    return {"id": work["after"], "action": "retime", "status": "Updated", "success": True}


async def _release(scene: Scene, work: dict[str, Any], key: str) -> dict[str, Any]:
    await clearing.release(scene, work["agent"], work["after"])
    return {"id": work["after"], "action": "release", "status": "Updated", "success": True}


async def _forget(scene: Scene, work: dict[str, Any], key: str) -> dict[str, Any]:
    await clearing.forget(scene, work["user"], work["after"])
    return {"id": work["after"], "action": "forget", "status": "Updated", "success": True}


PERFORM: dict[str, Perform] = {
    "create": _create,
    "import": _import,
    "update": _update,
    "delete": _delete,
    "erase": _erase,
    "restore": _restore,
    "merge": _merge,
    "retime": _retime,
    RELEASE: _release,
    FORGET: _forget,
}


async def _named(scene: Scene, work: dict[str, Any], deleted: bool = False) -> Any:
    number = work["id"]
    found = (await scene.rooms.tickets.by_numbers(scene.app.id, [number], deleted=deleted)).get(number)
    if found is None:
        raise writing.not_there(number)
    return found


class Runner:
    """Performs the jobs of all apps, in one process of perhaps several."""

    def __init__(self, services: Services) -> None:
        self._services, self._new = services, asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """There is a new job."""
        self._new.set()

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="support-jobs")

    async def stop(self) -> None:
        """What is left of a job is for whoever takes it next."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            self._new.clear()
            try:
                while await self._one():
                    pass
            except Unavailable as error:
                log.warning("job_postponed", reason=error.code)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._new.wait()

    async def _one(self) -> bool:
        """One job that nobody is at, to its end. False: there is none."""
        now_ms = self._services.router.now_ms()
        job = await self._services.rooms.jobs.take(now_ms, now_ms + LEASE_MS)
        if job is None:
            return False
        while job is not None and job.status == "working":
            job = await self._patiently(job)
        return True

    async def _patiently(self, job: Job) -> Job | None:
        """A batch, tried again while the lease lasts: a host that was killed is back in a moment. Raises Unavailable."""
        while True:
            try:
                return await self._batch(job)
            except Unavailable as error:
                if self._services.router.now_ms() + TRY_AGAIN_S * 1000 >= job.lease_ms:
                    raise
                log.info("job_waits", job=job.id, reason=error.code)
            await asyncio.sleep(TRY_AGAIN_S)

    async def _batch(self, job: Job) -> Job | None:
        """The job after a few things more; None: somebody else has it meanwhile."""
        scene = await self._scene(job)
        part = range(job.progress, min(job.progress + BATCH, len(job.work)))
        gate = asyncio.Semaphore(AT_ONCE)
        results = await asyncio.gather(*(self._perform(scene, job, index, gate) for index in part))
        progress = job.progress + len(results)
        after = replace(job, progress=progress, results=[*job.results, *results], lease_ms=self._services.router.now_ms() + LEASE_MS)
        if progress == len(job.work):
            done = any(result["success"] for result in after.results)
            after = replace(after, status="completed" if done else "failed")
        return after if await self._services.rooms.jobs.save(job, after) else None

    async def _scene(self, job: Job) -> Scene | None:
        app = await self._services.lookups.app(job.app_id)
        who = job.work[0]["by"]
        by = msgspec.convert(who["by"], By)
        return None if app is None else Scene(self._services, app, by, who["sender"], who["account_id"], who["base"])

    async def _perform(self, scene: Scene | None, job: Job, index: int, gate: asyncio.Semaphore) -> dict[str, Any]:
        """What cannot be done is told, and the rest goes on. Raises Unavailable: the batch is for later."""
        work = job.work[index]
        try:
            if scene is None:
                raise Refused("app_not_found", "App not found")
            async with gate:
                return {"index": index, **await PERFORM[job.kind](scene, work, f"job:{job.id}:{index}")}
        except Refused as error:
            return _failed(index, work, job.kind, error)
        except Unavailable:
            raise
        except Exception:  # a bug in one thing: it is told of, and others go on
            log.exception("job_failed", job=job.id, index=index)
            return _failed(index, work, job.kind, Refused("internal_error", "This could not be done"))


def _failed(index: int, work: dict[str, Any], kind: str, error: Refused) -> dict[str, Any]:
    code = "RecordInvalid" if isinstance(error, Invalid) else {"not_found": "TicketNotFound"}.get(error.code, error.code)
    told = {
        "index": index,
        "action": kind,
        "success": False,
        "status": "Failed",
        "error": code,
        "details": error.title,
        "errors": error.title,
    }
    return told | ({"id": work["id"]} if "id" in work else {})


RUNNER = web.AppKey("support_jobs", Runner)


async def start(app: web.Application) -> None:
    """An `on_startup` hook, behind the one that collects the services."""
    app[RUNNER] = Runner(app[SERVICES])
    app[RUNNER].start()


async def stop(app: web.Application) -> None:
    """An `on_cleanup` hook."""
    await app[RUNNER].stop()


async def begun(call: Call, kind: str, work: list[dict[str, Any]]) -> web.Response:
    """The answer to a request for a new job."""
    return answer({"job_status": job_view(await queued(call, kind, work), call.base)})


async def queued(call: Call, kind: str, work: list[dict[str, Any]]) -> Job:
    """A new job. Raises Refused: there are many already."""
    scene, router = scene_of(call), call.services.router
    who = {"by": msgspec.to_builtins(scene.by), "sender": scene.sender, "account_id": scene.account_id, "base": scene.base}
    now_ms = router.now_ms()
    identifier = row_id(now_ms, secrets.randbits(64))
    job = Job(call.app.id, identifier, kind, [{**one, "by": who} for one in work], created_ms=now_ms)
    await call.services.rooms.jobs.add(job)
    call.request.app[RUNNER].wake()
    return job


def wake(request: web.Request) -> None:
    """Somebody else has written a job down."""
    if RUNNER in request.app:
        request.app[RUNNER].wake()


async def show_job(call: Call) -> web.Response:
    found = await call.services.rooms.jobs.get(call.app.id, [call.request.match_info["id"]])
    if not found:
        raise not_found()
    return answer({"job_status": job_view(found[0], call.base)})


async def show_many_jobs(call: Call) -> web.Response:
    wanted = [one for one in call.request.query.get("ids", "").split(",") if one][:LATEST]
    found = await call.services.rooms.jobs.get(call.app.id, wanted)
    return answer({"job_statuses": [job_view(one, call.base) for one in found], "count": len(found)})


async def list_jobs(call: Call) -> web.Response:
    found = await call.services.rooms.jobs.latest(call.app.id, LATEST)
    order = {one.id: place for place, one in enumerate(found, 1)}
    shown, around = paged(call, found, lambda one: order[one.id])
    return answer({"job_statuses": [job_view(one, call.base) for one in shown], **around})
