"""What the world should do after a turn of a ticket: tell its conversation, the routing and another ticket, and ring later.

react(command, before, after, events, now_ms, desk) -> effects    pure, as the rules are
"""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.assignment import commands as assignment
from domain.conversation import commands as conversation
from domain.conversation.events import Author, Source
from domain.desk.model import Desk, Notice
from domain.switchboard import Switchboard
from domain.ticket import commands as cmd
from domain.ticket import events as ev
from domain.ticket import survey
from domain.ticket.model import TicketRef
from domain.ticket.reading import Read
from domain.ticket.state import State

MAX_TEXT = 4096
"""Of a message, by the API contract: what is longer goes in several."""


class Tell(msgspec.Struct, frozen=True):
    """An effect: say this to the ticket's conversation."""

    conversation_id: str
    command: conversation.Command


class Route(msgspec.Struct, frozen=True):
    """An effect: say this to the app's routing."""

    command: assignment.Command


class Pass(msgspec.Struct, frozen=True):
    """An effect: say this to another ticket."""

    ticket_id: str
    command: cmd.Command


class Send(msgspec.Struct, frozen=True):
    """An effect: call a webhook, or send an e-mail."""

    notice: Notice


class Timer(msgspec.Struct, frozen=True):
    """An effect: ring at `due_ms`; a new timer of a name takes the place of the old one. Without `due_ms`: ring no more."""

    name: str
    key: str = ""
    due_ms: int = 0


Effect = Tell | Route | Pass | Timer | Read | Send
"""`Read`: let the ticket's words be read."""


def react(desk: Desk, command: cmd.Command, before: State, after: State, events: tuple[ev.Event, ...]) -> tuple[Effect, ...]:
    """What the world should do after `command` told `events`, which led from `before` to `after`."""
    if not events:
        return ()
    effects: list[Effect] = []
    conversation_id = after.ticket.conversation_id or before.ticket.conversation_id
    if conversation_id is not None:
        said = [one for event in events for one in _said(desk, after, event)]
        said += _noted(command, before, after)
        effects += [Tell(conversation_id, one) for one in said]
    effects += [Route(one) for one in _routed(before, after, events)]
    effects += _merging(command, after, events)
    effects += [Timer(one.name, one.key, one.due_ms) for event in events for one in _timers(event)]
    effects += [Send(one) for event in events for one in event.notices]
    again = any(isinstance(event, ev.Forgotten | ev.Redacted) for event in events)
    if again or any(event.comment is not None for event in events):
        effects.append(Read(after.id, again))
    return tuple(effects)


def _timers(event: ev.Event) -> tuple[ev.TimerSet, ...]:
    """Those that a change was told of. What is left after forgetting is as it was."""
    return () if isinstance(event, ev.Forgotten) else event.timers


# To the conversation.


def _said(desk: Desk, after: State, event: ev.Event) -> list[conversation.Command]:
    """Comments that are messages, and the survey."""
    told: list[conversation.Command] = []
    if event.comment is not None and event.comment.spoken:
        author = _author(desk, event)
        takes = author.agent_id is not None
        board = Switchboard(after.agents.id, (after.agents,)) if takes and after.agents is not None else None
        for part in _parts(event.comment.body):
            content = msgspec.json.encode({"type": "text", "text": part})
            told.append(conversation.PostMessage(author, content, Source("agent" if takes else "api"), switchboard=board, takes=takes))
    if isinstance(event, ev.Surveyed):
        locale = after.locale
        texts = (survey.words("why", locale), survey.words("thanks", locale))
        told.append(conversation.AskRating(after.id, event.of, survey.question(after.id, event.of, locale), *texts))
    return told


def _author(desk: Desk, event: ev.Event) -> Author:
    """The agent who says it, or the business itself."""
    comment = event.comment
    author_id = event.by.id if comment is None or comment.author_id is None else comment.author_id
    agent = desk.agents.get(author_id)
    if agent is not None:
        return Author("business", ("agent",), None, agent.name, None, agent.id)
    return Author("business", ("bot",)) if event.by.kind == "system" else Author("business")


def _parts(body: str) -> list[str]:
    return [body[first : first + MAX_TEXT] for first in range(0, len(body), MAX_TEXT)] or []


def _noted(command: cmd.Command, before: State, after: State) -> list[conversation.Command]:
    """The ticket as it is now, where the conversation knows it otherwise, or wants it otherwise."""
    same = _seen(before.ref()) == _seen(after.ref()) and before.life == after.life
    otherwise = isinstance(command, cmd.Follow) and after.ref().status != command.status
    asked = isinstance(command, cmd.Open)
    return [] if same and not otherwise and not asked else [conversation.NoteTicket(after.ref(), after.heard)]


def _seen(ref: TicketRef) -> tuple[object, ...]:
    return ref.number, ref.status, ref.assignee_id, ref.group_id


# To the routing.


def _routed(before: State, after: State, events: tuple[ev.Event, ...]) -> list[assignment.Command]:
    told: list[assignment.Command] = []
    asked = max((event.epoch for event in events if not isinstance(event, ev.Forgotten)), default=0)
    if asked > before.epoch:
        told.append(_asked(after, asked))
    elif after.wish.kind != "nothing" and any(isinstance(event, ev.SessionTold) for event in events):
        told.append(assignment.SetActive(after.id, after.ticket.session == "active"))
    return told


def _asked(after: State, epoch: int) -> assignment.Command:
    wish = after.wish
    match wish.kind:
        case "nothing":
            return assignment.Withdraw(after.id, epoch)
        case "queue":
            return assignment.Enqueue(_work(after, epoch))
        case "agent":
            return assignment.Take(_work(after, epoch), wish.agent_id or "")


def _work(after: State, epoch: int) -> assignment.Work:
    ticket, wish = after.ticket, after.wish
    came: Literal["messaging", "support"] = "support" if ticket.conversation_id is None else "messaging"
    return assignment.Work(
        after.id,
        epoch,
        after.lane or came,
        ticket.conversation_id,
        wish.queue,
        ticket.group_id if wish.group is None else wish.group,
        wish.priority,
        ticket.metrics.waiting_ms or after.at_ms,
        wish.due_ms,
        wish.skills,
        ticket.session in ("active", "none"),
    )


# To other tickets.


def _merging(command: cmd.Command, after: State, events: tuple[ev.Event, ...]) -> list[Effect]:
    match command:
        case cmd.Merge(by, into_id, _, _, into_comment) if isinstance(events[0], ev.MergeBegun):
            ticket = after.ticket
            return [Pass(into_id, cmd.Absorb(by, after.id, ticket.number, ticket.requester_id, into_comment))]
        case cmd.Absorb(by, ticket_id):
            return [Pass(ticket_id, cmd.Absorbed(by, after.ticket.number))]
        case _:
            return []
