"""A program in the cluster: no gateway, no HTTP. It joins Ray, says something in a conversation and reads the stream of its events.

Run as `python -m tests.integration.program <ray address> <journal url> <secret, hex> <app> <conversation> <last seq> [guest]`; prints a
JSON line for each event. As a guest it uses the hosts of a server, otherwise its own. Follows a conversation that exists; makes
and fills one that does not.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import aclosing

from actors.cluster import Cluster, Guest
from actors.cluster_config import ClusterConfig
from actors.host_process import HostConfig
from actors.placement import Placement
from actors.router import Router
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from storage.open import open_journal
from storage.ports import ActorId
from storage.sql.migrate import migrate

SOURCE = ev.Source("api")
START_S = 60.0


async def run(address: str, journal_url: str, secret: str, app: str, conversation: str, last: int, guest: bool) -> None:
    await migrate(journal_url)
    database, journal = open_journal(journal_url)
    cluster = Guest(journal, address) if guest else Cluster(ClusterConfig(HostConfig(journal_url), address), journal)
    await cluster.start()
    if isinstance(cluster, Cluster):
        cluster.place({"conversation": Placement()})
    router = Router(journal, cluster, cluster.connect, bytes.fromhex(secret))
    try:
        if await router.state(ActorId("conversation", app, conversation)) is None:
            await fill(router, app, conversation, last)
        async with asyncio.timeout(60), aclosing(router.conversation(app, conversation).stream(0)) as events:
            async for event in events:
                print(json.dumps({"seq": event.seq, "event": json.loads(event.body)}), flush=True)
                if event.seq == last:
                    return
    finally:
        await router.close()
        await cluster.close()
        await database.close()


async def fill(router: Router, app: str, conversation: str, last: int) -> None:
    """Messages up to the seq `last`; half of them by two calls at once with one id."""
    handle = router.conversation(app, conversation)
    async with asyncio.timeout(START_S):
        await router.link(handle.actor).up.wait()
    await handle.ask(cmd.CreateConversation("sdkGroup", (), SOURCE), sender="program")
    for n in range(2, last + 1):
        post = cmd.PostMessage(ev.Author("business"), json.dumps({"type": "text", "text": f"{n}"}).encode(), SOURCE)
        answers = await asyncio.gather(*(handle.ask(post, sender="program", client_id=f"{n}") for _ in range(1 + n % 2)))
        assert {n} == {answer.seq for answer in answers}


if __name__ == "__main__":
    where, url, key, of_app, identifier, until, *beside = sys.argv[1:]
    asyncio.run(run(where, url, key, of_app, identifier, int(until), bool(beside)))
