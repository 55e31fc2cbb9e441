"""How gateways and programs in the cluster reach actors: ask, read, stream. Hides slots, links, hosts and their deaths."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from hashlib import blake2b
from typing import Any

import msgspec
import structlog

from actors.answers import Answer
from actors.conversation import ConversationKind
from actors.followers import ALL
from actors.host import Clock, SystemClock
from actors.kind import Kind, replayed
from actors.link import Connect, Follow, Locator, OnAnswer, Outcome, SlotLink
from actors.placement import Placement
from actors.stream import Channel, Delivered, QueueSink, Sink, Subscription
from domain import ids
from domain.conversation import commands as cmd
from domain.conversation.state import State
from domain.errors import Refused, Unavailable
from storage.ports import ANY_KEY, ActorId, Journal

log = structlog.get_logger()

DEDICATED_IDLE_S = 60.0
UNREAD_S = 5.0


class Router:
    """The way to actors of all kinds. One in each gateway process; needs a running event loop.

    `secret` keys the hashes under which commands are remembered: the same in every process of an installation, for ever.
    """

    def __init__(
        self,
        journal: Journal,
        locator: Locator,
        connect: Connect,
        secret: bytes,
        *,
        placements: dict[str, Placement] | None = None,
        clock: Clock | None = None,
        kinds: Sequence[Kind] | None = None,
    ) -> None:
        """`kinds` are those whose actors are read here, not only spoken to: conversations, unless others are given."""
        self.journal = journal
        self._locator, self._connect, self._secret = locator, connect, secret
        self._kinds: dict[str, Kind] = {kind.name: kind for kind in ((ConversationKind(),) if kinds is None else kinds)}
        self._placements = placements or {}
        self._clock = clock or SystemClock()
        self._links: dict[tuple[str, str], SlotLink] = {}
        self._channels: dict[ActorId, Channel] = {}
        self._opening: dict[ActorId, asyncio.Task[Channel]] = {}
        self._follows: dict[ActorId, Follow] = {}
        self._tasks: set[asyncio.Task[None]] = {asyncio.create_task(self._tidy(), name="router-tidy")}

    def now_ms(self) -> int:
        return self._clock.now_ms()

    def new_id(self) -> str:
        """A fresh row id."""
        return ids.row_id(self.now_ms(), secrets.randbits(64))

    async def close(self) -> None:
        for task in (*self._tasks, *self._opening.values()):
            task.cancel()
        await asyncio.gather(*(link.close() for link in self._links.values()))

    async def _tidy(self) -> None:
        """Give up the hosts of dedicated actors that nobody has needed for a while."""
        idle_since: dict[tuple[str, str], float] = {}
        while True:
            await asyncio.sleep(DEDICATED_IDLE_S / 4)
            now = asyncio.get_running_loop().time()
            idle = {name: link for name, link in self._links.items() if not link.placed and link.idle}
            idle_since = {name: idle_since.get(name, now) for name in idle}
            for name, link in idle.items():
                if now - idle_since[name] >= DEDICATED_IDLE_S:
                    del self._links[name]
                    await link.close()
                    await self._locator.release(*name)

    def link(self, actor: ActorId) -> SlotLink:
        """The link to the owner of an actor's slot, opened on first use."""
        return self._slot_link(actor.kind, self._placements.get(actor.kind, Placement()).slot_of(actor))

    def _slot_link(self, kind: str, slot: str) -> SlotLink:
        link = self._links.get((kind, slot))
        if link is None:
            link = self._links[kind, slot] = SlotLink(kind, slot, self._locator, self._connect, self._followed)
        return link

    def warm(self, kind: str) -> None:
        """Open the links to all shared hosts of a kind, instead of on first use."""
        for slot in range(self._placements.get(kind, Placement()).slots):
            self._slot_link(kind, str(slot))

    def open(self, kind: str, slot: str) -> None:
        """Open the link to the owner of a slot, whoever needs it: where there is none, one is brought."""
        self._slot_link(kind, slot)

    def ask_for(self, kind: str, slot: str, server: str) -> None:
        """Ask the owner of a slot to give it up for a server."""
        self._slot_link(kind, slot).ask_for(server)

    def links(self) -> list[SlotLink]:
        """Every link that is open or being opened."""
        return list(self._links.values())

    def command_key(self, actor: ActorId, sender: str, client_id: str) -> int:
        """The key of a sender's command to an actor: 63 bits that nobody without the secret can make collide."""
        text = f"{actor.app}\0{actor.id}\0{sender}\0{client_id}".encode()
        return int.from_bytes(blake2b(text, digest_size=8, key=self._secret).digest(), "big") >> 1

    def say(
        self,
        actor: ActorId,
        command: cmd.Command,
        *,
        sender: str,
        client_id: str | None,
        on_answer: OnAnswer,
        want_body: bool = False,
        timeout_s: float = 10.0,
    ) -> Callable[[], None]:
        """Send a command to a conversation and go on. Returns a function that stops waiting for it. Raises `Unavailable`: nothing
        was sent."""
        encoded = cmd.encode(command)
        key = self.command_key(actor, sender, client_id or secrets.token_hex(8))
        return self.send(actor, encoded, key, content_digest(command, encoded), on_answer, want_body, timeout_s)

    def send(
        self,
        actor: ActorId,
        command: bytes,
        key: int,
        digest: int,
        on_answer: OnAnswer,
        want_body: bool = False,
        timeout_s: float = 10.0,
    ) -> Callable[[], None]:
        """As `say`, for an encoded command to an actor of any kind. The key and a hash of the content are the caller's."""
        link = self.link(actor)
        n = link.say(actor, key, digest, want_body, command, on_answer, timeout_s)
        return lambda: link.cancel(n)

    async def ask(
        self,
        actor: ActorId,
        command: cmd.Command,
        *,
        sender: str,
        client_id: str | None = None,
        want_body: bool = False,
        timeout_s: float = 10.0,
    ) -> Answer:
        """Send a command to a conversation and wait for the answer. Raises `Refused`, or `Unavailable` (whether it took effect is
        unknown)."""
        encoded = cmd.encode(command)
        digest = content_digest(command, encoded)
        return await self.ask_encoded(actor, encoded, digest, sender=sender, client_id=client_id, want_body=want_body, timeout_s=timeout_s)

    async def ask_encoded(
        self,
        actor: ActorId,
        command: bytes,
        digest: int,
        *,
        sender: str,
        client_id: str | None = None,
        want_body: bool = False,
        timeout_s: float = 10.0,
    ) -> Answer:
        """As `ask`, for an encoded command to an actor of any kind. `digest` is a hash of its content (64 bits, signed)."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

        def settle(outcome: Outcome) -> None:
            if not future.done():
                future.set_result(outcome)

        key = self.command_key(actor, sender, client_id or secrets.token_hex(8))
        self.send(actor, command, key, digest, settle, want_body, timeout_s)
        outcome = await future
        if isinstance(outcome, Answer):
            return outcome
        raise outcome

    async def load(self, actor: ActorId) -> tuple[int, Any] | None:
        """(integer key, committed state) of an actor that exists or has left a tombstone; None when there never was one."""
        found = await self.journal.load([actor])
        if not found:
            return None
        one = found[0]
        return one.key, replayed(self._kinds[actor.kind], actor, one.snapshot, one.snapshot_seq, one.events)

    async def state(self, actor: ActorId) -> State | None:
        """A conversation's committed state, read from the journal as its host would."""
        found = await self.load(actor)
        return None if found is None else found[1]

    async def states(self, actors: Sequence[ActorId]) -> dict[ActorId, State]:
        """The committed states of several conversations, in one read."""
        return {
            one.actor: replayed(self._kinds[one.actor.kind], one.actor, one.snapshot, one.snapshot_seq, one.events)
            for one in await self.journal.load(actors)
        }

    async def subscribe(self, actor: ActorId, after: int, sink: Sink) -> Subscription:
        """The actor's events with seq > `after` into `sink`, gap-free, until the subscription is closed.

        Raises `Refused` for an actor that does not exist.
        """
        while True:
            channel = await self._channel(actor)
            if self._channels.get(actor) is channel:  # and not one that its last reader has left meanwhile
                return channel.join(after, sink)

    async def _channel(self, actor: ActorId) -> Channel:
        """The actor's events in this process, followed from now on."""
        channel = self._channels.get(actor)
        if channel is not None:
            return channel
        task = self._opening.get(actor)
        if task is None:
            task = self._opening[actor] = asyncio.create_task(self._open(actor))
            task.add_done_callback(lambda done: self._opened(actor, done))
        return await asyncio.shield(task)

    def _opened(self, actor: ActorId, task: asyncio.Task[Channel]) -> None:
        self._opening.pop(actor, None)
        if not task.cancelled():
            task.exception()  # whoever waited may have gone, and then nobody else looks at it

    async def _open(self, actor: ActorId) -> Channel:
        """Follow first, read second: what is committed in between arrives both ways, and nothing falls between."""
        early: list[tuple[int, bytes]] = []
        link = self.link(actor)
        follow = link.follow(actor, lambda seq, body: early.append((seq, body)))
        try:
            async with asyncio.timeout(10.0):
                await follow.registered.wait()
            follow.registered.clear()
            found = await self._found(actor)
            moved = follow.registered.is_set()
            if found is None:
                raise Refused("conversation_not_found", "Conversation not found")
        except TimeoutError as error:
            link.unfollow(follow)
            raise Unavailable("unavailable", "The conversation's host did not answer in time") from error
        except (Refused, Unavailable):
            link.unfollow(follow)
            raise
        key, head, state = found
        channel = Channel(actor, key, head, state, self.journal)
        channel.empty = self._leave
        for seq, body in early:
            channel.arrived(seq, body)
        follow.on_event = channel.arrived
        self._channels[actor], self._follows[actor] = channel, follow
        if moved:  # to a successor, while the journal was read: what that one committed before it took up the follow is still to be found
            self._heal([channel])
        asyncio.get_running_loop().call_later(UNREAD_S, self._leave_unread, channel)
        return channel

    async def _found(self, actor: ActorId) -> tuple[int, int, Any] | None:
        """(integer key, last seq, state) of an actor that exists. Of kinds that are only followed here, no state is made."""
        kind = self._kinds.get(actor.kind)
        if kind is not None:
            loaded = await self.load(actor)
            return (loaded[0], loaded[1].seq, loaded[1]) if loaded is not None and kind.exists(loaded[1]) else None
        key = await self.journal.find(actor)
        heads = {} if key is None else await self.journal.heads([key])
        return (key, heads[key], None) if key is not None and heads.get(key) else None

    def _leave_unread(self, channel: Channel) -> None:
        """Whoever wanted the channel may have gone before it was open."""
        if not channel.subscriptions:
            self._leave(channel)

    def _leave(self, channel: Channel) -> None:
        """Nobody reads the actor here any more."""
        if self._channels.get(channel.actor) is channel:
            del self._channels[channel.actor]
            self.link(channel.actor).unfollow(self._follows.pop(channel.actor))

    def _followed(self, follows: list[Follow]) -> None:
        """A host has taken up follows: new ones may be read, old ones compared with the journal."""
        again: list[Channel] = []
        for follow in follows:
            follow.registered.set()
            channel = self._channels.get(follow.actor)
            if channel is not None:
                again.append(channel)
        if again:
            self._heal(again)

    def _heal(self, channels: list[Channel]) -> None:
        task = asyncio.create_task(self._compare(channels))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _compare(self, channels: list[Channel]) -> None:
        """One query for the heads of all followed actors of a slot heals whatever its dead host did not publish."""
        heads: dict[int, int] | None = None
        while heads is None:
            try:
                heads = await self.journal.heads([channel.key for channel in channels])
            except Unavailable as error:
                await asyncio.sleep(error.retry_after_s)
        for channel in channels:
            channel.known(heads.get(channel.key, 0))

    def follow_app(self, app: str, on_event: Callable[[int, bytes], None]) -> list[tuple[SlotLink, Follow]]:
        """Every event of the app's conversations in shared hosts, from now on, as a hint: nothing heals a gap here."""
        kind = ConversationKind.name
        slots = range(self._placements.get(kind, Placement()).slots)
        links = [self._slot_link(kind, str(slot)) for slot in slots]
        return [(link, link.follow(ActorId(kind, app, ALL), on_event)) for link in links]

    def unfollow(self, follows: list[tuple[SlotLink, Follow]]) -> None:
        for link, follow in follows:
            link.unfollow(follow)

    async def recent(self, kind: str, app: str, limit: int, before: int = ANY_KEY) -> list[State]:
        """The states of an app's newest actors, of those with a key below `before`; newest first."""
        names = await self.journal.recent(kind, app, limit, before)
        states = await self.states(names)
        return [states[name] for name in names if name in states]

    def conversation(self, app: str, identifier: str) -> Conversation:
        """A handle on one conversation, for programs."""
        return Conversation(self, ActorId(ConversationKind.name, app, identifier))


