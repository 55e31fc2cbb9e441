"""The host's loop: take a batch, decide, commit once, and only then answer, publish and perform. Knows neither Ray nor sockets.

Nothing leaves before the commit. One batch is in flight at a time; while it commits, the next one gathers, so that batches
grow with the load and stay small when idle.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from actors import tracing
from actors.activation import SNAPSHOT_EVERY, TAIL, Activation, Draft
from actors.answers import Answer
from actors.effects import EffectRunner, Ways
from actors.followers import Followers
from actors.kind import Busy, Kind, Large, Preparing, Rejecting, replayed
from actors.mailbox import Item, Mailbox
from actors.metrics import HostMetrics
from actors.placement import SHARDS, dedicated_actor, shard_of
from actors.publisher import Publisher
from actors.timers import FOREVER_MS, NOTHING, PAGE, WINDOW_MS
from domain.errors import Refused, Unavailable
from storage.ports import ActorId, Claim, Collision, EffectRow, Entry, EventRow, Fenced, Journal, Loaded, Published, Seen, Withdrawn

log = structlog.get_logger()

MAX_BATCH = 512
ENOUGH = 32
"""So many commands are worth a transaction: nobody waits for more."""
GATHER_S = 0.001
MAX_ACTIVATIONS = 200_000
IDLE_S = 300.0
KEYS_AT_ONCE = 256
CLAIM_CHECK_S = 1.0
SETTLE_S = 0.1
"""Effects of which there is nothing to tell wait so long for a commit that takes them along, and then have one of their own."""
NEWER_S = 5.0


class Clock(Protocol):
    """The time of day in Unix milliseconds, and a monotonic time in seconds."""

    def now_ms(self) -> int: ...

    def monotonic(self) -> float: ...


class SystemClock:
    """The machine's own clocks."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()


