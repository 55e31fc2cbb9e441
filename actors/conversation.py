"""The kind `conversation`: the pure rules of `domain.conversation` behind the runtime's port."""

from __future__ import annotations

import msgspec

from actors.kind import Outcome
from domain import ids
from domain.bot import commands as bot
from domain.by_type import ByType
from domain.conversation import commands as cmd
from domain.conversation import counting, reactions, rules, state
from domain.conversation import events as ev
from domain.conversation.state import State
from domain.errors import Refused
from domain.ticket import commands as ticket
from domain.ticket import reading
from storage.ports import ActorId, Count, EventRow, MemberChange, NewEffect

#: To whom effects go, besides timers: the conversation's bot, its ticket, and who counts the programs that let customers wait.
BOT, TICKET, PATIENCE = "bot", "ticket", "patience"


class ConversationKind:
    """Conversations as virtual actors. Stateless: one instance serves a host."""

    name = "conversation"
    version = ev.VERSION

    def born(self, actor: ActorId) -> State:
        return State(actor.id)

    def freeze(self, value: State) -> bytes:
        return state.encode(value)

    def thaw(self, snapshot: bytes) -> State:
        return state.decode(snapshot)

    def replay(self, value: State, row: EventRow) -> State:
        at_ms, event = ev.decode(row.body, row.version)
        return state.evolve(value, row.seq, at_ms, event)

    def knows(self, value: State) -> bool:
        return value.version <= ev.VERSION

    def exists(self, value: State) -> bool:
        return value.life == "live"

    def turn(self, value: State, command: bytes, now_ms: int, key: int) -> Outcome:
        told = cmd.decode(command)
        at = rules.At(max(now_ms, value.at_ms), key)
        decision = rules.decide(told, value, at)
        outcome = Outcome(
            value,
            answers=decision.answers,
            refusal=decision.refusal,
            redact_before=decision.redact_before,
            redact_all_before=decision.redact_all_before,
        )
        if decision.redact is not None:
            seq, at_ms, left = decision.redact
            outcome.redactions.append((seq, ev.encode(left.message.id, at_ms, left)))
        for event in decision.events:
            value = state.evolve(value, value.seq + 1, at.now_ms, event)
            outcome.bodies.append(ev.encode(at.id(value.seq), at.now_ms, event))
            outcome.listed.append(type(event) is ev.MessagePosted)
            outcome.personal.append(isinstance(event, ev.PERSONAL))
            outcome.members.extend(_members(event, outcome.state))
        for whisper in decision.whispers:
            outcome.whispers.append(ev.encode(ids.event_id(at.now_ms, key, 0), at.now_ms, whisper))
        days = counting.counted(told, outcome.state.control.active, decision.events)
        outcome.counts = [Count(counting.SUBJECT, f"{ids.instant(at.now_ms)[:10]}:{what}") for what in days]
        outcome.effects = [_effect(one) for one in reactions.react(told, outcome.state, value, decision.events)]
        outcome.state = value
        return outcome


def _effect(one: reactions.Effect) -> NewEffect:
    match one:
        case reactions.Timer():
            return NewEffect("timer", cmd.encode(one.command), one.due_ms, one.name)
        case reactions.Ask():
            return NewEffect(BOT, bot.encode(one.hear))
        case reactions.Inform():
            return NewEffect(f"{TICKET}/{one.ticket_id}", ticket.encode(one.command))
        case reading.Read():
            return NewEffect(reading.WAY, reading.encode(one))
        case reactions.Count():
            return NewEffect(PATIENCE, cmd.encode(one.command))


@ByType
def _members(event: ev.Event, before: State) -> list[MemberChange]:
    """How an event changes who the conversation's members are."""
    return []


@_members.register
def _(event: ev.ConversationCreated, before: State) -> list[MemberChange]:
    return [MemberChange(one.user_id, True) for one in event.participants]


@_members.register
def _(event: ev.ParticipantJoined, before: State) -> list[MemberChange]:
    return [MemberChange(event.participant.user_id, True)]


@_members.register
def _(event: ev.ParticipantLeft, before: State) -> list[MemberChange]:
    return [MemberChange(event.participant.user_id, False)]


@_members.register
def _(event: ev.ParticipantReplaced, before: State) -> list[MemberChange]:
    return [MemberChange(event.discarded.id, False), MemberChange(event.participant.user_id, True)]


@_members.register
def _(event: ev.ConversationRemoved, before: State) -> list[MemberChange]:
    return [MemberChange(one.user_id, False) for one in before.participants]


_type_at = len('{"id":"","createdAt":"","type":"') + 48


def event_type(body: bytes) -> bytes:
    """The `type` of wire JSON, read at its fixed place; empty for a redacted event."""
    end = body.find(b'"', _type_at)
    return body[_type_at:end] if end > 0 else b""


def event_id(body: bytes) -> str:
    """The `id` of wire JSON, read at its fixed place. Redaction leaves it."""
    return body[7:31].decode()


class _Failed(msgspec.Struct):
    error: ev.Failure


class _FailedEvent(msgspec.Struct):
    payload: _Failed


_failed = msgspec.json.Decoder(_FailedEvent)
_FAILURES = frozenset(kind.type.encode() for kind in ev.FAILURES)


def refusal_of(body: bytes) -> Refused | None:
    """The refusal with which the command was answered that this event tells of, if it is one that failed."""
    if event_type(body) not in _FAILURES:
        return None
    error = _failed.decode(body).payload.error
    return Refused(error.code, error.message)


_OPEN = frozenset(name.encode() for name in {"", ev.TypingChanged.type, ev.QueueMoved.type, *ev.STORED} - ev.INTERNAL)


def is_internal(body: bytes) -> bool:
    """Whether customers may not see the event. Nor what is not known here: a later version may have meant it for agents alone."""
    return event_type(body) not in _OPEN


class _WithMessage(msgspec.Struct):
    message: msgspec.Raw


class _MessageEvent(msgspec.Struct):
    payload: _WithMessage


_message = msgspec.json.Decoder(_MessageEvent)


def message_of(body: bytes) -> bytes:
    """The message inside a message event's wire JSON, as it is."""
    return bytes(_message.decode(body).payload.message)
