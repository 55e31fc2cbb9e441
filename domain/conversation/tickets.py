"""How a conversation and its ticket go together: when one opens, how a session ends, and which answer is one to a survey. Pure.

A ticket stands for the time that people spend on a customer: there is none while a bot has the conversation alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from domain import ids
from domain.conversation import commands as cmd
from domain.conversation import control
from domain.conversation import events as ev
from domain.conversation.decision import At
from domain.conversation.state import State, Survey, evolve
from domain.conversation.words import words_of
from domain.language import fold
from domain.switchboard import Switchboard
from domain.ticket.model import TicketRef
from domain.ticket.survey import PAYLOAD

#: So long a number typed as the next message is a score, and a text the comment on it.
SCORE_WINDOW_MS, COMMENT_WINDOW_MS = 24 * 3_600_000, 600_000
#: Words that are a score by themselves: the best one, and the worst.
GOOD = frozenset({"good", "great", "very good", "excellent", "perfect", "bien", "tres bien", "super", "parfait"})
BAD = frozenset({"bad", "very bad", "terrible", "poor", "mal", "mauvais", "tres mauvais", "nul"})
ENDED = msgspec.Raw(b'{"type":"text","text":"The conversation was ended."}')
_MOVES = frozenset({ev.ConversationCreated, ev.ControlPassed, ev.ControlAccepted, ev.ResponderAssigned})
_AWAKE = frozenset({"none", "active"})


# Opening.


def more(command: cmd.Command, state: State, at: At, events: Sequence[ev.Event]) -> tuple[ev.Event, ...]:
    """What a turn's events bring along: a session that is awake again, and a ticket that opens. Nearly always nothing."""
    moved = False
    for event in events:  # each message comes by here: no generator for one or two events
        moved = moved or type(event) in _MOVES
    link = state.ticket
    if not moved and state.session in _AWAKE and (not state.with_agents or (link is not None and link.ref.status != "closed")):
        return ()
    after = state
    for event in events:
        after = evolve(after, after.seq + 1, at.now_ms, event)
    told = _woken(state, after)
    after = after if not told else evolve(after, after.seq + 1, at.now_ms, told[0])
    done = isinstance(command, cmd.NoteTicket) or any(isinstance(event, ev.TicketOpened) for event in events)
    if done or not _opens(after, moved and not _had_them(state, after)):
        return told
    return (*told, opened(after, at, cmd.switchboard_of(command), after.unanswered_ms or at.now_ms))


def _had_them(before: State, after: State) -> bool:
    return before.with_agents and before.control.epoch == after.control.epoch


def _woken(before: State, after: State) -> tuple[ev.Event, ...]:
    """The customer is here again."""
    awake = after.session in ("inactive", "ended") and after.asked_ms > before.asked_ms
    return (ev.SessionChanged(after.ref(), "active"),) if awake else ()


def _opens(after: State, moved: bool) -> bool:
    """The agents have got control and the customer has said something; or they have it, and what the customer says has no ticket."""
    if after.life != "live" or not after.with_agents or not after.asked_ms:
        return False
    link = after.ticket
    return moved or link is None or (link.ref.status == "closed" and after.word == "customer")


def opened(state: State, at: At, board: Switchboard | None, waiting_ms: int, agent_id: str | None = None) -> ev.TicketOpened:
    """The ticket that there is, again, or a new one with the id of this very event. A closed one is closed for ever."""
    link = state.ticket
    over = link is None or link.ref.status == "closed"
    ref = TicketRef(at.id(state.seq + 1)) if link is None or over else link.ref
    before = link.ref.number if link is not None and over else 0
    policy = board or cmd.NO_SWITCHBOARD
    return ev.TicketOpened(state.ref(), ref, waiting_ms, agent_id, before or None, policy.hand_back, policy.session_idle_s)


def taken(command: cmd.PostMessage, state: State, at: At, moved: bool) -> ev.TicketOpened | None:
    """An agent writes to the customer: that opens a ticket, before the message, if there is none or control has just come with it."""
    link, agent_id = state.ticket, command.author.agent_id
    if not command.takes or command.internal or agent_id is None or not state.with_agents:
        return None
    if link is not None and link.ref.status != "closed" and not moved:
        return None
    return opened(state, at, command.switchboard, state.unanswered_ms, agent_id)


# What the ticket says.


