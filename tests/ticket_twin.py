"""The router without hosts and links, for conversations and tickets: each command is a turn over a real journal, with its read rows.

What one actor tells another comes at once, in the order in which it was said. Timers never ring.
"""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

from actors.answers import Answer
from actors.conversation import ConversationKind, event_id
from actors.kind import Kind, Outcome, Preparing, Rejecting
from actors.kinds import tickets
from actors.router import Router, content_digest
from domain.conversation import commands as cmd
from domain.errors import Refused
from domain.ids import row_id
from domain.ticket import reading
from storage.ports import ActorId, Claim, Database, EffectRow, Entry, EventRow, NewEffect
from storage.sql.journal import SqlJournal
from storage.sql.ticket_words import TicketWords

START_MS = 1_750_000_000_000


class _Moving:
    """A clock that goes on by a millisecond whenever somebody looks, and further when it is told to."""

    def __init__(self) -> None:
        self._ms, self.ahead_ms = itertools.count(START_MS), 0

    def now_ms(self) -> int:
        return next(self._ms) + self.ahead_ms

    def monotonic(self) -> float:
        return self.now_ms() / 1000


class TicketTwin(Router):
    """`clock.ahead_ms` moves the time."""

    def __init__(self, database: Database) -> None:
        self.clock = _Moving()
        kinds: list[Any] = [ConversationKind(), tickets(database)]
        super().__init__(SqlJournal(database), None, None, b"secret", clock=self.clock, kinds=kinds)  # type: ignore[arg-type]
        self._claims: dict[str, Claim] = {}
        self.sent: list[EffectRow] = []
        """What rules have sent out."""
        self._words = TicketWords(database, self.journal)
        self._numbers, self._turn = itertools.count(1), asyncio.Lock()

    def new_id(self) -> str:
        return row_id(self.now_ms(), next(self._numbers))

    async def ask(self, actor: ActorId, command: cmd.Command, *, sender: str, client_id: str | None = None, **options: Any) -> Answer:
        encoded = cmd.encode(command)
        return await self.ask_encoded(actor, encoded, content_digest(command, encoded), sender=sender, client_id=client_id, **options)

    async def ask_encoded(
        self, actor: ActorId, command: bytes, digest: int, *, sender: str, client_id: str | None = None, **options: Any
    ) -> Answer:
        key = None if client_id is None else self.command_key(actor, sender, client_id)
        async with self._turn:
            answer, effects = await self._take(actor, command, digest, key, bool(options.get("want_body")))
            while effects:
                effects = [*effects[1:], *await self._perform(*effects[0])]
        return answer

    async def _take(
        self, actor: ActorId, command: bytes, digest: int, command_key: int | None, want_body: bool
    ) -> tuple[Answer, list[tuple[ActorId, NewEffect]]]:
        kind = self._kinds[actor.kind]
        if actor.kind not in self._claims:
            self._claims[actor.kind] = await self.journal.claim(actor.kind, "0", "twin", "")
        found = await self.load(actor)
        key, state = found if found is not None else (await self.journal.reserve_keys(1), kind.born(actor))
        if command_key is not None:
            seen = (await self.journal.seen([(key, command_key)])).get((key, command_key))
            if seen is not None and seen.digest != digest:
                raise Refused("id_reused", "This id was used before, with other content")
            if seen is not None:
                return Answer(seen.seq, event_id(seen.body), seen.body, True), []
        if isinstance(kind, Preparing):
            await kind.prepare([(state, command)])
        outcome = kind.turn(state, command, self.now_ms(), key)
        rows = await self._commit(kind, actor, state.seq, key, found is None, outcome, digest, command_key)
        effects = [(actor, one) for one in outcome.effects]
        if outcome.answers < 0:
            return Answer(0, ""), effects
        row = rows[outcome.answers]
        return Answer(row.seq, event_id(row.body), row.body if want_body else None), effects

    async def _commit(
        self, kind: Kind, actor: ActorId, seq: int, key: int, is_new: bool, outcome: Outcome, digest: int, command_key: int | None
    ) -> list[EventRow]:
        rows = [
            EventRow(seq + n + 1, body, command_key if n == outcome.answers else None, digest, outcome.listed[n], 1, outcome.personal[n])
            for n, body in enumerate(outcome.bodies)
        ]
        entry = Entry(actor, key, is_new, 0, rows, redactions=outcome.redactions, members=outcome.members, rows=outcome.rows)
        entry.redact_before, entry.redact_all_before = outcome.redact_before, outcome.redact_all_before
        if rows:
            await self.journal.commit(self._claims[actor.kind], [entry])
        if outcome.refusal is not None:
            raise outcome.refusal
        return rows

    async def _perform(self, actor: ActorId, effect: NewEffect) -> list[tuple[ActorId, NewEffect]]:
        """What it tells another actor of these kinds; what that one refuses is told to the first."""
        sent = EffectRow(1, actor, effect.target, effect.payload)
        if sent.way in ("webhook", "mail"):
            self.sent.append(sent)
        if sent.way == reading.WAY:
            await self._words.perform(sent)
        if sent.way not in self._kinds:
            return []
        try:
            return (await self._take(sent.receiver, effect.payload, 0, None, False))[1]
        except Refused as error:
            kind = self._kinds[actor.kind]
            told = kind.rejected(sent, error.code) if isinstance(kind, Rejecting) else None
            return [] if told is None else (await self._take(actor, told, 0, None, False))[1]
