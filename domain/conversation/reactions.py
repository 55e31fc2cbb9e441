"""What the world should do after a turn of a conversation: ring later, ask the bot, count who was silent.

    react(command, before, after, events) -> effects

Pure, as the rules are. Without a switchboard there is at most the timer of the retention.
"""

from __future__ import annotations

import msgspec

from domain.bot.commands import Forget, Hear
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.conversation import tracking
from domain.conversation.state import State
from domain.conversation.words import words_of
from domain.switchboard import Member, Switchboard
from domain.ticket import commands as ticket
from domain.ticket import reading
from domain.ticket.reading import Read

#: A message now and then renews the retention timer, so that a changed setting reaches conversations that go on.
RETENTION_RENEWAL = 64


_GONE = (ev.MessageDeleted, ev.MessagesDeleted, ev.ConversationRemoved)
_SAID = frozenset({ev.MessagePosted, ev.NotePosted, ev.TicketOpened})


class Timer(msgspec.Struct, frozen=True):
    """An effect: say `command` to this same conversation at `due_ms`. A new timer of the same name replaces the old."""

    name: str
    due_ms: int
    command: cmd.Command


class Ask(msgspec.Struct, frozen=True):
    """An effect: tell the conversation's bot."""

    hear: Hear | Forget


class Count(msgspec.Struct, frozen=True):
    """An effect: let the directory count who was silent. `command` says so here when it is done."""

    command: cmd.CountSilence


class Inform(msgspec.Struct, frozen=True):
    """An effect: tell the conversation's ticket."""

    ticket_id: str
    command: ticket.Command


Effect = Timer | Ask | Count | Inform | Read
"""`Read`: let the words of the conversation's ticket be read."""


def react(command: cmd.Command, before: State, after: State, events: tuple[ev.Event, ...]) -> tuple[Effect, ...]:
    """What the world should do after `command` told `events`, which led from `before` to `after`."""
    plain = len(events) == 1 and type(events[0]) is ev.MessagePosted  # the many: nothing is looked for that cannot be in it
    effects = _retention(command, before, after)
    if not plain:
        effects += _forgotten(before, events)
    if before.ticket is not None or after.ticket is not None:
        effects += _tracked(command, before, after, events)
    if before.control.active is None and after.control.active is None:
        return effects
    if isinstance(command, cmd.LosePatience) and events and before.control.active is not None:
        effects += (Count(cmd.CountSilence(before.control.active.id)),)
    if isinstance(command, cmd.ReclaimControl):
        return effects + _idle_again(command, after, events)
    board = _board(command)
    member = None if board is None or after.control.active is None else board.member(after.control.active.id)
    if board is None or member is None or not events:
        return effects
    if not plain and any(isinstance(event, ev.SurveyAnswered) for event in events):
        return effects
    return effects + _idle(board, member, before, after) + _engaged(board, member, before, after, events)


def _retention(command: cmd.Command, before: State, after: State) -> tuple[Effect, ...]:
    """Ask again after so much silence."""
    match command:
        case cmd.PostMessage(retention_s=None):
            return ()
        case cmd.PostMessage(retention_s=int(retention_s)) | cmd.Respond(retention_s=int(retention_s)) if retention_s:
            if (after.messages - 1) // RETENTION_RENEWAL == (before.messages - 1) // RETENTION_RENEWAL:
                return ()
        case cmd.Expire(retention_s=retention_s) if after.life == "live" and after.messages:
            pass
        case _:
            return ()
    return (Timer("retention", after.last_message_ms + retention_s * 1000, cmd.Expire(retention_s)),)


def _forgotten(before: State, events: tuple[ev.Event, ...]) -> tuple[Effect, ...]:
    """What people have deleted is deleted with the bot, too, if it can have heard of it."""
    gone = any(isinstance(event, ev.MessagesDeleted | ev.ConversationRemoved) for event in events)
    return (Ask(Forget()),) if gone and before.control.epoch else ()


def _tracked(command: cmd.Command, before: State, after: State, events: tuple[ev.Event, ...]) -> tuple[Effect, ...]:
    """What the ticket is told, when to look whether the customer is still there, and that its words are to be read."""
    if len(events) == 1 and before.word == after.word and type(events[0]) is ev.MessagePosted and after.session == "active":
        return _said(before.last_message_ms, after)  # one more of the same side: the many
    told = (*(Inform(*one) for one in tracking.told(command, before, after, events)), *_words(command, before, after, events))
    due_ms = tracking.rests_at(command, before, after)
    return told if not due_ms else (*told, Timer("session", due_ms, cmd.RestSession()))


