"""An actor in memory: its committed state, and the draft of what the batch at hand adds to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from actors.answers import Answer
from actors.conversation import event_id, refusal_of
from actors.kind import Kind, Outcome
from actors.mailbox import Item
from domain.errors import Refused
from storage.ports import ActorId, Entry, EventRow, Seen
from storage.redaction import STUB_BYTES

TAIL = 8
SNAPSHOT_EVERY = 32


class Activation(msgspec.Struct, gc=False):
    """A live actor: committed state and the last few events. Only the host's loop touches it, one batch at a time."""

    actor: ActorId
    key: int
    state: Any
    seq: int
    snapshot_seq: int
    tail: Sequence[EventRow]
    used_at: float = 0.0

    def known(self, command_key: int) -> EventRow | None:
        """The event that this command made, if it is among the last few."""
        for row in reversed(self.tail):
            if row.command_key == command_key:
                return row
        return None


class Draft:
    """What one batch adds to one actor. Thrown away when the commit fails; the activation has not been touched by then."""

    __slots__ = ("activation", "answers", "entry", "keys", "rows", "seq", "state", "whispers")

    def __init__(self, activation: Activation, shard: int) -> None:
        self.activation = activation
        self.state, self.seq = activation.state, activation.seq
        self.rows: list[EventRow] = []
        self.entry = Entry(activation.actor, activation.key, activation.seq == 0, shard, self.rows)
        self.keys: dict[int, EventRow] = {}
        self.answers: list[tuple[Item, Answer | Refused]] = []
        self.whispers: list[bytes] = []

    def turn(self, kind: Kind, item: Item, seen: Seen | None, now_ms: int) -> None:
        """Take one command: a repeat gets the first answer, a refusal changes nothing, the rest is added to the entry."""
        repeat = self._repeated(item, seen)
        if repeat is not None:
            self.answers.append((item, repeat))
        else:
            try:
                outcome = kind.turn(self.state, item.command, now_ms, self.activation.key)
            except Refused as refused:
                self.answers.append((item, refused))
            else:
                self._add(kind, item, outcome)
        if item.settles:
            self.entry.settled.append(item.settles)

    def _repeated(self, item: Item, seen: Seen | None) -> Answer | Refused | None:
        if item.key is None:
            return None
        row: EventRow | Seen | None = self.keys.get(item.key) or self.activation.known(item.key) or seen
        if row is None:
            return None
        if row.digest != item.digest:
            return Refused("id_reused", "This id was used before, with other content")
        if item.want_body and len(row.body) <= STUB_BYTES:
            return Refused("gone", "What this id made has been deleted since")
        return refusal_of(row.body) or Answer(row.seq, event_id(row.body), row.body if item.want_body else None, repeated=True)

    def _add(self, kind: Kind, item: Item, outcome: Outcome) -> None:
        first = len(self.rows)
        for n, body in enumerate(outcome.bodies):
            own = n == outcome.answers
            self.seq += 1
            key, digest = (item.key, item.digest) if own else (None, 0)
            row = EventRow(self.seq, body, key, digest, outcome.listed[n], kind.version, outcome.personal[n])
            self.rows.append(row)
            if own and item.key is not None:
                self.keys[item.key] = row
        self.state = outcome.state
        self._note(outcome)
        self.answers.append((item, outcome.refusal or self._answer(item, outcome, first)))

    def _note(self, outcome: Outcome) -> None:
        entry = self.entry
        entry.redactions.extend(outcome.redactions)
        entry.redact_before = max(entry.redact_before, outcome.redact_before)
        entry.redact_all_before = max(entry.redact_all_before, outcome.redact_all_before)
        entry.members.extend(outcome.members)
        entry.effects.extend(outcome.effects)
        entry.cancelled.extend(outcome.cancelled)
        entry.counts.extend(outcome.counts)
        entry.rows.extend(outcome.rows)
        self.whispers.extend(outcome.whispers)

    def _answer(self, item: Item, outcome: Outcome, first: int) -> Answer:
        if outcome.answers < 0:
            return Answer(0, "")
        row = self.rows[first + outcome.answers]
        return Answer(row.seq, event_id(row.body), row.body if item.want_body else None)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to commit."""
        return not (self.rows or self.entry.settled)

    def seal(self, kind: Kind, snapshot_every: int = SNAPSHOT_EVERY) -> Entry:
        """The entry as the journal takes it, with a snapshot if one is due."""
        if self.seq - self.activation.snapshot_seq >= snapshot_every or self._redacts:
            self.entry.snapshot = (self.seq, kind.freeze(self.state))
        return self.entry

    @property
    def _redacts(self) -> bool:
        """Whether something of what was told before goes: an older snapshot may hold it, too."""
        return bool(self.entry.redact_before or self.entry.redact_all_before or self.entry.redactions)

    def adopt(self) -> None:
        """The commit is done: what was drafted is now what the activation is."""
        activation = self.activation
        activation.state, activation.seq = self.state, self.seq
        if self.entry.snapshot is not None:
            activation.snapshot_seq = self.seq
        tail = (*activation.tail, *self.rows)
        if self._redacts:
            tail = tuple(_redacted(row, self.entry) for row in tail)
        activation.tail = tail[-TAIL:]


def _redacted(row: EventRow, entry: Entry) -> EventRow:
    """The event as the commit left it: what was written anew may hold words still."""
    body = dict(entry.redactions).get(row.seq)
    if row.seq < entry.redact_all_before or (row.personal and row.seq < entry.redact_before):
        return EventRow(row.seq, row.body[:STUB_BYTES], row.command_key, row.digest, False, row.version)
    return row if body is None else EventRow(row.seq, body, row.command_key, row.digest, False, row.version, row.personal)