def noted(command: cmd.NoteTicket, state: State, at: At) -> tuple[ev.Event, ...]:
    """The ticket's word, the status that follows, and control that goes back with it; a new one where it was closed too soon."""
    link, ref = state.ticket, command.ticket
    if state.life != "live" or link is None or link.ref.id != ref.id or ref.revision <= link.ref.revision:
        return ()
    if command.heard < link.awaited:
        return ()  # said before it heard that it is to open: its answer to that comes, and says everything
    same = replace(ref, revision=0) == replace(link.ref, revision=0)
    if same and not link.awaited and ref.status == state.status:
        return ()
    events: list[ev.Event] = [ev.TicketChanged(state.ref(), ref, command.heard)]
    after = evolve(state, state.seq + 1, at.now_ms, events[0])
    if link.awaited and ref.status == "closed" and after.with_agents:
        return (*events, opened(after, at, _policy(state), after.unanswered_ms or at.now_ms))
    if ref.status != state.status:
        events.append(ev.StatusChanged(after.ref(), ref.status))
        after = evolve(after, after.seq + 1, at.now_ms, events[-1])
        released = control.handed_back(_policy(state), ref.status, after)
        events += [] if released is None else [released]
    return tuple(events)


def _policy(state: State) -> Switchboard | None:
    """The app's policy as it was when the ticket was opened."""
    link = state.ticket
    return None if link is None else Switchboard("", (), hand_back=link.hand_back, session_idle_s=link.idle_s)


# Sessions.


def ended(command: cmd.EndSession, state: State, at: At) -> tuple[ev.Event, ...]:
    """Said in the conversation when the customer did it, as the API contract has it; then control goes back."""
    if state.session == "ended":
        return ()
    events: list[ev.Event] = []
    if command.by == "user":
        author = ev.Author("business", ("activity",))
        activity = ev.SystemActivity("conversation:endedByUser")
        message = ev.Message(at.id(state.seq + 1), ids.instant(at.now_ms), author, ENDED, ev.Source("system"), activity=activity)
        events.append(ev.MessagePosted(state.ref(), message))
    events.append(ev.SessionEnded(state.ref(), command.by))
    board = command.switchboard
    if board is not None and board.hand_back != "never" and control.can("release", state):
        events.append(control.released(state, reason=control.SESSION_ENDED))
    return tuple(events)


def rested(state: State, at: At) -> tuple[ev.Event, ...]:
    link = state.ticket
    if state.life != "live" or link is None or state.session != "active" or at.now_ms < state.asked_ms + link.idle_s * 1000:
        return ()
    return (ev.SessionChanged(state.ref(), "inactive"),)


def may_write(command: cmd.PostMessage) -> bool:
    """Whether somebody may write to a conversation whose session was ended."""
    board = command.switchboard
    return command.author.type != "user" or board is None or board.reopens


def stays_over(state: State) -> bool:
    """Whether a word of the customer's leaves a solved ticket as it is: they have a bot to talk to. A hand-over opens it again."""
    return state.ticket is not None and not state.with_agents and state.status in ("solved", "closed")


# Surveys.


class Answer(msgspec.Struct, frozen=True):
    """What a message answers: a score, or a comment on the one that was given. `reply`: what is said to it."""

    score: int
    comment: bool
    reply: str


def answer(command: cmd.PostMessage, state: State, at: At) -> Answer | None:
    """What a customer's message is to the survey of the last ticket; None, nearly always: nothing."""
    survey = None if state.ticket is None else state.ticket.survey
    if survey is None or command.author.type != "user" or command.internal:
        return None
    text, payload, _ = words_of(command.content)
    pressed = _pressed(survey, payload)
    if pressed:
        return Answer(pressed, False, survey.why)
    if survey.messages != state.messages or payload is not None or not text:
        return None
    age_ms = at.now_ms - survey.asked_ms
    if survey.phase == "score" and age_ms <= SCORE_WINDOW_MS:
        score = _typed(survey, text)
        return Answer(score, False, survey.why) if score else None
    if survey.phase == "comment" and age_ms <= COMMENT_WINDOW_MS:
        return Answer(survey.score, True, survey.thanks)
    return None


def _pressed(survey: Survey, payload: str | None) -> int:
    """The score of a button of this survey; 0 for anything else."""
    mark = f"{PAYLOAD}{survey.ticket_id}:"
    if payload is None or not payload.startswith(mark):
        return 0
    return _score(survey, payload.removeprefix(mark))


def _typed(survey: Survey, text: str) -> int:
    words = fold(text).strip(" .!,\n")
    if words in GOOD:
        return survey.of
    return 1 if words in BAD else _score(survey, words.partition("/")[0].strip())


def _score(survey: Survey, digits: str) -> int:
    score = int(digits) if digits.isdecimal() and len(digits) <= 2 else 0
    return score if 1 <= score <= survey.of else 0
