"""How many hosts of a kind a server brings, as operators order it while the server runs.

A host that is to go is drained first: it ends when it owns no slot any more, so that nothing waits longer than for a planned move.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

import structlog

from actors import orders
from actors.owners import actor_of
from storage.ports import Journal, SlotRow

log = structlog.get_logger()


class Pool(Protocol):
    """The hosts of one server that take slots, and that may be more or fewer."""

    server: str

    def pooled(self, kind: str) -> Collection[str] | None:
        """The names of those of a kind; None while they are being placed."""

    def standbys(self, kind: str) -> int:
        """How many of them are to be there in reserve."""

    def add(self, kind: str, count: int) -> None: ...

    def remove(self, kind: str, name: str) -> None: ...


class Plan(NamedTuple):
    """What brings a pool nearer to what is wanted of it."""

    more: int = 0
    drain: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    """Those that are drained and are wanted after all."""
    end: tuple[str, ...] = ()


def planned(names: Collection[str], rows: Sequence[SlotRow], drained: Collection[str], wanted: int) -> Plan:
    """Who has least goes first. Who is drained and owns nothing ends."""
    owned = Counter(actor_of(row) for row in rows if row.address and row.slot.isdecimal())
    leaving = sorted((name for name in names if name in drained), key=lambda name: owned[name])
    staying = sorted((name for name in names if name not in drained), key=lambda name: owned[name])
    missing = wanted - len(staying)
    keep = tuple(leaving[len(leaving) - min(max(missing, 0), len(leaving)) :])
    end = tuple(name for name in leaving if name not in keep and not owned[name])
    return Plan(max(missing - len(keep), 0), tuple(staying[: max(-missing, 0)]), keep, end)


async def scale(kind: str, pool: Pool, journal: Journal, asked: Mapping[str, int], rows: Sequence[SlotRow], now_ms: int) -> None:
    """One step towards what was ordered of this server, if anything was."""
    count, names = asked.get(orders.scale(pool.server, kind)), pool.pooled(kind)
    if count is None or names is None:
        return
    plan = planned(names, rows, orders.drained_of(asked), count + pool.standbys(kind))
    if plan == Plan():
        return
    log.info("hosts_scaled", kind=kind, wanted=count, more=plan.more, drain=plan.drain, end=plan.end)
    for name in plan.drain:
        await journal.order(orders.drain(name), now_ms)
    for name in plan.end:
        pool.remove(kind, name)
    back = [orders.drain(name) for name in (*plan.keep, *plan.end)]
    if back:
        await journal.withdraw(back)
    if plan.more:
        pool.add(kind, plan.more)
