"""What a conversation remembers: enough to decide, small enough to hold a hundred thousand in one host.

`evolve` is total: it takes any event of the journal and never refuses.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import msgspec
from msgspec.structs import replace

from domain.by_type import ByType
from domain.conversation import events as ev
from domain.envelope import Later
from domain.switchboard import AGENTS_TYPE, HandBack
from domain.ticket.model import SessionState, TicketRef

Life = Literal["none", "live", "removed"]


class Participant(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A user in the conversation, with what they have not read. Instants are Unix milliseconds, 0 for never."""

    id: str
    user_id: str
    external_id: str | None = None
    client_id: str | None = None
    unread: int = 0
    last_read_ms: int = 0
    has_it: bool = False
    """Whether a client of theirs has the newest message of the business."""

    def ref(self) -> ev.ParticipantRef:
        return ev.ParticipantRef(self.id, self.user_id, self.external_id, self.client_id)


class Control(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Who is expected to answer the customer (at most one), and who was offered to. `epoch` rises whenever another one is active,
    so that a late answer is recognised; `since_ms` is when that was."""

    active: ev.MemberRef | None = None
    pending: ev.MemberRef | None = None
    epoch: int = 0
    since_ms: int = 0


class Survey(msgspec.Struct, frozen=True, array_like=True):
    """A question to the customer. `messages`: how many there were when it was asked; a number typed as the very next one answers it."""

    ticket_id: str
    of: int
    why: str
    thanks: str
    phase: Literal["score", "comment", "done"] = "score"
    asked_ms: int = 0
    messages: int = 0
    score: int = 0


class Link(msgspec.Struct, frozen=True, array_like=True):
    """What a conversation knows of its ticket. `awaited`: the seq with which it was told to open, until it answers."""

    ref: TicketRef
    hand_back: HandBack = "solved"
    idle_s: int = 600
    awaited: int = 0
    survey: Survey | None = None


Side = Literal["", "customer", "business"]


class State(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The fold of a conversation's journal. `at_ms` is the instant of the last event: time never runs back in a journal."""

    id: str
    life: Life = "none"
    seq: int = 0
    at_ms: int = 0
    type: ev.ConversationType = "personal"
    is_default: bool = False
    display_name: str | None = None
    description: str | None = None
    icon_url: str | None = None
    metadata: ev.Metadata | None = None
    participants: tuple[Participant, ...] = ()
    messages: int = 0
    created_ms: int = 0
    last_message_ms: int = 0
    business_unread: int = 0
    business_last_read_ms: int = 0
    control: Control = Control()
    status: ev.Status = "new"
    cleared_seq: int = 0
    """All messages up to here were deleted together."""
    version: int = 1
    """The lowest version of events that understands all that went into this. Above ours, a later one has written here."""
    unanswered_ms: int = 0
    """Since when the customer waits for the business to say something, 0 if not."""
    asked_ms: int = 0
    """When the customer last did something."""
    word: Side = ""
    """Who spoke last, but for programs."""
    session: SessionState = "none"
    ticket: Link | None = None
    told_id: str = ""
    """The newest message of the business that is there to be read, and below the customer's."""
    asked_id: str = ""
    business_has_it: bool = False
    """Whether a client of the business has the customer's newest message."""
    page: ev.PageRef | None = None
    """Where the customer was last."""
    visits: int = 0
    """How many pages they have turned to since they last wrote."""

    @property
    def with_agents(self) -> bool:
        """Whether people have control."""
        return self.control.active is not None and self.control.active.integration_type == AGENTS_TYPE

    def ref(self) -> ev.ConversationRef:
        control = self.control
        return ev.ConversationRef(self.id, self.type, self.metadata, control.active, control.pending)

    def details(self) -> ev.ConversationDetails:
        return ev.ConversationDetails(
            self.id,
            self.type,
            self.metadata,
            self.is_default,
            self.display_name,
            self.description,
            self.icon_url,
            self.control.active,
            self.control.pending,
        )

    @property
    def active_ms(self) -> int:
        """When something was last said, or control last changed hands."""
        return max(self.last_message_ms, self.control.since_ms)

    def participant(self, user_id: str | None) -> Participant | None:
        """The participant who is this user."""
        for one in self.participants:
            if one.user_id == user_id:
                return one
        return None


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(State).decode


def evolve(state: State, seq: int, at_ms: int, event: ev.Event | Later | None) -> State:
    """The state after one more event. `None` is an event whose content was redacted: it still took its seq."""
    if event is None:
        return replace(state, seq=seq, at_ms=max(at_ms, state.at_ms))
    return _apply(event, state, seq, at_ms)


@ByType
def _apply(event: ev.Event | Later, state: State, seq: int, at_ms: int) -> State:
    """Events that only take a place: notes, and that control did not change hands."""
    return replace(state, seq=seq, at_ms=at_ms)


@_apply.register
def _(event: Later, state: State, seq: int, at_ms: int) -> State:
    return replace(state, seq=seq, at_ms=at_ms, version=max(state.version, ev.VERSION + 1))


@_apply.register
def _(event: ev.ConversationCreated, state: State, seq: int, at_ms: int) -> State:
    told = event.conversation
    return replace(
        state,
        life="live",
        seq=seq,
        at_ms=at_ms,
        created_ms=at_ms,
        type=told.type,
        is_default=told.is_default,
        display_name=told.display_name,
        description=told.description,
        icon_url=told.icon_url,
        metadata=told.metadata,
        participants=tuple(_joined(one) for one in event.participants),
        control=_controlled(state.control, told, at_ms),
    )


@_apply.register
def _(event: ev.MessagePosted, state: State, seq: int, at_ms: int) -> State:
    author, silent = event.message.author, ev.is_silent(event.message)
    asked = author.type == "user"
    heard = asked and not silent
    return replace(
        state,
        seq=seq,
        at_ms=at_ms,
        messages=state.messages + 1,
        last_message_ms=at_ms,
        business_unread=state.business_unread + asked,
        participants=state.participants if silent else tuple(_told(one, author) for one in state.participants),
        unanswered_ms=state.unanswered_ms if silent or (asked and state.unanswered_ms) else at_ms if asked else 0,
        asked_ms=at_ms if heard else state.asked_ms,
        word="customer" if heard else state.word if silent or not ev.is_said_by_people(author) else "business",
        told_id=state.told_id if silent or asked else event.message.id,
        asked_id=event.message.id if asked else state.asked_id,
        business_has_it=state.business_has_it and not asked,
        visits=0 if asked else state.visits,
    )


@_apply.register
def _(event: ev.MessageDeleted, state: State, seq: int, at_ms: int) -> State:
    gone = event.message.id
    return replace(
        state,
        seq=seq,
        at_ms=at_ms,
        messages=max(0, state.messages - (not event.message.internal)),
        told_id="" if state.told_id == gone else state.told_id,
        asked_id="" if state.asked_id == gone else state.asked_id,
    )


@_apply.register
def _(event: ev.MessagesDeleted, state: State, seq: int, at_ms: int) -> State:
    nobody_waits = tuple(replace(one, unread=0) for one in state.participants)
    return replace(
        state,
        seq=seq,
        at_ms=at_ms,
        messages=0,
        last_message_ms=0,
        business_unread=0,
        participants=nobody_waits,
        cleared_seq=seq,
        unanswered_ms=0,
        asked_ms=0,
        word="",
        told_id="",
        asked_id="",
        page=None,
        visits=0,
        ticket=None if state.ticket is None else replace(state.ticket, survey=None),
    )


@_apply.register
def _(event: ev.PostbackSent, state: State, seq: int, at_ms: int) -> State:
    return replace(state, seq=seq, at_ms=at_ms, unanswered_ms=state.unanswered_ms or at_ms, asked_ms=at_ms, word="customer")


@_apply.register
def _(event: ev.ConversationRead, state: State, seq: int, at_ms: int) -> State:
    reader = event.activity.author
    if reader.type == "business":
        return replace(state, seq=seq, at_ms=at_ms, business_unread=0, business_last_read_ms=at_ms)
    read = tuple(replace(one, unread=0, last_read_ms=at_ms) if one.user_id == reader.user_id else one for one in state.participants)
    return replace(state, seq=seq, at_ms=at_ms, participants=read)


@_apply.register
def _(event: ev.MessageDelivered, state: State, seq: int, at_ms: int) -> State:
    have = tuple(replace(one, has_it=True) if one.user_id == event.user.id else one for one in state.participants)
    return replace(state, seq=seq, at_ms=at_ms, participants=have)


@_apply.register
def _(event: ev.PageVisited, state: State, seq: int, at_ms: int) -> State:
    return replace(state, seq=seq, at_ms=at_ms, page=event.page, visits=state.visits + 1)


@_apply.register
def _(event: ev.MessageReceived, state: State, seq: int, at_ms: int) -> State:
    return replace(state, seq=seq, at_ms=at_ms, business_has_it=True)


@_apply.register
def _(event: ev.ParticipantJoined, state: State, seq: int, at_ms: int) -> State:
    return replace(state, seq=seq, at_ms=at_ms, participants=(*state.participants, _joined(event.participant)))


@_apply.register
def _(event: ev.ParticipantLeft, state: State, seq: int, at_ms: int) -> State:
    staying = tuple(one for one in state.participants if one.user_id != event.participant.user_id)
    return replace(state, seq=seq, at_ms=at_ms, participants=staying)


@_apply.register
def _(event: ev.ParticipantReplaced, state: State, seq: int, at_ms: int) -> State:
    new = event.participant
    kept = tuple(
        replace(one, id=new.id, user_id=new.user_id, external_id=new.user_external_id) if one.user_id == event.discarded.id else one
        for one in state.participants
        if one.user_id != new.user_id
    )
    return replace(state, seq=seq, at_ms=at_ms, participants=kept)


@_apply.register
def _(event: ev.ConversationUpdated, state: State, seq: int, at_ms: int) -> State:
    told = event.conversation
    return replace(
        state,
        seq=seq,
        at_ms=at_ms,
        display_name=told.display_name,
        description=told.description,
        icon_url=told.icon_url,
        metadata=told.metadata,
    )


@_apply.register
def _(event: ev.ConversationRemoved, state: State, seq: int, at_ms: int) -> State:
    """What is left of a removed conversation is its name and its seq."""
    return State(state.id, "removed", seq, at_ms, event.conversation.type)


@_apply.register
def _(
    event: ev.ControlPassed | ev.ControlOffered | ev.ControlAccepted | ev.ControlReleased | ev.ResponderAssigned,
    state: State,
    seq: int,
    at_ms: int,
) -> State:
    return replace(state, seq=seq, at_ms=at_ms, control=_controlled(state.control, event.conversation, at_ms))


def _controlled(before: Control, told: ev.ConversationRef | ev.ConversationDetails, at_ms: int) -> Control:
    """The control as an event tells it."""
    active = told.active_switchboard_integration
    same = active is before.active or (active is not None and before.active is not None and active.id == before.active.id)
    epoch, since_ms = (before.epoch, before.since_ms) if same else (before.epoch + 1, at_ms)
    made = Control(_shared(active), _shared(told.pending_switchboard_integration), epoch, since_ms)
    return before if made == before else made


@lru_cache(maxsize=4096)
def _shared(member: ev.MemberRef | None) -> ev.MemberRef | None:
    """The same for all conversations: there are few members and many conversations."""
    return member


@_apply.register
def _(event: ev.StatusChanged, state: State, seq: int, at_ms: int) -> State:
    return replace(state, seq=seq, at_ms=at_ms, status=event.status)


@_apply.register
def _(event: ev.TicketOpened, state: State, seq: int, at_ms: int) -> State:
    survey = None if state.ticket is None else state.ticket.survey
    link = Link(event.ticket, event.hand_back, event.idle_s, awaited=seq, survey=survey)
    word: Side = "customer" if event.waiting_ms else state.word
    return replace(state, seq=seq, at_ms=at_ms, ticket=link, session="active", word=word)


@_apply.register
def _(event: ev.TicketChanged, state: State, seq: int, at_ms: int) -> State:
    link = state.ticket
    known = Link(event.ticket) if link is None else replace(link, ref=event.ticket, awaited=0)
    return replace(state, seq=seq, at_ms=at_ms, ticket=known)


@_apply.register
def _(event: ev.SessionChanged, state: State, seq: int, at_ms: int) -> State:
    return replace(state, seq=seq, at_ms=at_ms, session=event.session)


@_apply.register
def _(event: ev.SessionEnded, state: State, seq: int, at_ms: int) -> State:
    return replace(state, seq=seq, at_ms=at_ms, session="ended")


@_apply.register
def _(event: ev.SurveyAsked, state: State, seq: int, at_ms: int) -> State:
    survey = Survey(event.ticket_id, event.of, event.why, event.thanks, "score", at_ms, state.messages)
    return replace(state, seq=seq, at_ms=at_ms, ticket=None if state.ticket is None else replace(state.ticket, survey=survey))


@_apply.register
def _(event: ev.SurveyAnswered, state: State, seq: int, at_ms: int) -> State:
    link = state.ticket
    if link is None or link.survey is None:
        return replace(state, seq=seq, at_ms=at_ms)
    phase: Literal["done", "comment"] = "done" if event.comment else "comment"
    survey = replace(link.survey, phase=phase, asked_ms=at_ms, messages=state.messages, score=event.score)
    return replace(state, seq=seq, at_ms=at_ms, ticket=replace(link, survey=survey))


def _joined(one: ev.ParticipantRef) -> Participant:
    return Participant(one.id, one.user_id, one.user_external_id, one.client_id)


def _told(one: Participant, author: ev.Author) -> Participant:
    """A participant after somebody's message: one's own message is read by writing it."""
    if one.user_id == author.user_id:
        return one
    return replace(one, unread=one.unread + 1, has_it=one.has_it and author.type == "user")
