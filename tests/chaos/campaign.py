"""Runs a plan against a site under load, in epochs: each has its own conversations, and is judged before the next begins.

So the history of an epoch is all that is ever held in memory, however long the campaign is.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from tests.chaos import summary as summaries
from tests.chaos.chronicle import Watch
from tests.chaos.crowd import Crowd
from tests.chaos.plan import Step
from tests.chaos.site import UNREADABLE, Site
from tests.chaos.summary import Summary

EPOCH_S = 60.0
FIRST_ACKS = 60
FIRST_S = 90.0
LOOK_S = 0.5
MOST_BACK_S = 60.0
"""When a fault came on top of another one."""
MOST_VIOLATIONS = 200


class Campaign:
    """`run` ends when the time is over or `stop` is set, in good order either way: healed, judged, and written down."""

    def __init__(self, site: Site, plan: Iterator[Step], summary: Summary, file: Path, evidence: Path) -> None:
        self.site, self.summary, self.stop = site, summary, asyncio.Event()
        self._plan, self._file, self._evidence = plan, file, evidence
        self._on_top = False
        """Whether the fault before is not over yet: how long recovery takes then is neither's figure."""

    async def run(self, seconds: float, at_least: int = 0) -> None:
        """For so long, and until so many steps are done."""
        self._at_least = at_least
        begun, before = time.monotonic(), self.summary.seconds
        while time.monotonic() - begun < seconds and not self.stop.is_set():
            self.summary.epochs += 1
            await self._epoch(min(begun + seconds, time.monotonic() + EPOCH_S))
            self.summary.seconds = round(before + time.monotonic() - begun, 1)
            summaries.write(self.summary, self._file)

    async def _epoch(self, until: float) -> None:
        """What goes wrong with the harness itself is a finding like any other, and the next epoch has its own clients."""
        seed = random.Random(f"{self.summary.seed}/{self.summary.steps}").getrandbits(32)
        crowd = Crowd(
            self.site.server, seed=seed, doors=self.site.doors(), reading=self.site.readers.url, visitors=self.site.shape.visitors
        )
        looking = asyncio.create_task(self._look(crowd))
        try:
            async with crowd:
                await crowd.goes_on(FIRST_ACKS, FIRST_S)
                while (time.monotonic() < until or self.summary.steps < self._at_least) and not self.stop.is_set():
                    await self._step(crowd, next(self._plan))
                self._found(crowd, await crowd.judged())
        except Exception as error:
            traceback.print_exc()
            self._found(crowd, [f"unjudged: {type(error).__name__}: {error}"])
        finally:
            looking.cancel()
            self.summary.count(crowd.chronicle.counts)

    async def _step(self, crowd: Crowd, step: Step) -> None:
        """Inflict one fault, heal it, and wait until everybody is served again."""
        await self._wait(step.pause_s)
        if self.stop.is_set():
            return
        print(step, flush=True)
        fault = step.fault
        async with fault.inflict(self.site, random.Random(step.seed)):
            watch = crowd.watch()
            await self._wait(step.lasts_s)
        if fault.counts_from == "healing":
            watch = crowd.watch()
        self.summary.steps = step.number + 1
        recovered_s = None if step.one_more else await self._recovery(crowd, step, watch)
        self.summary.inflicted(fault.name, fault.counts_from, None if self._on_top else recovered_s, planned=fault.planned)
        self._on_top = step.one_more

    async def _wait(self, seconds: float) -> None:
        """Not longer than until the campaign is to stop."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stop.wait(), seconds)

    async def _recovery(self, crowd: Crowd, step: Step, watch: Watch) -> float | None:
        """How long it took; None, and a finding, if it took too long."""
        back_s = max(step.fault.back_s, MOST_BACK_S) if self._on_top else step.fault.back_s
        if await watch.served(back_s):
            print(f"      served again after {watch.took_s:.2f} s", flush=True)
            return watch.took_s
        late = ", ".join(sorted(watch.waiting))
        self._found(crowd, [f"recovery: {back_s:.0f} s after `{step.fault.name}` (step {step.number}) there was no ack in {late}"])
        return None

    async def _look(self, crowd: Crowd) -> None:
        """Note who owns the slots, again and again; while the database is away nobody can say."""
        while True:
            with contextlib.suppress(*UNREADABLE):
                for slot, generation, owner in await self.site.owners():
                    crowd.chronicle.owned(slot, generation, owner)
            await asyncio.sleep(LOOK_S)

    def _found(self, crowd: Crowd, violations: list[str]) -> None:
        """Keep what was wrong, and beside it everything that was noted of the conversations concerned."""
        if not violations:
            return
        where = f"epoch {self.summary.epochs}, before step {self.summary.steps}"
        self.summary.violations += [f"{where}: {one}" for one in violations][: MOST_VIOLATIONS - len(self.summary.violations)]
        said = "\n".join(violations)
        concerned = [str(one) for one in crowd.chronicle.records if getattr(one, "conversation", "-") in said]
        file = self._evidence / f"epoch-{self.summary.epochs}.txt"
        with file.open("a") as out:
            out.write("\n".join([said, "", *concerned, ""]))
        logs = ", ".join(str(server.log) for server in self.site.servers)
        print(
            f"      {len(violations)} violations: {violations[0]}\n      evidence: {file}, {logs}",
            flush=True,
        )


def told(plan: Iterator[Step], steps: int) -> str:
    """The next steps of a plan, for people."""
    return "\n".join(map(str, itertools.islice(plan, steps)))