def _said(before_ms: int, after: State) -> tuple[Effect, ...]:
    """A timer for the first of what is read together: the others add nothing."""
    due_ms = reading.due_ms(before_ms, after.at_ms)
    return (Timer("words", due_ms, cmd.ReadWords()),) if due_ms else ()


def _words(command: cmd.Command, before: State, after: State, events: tuple[ev.Event, ...]) -> tuple[Effect, ...]:
    """What is said is read soon, by the ticket that there is then; what is gone, and the last words of a ticket before, at once."""
    if isinstance(command, cmd.ReadWords):
        return () if after.ticket is None else (Read(after.ticket.ref.id),)
    link, told = before.ticket, list[Effect]()
    opened = any(type(event) is ev.TicketOpened for event in events)
    if link is not None and any(isinstance(event, _GONE) for event in events):
        told.append(Read(link.ref.id, again=True))
    elif link is not None and opened and after.ticket is not None and after.ticket.ref.id != link.ref.id:
        told.append(Read(link.ref.id))
    if after.ticket is not None and any(type(event) in _SAID for event in events):
        since_ms = 0 if opened or any(type(event) is ev.NotePosted for event in events) else before.last_message_ms
        told += _said(since_ms, after)
    return tuple(told)


def _board(command: cmd.Command) -> Switchboard | None:
    """The switchboard as the command knows it. A bot knows its heir at least."""
    if isinstance(command, cmd.Respond) and command.switchboard is None and command.heir is not None:
        return Switchboard(command.heir.id, (command.heir,))
    return cmd.switchboard_of(command)


def _idle(board: Switchboard, member: Member, before: State, after: State) -> tuple[Effect, ...]:
    """A timer when somebody other than the first member gets control, or is asked: one in each exchange, not in each message."""
    if board.idle_s is None or member.id == board.first:
        return ()
    if after.control.epoch == before.control.epoch and (before.unanswered_ms or not after.unanswered_ms):
        return ()
    return (Timer("idle", after.at_ms + board.idle_s * 1000, cmd.ReclaimControl(board.idle_s, board.first)),)


def _idle_again(command: cmd.ReclaimControl, after: State, events: tuple[ev.Event, ...]) -> tuple[Effect, ...]:
    """Something was said since: the timer goes on, for as long as another than the first member has control."""
    active = after.control.active
    if events or active is None or active.id == command.first or after.life != "live":
        return ()
    return (Timer("idle", after.active_ms + command.idle_s * 1000, command),)


def _engaged(board: Switchboard, member: Member, before: State, after: State, events: tuple[ev.Event, ...]) -> tuple[Effect, ...]:
    """What the member that has control now is told or held to."""
    if member.kind == "bot":
        return _asks(board, member, before, after, events)
    asked = after.unanswered_ms and (not before.unanswered_ms or after.control.epoch != before.control.epoch)
    if member.kind == "agent" or member.patience_s is None or not asked:
        return ()
    due_ms = after.at_ms + member.patience_s * 1000
    return (Timer("patience", due_ms, cmd.LosePatience(after.control.epoch, after.unanswered_ms, board)),)


def _asks(board: Switchboard, member: Member, before: State, after: State, events: tuple[ev.Event, ...]) -> tuple[Effect, ...]:
    """Each thing that the customer did; or, where control came to the bot without any, that it came."""
    heir, epoch = board.member(member.next_id), after.control.epoch
    told = [_heard(event, seq, epoch) for seq, event in enumerate(events, before.seq + 1)]
    heard = [one for one in told if one is not None]
    if not heard and epoch != before.control.epoch:
        user = after.participants[0].user_id if after.participants else None
        heard = [Hear(epoch, after.seq, "control", user)]
    return tuple(Ask(msgspec.structs.replace(one, start=board.bot, heir=heir)) for one in heard)


def _heard(event: ev.Event, seq: int, epoch: int) -> Hear | None:
    """What a bot hears of an event, if it is the customer's."""
    match event:
        case ev.MessagePosted(message=message) if message.author.type == "user" and not ev.is_silent(message):
            text, payload, fields = words_of(bytes(message.content))
            return Hear(epoch, seq, "message", message.author.user_id, text, payload, fields)
        case ev.PostbackSent(postback=postback, user=user):
            return Hear(epoch, seq, "postback", user.id, payload=postback.payload)
        case _:
            return None
