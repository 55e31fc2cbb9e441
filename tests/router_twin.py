"""The router without hosts and links: each command is a turn of the conversation's rules over a journal in memory."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

from actors.answers import Answer
from actors.conversation import ConversationKind, event_id
from actors.router import Router, content_digest
from domain.conversation import commands as cmd
from domain.errors import Refused, Unavailable
from domain.ids import row_id
from storage.memory import MemoryJournal
from storage.ports import ActorId, Claim, Entry, EventRow

START_MS = 1_750_000_000_000


class _Moving:
    """A clock that goes on by a millisecond whenever somebody looks."""

    def __init__(self) -> None:
        self._ms = itertools.count(START_MS)

    def now_ms(self) -> int:
        return next(self._ms)

    def skip(self, ms: int) -> None:
        """So much later."""
        self._ms = itertools.count(next(self._ms) + ms)

    def monotonic(self) -> float:
        return next(self._ms) / 1000


class RouterTwin(Router):
    """`refuse_next` makes the next command unavailable."""

    def __init__(self) -> None:
        self.moving = _Moving()
        super().__init__(MemoryJournal(), None, None, b"secret", clock=self.moving)  # type: ignore[arg-type]
        self._kind, self._claim, self._turn = ConversationKind(), Claim("conversation", "0", 0), asyncio.Lock()
        self.numbers = itertools.count(1)
        self.asked: list[tuple[ActorId, cmd.Command]] = []
        self.refuse_next: Unavailable | None = None

    def new_id(self) -> str:
        return row_id(self.now_ms(), next(self.numbers))

    async def ask(self, actor: ActorId, command: cmd.Command, *, sender: str, client_id: str | None = None, **options: Any) -> Answer:
        if self.refuse_next is not None:
            error, self.refuse_next = self.refuse_next, None
            raise error
        self.asked.append((actor, command))
        async with self._turn:
            return await self._take(actor, command, sender, client_id, bool(options.get("want_body")))

    async def _take(self, actor: ActorId, command: cmd.Command, sender: str, client_id: str | None, want_body: bool) -> Answer:
        if self._claim.generation == 0:
            self._claim = await self.journal.claim("conversation", "0", "twin", "")
        found = await self.load(actor)
        key, state = found if found is not None else (await self.journal.reserve_keys(1), self._kind.born(actor))
        encoded = cmd.encode(command)
        digest = content_digest(command, encoded)
        command_key = self.command_key(actor, sender, client_id) if client_id is not None else None
        if command_key is not None:
            seen = (await self.journal.seen([(key, command_key)])).get((key, command_key))
            if seen is not None and seen.digest != digest:
                raise Refused("id_reused", "This id was used before, with other content")
            if seen is not None:
                return Answer(seen.seq, event_id(seen.body), seen.body if want_body else None, True)
        outcome = self._kind.turn(state, encoded, self.now_ms(), key)
        rows = [
            EventRow(
                state.seq + n + 1, body, command_key if n == outcome.answers else None, digest, outcome.listed[n], 1, outcome.personal[n]
            )
            for n, body in enumerate(outcome.bodies)
        ]
        entry = Entry(actor, key, found is None, 0, rows, redactions=outcome.redactions, members=outcome.members)
        entry.redact_before, entry.redact_all_before = outcome.redact_before, outcome.redact_all_before
        if rows:
            await self.journal.commit(self._claim, [entry])
        if outcome.refusal is not None:
            raise outcome.refusal
        if outcome.answers < 0:
            return Answer(0, "")
        row = rows[outcome.answers]
        return Answer(row.seq, event_id(row.body), row.body if want_body else None)
