"""Judges what clients, readers and the journal say of the same conversations: nothing lost, nothing twice, nothing out of order.

A history is a list of records. Only the order within one observer counts (one sender, one reader, the journal), so the logs of
several processes may be put one after the other. `violations` reads it once and is linear in its length.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Place = tuple[str, str]
"""(conversation, sender)"""


@dataclass(frozen=True, slots=True)
class Said:
    """A sender sent this message for the first time. Sending it again, with the same id, is not noted."""

    conversation: str
    sender: str
    id: str


@dataclass(frozen=True, slots=True)
class Acked:
    """The sender was told that the message is at `seq`. May come several times."""

    conversation: str
    sender: str
    id: str
    seq: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The sender was told, finally, that the message will never be stored."""

    conversation: str
    sender: str
    id: str


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A reader asked for what comes after `after`."""

    reader: str
    conversation: str
    after: int


@dataclass(frozen=True, slots=True)
class Saw:
    """A reader was shown the event at `seq`. `message` is (sender, id) of a message; None for other events."""

    reader: str
    conversation: str
    seq: int
    message: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The reader had all the time it needed: it should have seen everything."""

    reader: str
    conversation: str


@dataclass(frozen=True, slots=True)
class Stored:
    """An event of the journal, as it was read at the end; noted in the journal's order."""

    conversation: str
    seq: int
    message: tuple[str, str] | None = None
    at_ms: int = 0
    epoch: int | None = None
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class Committed:
    """A host of this generation committed for its slot; noted in the order of commits."""

    slot: str
    generation: int


@dataclass(frozen=True, slots=True)
class Owned:
    """The slot table was seen to name this owner; noted in the order of looking."""

    slot: str
    generation: int
    owner: str


@dataclass(frozen=True, slots=True)
class Belongs:
    """A conversation or a reader is of this app."""

    name: str
    app: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A reader was shown something of a conversation, in whatever order and form."""

    reader: str
    conversation: str


Record = Said | Acked | Refused | Subscribed | Saw | Finished | Stored | Committed | Owned | Belongs | Heard


def violations(history: Iterable[Record]) -> list[str]:
    """What is wrong with a history, in words that begin with the rule's name; empty when nothing is."""
    return list(_Judge(history).judge())