class Conversation:
    """A conversation as a program sees it."""

    def __init__(self, router: Router, actor: ActorId) -> None:
        self._router, self.actor = router, actor

    async def ask(self, command: cmd.Command, *, sender: str, client_id: str | None = None) -> Answer:
        return await self._router.ask(self.actor, command, sender=sender, client_id=client_id)

    async def stream(self, after: int = 0) -> AsyncIterator[Delivered]:
        """Committed events with seq > `after`, gap-free, then live ones as they come. `seq` 0 marks ephemeral events."""
        sink = QueueSink()
        subscription = await self._router.subscribe(self.actor, after, sink)
        async for event in sink.events(subscription):
            yield event


def content_digest(command: cmd.Command, encoded: bytes) -> int:
    """A 64-bit hash by which a repeated id with other content is told from a repeat. Where it came from does not count."""
    if isinstance(command, cmd.PostMessage):
        author = command.author
        rest = (author.type, author.user_id, command.internal, command.metadata, command.destination, command.override, command.references)
        encoded = command.content + msgspec.msgpack.encode(rest)
    elif isinstance(command, cmd.CreateConversation | cmd.JoinConversation | cmd.SendPostback | cmd.Act):
        return 0
    elif cmd.switchboard_of(command) is not None:
        encoded = cmd.encode(cmd.bare(command))
    return bytes_digest(encoded)


def bytes_digest(content: bytes) -> int:
    """A 64-bit hash of an encoded command."""
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "big", signed=True)
