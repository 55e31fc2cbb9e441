"""Routing on the stream: what agents say of their status and of work that is offered to them, and what the inbox shows of it.

Snapshots come from the read tables, what follows from the journal: a snapshot's `position` is the journal's seq of that very moment.
"""

from __future__ import annotations

from typing import Any

import msgspec

from actors.link import OnAnswer
from actors.router import Router, bytes_digest
from actors.stream import Delivered, Subscription
from domain.assignment import commands as cmd
from domain.assignment.rows import AgentRow, WorkRow
from domain.assignment.rules import SUPERVISORS
from domain.errors import Refused
from gateway.identity import Identity
from gateway.presence import Presence, routing_of
from gateway.stream import frames
from gateway.stream.outbox import Outbox
from storage.sql.routing import Count, Routings, Snapshot

MAX_BEHIND = 10_000
"""Who is further behind gets a snapshot."""


class Routing:
    """What a gateway's sockets need for it. `reads` None: there is no routing here."""

    def __init__(self, router: Router, reads: Routings | None = None) -> None:
        self._router, self._reads = router, reads
        self.presence = Presence(router)

    # -- what agents say

    def command(self, who: Identity, frame: frames.OfRouting) -> cmd.Command:
        """Raises `Refused`: only agents have a status and are offered work; for others only those who supervise decide."""
        account = who.account
        if account is None:
            raise Refused("forbidden", "Only agents are given work")
        match frame:
            case frames.Availability():
                agent = frame.agent or account.id
                if agent != account.id and account.role not in SUPERVISORS:
                    raise Refused("forbidden", "Only who supervises sets the status of others")
                return cmd.SetStatus(agent, frame.status, by=None if agent == account.id else account.id)
            case frames.Accept():
                return cmd.Accept(account.id, frame.ticket)
            case frames.Decline():
                return cmd.Decline(account.id, frame.ticket)
            case frames.Transfer():
                return cmd.Transfer(account.id, frame.ticket, frame.agent, frame.group, frame.queue)

    def say(self, who: Identity, frame: frames.OfRouting, on_answer: OnAnswer) -> None:
        """Raises `Refused`, and `Unavailable` if nothing was sent."""
        actor, command = routing_of(who.app.id), cmd.encode(self.command(who, frame))
        key = self._router.command_key(actor, who.sender, frame.id)
        self._router.send(actor, command, key, bytes_digest(command), on_answer)

    # -- what is shown

    async def follow(self, who: Identity, after: int, outbox: Outbox) -> Subscription | None:
        """Show an app's routing on a socket: from behind `after`, or a snapshot and what follows. Raises `Unavailable`."""
        if self._reads is None:
            return None
        snapshot = await self._snapshot(who)
        if not 0 <= snapshot.position - after <= (MAX_BEHIND if after else -1):
            outbox.put(shown(snapshot))
            after = snapshot.position
        return await self._router.subscribe(routing_of(who.app.id), after, _Shown(outbox))

    async def _snapshot(self, who: Identity) -> Snapshot:
        assert self._reads is not None
        found = await self._reads.snapshot(who.app.id, who.subject)
        if found.position:
            return found
        command = cmd.encode(cmd.Refresh())  # nothing was routed here yet: it comes into being
        await self._router.ask_encoded(routing_of(who.app.id), command, bytes_digest(command), sender=who.sender)
        return await self._reads.snapshot(who.app.id, who.subject)


class _Shown:
    """One socket's end of it (`Sink`)."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def push(self, event: Delivered) -> bool:
        made = event.frames.get("routing")
        if made is None:
            made = event.frames["routing"] = b'{"type":"routed","topic":"inbox","position":%d,"event":%b}' % (event.seq, event.body)
        return self._outbox.put(made)

    async def room(self) -> None:
        await self._outbox.room()


def ack(identifier: str, seq: int) -> bytes:
    """`ack {id, position}`: the place of the event in the app's routing, 0 where nothing had to change."""
    return frames.line(type="ack", id=identifier, position=seq)


def shown(snapshot: Snapshot) -> bytes:
    """`routing {topic, position, lines, agents, work}`."""
    return frames.line(
        type="routing",
        topic="inbox",
        position=snapshot.position,
        lines=lines(snapshot.counts),
        agents=[agent(one) for one in snapshot.agents],
        work=[work(one) for one in snapshot.work],
    )


def lines(counts: list[Count]) -> list[dict[str, Any]]:
    """How much waits, is offered and is assigned, line by line."""
    found: dict[str, dict[str, Any]] = {}
    for count in sorted(counts, key=lambda one: (one.line, one.stage)):
        queue, _, group = count.line.partition(":")
        line = found.setdefault(count.line, {"queue": int(queue), "group": int(group or 0) or None})
        line[count.stage] = count.n
        if count.stage == "waiting":
            line["oldestMs"] = count.oldest_ms
    return [{"waiting": 0, "offered": 0, "assigned": 0, "handing": 0, **line} for line in found.values()]


def agent(row: AgentRow) -> dict[str, Any]:
    return {"id": row.id, "status": row.status, "reason": row.reason, "sinceMs": row.since_ms, "connected": row.connected}


def work(row: WorkRow) -> dict[str, Any]:
    """In the words of the events."""
    return {_camel(name): value for name, value in msgspec.structs.asdict(row).items() if value is not None and name != "line"}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))
