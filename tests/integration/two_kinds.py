"""A cluster with hosts of two kinds, whose actors only count: `python -m tests.integration.two_kinds <journal url> <unix|ray>`.

Actors of one kind pass numbers on to those of the other, whose host is killed in the middle. Prints what came of it as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import psutil

from actors import ray_environment
from actors.cluster_config import ClusterConfig, HostCount
from actors.host_process import HostConfig
from actors.kinds import KindEntry
from actors.owners import place_of
from actors.placement import Placement
from actors.router import Router, bytes_digest
from storage.open import open_journal
from storage.ports import ActorId
from storage.sql.migrate import migrate
from tests.counting import CountingKind, encode
from tests.hosts import ALL_SHARDS, until
from tests.people import eventually

KINDS = ("conversation", "bot")
PLACEMENTS = {kind: Placement() for kind in KINDS}
ACTORS = [f"{n:024x}" for n in range(20)]
ROUNDS = 30
KILLED_AT = 10
PATIENCE_S = 60.0


async def run(url: str, listen: str) -> dict[str, object]:
    mark, folder = ray_environment.prepare()
    from actors.cluster import Cluster  # Ray reads its environment when it is imported

    await migrate(url)
    database, journal = open_journal(url)
    entries = {kind: KindEntry(f"tests.counting:{kind}") for kind in KINDS}
    config = ClusterConfig(HostConfig(url, listen=listen, kinds=entries), kinds=dict.fromkeys(KINDS, HostCount()))
    cluster = Cluster(config, journal, mark, folder)
    begun = time.monotonic()
    await cluster.start()
    cluster.place(PLACEMENTS)
    router = Router(journal, cluster, cluster.connect, b"s", placements=PLACEMENTS, kinds=[CountingKind(kind) for kind in KINDS])
    try:
        async with asyncio.timeout(PATIENCE_S):
            took = {}
            for kind in KINDS:
                router.warm(kind)
                await next(link for link in router.links() if link.kind == kind).up.wait()
                took[kind] = round(time.monotonic() - begun, 2)
            (bot,) = await journal.slots("bot", "0")
            process = psutil.Process(place_of(bot)[1])
            title, memory_mb = " ".join(process.cmdline()), round(process.memory_info().rss / 1e6)
            away_s = await _count(router, process)
            sums = [(await router.load(ActorId("bot", "app", actor)) or (0, None))[1] for actor in ACTORS]
        return {
            "title": title,
            "start_s": took,
            "memory_mb": memory_mb,
            "away_s": away_s,
            "totals": sorted({found.total for found in sums}),
            "seqs": sorted({found.seq for found in sums}),
            "pending": len(await journal.effects("conversation", ALL_SHARDS)),
            "generation": (await journal.slots("bot", "0"))[0].generation - bot.generation,
        }
    finally:
        await router.close()
        await cluster.close()
        await database.close()


async def _count(router: Router, process: psutil.Process) -> float:
    """Every actor says each number to the other kind; in the middle that one's host dies. How long it was away."""
    killed_at = 0.0
    link = next(link for link in router.links() if link.kind == "bot")
    for number in range(1, ROUNDS + 1):
        command = encode({"add": number, "to": "bot", "pass": encode({"add": number})})
        names = [ActorId("conversation", "app", actor) for actor in ACTORS]
        told = (router.ask_encoded(name, command, bytes_digest(command), sender="test", client_id=str(number)) for name in names)
        await asyncio.gather(*told)
        if number == KILLED_AT:
            process.kill()
            killed_at = time.monotonic()
    await until(lambda: not link.up.is_set())
    await link.up.wait()
    away_s = time.monotonic() - killed_at

    async def done() -> bool:
        return not await router.journal.effects("conversation", ALL_SHARDS)

    await eventually(done, PATIENCE_S, 0.02)
    return round(away_s, 2)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(*sys.argv[1:]))), flush=True)
