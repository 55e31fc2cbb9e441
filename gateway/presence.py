"""Which agents have a socket here, told to the routing of each app: when it changes, and again before the lease runs out.

A gateway that dies says nothing more, and its lease ends. Never knows what an agent's status is: that is the routing's.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import Counter

import structlog

from actors.link import Outcome
from actors.router import Router, bytes_digest
from domain.assignment import commands as cmd
from domain.errors import Refused, Unavailable
from storage.ports import ActorId

log = structlog.get_logger()

LEASE_MS = 60_000
RENEW_S = 20.0
GATHER_S = 0.05
"""After a socket comes or goes, so long is waited for others: a thousand may come at once."""
RETRY_S = 2.0
CLOSE_S = 1.0
LOGOUT = "AGENT_LOGOUT"


def routing_of(app: str) -> ActorId:
    """The actor that routes for an app: it bears the app's id."""
    return ActorId("assignment", app, app)


def sign_out(router: Router, app: str, agent: str) -> None:
    """An agent has gone by their own will. Nobody waits for the routing, which also sees that their sockets are gone."""
    command = cmd.encode(cmd.SetStatus(agent, "offline", LOGOUT))
    with contextlib.suppress(Unavailable):
        router.send(routing_of(app), command, secrets.randbits(63), bytes_digest(command), _heard)


def _heard(outcome: Outcome) -> None:
    """Of who is no agent any more the routing knows nothing."""


class _Here:
    """The agents of one app who have sockets here, and who of them did something since it was told last."""

    def __init__(self) -> None:
        self.sockets: Counter[str] = Counter()
        self.seen: set[str] = set()
        self.changed = asyncio.Event()
        self.task: asyncio.Task[None] | None = None


class Presence:
    """The agents of this gateway process, by app."""

    def __init__(self, router: Router) -> None:
        self._router, self._name = router, router.new_id()
        self._apps: dict[str, _Here] = {}

    def enter(self, app: str, agent: str) -> None:
        """An agent has opened a socket."""
        here = self._apps.setdefault(app, _Here())
        here.sockets[agent] += 1
        if here.sockets[agent] == 1:
            here.changed.set()
        if here.task is None:
            here.task = asyncio.create_task(self._keep(app, here), name="presence")

    def leave(self, app: str, agent: str) -> None:
        """And has closed it."""
        here = self._apps[app]
        here.sockets[agent] -= 1
        if not here.sockets[agent]:
            del here.sockets[agent]
            here.seen.discard(agent)
            here.changed.set()

    def see(self, app: str, agent: str) -> None:
        """The agent has done something."""
        self._apps[app].seen.add(agent)

    async def close(self) -> None:
        """The sockets are closed: say so, if it can be said at once. Otherwise the lease ends."""
        tasks = [here.task for here in self._apps.values() if here.task is not None]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=CLOSE_S)
            for task in late:
                task.cancel()

    async def _keep(self, app: str, here: _Here) -> None:
        while True:
            here.changed.clear()
            await self._tell(app, here)
            if not here.sockets and not here.changed.is_set():
                del self._apps[app]
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RENEW_S):
                    await here.changed.wait()
            await asyncio.sleep(GATHER_S)

    async def _tell(self, app: str, here: _Here) -> None:
        """One after the other, so that an older word never comes after a newer one."""
        while True:
            agents, seen = tuple(sorted(here.sockets)), tuple(sorted(here.seen))
            here.seen.clear()
            command = cmd.encode(cmd.Present(self._name, agents, LEASE_MS, seen))
            try:
                await self._router.ask_encoded(routing_of(app), command, bytes_digest(command), sender=f"gateway:{self._name}")
                return
            except Unavailable as error:
                here.seen.update(one for one in seen if one in here.sockets)
                await asyncio.sleep(max(RETRY_S, error.retry_after_s))
            except Refused as refused:
                log.warning("presence_refused", code=refused.code)
                return
