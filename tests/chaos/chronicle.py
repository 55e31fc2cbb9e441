"""What a run's clients did and saw: the records for the judge, and what the judge does not look at.

That is whole texts, frames against the protocol, and times: how long after a fault each conversation was served again.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable

from tests.history import Acked, Belongs, Heard, Owned, Record, Said, Saw, Stored, Subscribed, violations


def author_of(message: str) -> str:
    """The sender, by whose name their ids begin."""
    return message.rpartition("-")[0]


def message_in(text: str | None) -> tuple[str, str] | None:
    """(sender, id) of a message, whose text begins with its id."""
    if text is None:
        return None
    identifier = text.partition(" ")[0]
    return author_of(identifier), identifier


class Watch:
    """From a moment until each of some conversations has acked a message that was first sent after that moment."""

    def __init__(self, conversations: Iterable[str]) -> None:
        self.since = time.monotonic()
        self.waiting = set(conversations)
        self.took_s = 0.0
        """How long the slowest took that is served again."""
        self._served = asyncio.Event()

    def acked(self, conversation: str, sent_at: float) -> None:
        if sent_at >= self.since and conversation in self.waiting:
            self.waiting.discard(conversation)
            self.took_s = time.monotonic() - self.since
            if not self.waiting:
                self._served.set()

    async def served(self, timeout_s: float) -> bool:
        """Whether all of them were in time."""
        try:
            await asyncio.wait_for(self._served.wait(), timeout_s)
        except TimeoutError:
            return False
        return True


class Chronicle:
    """A `Diary` of all clients of a run."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.wrong: list[str] = []
        self.counts: Counter[str] = Counter()
        self._texts: dict[str, str] = {}
        self._nowhere: set[str] = set()
        self._open: dict[str, float] = {}
        self._posted: list[tuple[str, str, str]] = []
        self._seqs: dict[tuple[str, str], int] = {}
        self._watch: Watch | None = None

    @property
    def acks(self) -> int:
        """Messages that were acked, each counted once."""
        return self.counts["messages acked"]

    def watch(self, conversations: Iterable[str]) -> Watch:
        """Begin to wait for the next ack of each; there is one watch at a time."""
        self._watch = Watch(conversations)
        return self._watch

    # -- what clients of the stream tell

    def sent(self, sender: str, message: str, text: str, conversation: str | None) -> None:
        self._texts[message] = text
        self._open.setdefault(message, time.monotonic())
        if conversation is None:
            self._nowhere.add(message)
        else:
            self.records.append(Said(conversation, author_of(message), message))

    def acked(self, message: str, conversation: str, seq: int) -> None:
        if message in self._nowhere:
            self._nowhere.discard(message)
            self.records.append(Said(conversation, author_of(message), message))
        self._answered(message, conversation)
        self.records.append(Acked(conversation, author_of(message), message, seq))

    def _answered(self, message: str, conversation: str) -> None:
        sent_at = self._open.pop(message, None)
        if sent_at is None:
            self.counts["acks again"] += 1
            return
        self.counts["messages acked"] += 1
        if self._watch is not None:
            self._watch.acked(conversation, sent_at)

    def refused(self, message: str) -> None:
        self.wrong.append(f"{message} was refused for good")

    def followed(self, reader: str, conversation: str, after: int) -> None:
        self.records.append(Subscribed(reader, conversation, after))

    def saw(self, reader: str, conversation: str, seq: int, text: str | None) -> None:
        self.counts["events read"] += 1
        self.records.append(Saw(reader, conversation, seq, self._known(text)))

    def broken(self, what: str) -> None:
        self.wrong.append(what)

    # -- what others tell

    def posted(self, message: str, conversation: str, event: str) -> None:
        """The API answered that the message is there, as the event of this id. Where that is, the journal will say."""
        self._answered(message, conversation)
        self._posted.append((message, conversation, event))

    def heard(self, reader: str, conversation: str) -> None:
        self.counts["inbox frames"] += 1
        self.records.append(Heard(reader, conversation))

    def belongs(self, name: str, app: str) -> None:
        self.records.append(Belongs(name, app))

    def owned(self, slot: str, generation: int, owner: str) -> None:
        self.records.append(Owned(slot, generation, owner))

    def stored(self, conversation: str, seq: int, text: str | None, event: str = "", at_ms: int = 0) -> None:
        """`event` is the id of the event, which is its message's too."""
        self._seqs[conversation, event] = seq
        self.records.append(Stored(conversation, seq, self._known(text), at_ms))

    def _known(self, text: str | None) -> tuple[str, str] | None:
        found = message_in(text)
        if found is not None and self._texts.get(found[1]) != text:
            self.wrong.append(f"{found[1]} came with another text")
        return found

    # -- the end

    def faults(self) -> list[str]:
        """All that was wrong. An answer of the API whose event is nowhere counts as an ack of what was lost."""
        unanswered = [f"unanswered: {message} was neither acked nor refused" for message in sorted(self._open)]
        acks = [Acked(place, author_of(name), name, self._seqs.get((place, event), 0)) for name, place, event in self._posted]
        return [*self.wrong, *unanswered, *violations([*self.records, *acks])]
