"""The gateway's end of a link to the host of one slot: numbers commands, coalesces them, and says them again to a successor.

A command stays here until it is answered, cancelled, or too old. When the host dies, its slot's next owner is asked for, and
everything unanswered is said again, in order, with the same numbers and keys; the journal makes repeats harmless.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec
import structlog

from actors import frames, tracing
from actors.answers import Answer
from domain.errors import Refused, Unavailable
from storage.ports import ActorId

log = structlog.get_logger()

WINDOW = 16_384
PING_S = 0.5
SILENCE_S = 3.0
OTHER_VERSION_S = 1.0
AT_ONCE, BUSY = 32, 512
"""So many commands go before the step of the loop is over, as long as the host has fewer than so many to do: else it would idle while
a crowd is being read here, and this process would idle while the host works."""
MOST_FAILURES = 3
"""An owner that cannot be reached so often in a row is ended: it does not do what an owner is for."""

Outcome = Answer | Refused | Unavailable
OnAnswer = Callable[[Outcome], None]


class Owner(msgspec.Struct, frozen=True):
    """Who owns a slot now, and how to reach it."""

    generation: int
    address: str
    token: str


class Locator(Protocol):
    """Finds the owners of slots, and sees to it that there are some."""

    async def owner(self, kind: str, slot: str, lost: int) -> Owner:
        """The slot's owner, waited for and, where it is dead, replaced. The link to generation `lost` broke (0: none did): one
        up to it is given only if it is known to live."""

    async def release(self, kind: str, slot: str) -> None:
        """Nobody needs the owner of this dedicated slot just now: let it go."""

    async def silent(self, kind: str, slot: str, generation: int) -> None:
        """The owner of this generation does not speak: end it, so that it holds no lock and another can follow."""


class Connect(Protocol):
    """Opens the wire to an address: sockets, Ray calls, or a pipe in tests. Raises `OSError` or `TimeoutError`."""

    async def __call__(self, address: str, attach: Callable[[Callable[[bytes], None], Callable[[], None]], Any]) -> None: ...


class OtherVersion(Exception):
    """The owner speaks another version of the link. It is not dead: nobody is to take its place."""


class Pending(msgspec.Struct):
    """A command that was not answered yet."""

    n: int
    wire: tuple[Any, ...]
    on_answer: OnAnswer
    deadline: float


class Follow(msgspec.Struct):
    """An actor whose events this gateway wants."""

    n: int
    actor: ActorId
    on_event: Callable[[int, bytes], None]
    registered: asyncio.Event = msgspec.field(default_factory=asyncio.Event)
    """Set when a host has taken the follow up for the first time."""


class SlotLink:
    """The link to whoever owns `slot`. `on_followed` gets the follows that a host has just taken up."""

    def __init__(
        self,
        kind: str,
        slot: str,
        locator: Locator,
        connect: Connect,
        on_followed: Callable[[list[Follow]], None],
        *,
        ping_s: float = PING_S,
        silence_s: float = SILENCE_S,
        protocol: frames.Version = frames.PROTOCOL,
    ) -> None:
        self.kind, self.slot = kind, slot
        self._locator, self._connect, self._on_followed = locator, connect, on_followed
        self._ping_s, self._silence_s, self._protocol = ping_s, silence_s, protocol
        self._stranger = 0
        """The generation of the last owner that spoke another version."""
        self._loop = asyncio.get_running_loop()
        self._unanswered: dict[int, Pending] = {}
        self._follows: dict[int, Follow] = {}
        self._count = 0
        self._outbox: list[tuple[Any, ...]] = []
        self._wanted: list[Follow] = []
        self._scheduled = False
        self._wire: _Wire | None = None
        self.up = asyncio.Event()
        self.sick: str | None = None
        """What the host says that it lacks, as of its last sign of life."""
        self._task = asyncio.create_task(self._run(), name=f"link-{kind}-{slot}")
        self._pulse = asyncio.create_task(self._beat(), name=f"pulse-{kind}-{slot}")

    async def close(self) -> None:
        for task in (self._task, self._pulse):
            task.cancel()
        await asyncio.wait([self._task, self._pulse])
        if self._wire is not None:
            self._wire.end()

    @property
    def waiting(self) -> int:
        """How many commands are not answered yet."""
        return len(self._unanswered)

    @property
    def placed(self) -> bool:
        """Whether the slot is one of the shared ones, which always have an owner."""
        return "/" not in self.slot

    @property
    def idle(self) -> bool:
        return not self._unanswered and not self._follows

    def say(self, actor: ActorId, key: int, digest: int, want_body: bool, command: bytes, on_answer: OnAnswer, timeout_s: float) -> int:
        """Send a command; `on_answer` is called once unless it is cancelled. Returns its number.

        Raises `Unavailable` when too many wait already: nothing was taken then.
        """
        if len(self._unanswered) >= WINDOW:
            raise Unavailable("overloaded", "Too much is waiting already", 1.0)
        self._count = n = self._count + 1
        wire: tuple[Any, ...] = (n, actor.app, actor.id, key, digest, want_body, command)
        if tracing.active is not None:
            trace, on_answer = tracing.active.said(self.slot, actor, on_answer)
            wire += trace
        self._unanswered[n] = Pending(n, wire, on_answer, self._loop.time() + timeout_s)
        if self._wire is not None:
            self._outbox.append(wire)
            if len(self._outbox) >= AT_ONCE and len(self._unanswered) < BUSY:
                self._flush()
            else:
                self._schedule()
        return n

    def cancel(self, n: int) -> None:
        """Stop waiting for an answer, and never say the command again. Whether it took effect is unknown."""
        self._unanswered.pop(n, None)

    def follow(self, actor: ActorId, on_event: Callable[[int, bytes], None]) -> Follow:
        self._count += 1
        follow = self._follows[self._count] = Follow(self._count, actor, on_event)
        if self._wire is not None:
            self._wanted.append(follow)
            self._schedule()
        return follow

    def unfollow(self, follow: Follow) -> None:
        if self._follows.pop(follow.n, None) is None:
            return
        if follow in self._wanted:
            self._wanted.remove(follow)
        elif self._wire is not None:
            self._wire.send(frames.pack((frames.UNFOLLOW, [follow.n])))

    def ask_for(self, server: str) -> None:
        """Ask the owner to give the slot up for a server."""
        if self._wire is not None:
            self._wire.send(frames.pack((frames.YIELD, server)))

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        """Everything that was said in this step of the loop, in one write."""
        self._scheduled = False
        outbox, self._outbox = self._outbox, []
        wanted, self._wanted = self._wanted, []
        if self._wire is None:
            return
        data = b""
        if wanted:
            data += frames.pack((frames.FOLLOW, [(one.n, one.actor.app, one.actor.id) for one in wanted]))
        if outbox:
            data += frames.pack((frames.SAY, outbox))
        if data:
            self._wire.send(data)

    async def _run(self) -> None:
        """Find the owner, connect, say again what is unanswered, and begin anew when the wire ends."""
        lost, failures = 0, 0
        while True:
            owner = None
            try:
                owner = await self._locator.owner(self.kind, self.slot, lost)
                wire = await self._open(owner)
            except OtherVersion as error:
                self._refuse(error)
                await asyncio.sleep(OTHER_VERSION_S)
                continue
            except (OSError, TimeoutError, Unavailable) as error:
                log.info("link_not_open", slot=self.slot, error=type(error).__name__)
                failures += 1
                if owner is not None:
                    lost = owner.generation
                    if failures % MOST_FAILURES == 0:
                        await self._end_silent(owner.generation)
                await asyncio.sleep(min(0.02 * 2**failures, 0.5))
                continue
            lost, failures = owner.generation, 0
            self._resume(wire)
            await wire.over.wait()
            self._wire = None
            self.up.clear()
            log.info("link_lost", slot=self.slot, generation=owner.generation, unanswered=len(self._unanswered))

    async def _open(self, owner: Owner) -> _Wire:
        made: list[_Wire] = []

        def attach(send: Callable[[bytes], None], end: Callable[[], None]) -> _Wire:
            made.append(_Wire(owner.generation, send, end, self._take))
            return made[0]

        await self._connect(owner.address, attach)
        wire = made[0]
        wire.send(frames.pack((frames.HELLO, owner.token, self._protocol)))
        try:
            async with asyncio.timeout(self._silence_s):
                await wire.welcome.wait()
        except TimeoutError:
            wire.end()
            await self._end_silent(owner.generation)
            raise
        if wire.version is not None and wire.version[0] != self._protocol[0]:
            wire.end()
            raise OtherVersion(owner.generation, wire.version)
        if wire.over.is_set():
            raise ConnectionError("the host closed the link")
        return wire

    def _resume(self, wire: _Wire) -> None:
        self._wire = wire
        self._outbox = [pending.wire for pending in self._unanswered.values()]
        self._wanted = list(self._follows.values())
        self.up.set()
        self._flush()

    def _take(self, wire: _Wire, frame: frames.Frame) -> None:
        if frame[0] == frames.ANSWERS:
            for answer in frame[1]:
                self._answered(answer)
        elif frame[0] == frames.EVENTS:
            for n, seq, body in frame[1]:
                follow = self._follows.get(n)
                if follow is not None:
                    follow.on_event(seq, body)
        elif frame[0] == frames.PONG:
            self.sick = frame[2]
        elif frame[0] == frames.MOVED:
            wire.end()
        elif frame[0] == frames.FOLLOWED:
            self._on_followed([self._follows[n] for n in frame[1] if n in self._follows])

    def _answered(self, answer: Sequence[Any]) -> None:
        pending = self._unanswered.pop(answer[0], None)
        if pending is None:
            return
        if len(answer) == 3:
            pending.on_answer(Refused(answer[1], answer[2]))
        elif len(answer) == 4:
            pending.on_answer(Unavailable(answer[1], answer[2], answer[3]))
        else:
            pending.on_answer(Answer(answer[1], answer[2], answer[3], answer[4]))

    async def _beat(self) -> None:
        """Ping the host, end one that is silent, and give up on commands that are too old."""
        beat_at = self._loop.time()
        while True:
            await asyncio.sleep(self._ping_s / 2)
            now, late_s = self._loop.time(), self._loop.time() - beat_at - self._ping_s
            beat_at = now
            self._expire(now)
            wire = self._wire
            if wire is None:
                continue
            if late_s > 0:  # it was this process that slept: what the host said meanwhile is still to be read
                wire.heard_at += late_s
            if now - wire.heard_at > self._silence_s:
                log.warning("host_silent", slot=self.slot, generation=wire.generation)
                wire.end()
                await self._end_silent(wire.generation)
            else:
                wire.send(frames.pack((frames.PING, self._count)))

    async def _end_silent(self, generation: int) -> None:
        with contextlib.suppress(Unavailable):  # without the database nobody could follow: it is asked for again
            await self._locator.silent(self.kind, self.slot, generation)

    def _refuse(self, error: OtherVersion) -> None:
        """Whoever waits is told at once: the owner stays until it gives its slot up, and that may take long."""
        generation, version = error.args
        if self._stranger != generation:
            self._stranger = generation
            log.warning("link_other_version", slot=self.slot, generation=generation, ours=self._protocol, theirs=version)
        self._give_up(list(self._unanswered.values()), "The conversation's host speaks another version of the link")

    def _expire(self, now: float) -> None:
        old = [pending for pending in self._unanswered.values() if pending.deadline <= now]
        self._give_up(old, "The conversation's host did not answer in time")

    def _give_up(self, waiting: Sequence[Pending], why: str) -> None:
        for pending in waiting:
            if self._unanswered.pop(pending.n, None) is not None:
                pending.on_answer(Unavailable("unavailable", why, 1.0))


#: Where in a host's first frame its version stands.
_GREETINGS = {frames.WELCOME: 2, frames.REFUSED: 1}


class _Wire:
    """One connection: whole frames in, bytes out."""

    def __init__(
        self,
        generation: int,
        send: Callable[[bytes], None],
        end: Callable[[], None],
        take: Callable[[_Wire, frames.Frame], None],
    ) -> None:
        self.generation = generation
        self.send, self._end, self._take = send, end, take
        self.welcome, self.over = asyncio.Event(), asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.heard_at = self._loop.time()
        self.version: frames.Version | None = None
        """The host's, from its greeting on."""
        self._reader = frames.Reader()

    def received(self, data: bytes) -> None:
        self.heard_at = self._loop.time()
        try:
            for frame in self._reader.feed(data):
                if frame[0] in _GREETINGS:
                    self.version = frames.version(frame, _GREETINGS[frame[0]])
                    self.welcome.set()
                elif self.welcome.is_set():
                    self._take(self, frame)
        except (ValueError, TypeError, IndexError):
            log.exception("link_garbled")
            self.end()

    def ended(self) -> None:
        self.welcome.set()
        self.over.set()

    def end(self) -> None:
        self._end()
        self.ended()
