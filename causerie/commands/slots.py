"""`causerie slots`, `drain`, `undrain`, `rebalance` and `scale`: who owns which conversations and bots, and who is to.

Orders are left in the database, beside the slot table; the servers look there every second and do the work.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from actors.placement import SHARDS
from causerie.commands.terminal import USAGE, AsJson, Data, Yes, confirm, fail, run, settings_of, write_json, write_table
from causerie.settings import Settings

if TYPE_CHECKING:
    from storage.ports import Journal, SlotRow

app = typer.Typer(help="Slots: into how many the actors of each kind are shared out, and which host owns each.")

Kind = Annotated[str, typer.Option(help="Which actors: conversation or bot.")]
LOOK_S = 0.1
QUIET_S = 3.0
"""Servers look every second: when nothing has moved for so long, nothing will."""
PATIENCE_S = 60.0
START_S = 20.0
"""A host that is started takes its first slot within so long."""
KNOCK_S = 1.0

Name = Annotated[str, typer.Argument(help="A server or a host, by its name in `causerie slots`.")]


@app.callback(invoke_without_command=True)
def list_slots(context: typer.Context, data: Data = None, as_json: AsJson = False) -> None:
    """Show each slot, its owner and since when, and who is drained."""
    if context.invoked_subcommand is not None:
        return
    rows, drained = run(_seen(settings_of(data=data)))
    shown = [_shown(row) for row in rows]
    if as_json:
        write_json({"slots": shown, "drained": drained})
        return
    columns = ("Kind", "Slot", "Generation", "Server", "Host", "Node", "Address", "Age, s")
    write_table(columns, [[None if one[name] is None else str(one[name]) for name in _FIELDS] for one in shown])
    if drained:
        typer.echo(f"\nDrained: {', '.join(drained)}")


@app.command("set")
def set_slots(
    count: Annotated[int, typer.Argument(min=1, max=SHARDS, help="Into how many slots they are shared out from now on.")],
    kind: Kind = "conversation",
    yes: Yes = False,
    data: Data = None,
) -> None:
    """Change the number of slots. Every server has to be stopped: a slot with a living owner refuses it."""
    from actors.kinds import KINDS

    settings = settings_of(data=data)
    if kind not in KINDS:
        fail(f"There are no actors of the kind {kind}: {', '.join(KINDS)}.", USAGE)
    if count > 1:
        _need_postgresql(settings)
    confirm(f"Share {kind}s out into {count} slots? No server may run.", yes)
    run(_set(settings, kind, count))
    typer.echo(f"{count} from the next start on.", err=True)


def drain(name: Name, data: Data = None) -> None:
    """Let a server or a host give its slots up while it lives, and take none until `undrain` or its end."""
    settings = settings_of(data=data)
    _need_postgresql(settings)
    left = run(_drain(settings, name))
    if left:
        fail(f"{name} still owns {left}: nobody else takes them. The order stays; `causerie undrain` takes it back.")
    typer.echo(f"{name} owns no slot.", err=True)


def undrain(name: Name, data: Data = None) -> None:
    """Let a server or a host take slots again."""
    settings = settings_of(data=data)
    _need_postgresql(settings)
    run(_undrain(settings, name))


def rebalance(data: Data = None) -> None:
    """Even the slots out at once, and show what moves. By themselves servers move one a second."""
    settings = settings_of(data=data)
    _need_postgresql(settings)
    typer.echo(f"{run(_rebalance(settings))} moved.", err=True)


def scale(
    count: Annotated[int, typer.Argument(min=0, max=64, help="How many hosts each server brings from now on, beside those in reserve.")],
    kind: Annotated[str, typer.Option(help="Which actors: conversation, bot, ticket or assignment.")] = "conversation",
    server: Annotated[str | None, typer.Option(help="One server alone, by its name in `causerie slots`.")] = None,
    data: Data = None,
) -> None:
    """Start more hosts, or end some when others have taken their slots. Those in reserve share the work where there are slots enough.

    A server that is started again goes by its settings.
    """
    from actors.kinds import KINDS

    settings = settings_of(data=data)
    if kind not in KINDS:
        fail(f"There are no actors of the kind {kind}: {', '.join(KINDS)}.", USAGE)
    _need_postgresql(settings)
    busy, slots = run(_scale(settings, kind, count, server))
    typer.echo(f"{busy} hosts own the {slots} slots of {kind}s.", err=True)
    if busy == slots:
        typer.echo("More hosts would stand by: `causerie slots set` makes more slots.", err=True)


_FIELDS = ("kind", "slot", "generation", "server", "host", "node", "address", "age_s")


def _shown(row: SlotRow) -> dict[str, Any]:
    from actors.orders import server_of
    from actors.owners import actor_of, place_of

    host, (node, pid) = (actor_of(row), place_of(row)) if row.address else ("", ("", 0))
    age_s = round(time.time() - row.since_ms / 1000) if row.address and row.since_ms else None
    cells = (
        row.kind,
        row.slot,
        row.generation,
        server_of(host) or None,
        host or None,
        f"{node}/{pid}" if node else None,
        row.address or None,
    )
    return dict(zip(_FIELDS, (*cells, age_s), strict=True))


def _need_postgresql(settings: Settings) -> None:
    if settings.database_url is None:
        fail("The embedded database has one server, which owns every slot: this needs PostgreSQL (CAUSERIE_DATABASE_URL).", USAGE)


@asynccontextmanager
async def _journal(settings: Settings) -> AsyncIterator[Journal]:
    from causerie.commands import offline
    from storage.sql.journal import SqlJournal

    async with offline.opened(settings) as here:
        yield SqlJournal(here.database)


async def _rows(journal: Journal) -> list[SlotRow]:
    """Of each kind the shared slots that there are, by their numbers, and then the actors that have a host of their own."""
    from actors.kinds import KINDS

    return [row for kind in KINDS for row in await _rows_of(journal, kind)]


async def _rows_of(journal: Journal, kind: str) -> list[SlotRow]:
    count = await journal.slot_count(kind, 0)
    rows = await journal.slots(kind)
    shared = sorted((row for row in rows if row.slot.isdecimal() and int(row.slot) < count), key=lambda row: int(row.slot))
    return [*shared, *(row for row in rows if not row.slot.isdecimal() and row.address)]


async def _seen(settings: Settings) -> tuple[list[SlotRow], list[str]]:
    from actors.orders import drained_of

    async with _journal(settings) as journal:
        return await _rows(journal), sorted(drained_of(await journal.orders()))


async def _set(settings: Settings, kind: str, count: int) -> None:
    from domain.errors import Refused
    from storage.ports import Fenced

    async with _journal(settings) as journal:
        rows = [row for row in await journal.slots(kind) if row.address]
        living = [row.slot for row in rows if await asyncio.to_thread(_answers, row)]
        if living:
            raise Refused("conflict", f"The slots {', '.join(living)} have a living owner: stop every server first.")
        try:
            await journal.resettle(kind, count, rows)
        except Fenced:
            raise Refused("conflict", "A server has just taken a slot: stop every server first.") from None


def _answers(row: SlotRow) -> bool:
    """Whether somebody listens at the owner's door. Who cannot be asked from here is taken to live."""
    from actors.owners import place_of

    scheme, _, rest = row.address.partition(":")
    if scheme not in ("tcp", "tls") and (scheme != "unix" or place_of(row)[0] != socket.gethostname()):
        return True
    try:
        if scheme == "unix":
            with socket.socket(socket.AF_UNIX) as knocking:
                knocking.settimeout(KNOCK_S)
                knocking.connect(rest)
        else:
            host, _, port = rest.rpartition(":")
            socket.create_connection((host, int(port)), KNOCK_S).close()
    except OSError:
        return False
    return True


