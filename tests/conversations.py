"""Commands as tests speak them, and a conversation without a host: its rules over a journal in a list, redacted as storage does it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from actors.conversation import ConversationKind
from actors.kind import Outcome, replayed
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.conversation.state import State
from domain.envelope import Later
from domain.errors import HTTP_STATUS, Refused
from domain.switchboard import BOT_TYPE, BotStart, Member, Switchboard
from storage.ports import ActorId, EventRow
from storage.redaction import STUB_BYTES

START_MS = 1_750_000_000_000
WEB, API = ev.Source("web"), ev.Source("api")
KIND = ConversationKind()


def actor(identifier: str = "c" * 24, app: str = "app_1") -> ActorId:
    return ActorId("conversation", app, identifier)


def member(user: str, place: str = "", **fields: Any) -> cmd.Member:
    return cmd.Member(place or f"place-of-{user}", user, **fields)


def create(*users: str, **fields: Any) -> cmd.CreateConversation:
    """Personal for one user, a group for several."""
    type_ = fields.pop("type", "personal" if len(users) == 1 else "sdkGroup")
    return cmd.CreateConversation(type_, tuple(member(user) for user in users), API, **fields)


def text(words: str) -> bytes:
    return msgspec.json.encode({"type": "text", "text": words})


def post(user: str | None, words: str = "hello", **fields: Any) -> cmd.PostMessage:
    """A message of a user, or of the business for None."""
    author = ev.Author("business", display_name="Ana") if user is None else ev.Author("user", user_id=user)
    return cmd.PostMessage(author, text(words), WEB if user else API, **fields)


#: A switchboard with one member of each kind. The bot comes first, then the program, then the people, and then the bot again.
BOT = Member("b" * 24, "bot", "bot", integration_type=BOT_TYPE, next_id="d" * 24)
PROGRAM = Member("d" * 24, "program", "program", "e" * 24, "custom", next_id="f" * 24, patience_s=20)
PEOPLE = Member("f" * 24, "people", "agent", integration_type="zd:agentWorkspace", next_id="b" * 24)


def board(first: Member = BOT, *more: Member, **fields: Any) -> Switchboard:
    """A switchboard with a live bot."""
    return Switchboard(first.id, **{"members": (BOT, PROGRAM, PEOPLE, *more), "bot": BotStart(3), **fields})


def read(user: str | None) -> cmd.Act:
    return act("conversation:read", user)


def has_it(user: str | None) -> cmd.Deliver:
    """A client of the user's, or of the business's for None, has everything."""
    author = ev.Author("business") if user is None else ev.Author("user", user_id=user)
    return cmd.Deliver(author, API if user is None else WEB)


def act(activity: Any, user: str | None) -> cmd.Act:
    author = ev.Author("business") if user is None else ev.Author("user", user_id=user)
    return cmd.Act(ev.Activity(activity, author))


class Conversation:
    """`tell` is a turn that commits at once. `rows` is the journal as it stands; `told` every event as it was first told."""

    def __init__(self, key: int = 7, **state: Any) -> None:
        self.actor, self.key, self.now_ms = actor(), key, START_MS
        self.state = msgspec.structs.replace(State(self.actor.id), **state)
        self.rows: list[EventRow] = []
        self.told: list[ev.Event] = []
        self.bodies: list[bytes] = []

    def tell(self, command: cmd.Command, later_ms: int = 1) -> Outcome:
        """The outcome. Raises `Refused`; then nothing has changed."""
        self.now_ms += later_ms
        outcome = KIND.turn(self.state, cmd.encode(command), self.now_ms, self.key)
        for body, listed, personal in zip(outcome.bodies, outcome.listed, outcome.personal, strict=True):
            self.rows.append(EventRow(len(self.rows) + 1, body, is_message=listed, version=KIND.version, personal=personal))
            self.bodies.append(body)
            event = ev.decode(body, KIND.version)[1]
            assert event is not None and not isinstance(event, Later)
            self.told.append(event)
        self.rows = [_redacted(row, outcome) for row in self.rows]
        self.state = outcome.state
        return outcome

    def replay(self, first: int = 0, snapshot: bytes | None = None) -> State:
        """The state from the journal, or from a snapshot at `first` and what follows it."""
        return replayed(KIND, self.actor, snapshot, first, self.rows)

    def delete(self, row: EventRow) -> cmd.DeleteMessage:
        """The command that deletes the message at a row, made as the gateway makes it."""
        event = ev.decode(row.body, row.version)[1]
        assert isinstance(event, ev.MessagePosted | ev.NotePosted)
        return delete(row.seq, event)


def personal(**options: Any) -> Conversation:
    one = Conversation()
    one.tell(create("ann", **options))
    return one


def group(*users: str) -> Conversation:
    one = Conversation()
    one.tell(create(*(users or ("ann", "bob")), type="sdkGroup"))
    return one


def code(one: Conversation, command: cmd.Command) -> str:
    """With which code the command is refused. It changed nothing."""
    before = (one.state, list(one.rows))
    with pytest.raises(Refused) as refused:
        one.tell(command)
    assert before == (one.state, one.rows)
    assert refused.value.code in HTTP_STATUS and refused.value.title
    return refused.value.code


def delete(seq: int, event: ev.MessagePosted | ev.NotePosted) -> cmd.DeleteMessage:
    from domain import ids

    message = event.message
    return cmd.DeleteMessage(
        message.id,
        seq,
        ids.milliseconds(message.received),
        message.author,
        message.source,
        internal=isinstance(event, ev.NotePosted),
        silent=ev.is_silent(message),
    )


def _redacted(row: EventRow, outcome: Outcome) -> EventRow:
    """As `Journal.commit` leaves it."""
    for seq, body in outcome.redactions:
        if seq == row.seq:
            row = msgspec.structs.replace(row, body=body, is_message=False)
    if row.seq < outcome.redact_all_before or (row.personal and row.seq < outcome.redact_before):
        row = msgspec.structs.replace(row, body=row.body[:STUB_BYTES], is_message=False, personal=False)
    return row
