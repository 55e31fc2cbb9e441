"""The topic `inbox`: what happens in all conversations of an app. A snapshot of the newest ones, then every event as it is committed.

Of conversations, `position` counts what this gateway has shown of an app since it began to follow it. A client that comes back takes the
snapshot again; the conversations' own topics are what is gap-free. So is what is routed in the app, which `gateway.stream.routing` shows
on this topic: its `position` is its place in the journal.
"""

from __future__ import annotations

import msgspec

from actors.conversation import ConversationKind, event_type
from actors.link import Follow, SlotLink
from actors.router import Router
from domain import ids
from domain.conversation.state import State
from gateway.stream.frames import line
from gateway.stream.outbox import Outbox
from gateway.stream.routing import Routing
from gateway.stream.viewing import Viewing
from storage.sql.routing import Routings

SNAPSHOT = 100


class _Followed:
    """One app that agents of this gateway watch. What comes while a socket's snapshot is read waits for it."""

    def __init__(self) -> None:
        self.outboxes: set[Outbox] = set()
        self.opening: dict[Outbox, list[bytes]] = {}
        self.follows: list[tuple[SlotLink, Follow]] = []
        self.position = 0

    def show(self, frame: bytes) -> None:
        for outbox in tuple(self.outboxes):
            outbox.put(frame)
        for waiting in self.opening.values():
            waiting.append(frame)


class _Conversation(msgspec.Struct):
    id: str


class _Payload(msgspec.Struct):
    conversation: _Conversation


class _Event(msgspec.Struct):
    payload: _Payload


_event = msgspec.json.Decoder(_Event)


class Inbox:
    """The inboxes of this gateway, by app: each app is followed once, whatever the number of its agents."""

    def __init__(self, router: Router, reads: Routings | None = None) -> None:
        """`reads` are the tables of routing; without them nothing of it is shown."""
        self._router = router
        self.routing, self.viewing = Routing(router, reads), Viewing(router)
        self._apps: dict[str, _Followed] = {}

    async def join(self, app: str, outbox: Outbox) -> None:
        """Show an app's inbox on a socket: `subscribed` with the snapshot, then `event` frames. Raises `Unavailable`."""
        followed = self._apps.get(app)
        if followed is None:
            followed = self._apps[app] = _Followed()
            followed.follows = self._router.follow_app(app, lambda seq, body: self._arrived(app, seq, body))
        position, early = followed.position, followed.opening.setdefault(outbox, [])
        try:
            for _, follow in followed.follows:  # first follow, then read: what is committed in between comes both ways
                await follow.registered.wait()
            recent = await self._router.recent(ConversationKind.name, app, SNAPSHOT)
        except BaseException:
            del followed.opening[outbox]
            self._unwatch(app)
            raise
        del followed.opening[outbox]
        conversations = [summary(state) for state in recent if state.life == "live"]
        outbox.put(line(type="subscribed", topic="inbox", after=0, position=position, conversations=conversations))
        for frame in early:
            outbox.put(frame)
        followed.outboxes.add(outbox)

    def leave(self, app: str, outbox: Outbox) -> None:
        if app in self._apps:
            self._apps[app].outboxes.discard(outbox)
            self._unwatch(app)

    def _unwatch(self, app: str) -> None:
        """Stop following an app that no socket shows."""
        followed = self._apps[app]
        if not followed.outboxes and not followed.opening:
            del self._apps[app]
            self._router.unfollow(followed.follows)

    def _arrived(self, app: str, seq: int, body: bytes) -> None:
        followed = self._apps.get(app)
        if followed is None or not seq or not event_type(body):
            return
        followed.position += 1
        conversation = _event.decode(body).payload.conversation.id
        frame = b'{"type":"event","topic":"inbox","conversation":"%b","seq":%d,"position":%d,"event":%b}' % (
            conversation.encode(),
            seq,
            followed.position,
            body,
        )
        followed.show(frame)


def summary(state: State) -> dict[str, object]:
    """What a list of conversations shows."""
    return {
        "id": state.id,
        "type": state.type,
        "displayName": state.display_name,
        "metadata": state.metadata,
        "seq": state.seq,
        "status": state.status,
        "activeSwitchboardIntegration": state.control.active,
        "pendingSwitchboardIntegration": state.control.pending,
        "unread": state.business_unread,
        "lastUpdatedAt": ids.instant(state.last_message_ms) if state.last_message_ms else None,
        "ticket": None if state.ticket is None else state.ticket.ref,
        "session": state.session,
        "participants": [{"userId": one.user_id, "userExternalId": one.external_id} for one in state.participants],
    }