async def _drain(settings: Settings, name: str) -> str:
    """Give the order and wait. The slots that are left in the end."""
    from actors.orders import drain as order_to_drain
    from domain.errors import Refused

    def owned(rows: Collection[SlotRow]) -> list[str]:
        return [_called(row) for row in rows if row.slot.isdecimal() and _is_of(row, name)]

    async with _journal(settings) as journal:
        if not any(_is_of(row, name) for row in await _rows(journal)):
            raise Refused("not_found", f"No server or host named {name} owns a slot: `causerie slots` shows who does.")
        await journal.order(order_to_drain(name), time.time_ns() // 1_000_000)
        await _watched(journal, lambda rows: not owned(rows))
        return ", ".join(owned(await _rows(journal)))


def _called(row: SlotRow) -> str:
    """What people call a slot: by its number where it is one of the conversations'."""
    return row.slot if row.kind == "conversation" else f"{row.kind} {row.slot}"


def _is_of(row: SlotRow, name: str) -> bool:
    from actors.orders import is_drained
    from actors.owners import actor_of

    return bool(row.address) and is_drained(actor_of(row), (name,))


async def _undrain(settings: Settings, name: str) -> None:
    from actors.orders import drain as order_to_drain
    from domain.errors import Refused

    async with _journal(settings) as journal:
        order = order_to_drain(name)
        if order not in await journal.orders():
            raise Refused("not_found", f"{name} is not drained.")
        await journal.withdraw([order])


async def _rebalance(settings: Settings) -> int:
    from actors.orders import REBALANCE

    async with _journal(settings) as journal:
        await journal.order(REBALANCE, time.time_ns() // 1_000_000)
        return await _watched(journal, lambda rows: False)


async def _scale(settings: Settings, kind: str, count: int, only: str | None) -> tuple[int, int]:
    """Give the orders and wait. How many hosts own slots of the kind then, and how many slots there are."""
    from actors.orders import scale as order_to_scale
    from actors.orders import server_of
    from actors.owners import actor_of
    from domain.errors import Refused

    async with _journal(settings) as journal:
        servers = {server_of(actor_of(row)) for row in await _rows(journal) if row.address} - {""}
        if only is not None:
            servers &= {only}
        if not servers:
            raise Refused("not_found", f"No server{f' named {only}' if only else ''} owns a slot: `causerie slots` shows who does.")
        for name in servers:
            await journal.order(order_to_scale(name, kind), count)

        async def owners() -> set[str]:
            return {actor_of(row) for row in await _rows_of(journal, kind) if row.slot.isdecimal() and row.address}

        slots, before = await journal.slot_count(kind, 0), await owners()
        grows = len(before) < min(slots, count * len(servers))
        await _watched(journal, lambda rows: False, START_S if grows else QUIET_S)
        return len(await owners()), slots


async def _watched(journal: Journal, done: Callable[[list[SlotRow]], bool], quiet_s: float | None = None) -> int:
    """Show what moves until that is done, or nothing moves any more. How many did."""
    from actors.owners import actor_of

    before: dict[str, str] = {}
    moved, loop = 0, asyncio.get_running_loop()
    until, quiet_at = loop.time() + PATIENCE_S, loop.time() + (quiet_s or QUIET_S)
    while loop.time() < min(until, quiet_at):
        rows = await _rows(journal)
        now = {_called(row): actor_of(row) for row in rows if row.address}
        for slot in now:
            if before.get(slot, now[slot]) != now[slot]:
                typer.echo(f"{slot}: {before[slot]} -> {now[slot]}")
                moved, quiet_at = moved + 1, loop.time() + QUIET_S
        before |= now
        if done(rows):
            break
        await asyncio.sleep(LOOK_S)
    return moved
