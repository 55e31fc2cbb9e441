"""Performs the effects of committed turns: timers when they are due, everything else at once and in order per actor and target.

At least once: an effect is a row until a commit has settled it. Whoever performs it knows a repeat by the effect's id: an actor
of another kind by the command's key, the world outside by the key that the performer makes of it. So the next effect to a target may
begin when the one before it was performed, though its row may still be there.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Protocol

import msgspec
import structlog

from actors.link import OnAnswer, Outcome
from actors.timers import Timers
from actors.turnstile import Turnstile
from domain.errors import Refused, Unavailable
from storage.ports import ActorId, EffectRow, Entry

log = structlog.get_logger()

Performer = Callable[[EffectRow], Awaitable[bytes | None]]
"""Does the thing and returns the command that tells the actor of it; None where there is nothing to tell. Raises to be tried
again (`Unavailable` says when), `Refused` to give up."""

Deliver = Callable[[EffectRow, OnAnswer], None]
"""Says an effect's payload to the actor of the kind that it names. Raises `Unavailable` when nothing was sent."""

MAX_ATTEMPTS = 10
"""So often a performer is tried. An effect to another kind is never given up: its actor is there when its database is."""
LONGEST_PAUSE_S = 60.0
LONGEST_DELIVERY_PAUSE_S = 5.0
AT_ONCE, AT_ONCE_OF_APP = 64, 16
"""So many effects to a target are performed at a time by a host, and so many of one app."""
DELIVERIES_AT_ONCE = 4096


class Ways(msgspec.Struct, frozen=True):
    """Where effects go: to actors of other `kinds` by `deliver`, to the world outside by `performers`."""

    performers: Mapping[str, Performer] = {}
    kinds: Collection[str] = ()
    deliver: Deliver | None = None


class _Clock(Protocol):
    def now_ms(self) -> int: ...


