"""The ports of storage, and the values that cross them. Never says how anything is stored.

Failures are of the families in `domain.errors`; the two that only a journal knows are here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

import msgspec

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

T = TypeVar("T")

ANY_KEY = 2**63 - 1
"""No actor's key is above it."""


class Fenced(Exception):
    """This host's generation is not the slot's any more: it must not write, and must forget what it holds."""


class Collision(Exception):
    """(actor, seq) or (actor, command key) is taken: a repeat that memory did not know, or another writer."""


class Database(Protocol):
    """Transactions over one database. `work` runs to its end in one transaction and awaits nothing, so none stays open.

    Both raise `domain.errors.Unavailable` when the database cannot be reached or is full. After a failed `write` the
    outcome may be unknown (the connection can break inside COMMIT); `Collision` is raised for a broken unique index and
    names the table. `work` may run again if the connection broke before COMMIT. `inline` says that it is short: it may
    then run in the calling thread. `single` says that it is one statement, which may then be a transaction by itself.
    """

    dialect: Literal["sqlite", "postgresql"]

    async def write(self, work: Callable[[Connection], T], *, inline: bool = False, single: bool = False) -> T: ...

    async def read(self, work: Callable[[Connection], T], *, inline: bool = False) -> T: ...

    async def close(self) -> None: ...


