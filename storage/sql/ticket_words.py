"""Reads what was said on tickets and keeps its words, by which they are found. Beside the turns: no message waits for it.

Orders that come while others are being carried out are carried out together, in one transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.engine import Connection

from domain.errors import Unavailable
from domain.finding.filters import MAX_SAID_TEXT, said_with, said_words
from domain.ticket import reading
from domain.ticket.model import Ticket
from storage import spoken
from storage.ports import ActorId, Database, EffectRow, Journal
from storage.sql.tickets_tables import ticket_texts, ticket_words, tickets

Key = tuple[str, str]
"""App and id of a ticket."""

_ticket = msgspec.json.Decoder(Ticket).decode
_gone = delete(ticket_words).where(*(ticket_words.c[name] == bindparam(f"old_{name}") for name in ("app_id", "word", "id")))
_KEY = (ticket_texts.c.app_id == bindparam("of_app"), ticket_texts.c.id == bindparam("of_id"))


class Kept(msgspec.Struct, frozen=True):
    """What is known of a ticket: its words, and up to where they were read."""

    own_seq: int = 0
    talk_seq: int = 0
    text: str = ""


NEVER = Kept()


class TicketWords:
    """Over `database` and its journal, which it does not close."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database, self._journal = database, journal
        self._lock = asyncio.Lock()
        self._next: dict[Key, bool] = {}
        self._task: asyncio.Task[frozenset[Key]] | None = None

    async def perform(self, effect: EffectRow) -> None:
        """Carry out a `domain.ticket.reading.Read`. Raises `Unavailable`: the ticket has not come into being yet, or changed meanwhile."""
        order = reading.decode(effect.payload)
        key = (effect.actor.app, order.ticket_id)
        if self._task is None:
            self._next, self._task = {}, asyncio.create_task(self._together(), name="ticket-words")
        self._next[key] = self._next.get(key, False) or order.again
        if key in await asyncio.shield(self._task):
            raise Unavailable("unavailable", "The ticket is not there yet, or was read by others", 1.0)

    async def _together(self) -> frozenset[Key]:
        async with self._lock:
            those, self._task = self._next, None
            return await self.read(those)

    async def read(self, orders: Mapping[Key, bool]) -> frozenset[Key]:
        """Those for which it is to be tried again. An order says whether everything is read again."""
        known = await self._database.read(lambda c: _known(c, sorted(orders)))
        asked = [self._read(ticket, kept, orders[key]) for key, (ticket, kept) in known.items()]
        after = dict(zip(known, await asyncio.gather(*asked), strict=True))
        changed = {key: one for key, one in after.items() if one != known[key][1]}
        missed = {key for key in orders if key not in known and await self._journal.find(ActorId("ticket", *key)) is None}
        if changed:
            missed |= await self._database.write(lambda c: _write(c, {key: (known[key][1], one) for key, one in changed.items()}))
        return frozenset(missed)

    async def _read(self, ticket: Ticket, kept: Kept, again: bool) -> Kept:
        if len(kept.text) >= MAX_SAID_TEXT and not again:
            return kept
        kept = NEVER if again else kept
        own = await spoken.comments(self._journal, ActorId("ticket", ticket.app, ticket.id), kept.own_seq)
        texts, talk_seq = own.texts, kept.talk_seq
        if ticket.conversation_id is not None:
            talk = await spoken.messages(self._journal, ticket, talk_seq)
            texts, talk_seq = [*texts, *talk.texts], talk.seq
        return Kept(own.seq, talk_seq, said_with(kept.text, texts))


def forget(connection: Connection, keys: Iterable[Key]) -> None:
    """Of tickets that are gone."""
    for key, kept in _texts(connection, sorted(keys)).items():
        _change_words(connection, key, said_words(kept.text), set())
        connection.execute(delete(ticket_texts).where(*_KEY), {"of_app": key[0], "of_id": key[1]})


def _known(c: Connection, keys: Sequence[Key]) -> dict[Key, tuple[Ticket, Kept]]:
    """Tickets that are there."""
    kept, found = _texts(c, keys), dict[Key, tuple[Ticket, Kept]]()
    for app, those in _by_app(keys):
        for row in c.execute(select(tickets.c.id, tickets.c.body).where(tickets.c.app_id == app, tickets.c.id.in_(those))):
            found[app, row.id] = _ticket(row.body), kept.get((app, row.id), NEVER)
    return found


def _texts(c: Connection, keys: Sequence[Key]) -> dict[Key, Kept]:
    found = dict[Key, Kept]()
    for app, those in _by_app(keys):
        for row in c.execute(select(ticket_texts).where(ticket_texts.c.app_id == app, ticket_texts.c.id.in_(those))):
            found[app, row.id] = Kept(row.own_seq, row.talk_seq, row.text)
    return found


def _by_app(keys: Sequence[Key]) -> list[tuple[str, list[str]]]:
    apps = dict.fromkeys(app for app, _ in keys)
    return [(app, [identifier for each, identifier in keys if each == app]) for app in apps]


def _write(c: Connection, changes: Mapping[Key, tuple[Kept, Kept]]) -> set[Key]:
    """In one order everywhere. What somebody else has changed meanwhile is not written, nor what belongs to no ticket any more."""
    missed = set()
    for key in sorted(changes):
        before, after = changes[key]
        here = select(tickets.c.id).where(tickets.c.app_id == key[0], tickets.c.id == key[1])
        if c.execute(here.with_for_update(read=True)).first() is None:
            continue
        if _texts(c, [key]).get(key, NEVER) != before or not _swapped(c, key, before, after):
            missed.add(key)
        else:
            _change_words(c, key, said_words(before.text), said_words(after.text))
    return missed


def _swapped(c: Connection, key: Key, before: Kept, after: Kept) -> bool:
    values = msgspec.structs.asdict(after)
    if before == NEVER:
        c.execute(insert(ticket_texts).values(app_id=key[0], id=key[1], **values))
        return True
    same = ticket_texts.c.own_seq == before.own_seq, ticket_texts.c.talk_seq == before.talk_seq
    done = c.execute(update(ticket_texts).where(*_KEY, *same).values(**values), {"of_app": key[0], "of_id": key[1]})
    return bool(done.rowcount)


def _change_words(c: Connection, key: Key, before: set[str], after: set[str]) -> None:
    rows: list[dict[str, Any]] = [{"old_app_id": key[0], "old_word": word, "old_id": key[1]} for word in sorted(before - after)]
    if rows:
        c.execute(_gone, rows)
    new = [{"app_id": key[0], "word": word, "id": key[1]} for word in sorted(after - before)]
    if new:
        c.execute(insert(ticket_words), new)
