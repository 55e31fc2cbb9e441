"""How many gateways, hosts and databases a rate of messages needs, and what gives way first: from measured costs and stated limits.

    python -m benchmarks.capacity [--rate 100000] [--gateway-ms 0.1 --host-ms 0.1 --database-ms 0.1]

Costs are milliseconds of processor time for one message, by kind of process, which is the same as seconds for 1,000. They are read
from the newest result of the throughput benchmark in `benchmarks/results`; without one, `Costs` has those of one run. It is arithmetic,
and measures nothing.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from math import ceil
from pathlib import Path

import msgspec

from benchmarks.placement import table

RESULTS = Path(__file__).with_name("results")
RATES = (10_000, 100_000, 1_000_000)


class Costs(msgspec.Struct, frozen=True):
    """Milliseconds of processor time for one message of about 100 characters, delivered to one agent."""

    gateway: float = 0.109
    host: float = 0.075
    database: float = 0.033
    source: str = "one run: 2 cores, 200 visitors with 8 messages in flight each, PostgreSQL 15 with fsync, 6,800 messages/s"


class Limits(msgspec.Struct, frozen=True):
    """What one of each can take, and how people behave. Each is an assumption: put in your own."""

    busy: float = 0.6
    """The share of its processor time that a process may use, so that bursts and failovers find room."""
    sockets_per_gateway: int = 20_000
    """`gateway.stream.endpoints.MAX_SOCKETS`."""
    seconds_between_messages: float = 30.0
    """Of one open socket: most people read, and wait."""
    commit_ms: float = 5.0
    """One commit, from the host's point of view."""
    commits_per_s: int = 20_000
    """Of one PostgreSQL primary with its log on NVMe, several sessions to one fsync."""
    wal_bytes: int = 1_000
    """What a message writes into PostgreSQL's log: 842 in that run, and more where pages are seldom written twice."""
    wal_mb_per_s: int = 300
    """What one primary and its standbys carry for hours."""
    cores_per_database: int = 32
    connections_per_process: int = 5
    connections_per_database: int = 1_000


class Plan(msgspec.Struct, frozen=True):
    """What a rate needs. `databases_for` says how many primaries each limit alone would ask for."""

    rate: int
    sockets: int
    gateways: int
    hosts: int
    links: int
    batch: float
    commits_per_s: float
    wal_mb_per_s: float
    connections: int
    database_cores: int
    databases_for: dict[str, int]

    @property
    def databases(self) -> int:
        return max(self.databases_for.values())


def plan(rate: int, costs: Costs, limits: Limits) -> Plan:
    """Everything follows from the rate. A host commits all the time: what comes during one commit makes the next batch."""
    sockets = ceil(rate * limits.seconds_between_messages)
    gateways = max(_processes(rate, costs.gateway, limits), ceil(sockets / limits.sockets_per_gateway))
    hosts = _processes(rate, costs.host, limits)
    batch = max(1.0, rate / hosts * limits.commit_ms / 1000)
    wal = rate * limits.wal_bytes / 1e6
    connections = (gateways + hosts) * limits.connections_per_process
    cores = ceil(rate * costs.database / 1000 / limits.busy)
    needed = {
        "processor": ceil(cores / limits.cores_per_database),
        "log": ceil(wal / limits.wal_mb_per_s),
        "commits": ceil(rate / batch / limits.commits_per_s),
        "connections": ceil(connections / limits.connections_per_database),
    }
    return Plan(rate, sockets, gateways, hosts, gateways * hosts, batch, rate / batch, wal, connections, cores, needed)


def _processes(rate: int, cost_ms: float, limits: Limits) -> int:
    """How many processes of one busy loop each."""
    return max(1, ceil(rate * cost_ms / 1000 / limits.busy))


def measured(folder: Path = RESULTS) -> Costs | None:
    """The costs at the highest rate of the newest result on PostgreSQL; None when there is none."""
    found = sorted(folder.glob("throughput-postgresql-*.json"))
    if not found:
        return None
    rows = json.loads(found[-1].read_text())["rows"]
    best = max(rows, key=lambda row: float(row["acked_per_s"]))["cpu_ms"]
    return Costs(best["gateway"], best["host"], best["database"], f"benchmarks/results/{found[-1].name}")


def report(plans: Sequence[Plan]) -> str:
    """A table with one column for each rate."""
    lines: list[tuple[str, list[str]]] = [
        ("open sockets", [f"{one.sockets:,}" for one in plans]),
        ("gateways", [f"{one.gateways:,}" for one in plans]),
        ("hosts", [f"{one.hosts:,}" for one in plans]),
        ("links (gateways x hosts)", [f"{one.links:,}" for one in plans]),
        ("messages in a commit", [f"{one.batch:.0f}" for one in plans]),
        ("commits/s", [f"{one.commits_per_s:,.0f}" for one in plans]),
        ("PostgreSQL's log, MB/s", [f"{one.wal_mb_per_s:,.0f}" for one in plans]),
        ("stored a day, GB", [f"{one.wal_mb_per_s * 86.4 / 2:,.0f}" for one in plans]),
        ("database connections", [f"{one.connections:,}" for one in plans]),
        ("database cores", [f"{one.database_cores:,}" for one in plans]),
        *((f"primaries, by {name}", [str(one.databases_for[name]) for one in plans]) for name in plans[0].databases_for),
        ("primaries, by all of them", [str(one.databases) for one in plans]),
    ]
    return table(("messages/s", *(f"{one.rate:,}" for one in plans)), [(name, *cells) for name, cells in lines])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, action="append", help=f"may be repeated; {' '.join(map(str, RATES))} unless given")
    known = measured() or Costs()
    for kind in ("gateway", "host", "database"):
        parser.add_argument(f"--{kind}-ms", type=float, default=getattr(known, kind))
    for field in msgspec.structs.fields(Limits):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=type(field.default), default=field.default)
    options = vars(parser.parse_args())
    costs = Costs(options["gateway_ms"], options["host_ms"], options["database_ms"], known.source)
    limits = Limits(**{name: options[name] for name in Limits.__struct_fields__})
    print(f"ms of processor time a message: gateway {costs.gateway}, host {costs.host}, database {costs.database} ({costs.source})\n")
    print(report([plan(rate, costs, limits) for rate in options["rate"] or RATES]))


if __name__ == "__main__":
    main()