class Host:
    """All live actors of one kind that one slot owns.

    `publisher` receives committed events for consumers outside; it must not block. `fenced` is called once when a later
    generation owns the slot, or a bug has ended the loop: the host has stopped and must be thrown away.
    """

    def __init__(
        self,
        kind: Kind,
        journal: Journal,
        claim: Claim,
        *,
        clock: Clock | None = None,
        publisher: Publisher | None = None,
        fenced: Callable[[], None] | None = None,
        max_activations: int = MAX_ACTIVATIONS,
        idle_s: float = IDLE_S,
        retry_s: float = 0.2,
        ways: Ways | None = None,
    ) -> None:
        self.kind, self.journal, self.claim = kind, journal, claim
        self.clock = clock or SystemClock()
        self.mailbox = Mailbox(kind.commands_at_once) if isinstance(kind, Busy) else Mailbox()
        self.followers = Followers()
        self.metrics = HostMetrics(kind.name)
        self.effects = EffectRunner(self.clock, self._performed, ways, kind.rejected if isinstance(kind, Rejecting) else None)
        self.activations: dict[ActorId, Activation] = {}
        self.sick: str | None = None
        self._publisher, self._fenced = publisher, fenced
        self._prepare = kind.prepare if isinstance(kind, Preparing) else None
        self._snapshot_every = kind.snapshot_every if isinstance(kind, Large) else SNAPSHOT_EVERY
        self._max_activations, self._idle_s, self._retry_s = max_activations, idle_s, retry_s
        self._keys: list[int] = []
        self._settling: list[int] = []
        """Effects that were performed and of which there is nothing to tell."""
        self._settle_timer: asyncio.TimerHandle | None = None
        self._suspects: set[ActorId] = set()
        self._unsure: dict[ActorId, int] = {}
        """Of actors whose last commit may have taken effect unseen: the last seq that their followers were told."""
        self._draining = False
        self._shards = (0, SHARDS)
        self._loop = asyncio.get_running_loop()
        self._owned_at, self._swept_at = self._loop.time(), 0.0
        self._task: asyncio.Task[None] | None = None

    def start(self, pending: Sequence[EffectRow] = (), shards: tuple[int, int] = (0, SHARDS)) -> None:
        """Begin to work, first taking up the effects that the generation before left pending; timers are read by themselves.

        `shards` [from, to) are the slot's.
        """
        self._shards = shards
        self.effects.add(pending)
        self.effects.start()
        self._task = asyncio.create_task(self._run(), name=f"host-{self.claim.slot}")

    def submit(self, item: Item) -> None:
        """Queue a command. Its answer comes after the commit that holds it; while draining it is the successor's to answer."""
        if not self._draining:
            self.mailbox.put(item)

    async def drain(self) -> None:
        """Finish what is queued, then stop. Links are told by `followers.dismiss`, once the slot has been given up."""
        self._draining = True
        await self.effects.stop()
        self.mailbox.wake()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def kill(self) -> None:
        """Stop at once, in the middle of anything (tests and fencing)."""
        await self.effects.stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            while not (self._draining and not len(self.mailbox)):
                await self._filled()
                batch = self.mailbox.take(MAX_BATCH)
                if batch:
                    await self._turn_until_done(batch)
                    self._sweep()
                    await self._gather(len(batch))
                elif self._settling:
                    await self._settle()
            if self._settling:
                await self._settle()
        except Fenced:
            try:
                log.warning("host_fenced", kind=self.claim.kind, slot=self.claim.slot, generation=self.claim.generation)
            finally:
                self._stopped()
        except Exception:
            self._stopped()  # first of all: what failed may have been the log, on a full disk
            raise

    def _stopped(self) -> None:
        """This host will do nothing more. It must not live on, since it would answer pings for ever."""
        self.activations.clear()
        if self._fenced is not None:
            self._fenced()

    async def _filled(self) -> None:
        """Wait for work, and do meanwhile what only those that are idle would forget: passivate, and see that the slot is still ours.

        A host that has nothing to commit would not learn that it was replaced, and whoever follows it would wait for ever.
        """
        while True:
            if self._loop.time() - self._owned_at >= CLAIM_CHECK_S:
                await self._settle()
            if len(self.mailbox) <= PAGE // 2 and self.effects.timers.wants(self.clock.now_ms()):
                await self._read_timers()
            if len(self.mailbox) or self._draining:
                return None
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLAIM_CHECK_S):
                    return await self.mailbox.filled()
            self._sweep()

    async def _settle(self) -> None:
        """Delete what was performed, and see that the slot is ours. What cannot be now is done with the next commit."""
        done = self._settling[:]
        with contextlib.suppress(Unavailable):
            await self.journal.settle(self.claim, done)
            self._have_settled(done)
        self._owned_at = self._loop.time()

    def _have_settled(self, done: list[int]) -> None:
        del self._settling[: len(done)]
        self.effects.forget(done)

    async def _read_timers(self) -> None:
        """Here alone, so that no commit replaces or cancels meanwhile what is being read. One actor by itself has few: all of them."""
        actor, timers = dedicated_actor(self.claim.kind, self.claim.slot), self.effects.timers
        until_ms = self.clock.now_ms() + WINDOW_MS if actor is None else FOREVER_MS
        with contextlib.suppress(Unavailable):
            rows = await self.journal.timers(self.claim.kind, self._shards, timers.until, until_ms, PAGE, actor)
            self.effects.add_timers(rows, until_ms)

    async def _gather(self, done: int) -> None:
        """Where several write at once, let the next batch grow for a moment: a transaction costs as much as many messages."""
        if done > 1 and len(self.mailbox) < ENOUGH and not self._draining:
            await asyncio.sleep(GATHER_S)

    async def _turn_until_done(self, batch: list[Item]) -> None:
        """A batch that fails for want of the database is tried again before any later one: order survives an outage."""
        pause_s, lookup = self._retry_s, False
        while True:
            try:
                await self._turn_or_split(batch, lookup)
                self.sick = None
                return
            except Unavailable as error:
                self.sick, lookup = error.code, True
                self._doubt(batch)
                self._forget(batch)
                self.metrics.unavailable.inc()
                log.warning("commit_unavailable", slot=self.claim.slot, code=error.code, retry_s=pause_s)
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, 2.0)

    async def _turn_or_split(self, batch: list[Item], lookup: bool) -> None:
        """One transaction for the batch; if it holds something that cannot be committed, command by command."""
        try:
            await self._turn(batch, lookup)
        except Collision:
            self._suspects.update(item.actor for item in batch)
        except (Unavailable, Fenced, asyncio.CancelledError):
            raise
        except Exception:
            log.exception("batch_failed", slot=self.claim.slot, commands=len(batch))
        else:
            return
        self._forget(batch)
        if not lookup:
            await self._turn_or_split(batch, lookup=True)
            return
        for item in batch:
            await self._turn_alone(item)

    async def _turn_alone(self, item: Item) -> None:
        try:
            await self._turn([item], lookup=True)
        except (Unavailable, Fenced, asyncio.CancelledError):
            raise
        except Exception:
            log.exception("command_failed", slot=self.claim.slot, actor=item.actor.id)
            self._forget([item])
            item.answer(Refused("internal_error", "The command could not be carried out"))

    async def _turn(self, batch: list[Item], lookup: bool) -> None:
        await self._activate(batch)
        if self._prepare is not None:
            await self._prepare([(self.activations[item.actor].state, item.command) for item in batch])
        seen = await self._seen(batch, lookup)
        drafts = self._decide(batch, seen)
        forgotten = {} if lookup else await self._forgotten(drafts)
        if forgotten:
            drafts = self._decide(batch, seen | forgotten)
        entries = [draft.seal(self.kind, self._snapshot_every) for draft in drafts.values() if not draft.empty]
        if entries:
            await self._commit(batch, entries)
        self._release(drafts)
        if self._publisher is not None:
            for entry in entries:
                _withdraw(self._publisher, entry)

    async def _commit(self, batch: list[Item], entries: list[Entry]) -> None:
        """One transaction, which takes along what has only to be settled. New effects are on their way in the same step of the loop."""
        begun, done = self.clock.monotonic(), self._settling[:]
        entries[0].settled.extend(done)
        effects = await self.journal.commit(self.claim, entries)
        self._owned_at = self._loop.time()
        events, seconds = sum(len(entry.events) for entry in entries), self.clock.monotonic() - begun
        self.metrics.committed(events, seconds)
        if tracing.active is not None:
            tracing.active.committed(batch, events, seconds)
        self._have_settled(done)
        self.effects.settled(entries)
        self.effects.add(effects)

    def _decide(self, batch: list[Item], seen: dict[tuple[int, int], Seen]) -> dict[ActorId, Draft]:
        drafts: dict[ActorId, Draft] = {}
        now_ms, used_at = self.clock.now_ms(), self.clock.monotonic()
        for item in batch:
            draft = drafts.get(item.actor)
            if draft is None:
                activation = self.activations[item.actor]
                activation.used_at = used_at
                draft = drafts[item.actor] = Draft(activation, shard_of(item.actor))
            first = seen.get((draft.activation.key, item.key)) if seen and item.key is not None else None
            draft.turn(self.kind, item, first, now_ms)
        return drafts

    def _release(self, drafts: dict[ActorId, Draft]) -> None:
        """After the commit: adopt, publish to the links that follow, and answer, all in one step of the loop."""
        published: list[Published] = []
        for actor, draft in drafts.items():
            draft.adopt()
            if draft.rows:
                self.followers.tell(actor, draft.rows)
                if self._publisher is not None:
                    published.extend(Published(actor.app, actor.id, row.seq, row.body) for row in draft.rows)
            for whisper in draft.whispers:
                self.followers.whisper(actor, whisper)
            for item, answer in draft.answers:
                item.answer(answer)
            if draft.activation.seq == 0:  # it never came to be: nothing is kept of it, not even its key
                self._keys.append(self.activations.pop(actor).key)
        if published and self._publisher is not None:
            self._publisher.offer(published)

    async def _activate(self, batch: list[Item]) -> None:
        """Bring in every actor of the batch that is not in memory, in one query; unknown ones are born with a fresh key.

        Commands to actors that cannot be brought in leave the batch, and are refused: their neighbours do not suffer.
        """
        missing = list({item.actor for item in batch if item.actor not in self.activations})
        if not missing:
            return
        now, unreadable = self.clock.monotonic(), dict[ActorId, Refused | Unavailable]()
        await self._take_up_unseen(missing)
        for loaded in await self.journal.load(missing):
            found = self._revived(loaded, now)
            if isinstance(found, Activation):
                self.activations[loaded.actor] = found
                self._tell_unseen(loaded.actor, loaded.events)
            else:
                unreadable[loaded.actor] = found
        for actor in missing:
            if actor not in self.activations and actor not in unreadable:
                self.activations[actor] = Activation(actor, await self._fresh_key(), self.kind.born(actor), 0, 0, (), now)
        self.metrics.activated(len(missing) - len(unreadable), len(self.activations))
        if unreadable:
            refused = [item for item in batch if item.actor in unreadable]
            batch[:] = [item for item in batch if item.actor not in unreadable]
            for item in refused:
                item.answer(unreadable[item.actor])

    async def _take_up_unseen(self, actors: list[ActorId]) -> None:
        """A commit whose outcome was unknown may have left effects of which nobody here has heard."""
        for actor in actors:
            if actor in self._unsure:
                shard = shard_of(actor)
                one, until = (shard, shard + 1), self.effects.timers.until
                found = await self.journal.effects(actor.kind, one, actor)
                found += await self.journal.timers(actor.kind, one, NOTHING, until[0], PAGE, actor)
                self.effects.add_unknown(found)

    def _revived(self, loaded: Loaded, now: float) -> Activation | Refused | Unavailable:
        """The actor as it was, or why it cannot live here. What a later version has written is left for that one to go on with."""
        try:
            state = replayed(self.kind, loaded.actor, loaded.snapshot, loaded.snapshot_seq, loaded.events)
        except Exception:
            log.exception("actor_unreadable", slot=self.claim.slot, actor=loaded.actor.id)
            return Refused("internal_error", "The conversation cannot be read")
        if not self.kind.knows(state):
            log.warning("actor_of_newer_version", slot=self.claim.slot, actor=loaded.actor.id)
            return Unavailable("newer_version", "A later version of the program has written to this conversation", NEWER_S)
        return Activation(loaded.actor, loaded.key, state, state.seq, loaded.snapshot_seq, tuple(loaded.events[-TAIL:]), now)

    async def _fresh_key(self) -> int:
        if not self._keys:
            count = 1 if dedicated_actor(self.claim.kind, self.claim.slot) else KEYS_AT_ONCE
            first = await self.journal.reserve_keys(count)
            self._keys = list(range(first + count - 1, first - 1, -1))
        return self._keys.pop()

    async def _seen(self, batch: list[Item], lookup: bool) -> dict[tuple[int, int], Seen]:
        """First answers that memory does not hold.

        New commands are the rule, so the unique index is trusted first and this query is made only after it objected, or
        for actors whose senders repeat themselves.
        """
        wanted = [
            (self.activations[item.actor].key, item.key)
            for item in batch
            if item.key is not None and (lookup or item.actor in self._suspects) and self.activations[item.actor].seq
        ]
        return await self.journal.seen(wanted) if wanted else {}

    async def _forgotten(self, drafts: dict[ActorId, Draft]) -> dict[tuple[int, int], Seen]:
        """First answers of commands that are about to be refused: what was accepted once is not refused when it comes again."""
        wanted = [
            (draft.activation.key, item.key)
            for draft in drafts.values()
            for item, answer in draft.answers
            if isinstance(answer, Refused) and item.key is not None and draft.activation.seq > len(draft.activation.tail)
        ]
        return await self.journal.seen(wanted) if wanted else {}

    def _doubt(self, batch: list[Item]) -> None:
        for item in batch:
            activation = self.activations.get(item.actor)
            if activation is not None:
                self._unsure.setdefault(item.actor, activation.seq)

    def _tell_unseen(self, actor: ActorId, rows: list[EventRow]) -> None:
        """A commit whose outcome was unknown did take effect: whoever follows has not been told of it."""
        told = self._unsure.pop(actor, None)
        if told is not None:
            self.followers.tell(actor, [row for row in rows if row.seq > told])

    def _forget(self, batch: list[Item]) -> None:
        """Drop the activations that a failed batch touched: they are loaded again from what is committed."""
        for item in batch:
            self.activations.pop(item.actor, None)

    def _performed(self, effect: EffectRow, command: bytes | None) -> None:
        """An effect's result comes back as a command whose key is the effect's id: performed twice, it counts once."""
        if command is not None:
            self.submit(Item(effect.actor, command, -1 - effect.id, effect.id, False, _no_answer, settles=effect.id))
        elif not self._draining:
            self._settling.append(effect.id)
            if self._settle_timer is None:
                self._settle_timer = self._loop.call_later(SETTLE_S, self._settle_soon)

    def _settle_soon(self) -> None:
        self._settle_timer = None
        if self._settling:
            self.mailbox.wake()

    def _sweep(self) -> None:
        """Passivate what has been idle, and the least recently used beyond the bound. Every event is committed already."""
        now = self.clock.monotonic()
        over = len(self.activations) - self._max_activations
        if over <= 0 and now - self._swept_at < self._idle_s / 10:
            return
        self._swept_at = now
        by_use = sorted(self.activations.values(), key=lambda one: one.used_at)
        for n, activation in enumerate(by_use):
            if n >= over and now - activation.used_at < self._idle_s:
                break
            del self.activations[activation.actor]
            self._suspects.discard(activation.actor)
        self.metrics.passivated(len(self.activations))


def _withdraw(publisher: Publisher, entry: Entry) -> None:
    """What this commit has redacted goes from the feed too."""
    seqs, before = frozenset(seq for seq, _ in entry.redactions), max(entry.redact_before, entry.redact_all_before)
    if seqs or before:
        publisher.withdraw(Withdrawn(entry.actor.app, entry.actor.id, seqs, before))


def _no_answer(answer: object) -> None:
    """Effects have nobody who waits."""


__all__ = ["Answer", "Clock", "Host", "SystemClock"]
