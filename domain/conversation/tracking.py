"""What a conversation's ticket is told after a turn: that it is to open, that the word has changed sides, and how the session is.

Never a word for each message: a stream of messages from one side tells nothing. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.conversation.state import Link, Side, State
from domain.conversation.words import words_of
from domain.switchboard import AGENTS_TYPE, Member
from domain.ticket import commands as ticket

Told = tuple[str, ticket.Command]
MAX_SUBJECT = 80
CONTROL_WITH_METADATA = (ev.ControlPassed, ev.ControlAccepted)


def told(command: cmd.Command, before: State, after: State, events: tuple[ev.Event, ...]) -> Iterator[Told]:
    """(id of the ticket, what it is told), in order."""
    link, word = before.ticket, before.word
    opens = any(isinstance(event, ev.TicketOpened) for event in events)
    for seq, event in enumerate(events, before.seq + 1):
        spoke = _side(event)
        if isinstance(event, ev.TicketOpened):
            link, opens = Link(event.ticket), False
            word = "customer" if event.waiting_ms else word
            yield link.ref.id, _opening(command, after, events, seq, event)
        elif spoke and spoke != word:
            word = spoke
            if link is not None and after.with_agents and not opens:
                yield link.ref.id, _heard(event, spoke, seq, after)
        elif link is not None and not opens and (other := _other(command, event, seq, after, events)) is not None:
            yield (event.ticket_id if isinstance(event, ev.SurveyAnswered) else link.ref.id), other


def _side(event: ev.Event) -> Side:
    """Who has said something by this."""
    match event:
        case ev.MessagePosted(message=message) if not ev.is_silent(message):
            author = message.author
            return "customer" if author.type == "user" else "business" if ev.is_said_by_people(author) else ""
        case ev.PostbackSent():
            return "customer"
        case _:
            return ""


def _heard(event: ev.Event, side: Side, seq: int, after: State) -> ticket.Heard:
    agent_id = event.message.author.agent_id if isinstance(event, ev.MessagePosted) else None
    return ticket.Heard(seq, "customer" if side == "customer" else "agent", after.at_ms, agent_id)


def _other(command: cmd.Command, event: ev.Event, seq: int, after: State, events: tuple[ev.Event, ...]) -> ticket.Command | None:
    """What a ticket hears of an event besides."""
    match event:
        case ev.StatusChanged(status=status) if not isinstance(command, cmd.NoteTicket):
            return ticket.Follow(seq, status, _by(command))
        case ev.SessionChanged(session=session):
            return ticket.TellSession(seq, session)
        case ev.SessionEnded(by=by):
            return ticket.TellSession(seq, "ended", by)
        case ev.SurveyAnswered(score=score, of=of, comment=comment):
            return ticket.Rate(score, of, comment=_comment(events) if comment else None)
        case ev.ParticipantReplaced(discarded=before, user=known):
            return ticket.Recognise(seq, before.id, known.id)
        case ev.MessagesDeleted() | ev.ConversationRemoved():
            return ticket.Forget()
        case _:
            return None


def _by(command: cmd.Command) -> ticket.By:
    match command:
        case cmd.ChangeStatus(agent_id=str(agent_id)):
            return ticket.By("agent", agent_id, "messaging")
        case cmd.PostMessage(author=ev.Author(type="user", user_id=str(user_id))):
            return ticket.By("user", user_id, "messaging")
        case _:
            return ticket.By("system", via="messaging")


def _comment(events: tuple[ev.Event, ...]) -> str | None:
    said = next((event.message for event in events if isinstance(event, ev.MessagePosted)), None)
    return None if said is None else words_of(bytes(said.content))[0]


# Opening.


def _opening(command: cmd.Command, after: State, events: tuple[ev.Event, ...], seq: int, event: ev.TicketOpened) -> ticket.Open:
    board, source = cmd.switchboard_of(command), getattr(command, "source", None)
    active = after.control.active
    agents = None
    if active is not None and active.integration_type == AGENTS_TYPE:
        agents = Member(active.id, active.name, "agent", active.integration_id, active.integration_type)
    start = None if board is None else board.bot
    web = source is not None and source.type not in ("agent", "api", "zd:answerBot")
    return ticket.Open(
        after.id,
        seq,
        after.participants[0].user_id if after.participants else "",
        source.integration_id if web and source is not None else None if start is None else start.integration_id,
        source.type if web and source is not None else "web" if start is None else start.channel,
        _subject(after, events),
        _metadata(command, events),
        event.agent_id,
        event.waiting_ms,
        None if start is None else start.locale,
        agents,
        event.followup_of,
    )


def _subject(after: State, events: tuple[ev.Event, ...]) -> str:
    """The conversation's name, or what the customer has just said."""
    if after.display_name:
        return after.display_name
    for event in events:
        if isinstance(event, ev.MessagePosted) and event.message.author.type == "user":
            text = " ".join((words_of(bytes(event.message.content))[0] or "").split())
            return text if len(text) <= MAX_SUBJECT else text[: MAX_SUBJECT - 1] + "…"
    return ""


def _metadata(command: cmd.Command, events: tuple[ev.Event, ...]) -> ev.Metadata:
    """What went with the control."""
    for event in events:
        if isinstance(event, CONTROL_WITH_METADATA) and event.metadata:
            return event.metadata
    return {}


# The session.


def rests_at(command: cmd.Command, before: State, after: State) -> int:
    """When to look whether the customer is still there: set when a session begins, and again where they have been heard since."""
    if after.ticket is None or after.session != "active":
        return 0
    if before.session != "active" or isinstance(command, cmd.RestSession):
        return max(after.asked_ms, after.at_ms if before.session != "active" else 0) + after.ticket.idle_s * 1000
    return 0