class ActorId(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The name of a virtual actor: its kind, the app (tenant) that it belongs to, and its id in that app."""

    kind: str
    app: str
    id: str


class Claim(msgspec.Struct, frozen=True):
    """A host's right to write for a slot, valid until a later generation is claimed."""

    kind: str
    slot: str
    generation: int


class SlotRow(msgspec.Struct, frozen=True):
    """What the slot table says: who owns a slot, where links reach the owner, and what they show at its door.

    Whoever may read the database may read everything that a link carries, so the token lies here in clear.
    """

    kind: str
    slot: str
    generation: int
    owner: str
    address: str
    token: str = ""
    since_ms: int = 0
    """Since when it is the owner's, in Unix milliseconds; 0 where nobody said."""

    def __repr__(self) -> str:
        """Without the token."""
        return f"SlotRow({self.kind}/{self.slot}, generation {self.generation}, {self.owner!r} at {self.address!r})"


class EventRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One event of a journal. `body` is its wire JSON, encoded once.

    `command_key` is the keyed 64-bit hash of the command that made it (signed; None where no repeat can be), `digest` a
    64-bit hash of that command's content. `is_message` marks what the list of messages shows, `personal` what holds
    people's words and goes when they are deleted.
    """

    seq: int
    body: bytes
    command_key: int | None = None
    digest: int = 0
    is_message: bool = False
    version: int = 1
    personal: bool = False


class EffectRow(msgspec.Struct, frozen=True):
    """One thing that the world should do, kept until it is settled. Those of one actor to one target run in order of id.

    `target` is `timer`, the name of a performer, or that of a kind, whose actor has the same id unless one follows: `ticket/<id>`.
    `due_ms` is Unix time in milliseconds, 0 for at once. `payload` is msgpack. `name` replaces an earlier pending effect of
    the same actor, target and name (a timer that is set again); the empty name never replaces.
    """

    id: int
    actor: ActorId
    target: str
    payload: bytes
    due_ms: int = 0
    name: str = ""

    @property
    def way(self) -> str:
        """The kind of actor that it goes to, or what else performs it."""
        return self.target.partition("/")[0]

    @property
    def receiver(self) -> ActorId:
        """The actor of another kind that it goes to."""
        kind, _, identifier = self.target.partition("/")
        return ActorId(kind, self.actor.app, identifier or self.actor.id)


class NewEffect(msgspec.Struct, frozen=True):
    """An effect as `react` asks for it; the journal gives it an id."""

    target: str
    payload: bytes
    due_ms: int = 0
    name: str = ""


class MemberChange(msgspec.Struct, frozen=True):
    """A user joined (`present`) or left a conversation: the read table from which lists by user are made."""

    user_id: str
    present: bool


class Count(msgspec.Struct, frozen=True, array_like=True):
    """`n` more of `key` under `subject`, in the tallies of the actor's app."""

    subject: str
    key: str
    n: int = 1


class RowChange(msgspec.Struct, frozen=True):
    """A row of a read table as an actor leaves it: what lists and searches need of it, without its journal.

    `table` names the writer (`storage.sql.read_rows`), `key` the row within the actor's app, `row` holds its values, encoded as that writer
    likes (None: the row goes). Of several changes to one row in a commit the last is written.
    """

    table: str
    key: str
    row: bytes | None


class Entry(msgspec.Struct):
    """What one actor adds in one commit."""

    actor: ActorId
    key: int
    """The actor's integer key in the journal, from `reserve_keys`."""
    is_new: bool
    shard: int
    events: list[EventRow]
    snapshot: tuple[int, bytes] | None = None
    """(seq, state as msgpack): written when due, so that activation replays a bounded tail."""
    redactions: list[tuple[int, bytes]] = []
    """(seq, new body) of older events whose content is to go; they are no longer listed as messages."""
    redact_before: int = 0
    """Cut the body of every personal event with a lower seq to its first `storage.redaction.STUB_BYTES`: no longer listed."""
    redact_all_before: int = 0
    """The same for every event with a lower seq, personal or not."""
    members: list[MemberChange] = []
    effects: list[NewEffect] = []
    cancelled: list[tuple[str, str]] = []
    """(target, name) of pending effects that are no longer wanted."""
    settled: list[int] = []
    """Ids of effects that are done, the actor's or others': their rows go."""
    counts: list[Count] = []
    rows: list[RowChange] = []


class Loaded(msgspec.Struct, frozen=True):
    """An actor as the journal knows it: its snapshot (None: there is none yet) and all events after it, with a few before."""

    actor: ActorId
    key: int
    snapshot_seq: int
    snapshot: bytes | None
    events: list[EventRow]


class Seen(msgspec.Struct, frozen=True):
    """The first answer to a command: the event that it made."""

    seq: int
    digest: int
    body: bytes


class Journal(Protocol):
    """The actors' append-only journals, their snapshots, effects and slots."""

    async def claim(
        self, kind: str, slot: str, owner: str, address: str, expected: int | None = None, token: str = "", at_ms: int = 0
    ) -> Claim:
        """Raise the slot's generation by one and become its owner, in one transaction.

        With `expected`, only if the generation still is that one; otherwise `Fenced`. On PostgreSQL the backends of the
        generation before are ended. A slot is given up by a claim without an address.
        """

    async def slots(self, kind: str, slot: str | None = None) -> list[SlotRow]:
        """The slots of a kind that were ever claimed, or the one, by name."""

    async def slot_count(self, kind: str, wanted: int) -> int:
        """Into how many slots the shards of a kind are split. `wanted` counts only the first time; all servers must agree.
        0 only asks, and is the answer where nothing is settled yet."""

    async def resettle(self, kind: str, count: int, gone: Sequence[SlotRow]) -> None:
        """Split the shards of a kind into another number of slots. `gone` are owners that are known to be dead.

        Raises `Fenced` if a slot has another owner. Whoever owned one before can write no more.
        """

    async def orders(self) -> dict[str, int]:
        """What operators have asked for, and when (Unix milliseconds): see `actors.orders`."""

    async def order(self, name: str, at_ms: int) -> None:
        """Write an order down, or its new instant."""

    async def withdraw(self, names: Sequence[str]) -> None:
        """Take orders back; those that there are none of do no harm."""

    async def reserve_keys(self, count: int) -> int:
        """The first of `count` consecutive integer keys that no other caller gets."""

    async def commit(self, claim: Claim, entries: Sequence[Entry]) -> list[EffectRow]:
        """Append everything or nothing, with one fsync. Returns the effects with their ids.

        Raises `Fenced`, `Collision`, or `domain.errors.Unavailable` (then the outcome may be unknown).
        """

    async def load(self, actors: Sequence[ActorId], tail: int = 8) -> list[Loaded]:
        """Those of `actors` that exist, in one query each for heads and events; `tail` events from before the snapshot too."""

    async def seen(self, commands: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Seen]:
        """Which of these (actor key, command key) are in the journal."""

    async def read(self, key: int, after: int, limit: int) -> list[EventRow]:
        """Events with seq > `after`, ascending, at most `limit`."""

    async def read_back(self, key: int, before: int, limit: int) -> list[EventRow]:
        """The last `limit` events with seq < `before`, ascending."""

    async def messages(self, key: int, after: int | None, before: int | None, limit: int) -> list[EventRow]:
        """Message events only, ascending: the first `limit` with seq > `after`, or else the last `limit` with seq < `before`."""

    async def find(self, actor: ActorId) -> int | None:
        """The integer key of an actor that exists."""

    async def recent(self, kind: str, app: str, limit: int, before: int = ANY_KEY) -> list[ActorId]:
        """The actors of an app that were made last, of those with a key below `before`; newest first."""

    async def heads(self, keys: Sequence[int]) -> dict[int, int]:
        """The last seq of each of these actors."""

    async def by_member(self, kind: str, app: str, user_id: str, after: str, before: str, limit: int) -> list[ActorId]:
        """Actors that a user is a member of, by id: ascending with id > `after`, or, if `before` is not empty, the last ones
        with id < `before` (still ascending)."""

    async def effects(self, kind: str, shards: tuple[int, int], actor: ActorId | None = None) -> list[EffectRow]:
        """All pending effects of actors of `kind` in shards [from, to), or of one actor, by id. Timers are not among them."""

    async def timers(
        self, kind: str, shards: tuple[int, int], after: tuple[int, int], until_ms: int, most: int, actor: ActorId | None = None
    ) -> list[EffectRow]:
        """The first `most` timers of those actors that are due after `after`, an instant and an id, and at `until_ms` at the latest.

        By instant, then by id. However many there are beyond, it costs what it returns.
        """

    async def settle(self, claim: Claim, effect_ids: Sequence[int]) -> None:
        """Delete effects outside a turn, under the fence."""

    async def tallies(self, app: str, subject: str) -> dict[str, int]:
        """What the actors of an app have counted under a subject, by key."""


class Published(msgspec.Struct, frozen=True, array_like=True):
    """A committed event on its way to those who are not on a link."""

    app: str
    actor: str
    seq: int
    body: bytes


class Withdrawn(msgspec.Struct, frozen=True, array_like=True):
    """Events of an actor that were redacted: those with a seq in `seqs`, and all below `before`."""

    app: str
    actor: str
    seqs: frozenset[int]
    before: int

    def covers(self, actor: str, seq: int) -> bool:
        return actor == self.actor and (seq < self.before or seq in self.seqs)


class Feed(Protocol):
    """A capped log of what was committed, for consumers outside. A hint: the journal is the truth.

    Positions are opaque strings that sort in order of publication within one feed.
    """

    async def publish(self, events: Sequence[Published]) -> None:
        """Append in order. Raises `Unavailable`; the caller may drop the batch, since the journal has it."""

    async def withdraw(self, what: Withdrawn) -> None:
        """Drop what was redacted. A reader sees a gap in seq, and finds in the journal what is left of those events."""

    async def read(self, app: str, after: str, limit: int, wait_s: float) -> list[tuple[str, Published]]:
        """Events of an app after a position (`""`: from the oldest kept; `"$"`: only new ones), waiting up to `wait_s`."""

    async def close(self) -> None: ...