class EffectRunner:
    """The pending effects of one host.

    `done(effect, command)` hands the result back; without a command there is nothing to tell, and the effect only has to be
    settled. Timers carry their command as payload. `rejected(effect, code)` makes the command for an effect that was refused, or
    that was tried often enough.
    """

    def __init__(
        self,
        clock: _Clock,
        done: Callable[[EffectRow, bytes | None], None],
        ways: Ways | None = None,
        rejected: Callable[[EffectRow, str], bytes | None] | None = None,
    ) -> None:
        self._clock, self._done, self._ways, self._rejected = clock, done, ways or Ways(), rejected
        self._turnstiles = {target: Turnstile(AT_ONCE, AT_ONCE_OF_APP) for target in self._ways.performers}
        self._turnstiles.update({kind: Turnstile(DELIVERIES_AT_ONCE, DELIVERIES_AT_ONCE) for kind in self._ways.kinds})
        self.timers = Timers()
        self._pending: dict[int, EffectRow] = {}
        self._named: dict[tuple[ActorId, str, str], int] = {}
        self._queues: dict[tuple[ActorId, str], deque[EffectRow]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._attempts: dict[int, int] = {}
        """Of effects that have failed: how often."""
        self._unknown: set[str] = set()
        self._changed = asyncio.Event()
        self._stopped = False

    def __len__(self) -> int:
        return len(self._pending)

    def start(self) -> None:
        self._keep(asyncio.create_task(self._ring(), name="timers"))

    async def stop(self) -> None:
        """Whatever is under way is left to the successor, and its outcome counts for nothing here."""
        self._stopped = True
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def add(self, effects: Sequence[EffectRow]) -> None:
        """Take up effects that were just committed, or that an earlier generation left. Timers of a later time are read when it is near."""
        for effect in effects:
            if effect.target == "timer" and not self.timers.add(effect):
                self._drop(self._named.get((effect.actor, effect.target, effect.name), 0))
                continue
            self._take(effect)

    def add_timers(self, rows: Sequence[EffectRow], until_ms: int) -> None:
        """Take up those that were read from the horizon on."""
        self.timers.read(rows, until_ms)
        for row in rows:
            self._take(row)

    def _take(self, effect: EffectRow) -> None:
        if effect.name:
            self._drop(self._named.get((effect.actor, effect.target, effect.name), 0))
            self._named[effect.actor, effect.target, effect.name] = effect.id
        self._pending[effect.id] = effect
        if effect.target == "timer":
            self._changed.set()
        elif effect.way in self._turnstiles:
            self._enqueue(effect)
        else:
            self._leave_alone(effect)

    def add_unknown(self, effects: Sequence[EffectRow]) -> None:
        """Take up those of an actor's effects of which a commit's lost answer did not tell."""
        self.add([effect for effect in effects if effect.id not in self._pending])

    def settled(self, entries: Sequence[Entry]) -> None:
        """Forget what a commit has settled or cancelled."""
        for entry in entries:
            self.forget(entry.settled)
            for target, name in entry.cancelled:
                self._drop(self._named.get((entry.actor, target, name), 0))

    def forget(self, effect_ids: Sequence[int]) -> None:
        """Their rows are gone."""
        for effect_id in effect_ids:
            self._drop(effect_id)

    def _leave_alone(self, effect: EffectRow) -> None:
        """A later version of the program has asked for it, and performs it when it is the owner again."""
        if effect.way not in self._unknown:
            self._unknown.add(effect.way)
            log.warning("effect_unknown", kind=effect.actor.kind, target=effect.target, effect=effect.id)

    def _drop(self, effect_id: int) -> None:
        effect = self._pending.pop(effect_id, None)
        if effect is None:
            return
        self._attempts.pop(effect_id, None)
        self.timers.drop(effect_id)
        if effect.name and self._named.get((effect.actor, effect.target, effect.name)) == effect_id:
            del self._named[effect.actor, effect.target, effect.name]
        self._advance(effect)

    def _enqueue(self, effect: EffectRow) -> None:
        name = (effect.actor, effect.target)
        queue = self._queues.get(name)
        if queue is not None:
            queue.append(effect)
        else:
            self._queues[name] = deque((effect,))
            self._begin(effect)

    def _advance(self, effect: EffectRow) -> None:
        """If the effect is the first of its queue, go on with the next; what has ended while it waited is passed over."""
        name = (effect.actor, effect.target)
        queue = self._queues.get(name)
        if queue is None or queue[0].id != effect.id:
            return
        queue.popleft()
        while queue and queue[0].id not in self._pending:
            queue.popleft()
        if queue:
            self._begin(queue[0])
        else:
            del self._queues[name]

    def _begin(self, effect: EffectRow) -> None:
        """Try it, now or when there is room."""
        if not self._stopped and effect.id in self._pending and self._turnstiles[effect.way].enter(effect):
            self._try(effect)

    def _leave(self, effect: EffectRow) -> None:
        turnstile = self._turnstiles[effect.way]
        following = turnstile.leave(effect)
        while following is not None and (self._stopped or following.id not in self._pending):
            following = turnstile.leave(following)
        if following is not None:
            self._try(following)

    def _try(self, effect: EffectRow) -> None:
        if effect.way in self._ways.kinds:
            self._deliver(effect)
        else:
            self._keep(asyncio.create_task(self._perform(effect)))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _deliver(self, effect: EffectRow) -> None:
        """Without a task: these are the many."""
        assert self._ways.deliver is not None, "kinds that effects go to need a way"
        try:
            self._ways.deliver(effect, partial(self._answered, effect))
        except Unavailable as error:
            asyncio.get_running_loop().call_soon(
                self._answered, effect, error
            )  # not from here: its place would be the next one's, and so on

    def _answered(self, effect: EffectRow, outcome: Outcome) -> None:
        """What an actor of another kind says to an effect that was delivered to it."""
        match outcome:
            case Unavailable():
                self._again(effect, outcome, LONGEST_DELIVERY_PAUSE_S)
            case Refused(code=code):
                self._end(effect, self._refusal(effect, code))
            case _:
                self._end(effect, None)

    async def _perform(self, effect: EffectRow) -> None:
        try:
            command = await self._ways.performers[effect.way](effect)
        except Refused as refused:
            self._end(effect, self._refusal(effect, refused.code))
        except Exception as error:
            attempt = self._attempts.get(effect.id, 0)
            log.warning(
                "effect_failed", target=effect.target, effect=effect.id, attempt=attempt, exc_info=not isinstance(error, Unavailable)
            )
            if attempt + 1 < MAX_ATTEMPTS:
                self._again(effect, error, LONGEST_PAUSE_S)
            else:
                self._end(effect, self._refusal(effect, "unavailable"))
        else:
            self._end(effect, command)

    def _again(self, effect: EffectRow, error: Exception, longest_s: float) -> None:
        """After a pause, in which others have its place."""
        attempt = self._attempts.get(effect.id, 0)
        asked_s = error.retry_after_s if isinstance(error, Unavailable) else 0.0
        if effect.id in self._pending:
            self._attempts[effect.id] = attempt + 1
            asyncio.get_running_loop().call_later(min(longest_s, max(asked_s, 0.1 * 2 ** min(attempt, 16))), self._begin, effect)
        self._leave(effect)

    def _refusal(self, effect: EffectRow, code: str) -> bytes | None:
        log.warning("effect_refused", target=effect.target, effect=effect.id, code=code)
        return None if self._rejected is None else self._rejected(effect, code)

    def _end(self, effect: EffectRow, command: bytes | None) -> None:
        """It was performed, or given up. What was replaced or cancelled meanwhile counts for nothing."""
        if self._stopped:
            return
        if effect.id in self._pending:
            self._done(effect, command)
        self._leave(effect)
        self._advance(effect)

    async def _ring(self) -> None:
        """Fire each timer when the clock has reached it; an earlier one that is added wakes this up."""
        while True:
            now_ms = self._clock.now_ms()
            for effect_id in self.timers.due(now_ms):
                effect = self._pending.get(effect_id)
                if effect is not None:
                    self._done(effect, effect.payload)
            next_ms = self.timers.next_ms
            wait_s = 60.0 if next_ms is None else min(60.0, (next_ms - now_ms) / 1000)
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.001, wait_s)):  # `wait_for` of 3.11 swallows a cancellation at the wrong moment
                    await self._changed.wait()