class _Judge:
    def __init__(self, history: Iterable[Record]) -> None:
        self._of: dict[type, list[Record]] = defaultdict(list)
        self._readings: list[Subscribed | Saw] = []
        for record in history:
            if isinstance(record, Subscribed | Saw):
                self._readings.append(record)
            else:
                self._of[type(record)].append(record)
        self._said: dict[Place, dict[str, int]] = defaultdict(dict)
        for said in self._records(Said):
            order = self._said[said.conversation, said.sender]
            order.setdefault(said.id, len(order))
        self._heads: dict[str, int] = defaultdict(int)
        self._at: dict[tuple[str, int], Stored] = {}
        self._seqs: dict[tuple[str, str, str], int] = {}

    def _records(self, kind: type) -> list:  # type: ignore[type-arg]
        return self._of[kind]

    def judge(self) -> Iterator[str]:
        yield from self._journal()
        yield from self._senders()
        yield from self._readers()
        yield from self._apart()
        yield from self._generations()
        yield from self._owners()

    def _journal(self) -> Iterator[str]:
        """seq is 1..n, time and epochs do not run back, each message is there once and in its sender's order."""
        times: dict[str, int] = defaultdict(int)
        epochs: dict[str, int] = defaultdict(int)
        last: dict[Place, int] = {}
        for event in self._records(Stored):
            name = event.conversation
            if event.seq != self._heads[name] + 1:
                yield f"gap: {name} has {event.seq} after {self._heads[name]}"
            self._heads[name] = event.seq
            self._at[name, event.seq] = event
            if event.at_ms < times[name]:
                yield f"time: {name} runs back at {event.seq}"
            times[name] = event.at_ms
            if event.epoch is not None:
                if event.epoch <= epochs[name]:
                    yield f"epoch: {name} has epoch {event.epoch} after {epochs[name]} at {event.seq}"
                epochs[name] = event.epoch
            if event.message is not None:
                yield from self._message(event, last)

    def _message(self, event: Stored, last: dict[Place, int]) -> Iterator[str]:
        sender, identifier = event.message  # type: ignore[misc]
        place = (event.conversation, sender)
        first = self._seqs.setdefault((*place, identifier), event.seq)
        order = self._said.get(place, {}).get(identifier)
        if first != event.seq:
            yield f"twice: {sender}'s {identifier} is at {first} and {event.seq} of {event.conversation}"
        elif order is None:
            yield f"invented: {sender} never said {identifier} in {event.conversation}"
        else:
            if order < last.get(place, -1):
                yield f"order: {sender}'s {identifier} at {event.seq} of {event.conversation} comes after what was said later"
            last[place] = max(order, last.get(place, -1))

    def _senders(self) -> Iterator[str]:
        """What was acked is there, where the ack said, for ever the same; what was finally refused is not."""
        acked: dict[tuple[str, str, str], int] = {}
        for ack in self._records(Acked):
            name = (ack.conversation, ack.sender, ack.id)
            first = acked.setdefault(name, ack.seq)
            stored = self._at.get((ack.conversation, ack.seq))
            if first != ack.seq:
                yield f"answers: {ack.sender}'s {ack.id} was acked at {first} and at {ack.seq} of {ack.conversation}"
            elif stored is None or (stored.message != (ack.sender, ack.id) and not stored.redacted):
                yield f"lost: {ack.sender}'s {ack.id} was acked at {ack.seq} of {ack.conversation} and is not there"
        for refused in self._records(Refused):
            name = (refused.conversation, refused.sender, refused.id)
            if name in self._seqs or name in acked:
                yield f"refused: {refused.sender}'s {refused.id} was refused and is in {refused.conversation}"

    def _readers(self) -> Iterator[str]:
        """Each reader saw an unbroken run from where it began, and saw what is in the journal."""
        cursors: dict[tuple[str, str], int] = {}
        for record in self._readings:
            run = (record.reader, record.conversation)
            if isinstance(record, Subscribed):
                cursors[run] = record.after
                continue
            if record.seq != cursors.get(run, 0) + 1:
                yield f"reader: {run[0]} saw {record.seq} of {run[1]} after {cursors.get(run, 0)}"
            cursors[run] = record.seq
            stored = self._at.get((record.conversation, record.seq))
            if stored is None or (stored.message != record.message and not stored.redacted):
                yield f"shown: {run[0]} saw what is not at {record.seq} of {run[1]}"
        for done in self._records(Finished):
            seen, head = cursors.get((done.reader, done.conversation), 0), self._heads[done.conversation]
            if seen < head:
                yield f"behind: {done.reader} saw {seen} of {head} events of {done.conversation}"

    def _generations(self) -> Iterator[str]:
        """Once a later generation has committed, an earlier one never does."""
        last: dict[str, int] = defaultdict(int)
        for commit in self._records(Committed):
            if commit.generation < last[commit.slot]:
                yield f"fence: generation {commit.generation} of slot {commit.slot} committed after {last[commit.slot]}"
            last[commit.slot] = max(commit.generation, last[commit.slot])

    def _apart(self) -> Iterator[str]:
        """Nobody is shown anything of another app. Whose app is not known is not judged."""
        apps = {one.name: one.app for one in self._records(Belongs)}
        shown = [record for record in self._readings if isinstance(record, Saw)]
        for record in (*shown, *self._records(Heard)):
            mine, its = apps.get(record.reader), apps.get(record.conversation)
            if mine is not None and its is not None and mine != its:
                yield f"foreign: {record.reader} of {mine} was shown {record.conversation} of {its}"

    def _owners(self) -> Iterator[str]:
        """A generation of a slot has one owner for ever, and generations do not run back."""
        owners: dict[tuple[str, int], str] = {}
        last: dict[str, int] = defaultdict(int)
        for seen in self._records(Owned):
            first = owners.setdefault((seen.slot, seen.generation), seen.owner)
            if first != seen.owner:
                yield f"owner: generation {seen.generation} of slot {seen.slot} was {first}'s and {seen.owner}'s"
            if seen.generation < last[seen.slot]:
                yield f"owner: slot {seen.slot} went from generation {last[seen.slot]} back to {seen.generation}"
            last[seen.slot] = max(seen.generation, last[seen.slot])
