"""One client of the stream: reads frames, sends commands on without waiting, writes what comes back. Order is kept by lanes.

Messages are handled in the step in which they are read; what has to look something up first (form responses, postbacks) is
awaited in its place, so that nothing overtakes it; subscriptions and history go on beside.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import structlog
from aiohttp import WSMsgType, web

from actors.answers import Answer
from actors.conversation import event_type, is_internal
from actors.router import Router
from actors.stream import Delivered, Subscription
from domain.conversation import commands as cmd
from domain.errors import Invalid, Refused, Unavailable
from gateway.counts import COUNTS
from gateway.identity import Identity
from gateway.limits import Buckets, Limits
from gateway.lookups import Lookups
from gateway.stream import frames, routing
from gateway.stream.actions import Actions, Claim, not_found
from gateway.stream.inbox import Inbox
from gateway.stream.lanes import Lane, out_of_order
from gateway.stream.outbox import Outbox
from gateway.stream.viewing import Looking
from storage.ports import ActorId

log = structlog.get_logger()

MAX_TOPICS = {"visitor": 100, "agent": 5_000, "program": 50_000}
MAX_BESIDE = 64
MAX_LANES = 5_000
RETRY_S = 0.2

S = TypeVar("S", frames.Message, frames.Postback, frames.Control, frames.Status, frames.Session)

_ROUTING = "inbox:routing"
_LEAVES = frozenset({b"conversation:leave", b"conversation:remove"})


class StreamSocket:
    """One open socket of an identity. `close(code, reason)` says bye and ends it."""

    def __init__(
        self,
        ws: web.WebSocketResponse,
        who: Identity,
        router: Router,
        lookups: Lookups,
        inbox: Inbox,
        limits: Limits,
        close: Callable[[str, str], None],
        claim: Claim | None = None,
    ) -> None:
        self.who, self._ws, self._router, self._inbox, self._limits, self.close = who, ws, router, inbox, limits, close
        self._actions = Actions(router, who, lookups, claim)
        self.outbox = Outbox(self._write, lambda: close("resume", "You read too slowly: resume by seq"))
        self._lanes: defaultdict[str, Lane] = defaultdict(Lane)
        self._topics: dict[str, Subscription | None] = {}
        self._beside: dict[str, asyncio.Task[None]] = {}
        self._routed: Subscription | None = None
        self._agent = None if who.account is None else (who.app.id, who.account.id)
        self._looking: Looking | None = None
        if self._agent is not None:
            inbox.routing.presence.enter(*self._agent)
            self._looking = Looking(inbox.viewing, who)
        self._count = 0

    async def _write(self, data: bytes) -> None:
        await self._ws.send_frame(data, WSMsgType.TEXT)

    def _bucket(self) -> tuple[Buckets, str]:
        if self.who.user is not None:
            return self._limits.visitors, self.who.sender
        return self._limits.keys, self.who.sender

    async def read(self) -> None:
        """Take frames until the client goes."""
        async for message in self._ws:
            if message.type is not WSMsgType.TEXT:
                self.close("bad_frame", "Only text messages are read")
                return
            for line in message.data.encode().split(b"\n"):
                if line.strip():
                    await self._take(line)

    async def _take(self, line: bytes) -> None:
        """One frame. Whatever is wrong with it is told, and the socket stays open."""
        try:
            frame = frames.parse(line)
        except Refused as error:
            self.outbox.put(frames.refused(frames.id_in(line), error))
            return
        try:
            await self._handle(frame)
        except (Refused, Unavailable) as error:
            topic = {"topic": frame.topic} if isinstance(frame, frames.Subscribe) else {}
            self.outbox.put(frames.refused(getattr(frame, "id", None), error, **topic))

    async def _handle(self, frame: frames.Frame) -> None:
        if self._agent is not None and not isinstance(frame, frames.Ping):
            self._inbox.routing.presence.see(*self._agent)
        match frame:
            case frames.Message():
                await self._message(frame)
            case frames.Subscribe():
                self._subscribe(frame)
            case frames.Unsubscribe():
                self._drop(frame.topic)
            case frames.Postback():
                await self._say(frame, self._actions.press)
            case frames.Control():
                await self._say(frame, self._actions.move)
            case frames.Status():
                await self._say(frame, self._actions.set_status)
            case frames.Session():
                await self._say(frame, self._actions.end_session)
            case frames.Activity():
                self._activity(frame)
            case frames.Visit():
                self._visit(frame)
            case frames.Viewing():
                self._viewing(frame)
            case frames.History():
                self._aside(f"history:{frame.id}", self._history(frame))
            case frames.Availability() | frames.Accept() | frames.Decline() | frames.Transfer():
                self._route(frame)
            case frames.Ping():
                self.outbox.put(frames.line(type="pong"))
            case frames.Hello():
                raise Invalid("type", "hello was said already")

    # -- messages

    async def _message(self, frame: frames.Message) -> None:
        await self._say(frame, self._actions.post)

    async def _say(self, frame: S, make: Callable[[S, ActorId], Awaitable[cmd.Command]]) -> None:
        """Send what `make` makes of a frame, in its place among what this socket says to the conversation."""
        actor = self._actions.actor(frame.conversation)
        lane = self._lane(actor)
        try:
            lane.check(frame.id)
            self._limits.check(*self._bucket())
            command = await make(frame, actor)
        except (Refused, Unavailable) as error:
            self._not_sent(lane, frame.id, actor, error)
            raise
        self._send(lane, frame.id, actor, command)

    def _lane(self, actor: ActorId) -> Lane:
        if len(self._lanes) >= MAX_LANES and actor.id not in self._lanes:
            raise Unavailable("overloaded", "Too many conversations wait on this socket", 1.0)
        return self._lanes[actor.id]

    def _not_sent(self, lane: Lane, identifier: str, actor: ActorId, error: Refused | Unavailable) -> None:
        """A refusal for a while holds up what comes after it; a final one does not, and ends such a hold."""
        if isinstance(error, Unavailable):
            lane.refuse(identifier)
        elif lane.blocked_by == identifier:
            lane.blocked_by = None
        if lane.idle:
            self._lanes.pop(actor.id, None)

    def _send(self, lane: Lane, identifier: str, actor: ActorId, command: cmd.Command) -> None:
        self._lanes[actor.id] = lane  # it may have been forgotten as idle while this message waited for a look-up
        number = lane.begin(identifier)

        def answered(outcome: Answer | Refused | Unavailable) -> None:
            if isinstance(outcome, Unavailable):
                self._given_up(lane, number, identifier, outcome)
                return
            lane.pending.pop(number, None)
            if isinstance(outcome, Answer):
                self._actions.posted(actor)
                self.outbox.put(frames.ack(identifier, actor.id, outcome))
            else:
                self.outbox.put(frames.refused(identifier, self._actions.as_told(outcome)))
            if lane.idle:
                self._lanes.pop(actor.id, None)

        COUNTS.messages_in += 1
        try:
            cancel = self._router.say(actor, command, sender=self.who.sender, client_id=identifier, on_answer=answered)
        except Unavailable:
            del lane.pending[number]
            lane.refuse(identifier)
            raise
        lane.sent(number, cancel)

    def _given_up(self, lane: Lane, number: int, identifier: str, error: Unavailable) -> None:
        """No answer in time: this message and all later ones of the lane are refused for a while, in order."""
        self.outbox.put(frames.refused(identifier, error))
        for later in lane.failed(number):
            self.outbox.put(frames.refused(later, out_of_order()))

    def _activity(self, frame: frames.Activity) -> None:
        self._limits.check(*self._bucket())
        actor = self._actions.actor(frame.conversation)
        self._router.say(actor, self._actions.act(frame), sender=self.who.sender, client_id=None, on_answer=self._unless_refused)

    def _visit(self, frame: frames.Visit) -> None:
        self._limits.check(*self._bucket())
        actor = self._actions.actor(frame.conversation)
        self._router.say(actor, self._actions.visit(frame), sender=self.who.sender, client_id=None, on_answer=self._unless_refused)

    def _viewing(self, frame: frames.Viewing) -> None:
        if self._looking is None:
            raise Refused("forbidden", "Only agents are shown to have a conversation open")
        self._limits.check(*self._bucket())
        self._looking.say(self._actions.actor(frame.conversation), frame.on, self._unless_refused)

    def _unless_refused(self, outcome: Answer | Refused | Unavailable) -> None:
        """What is answered in silence."""
        if not isinstance(outcome, Answer):
            self.outbox.put(frames.refused(None, self._actions.as_told(outcome)))

    def _route(self, frame: frames.OfRouting) -> None:
        """What the agent says to the app's routing. It answers in the order in which it is told."""
        self._limits.check(*self._bucket())

        def answered(outcome: Answer | Refused | Unavailable) -> None:
            told = routing.ack(frame.id, outcome.seq) if isinstance(outcome, Answer) else frames.refused(frame.id, outcome)
            self.outbox.put(told)

        self._inbox.routing.say(self.who, frame, answered)

    # -- reading

    def _aside(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Go on with something beside the reading of frames; the same name again replaces it."""
        earlier = self._beside.pop(name, None)
        if earlier is not None:
            earlier.cancel()
        if len(self._beside) >= MAX_BESIDE + len(self._topics):
            work.close()
            raise Unavailable("overloaded", "Too many requests are being answered already", 0.5)
        task = self._beside[name] = asyncio.create_task(work)

        def done(ended: asyncio.Task[None]) -> None:
            if self._beside.get(name) is ended:
                del self._beside[name]
            if not ended.cancelled() and ended.exception() is not None:
                log.error("stream_task_failed", task=name.partition(":")[0], exc_info=ended.exception())

        task.add_done_callback(done)

    async def _history(self, frame: frames.History) -> None:
        try:
            self._limits.check(*self._bucket())
            await self.outbox.room()
            self.outbox.put(await self._actions.history(frame))
        except (Refused, Unavailable) as error:
            self.outbox.put(frames.refused(frame.id, error))

    def _subscribe(self, frame: frames.Subscribe) -> None:
        if frame.topic not in self._topics and len(self._topics) >= MAX_TOPICS[self.who.kind]:
            raise Refused("bad_request", f"A socket has at most {MAX_TOPICS[self.who.kind]} topics")
        self._drop(frame.topic)
        self._topics[frame.topic] = None
        self._aside(frame.topic, self._join(frame))

    async def _join(self, frame: frames.Subscribe) -> None:
        """Follow a topic. While its host is away this waits: a subscription is not an error of the client's."""
        while True:
            try:
                if frame.topic == "inbox":
                    return await self._join_inbox(frame.after)
                return await self._join_conversation(frame)
            except Unavailable:
                await asyncio.sleep(RETRY_S)
            except Refused as error:
                self._topics.pop(frame.topic, None)
                self.outbox.put(frames.refused(None, error, topic=frame.topic))
                return None

    async def _join_conversation(self, frame: frames.Subscribe) -> None:
        actor = self._actions.actor(frame.topic.partition(":")[2])
        if self.who.user is not None:
            await self._actions.state(actor)
        self._topics[frame.topic] = await self._router.subscribe(actor, frame.after, self)
        self.outbox.put(frames.line(type="subscribed", topic=frame.topic, after=frame.after))  # no event comes in this step

    async def _join_inbox(self, after: int) -> None:
        if self.who.user is not None:
            raise not_found()
        await self._inbox.join(self.who.app.id, self.outbox)
        self._aside(_ROUTING, self._join_routing(after))

    async def _join_routing(self, after: int) -> None:
        """While its host is away this waits, and the rest of the inbox does not."""
        while True:
            try:
                self._routed = await self._inbox.routing.follow(self.who, after, self.outbox)
                return
            except Unavailable:
                await asyncio.sleep(RETRY_S)

    def push(self, event: Delivered) -> bool:
        """A followed conversation's event (`Sink`). What is told agents in passing is no business of customers, who would miss no seq."""
        if not event.seq and self.who.user is not None and is_internal(event.body):
            return True
        if not self.outbox.put(frames.event(event, self.who.sees_internal)):
            return False
        COUNTS.shown(event.seq, event.body, self._router.now_ms())
        if self.who.user is not None and event_type(event.body) in _LEAVES:
            self._aside(f"leave:{event.actor.id}", self._check_membership(event.actor))
        return True

    async def room(self) -> None:
        await self.outbox.room()

    async def _check_membership(self, actor: ActorId) -> None:
        """Somebody left: if it was this customer, the topic ends for them."""
        try:
            await self._actions.state(actor)
        except Refused as error:
            topic = f"conversation:{actor.id}"
            self._drop(topic)
            self.outbox.put(frames.refused(None, error, topic=topic))

    def _drop(self, topic: str) -> None:
        subscription = self._topics.pop(topic, None)
        if subscription is not None:
            subscription.close()
        task = self._beside.pop(topic, None)
        if task is not None:
            task.cancel()
        if topic == "inbox":
            self._inbox.leave(self.who.app.id, self.outbox)
            joining, routed, self._routed = self._beside.pop(_ROUTING, None), self._routed, None
            if joining is not None:
                joining.cancel()
            if routed is not None:
                routed.close()

    def ended(self) -> None:
        """The socket is gone: stop following, and let go of what waits. Commands on their way go on."""
        self.outbox.closed = True
        if self._agent is not None:
            self._inbox.routing.presence.leave(*self._agent)
        if self._looking is not None:
            self._looking.end()
        for topic in list(self._topics):
            self._drop(topic)
        for task in list(self._beside.values()):
            task.cancel()
