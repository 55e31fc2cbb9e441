"""What was said on a ticket, as the journals have it: its own comments, and the messages of its conversation since it was opened.

Never writes.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from domain.conversation import events as talk
from domain.conversation.words import words_of
from domain.envelope import instant_ms
from domain.ticket import events as ev
from domain.ticket.model import Ticket
from storage.ports import ActorId, EventRow, Journal

MAX_EVENTS = 5_000
"""Events of a ticket, and of its conversation, that are read for one answer."""
_AT_ONCE = 500
_BACK, _MOST_BACK = 100, 20
"""How far the beginning is looked for: so many events at once, so many times."""


class Part(msgspec.Struct, frozen=True):
    """Texts, oldest first, and the last seq that was read for them."""

    texts: list[str]
    seq: int


async def rows_of(journal: Journal, actor: ActorId, after: int = 0) -> list[EventRow]:
    """An actor's events with a greater seq, at most `MAX_EVENTS`."""
    key = await journal.find(actor)
    rows: list[EventRow] = []
    while key is not None and len(rows) < MAX_EVENTS:
        part = await journal.read(key, after, _AT_ONCE)
        rows += part
        if len(part) < _AT_ONCE:
            break
        after = part[-1].seq
    return rows


async def beginning(journal: Journal, actor: ActorId, ticket: Ticket, created: ev.Created | None) -> tuple[int, int]:
    """(instant, seq) from which on the conversation `actor` belongs to the ticket: from when the customer began to wait for people."""
    if created is None:
        return ticket.created_ms, 0
    first_ms = min(ticket.created_ms, created.waiting_ms or ticket.created_ms)
    before = created.heard + 1
    key = await journal.find(actor)
    for _ in range(_MOST_BACK if key is not None else 0):
        rows = await journal.read_back(key or 0, before, _BACK)
        if not rows or instant_ms(rows[0].body) < first_ms:
            return first_ms, max(0, rows[0].seq - 1) if rows else 0
        before = rows[0].seq
    return first_ms, max(0, before - 1)


async def comments(journal: Journal, actor: ActorId, after: int) -> Part:
    """What was said on the ticket `actor` itself, behind a seq."""
    rows = await rows_of(journal, actor, after)
    told = [ev.decode(row.body, row.version)[1] for row in rows]
    said = [one.comment.body for one in told if isinstance(one, ev.Event) and one.comment is not None]
    return Part(said, rows[-1].seq if rows else after)


async def messages(journal: Journal, ticket: Ticket, after: int) -> Part:
    """What was said in the ticket's conversation, behind a seq; what is said after it was closed is another ticket's."""
    actor = ActorId("conversation", ticket.app, ticket.conversation_id or "")
    first_ms = 0
    if not after:
        first_ms, after = await beginning(journal, actor, ticket, await _created(journal, ticket))
    rows = await rows_of(journal, actor, after)
    last_ms = ticket.metrics.closed_ms if ticket.status == "closed" else None
    return Part(_texts(rows, first_ms, last_ms), rows[-1].seq if rows else after)


def _texts(rows: Sequence[EventRow], first_ms: int, last_ms: int | None) -> list[str]:
    found = []
    for row in rows:
        at_ms, event = talk.decode(row.body, row.version)
        if last_ms is not None and at_ms > last_ms:
            break
        if isinstance(event, talk.MessagePosted | talk.NotePosted) and at_ms >= first_ms and not event.message.deleted:
            found.append(words_of(bytes(event.message.content))[0])
    return found


class Talk:
    """What tickets want to know before a turn, over `journal`: of conversations, and of what they told themselves."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def first_words(self, app_id: str, conversation_id: str, since_ms: int, seq: int) -> str:
        """What the customer said first since an instant, looked for in the last events before `seq`."""
        key = await self._journal.find(ActorId("conversation", app_id, conversation_id))
        for row in [] if key is None else await self._journal.messages(key, None, seq + 1, _BACK):
            at_ms, event = talk.decode(row.body, row.version)
            if not isinstance(event, talk.MessagePosted) or at_ms < since_ms or event.message.deleted:
                continue
            if event.message.author.type == "user" and (text := words_of(bytes(event.message.content))[0].strip()):
                return text.replace("\0", "")
        return ""

    async def events(self, actor: ActorId, seqs: Sequence[int]) -> dict[int, ev.Old]:
        """A ticket's own events, those that are left of these."""
        key = await self._journal.find(actor)
        found = dict[int, ev.Old]()
        for seq in seqs if key is not None else ():
            for row in await self._journal.read(key or 0, seq - 1, 1):
                at_ms, event = ev.decode(row.body, row.version)
                if row.seq == seq and isinstance(event, ev.Event):
                    found[seq] = ev.Old(row.body[7:31].decode(), at_ms, event)
        return found


async def _created(journal: Journal, ticket: Ticket) -> ev.Created | None:
    key = await journal.find(ActorId("ticket", ticket.app, ticket.id))
    rows = [] if key is None else await journal.read(key, 0, 1)
    event = ev.decode(rows[0].body, rows[0].version)[1] if rows else None
    return event if isinstance(event, ev.Created) else None
