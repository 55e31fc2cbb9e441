"""What happens when a conversation is told something.

    decide(state, command, at) -> Decision    may refuse; no clock, no ids, no I/O: they arrive in the arguments

A decision is events (stored), and whispers (ephemeral: passed on, never stored). A refusal is the exception `Refused` and
changes nothing; but that control did not change hands is told too, and then the refusal is the decision's. The transitions that
depend on state alone are data: `STATUS_MOVES` here, `MOVES` in `control`.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from domain import ids
from domain.by_type import ByType
from domain.conversation import commands as cmd
from domain.conversation import control, reading, tickets
from domain.conversation import events as ev
from domain.conversation.decision import NOTHING as NOTHING
from domain.conversation.decision import At as At
from domain.conversation.decision import Decision as Decision
from domain.conversation.state import State, evolve
from domain.errors import Refused
from domain.metadata import merge_metadata
from domain.switchboard import Switchboard

MAX_PARTICIPANTS_AT_CREATION = 10
MAX_PARTICIPANTS = 100
MAX_MESSAGES_BY_SPECIFICATION = 30_000

#: From a status to those that may follow. `closed` is the end of a ticket, not of the conversation: the next message opens anew.
STATUS_MOVES: dict[ev.Status, frozenset[ev.Status]] = {
    "new": frozenset({"open", "pending", "hold", "solved", "closed"}),
    "open": frozenset({"pending", "hold", "solved", "closed"}),
    "pending": frozenset({"open", "hold", "solved", "closed"}),
    "hold": frozenset({"open", "pending", "solved", "closed"}),
    "solved": frozenset({"open", "closed"}),
    "closed": frozenset({"new", "open"}),
}


DELETED_CONTENT = msgspec.Raw(b'{"type":"text","text":""}')


def decide(command: Any, state: State, at: At) -> Decision:
    """The events that a command makes in a state, with what they bring along for its ticket. `at.now_ms` is never before `state.at_ms`."""
    decision = _decide(command, state, at)
    more = tickets.more(command, state, at, decision.events) if decision.events and decision.refusal is None else ()
    return replace(decision, events=(*decision.events, *more)) if more else decision


@ByType
def _decide(command: Any, state: State, at: At) -> Decision:
    raise TypeError(f"no rule for {type(command).__name__}")


@_decide.register
def _(command: cmd.CreateConversation, state: State, at: At) -> Decision:
    if state.life != "none":
        raise Refused("conflict", "The conversation exists already")
    return Decision((_created(command, state.id, command.switchboard),), answers=0)


def _created(command: cmd.CreateConversation, identifier: str, board: Switchboard | None) -> ev.ConversationCreated:
    _check_members(command)
    first = None if board is None else board.member(board.first)
    details = ev.ConversationDetails(
        identifier,
        command.type,
        command.metadata or None,
        command.is_default,
        command.display_name,
        command.description,
        command.icon_url,
        None if first is None else control.ref_of(first),
    )
    places = tuple(ev.ParticipantRef(one.participant_id, one.user_id, one.external_id, one.client_id) for one in command.members)
    user = command.members[0].user() if command.type == "personal" else None
    return ev.ConversationCreated(details, command.reason, command.source, places, user)


def _check_members(command: cmd.CreateConversation) -> None:
    count = len(command.members)
    if command.type == "personal" and count != 1:
        raise Refused("bad_request", "participants: a personal conversation has exactly one participant")
    if count > MAX_PARTICIPANTS_AT_CREATION:
        raise Refused("bad_request", f"participants: at most {MAX_PARTICIPANTS_AT_CREATION} at creation")
    if len({one.user_id for one in command.members}) != count:
        raise Refused("bad_request", "participants: the same user twice")


@_decide.register
def _(command: cmd.PostMessage, state: State, at: At) -> Decision:
    before: tuple[ev.Event, ...] = ()
    if state.life == "none" and command.create is not None:
        created = _created(command.create, state.id, command.switchboard)
        before, state = (created,), evolve_to(state, at, created)
    _require_live(state)
    _check_writer(command, state)
    answer = None if state.ticket is None else tickets.answer(command, state, at)
    if answer is not None:
        return _answered(command, answer, state, at)
    if state.session == "ended" and not tickets.may_write(command):
        raise Refused("conversation_ended", "The conversation was ended, and does not open again")
    if command.switchboard is not None:
        moved, state = _moved(command, command.switchboard, state, at)
        before += moved
        if command.takes:
            opened, state = _told(state, at, tickets.taken(command, state, at, bool(moved)))
            before += opened
    event = _posted(command, state, at)
    after: tuple[ev.Event, ...] = ()
    if command.author.type == "user" and state.status in ("solved", "closed", "pending") and not tickets.stays_over(state):
        after = (ev.StatusChanged(state.ref(), "new" if state.status == "closed" else "open"),)
    return Decision((*before, event, *after), answers=len(before))


def _answered(command: cmd.PostMessage, answer: tickets.Answer, state: State, at: At) -> Decision:
    """A survey was answered: nobody's control, no bot's business, and no reason to open anything again."""
    survey = state.ticket.survey if state.ticket is not None else None
    assert survey is not None, "only a survey is answered"
    said, state = _told(state, at, _posted(command, state, at))
    reply = _posted(_by_business(msgspec.json.encode({"type": "text", "text": answer.reply})), state, at)
    told = ev.SurveyAnswered(state.ref(), survey.ticket_id, answer.score, survey.of, answer.comment)
    return Decision((*said, reply, told), answers=0)


def _by_business(content: bytes) -> cmd.PostMessage:
    """What the system says for the business."""
    return cmd.PostMessage(ev.Author("business", ("bot",)), content, ev.Source("system"))


def _check_writer(command: cmd.PostMessage, state: State) -> None:
    author = command.author
    if author.type == "user" and state.participant(author.user_id) is None:
        raise Refused("forbidden", "The author is not a participant of the conversation")
    if not command.internal:
        _check_room(command.limit, state)
        active = state.control.active
        if command.responder is not None and (active is None or active.id != command.responder):
            raise _not_in_control()
    if command.epoch is not None and command.epoch != state.control.epoch:
        raise _not_in_control()


def _check_room(limit: int | None, state: State, more: int = 1) -> None:
    if limit is not None and more and state.messages + more > limit:
        raise Refused("locked", f"Message limit of {limit} per conversation reached.")


def _not_in_control() -> Refused:
    return Refused("not_in_control", "Another responder has control of the conversation")


def _moved(command: cmd.PostMessage | cmd.SendPostback, board: Switchboard, state: State, at: At) -> tuple[tuple[ev.Event, ...], State]:
    """How control moves because of who speaks, before they do; and the state after it."""
    if isinstance(command, cmd.PostMessage) and (command.internal or command.author.type != "user"):
        return _told(state, at, control.taken(board, state) if command.takes and not command.internal else None)
    released, state = _told(state, at, control.idle(board, state, at.now_ms))
    assigned, state = _told(state, at, control.assigned(board, state))
    return released + assigned, state


def _told(state: State, at: At, event: ev.Event | None) -> tuple[tuple[ev.Event, ...], State]:
    return ((), state) if event is None else ((event,), evolve_to(state, at, event))


@_decide.register
def _(command: cmd.Respond, state: State, at: At) -> Decision:
    _require_live(state)
    if state.control.active is None or command.epoch != state.control.epoch:
        raise _not_in_control()
    _check_room(command.limit, state, len(command.messages))
    events: list[ev.Event] = []
    for said in command.messages:
        author = _drawn_from_sources(command.author) if said.ai else command.author
        post = cmd.PostMessage(author, said.content, command.source, said.metadata, references=said.references)
        events.append(_posted(post, state, at))
        state = evolve_to(state, at, events[-1])
    events.extend(_left(command, state, at))
    return Decision(tuple(events), answers=0) if events else NOTHING


def _drawn_from_sources(author: ev.Author) -> ev.Author:
    """Who shows such a message adds a disclaimer. Source: API contract, schema `author`, subtype `AI`."""
    return replace(author, subtypes=("AI", *(author.subtypes or ())))


def _left(command: cmd.Respond, state: State, at: At) -> tuple[ev.Event, ...]:
    """What becomes of the control after a bot has spoken."""
    match command.then:
        case "stay":
            return ()
        case "next" if command.heir is not None:
            return (control.passed(state, command.heir, command.metadata),)
        case "solve" if "solved" in STATUS_MOVES[state.status]:
            solved, state = _told(state, at, ev.StatusChanged(state.ref(), "solved"))
            return (*solved, control.released(state, command.metadata, control.TICKET_SOLVED))
        case _:
            return (control.released(state, command.metadata),)


def _posted(command: cmd.PostMessage, state: State, at: At) -> ev.MessagePosted | ev.NotePosted:
    message = ev.Message(
        at.id(state.seq + 1),
        ids.instant(at.now_ms),
        command.author,
        msgspec.Raw(command.content),
        command.source,
        quoted_message=_raw(command.quoted),
        metadata=command.metadata or None,
        references=_raw(command.references),
        destination=_raw(command.destination),
        override=_raw(command.override),
    )
    kind = ev.NotePosted if command.internal else ev.MessagePosted
    return kind(state.ref(), message)


def _raw(value: bytes | None) -> ev.RawOrUnset:
    return msgspec.UNSET if value is None else msgspec.Raw(value)


@_decide.register
def _(command: cmd.SendPostback, state: State, at: At) -> Decision:
    _require_live(state)
    who = state.participant(command.user_id)
    if who is None:
        raise Refused("forbidden", "The user is not a participant of the conversation")
    before: tuple[ev.Event, ...] = ()
    if command.switchboard is not None:
        before, state = _moved(command, command.switchboard, state, at)
    postback = ev.Postback(command.payload, command.metadata or None, command.message_id)
    event = ev.PostbackSent(state.ref(), postback, ev.UserRef(who.user_id, who.external_id), command.source)
    return Decision((*before, event), answers=len(before))


@_decide.register
def _(command: cmd.Act, state: State, at: At) -> Decision:
    _require_live(state)
    activity = command.activity
    if activity.author.type == "user" and state.participant(activity.author.user_id) is None:
        raise Refused("forbidden", "The user is not a participant of the conversation")
    if activity.type == "conversation:read":
        return reading.read(activity, state)
    return Decision(whispers=(ev.TypingChanged(state.ref(), activity),))


@_decide.register
def _(command: cmd.Deliver, state: State, at: At) -> Decision:
    _require_live(state)
    return reading.delivered(command, state)


@_decide.register
def _(command: cmd.VisitPage, state: State, at: At) -> Decision:
    _require_live(state)
    return reading.visited(command, state)


@_decide.register
def _(command: cmd.JoinConversation, state: State, at: At) -> Decision:
    _require_group(state)
    member = command.member
    if state.participant(member.user_id) is not None:
        raise Refused("conflict", "The user is a participant already")
    if len(state.participants) >= MAX_PARTICIPANTS:
        raise Refused("bad_request", f"Too many participants: at most {MAX_PARTICIPANTS}")
    place = ev.ParticipantRef(member.participant_id, member.user_id, member.external_id, member.client_id)
    return Decision((ev.ParticipantJoined(state.ref(), member.user(), place),), answers=0)


@_decide.register
def _(command: cmd.LeaveConversation, state: State, at: At) -> Decision:
    _require_group(state)
    for one in state.participants:
        if one.user_id == command.user_id or one.id == command.participant_id:
            return Decision((ev.ParticipantLeft(state.ref(), ev.UserRef(one.user_id, one.external_id), one.ref()),), answers=0)
    raise Refused("participant_not_found", "User is not a member of the conversation")


@_decide.register
def _(command: cmd.MoveConversation, state: State, at: At) -> Decision:
    _require_live(state)
    old, member = state.participant(command.user_id), command.member
    if old is None or member.user_id == old.user_id:
        return NOTHING
    place = ev.ParticipantRef(member.participant_id, member.user_id, member.external_id, member.client_id)
    event = ev.ParticipantReplaced(state.ref(), ev.UserRef(old.user_id, old.external_id), member.user(), place)
    return Decision((event,), answers=0)


@_decide.register
def _(command: cmd.UpdateConversation, state: State, at: At) -> Decision:
    _require_live(state)
    metadata = state.metadata
    if command.metadata is not None:
        metadata = merge_metadata(state.metadata or {}, command.metadata) or None
    details = replace(state.details(), metadata=metadata, **command.changes)
    if details == state.details():
        return NOTHING
    return Decision((ev.ConversationUpdated(details),), answers=0)


@_decide.register
def _(command: cmd.DeleteMessage, state: State, at: At) -> Decision:
    _require_live(state)
    if command.seq <= state.cleared_seq:
        raise Refused("message_not_found", "Message not found")
    event = ev.MessageDeleted(state.ref(), ev.MessageRef(command.message_id, command.internal))
    return Decision((event,), answers=0, redact=(command.seq, command.received_ms, _placeholder(command, state)))


def _placeholder(command: cmd.DeleteMessage, state: State) -> ev.MessagePosted | ev.NotePosted:
    """What is left of a deleted message: that it was there, from which side and for whom, so that replay still counts it."""
    message = ev.Message(
        command.message_id,
        ids.instant(command.received_ms),
        ev.Author(command.author.type, command.author.subtypes, command.author.user_id),
        DELETED_CONTENT,
        ev.Source(command.source.type),
        deleted=True,
        destination=ev.SILENT if command.silent else msgspec.UNSET,
    )
    return (ev.NotePosted if command.internal else ev.MessagePosted)(state.ref(), message)


@_decide.register
def _(command: cmd.DeleteMessages, state: State, at: At) -> Decision:
    _require_live(state)
    return Decision((ev.MessagesDeleted(state.ref()),), answers=0, redact_before=state.seq + 1)


@_decide.register
def _(command: cmd.RemoveConversation, state: State, at: At) -> Decision:
    if state.life == "removed":
        return NOTHING
    _require_live(state)
    if state.is_default and not command.with_user:
        raise Refused("bad_request", f"Conversation {state.id} cannot be deleted because it is the default.")
    gone = ev.ConversationRemoved(ev.ConversationRef(state.id, state.type))
    return Decision((gone,), answers=0, redact_all_before=state.seq + 1)


@_decide.register
def _(command: cmd.PassControl, state: State, at: At) -> Decision:
    """To whom has it already, with no offer open, it is passed without a word: the same request may come again."""
    _require_live(state)
    to = control.target(command.switchboard, command.to, state)
    if isinstance(to, control.Unfit):
        return _failed(ev.PassFailed(state.ref(), to.told(), command.metadata or None), to)
    if control.has_control(to, state) and state.control.pending is None:
        return NOTHING
    return Decision((control.passed(state, to, command.metadata, command.reason),), answers=0)


@_decide.register
def _(command: cmd.OfferControl, state: State, at: At) -> Decision:
    _require_live(state)
    to = control.offer_target(command, state)
    if isinstance(to, control.Unfit):
        return _failed(ev.OfferFailed(state.ref(), to.told(), command.metadata or None), to)
    return Decision((control.offer(state, to, command.metadata),), answers=0)


@_decide.register
def _(command: cmd.AcceptControl, state: State, at: At) -> Decision:
    _require_live(state)
    by = control.offered(command, state)
    if isinstance(by, control.Unfit):
        return _failed(ev.AcceptFailed(state.ref(), by.told(), command.metadata or None), by)
    return Decision((control.accepted(state, by, command.metadata),), answers=0)


def _failed(event: ev.PassFailed | ev.OfferFailed | ev.AcceptFailed, why: control.Unfit) -> Decision:
    return Decision((event,), answers=0, refusal=why.refusal())


@_decide.register
def _(command: cmd.ReleaseControl, state: State, at: At) -> Decision:
    _require_live(state)
    active = state.control.active
    if command.asker is not None and (active is None or active.id != command.asker):
        raise Refused("forbidden", "The integration has no control of the conversation")
    if not control.can("release", state):
        return NOTHING
    return Decision((control.released(state, command.metadata, command.reason),), answers=0)


@_decide.register
def _(command: cmd.ReclaimControl, state: State, at: At) -> Decision:
    """As the next message would: the timer only makes that it is seen."""
    board = Switchboard(command.first, (), idle_s=command.idle_s)
    event = control.idle(board, state, at.now_ms) if state.life == "live" else None
    return NOTHING if event is None else Decision((event,), answers=0)


@_decide.register
def _(command: cmd.LosePatience, state: State, at: At) -> Decision:
    event = control.lost_patience(command, state) if state.life == "live" else None
    return NOTHING if event is None else Decision((event,), answers=0)


@_decide.register
def _(command: cmd.CountSilence, state: State, at: At) -> Decision:
    return NOTHING


@_decide.register
def _(command: cmd.ChangeStatus, state: State, at: At) -> Decision:
    _require_live(state)
    if command.status == state.status:
        return NOTHING
    if command.status not in STATUS_MOVES[state.status]:
        raise Refused("conflict", f"A conversation that is {state.status} cannot become {command.status}")
    changed, after = _told(state, at, ev.StatusChanged(state.ref(), command.status))
    return Decision(changed + _told(after, at, control.handed_back(command.switchboard, command.status, after))[0], answers=0)


@_decide.register
def _(command: cmd.NoteTicket, state: State, at: At) -> Decision:
    events = tickets.noted(command, state, at)
    return Decision(events, answers=0) if events else NOTHING


@_decide.register
def _(command: cmd.EndSession, state: State, at: At) -> Decision:
    """Refused (`forbidden`): the customer is no participant."""
    _require_live(state)
    if command.by == "user" and state.participant(command.id) is None:
        raise Refused("forbidden", "The user is not a participant of the conversation")
    events = tickets.ended(command, state, at)
    return Decision(events, answers=0) if events else NOTHING


@_decide.register
def _(command: cmd.RestSession, state: State, at: At) -> Decision:
    events = tickets.rested(state, at)
    return Decision(events, answers=0) if events else NOTHING


@_decide.register
def _(command: cmd.ReadWords, state: State, at: At) -> Decision:
    """Nothing happens here: see `reactions`."""
    return NOTHING


@_decide.register
def _(command: cmd.TellPosition, state: State, at: At) -> Decision:
    if state.life != "live":
        return NOTHING
    return Decision(whispers=(ev.QueueMoved(state.ref(), command.position, command.wait_s or None),))


@_decide.register
def _(command: cmd.ShowViewing, state: State, at: At) -> Decision:
    _require_live(state)
    agent = ev.AgentRef(command.agent_id, command.name or None)
    return Decision(whispers=(ev.ViewingChanged(state.ref(), agent, command.on),))


@_decide.register
def _(command: cmd.AskRating, state: State, at: At) -> Decision:
    """Of the ticket that the conversation has now, or of none."""
    if state.life != "live" or state.ticket is None or state.ticket.ref.id != command.ticket_id:
        return NOTHING
    asked, state = _told(state, at, _posted(_by_business(command.content), state, at))
    return Decision((*asked, ev.SurveyAsked(state.ref(), command.ticket_id, command.of, command.why, command.thanks)), answers=0)


@_decide.register
def _(command: cmd.Expire, state: State, at: At) -> Decision:
    silent = at.now_ms >= state.last_message_ms + command.retention_s * 1000
    if state.life != "live" or not state.messages or not silent:
        return NOTHING
    return Decision((ev.MessagesDeleted(state.ref(), "retention"),), answers=0, redact_before=state.seq + 1)


def _require_live(state: State) -> None:
    if state.life != "live":
        raise Refused("conversation_not_found", "Conversation not found")


def _require_group(state: State) -> None:
    _require_live(state)
    if state.type != "sdkGroup":
        raise Refused("bad_request", "Participants join and leave only conversations of type sdkGroup")


def evolve_to(state: State, at: At, event: ev.Event) -> State:
    """The state one event later, as decide sees it in the middle of a decision."""
    return evolve(state, state.seq + 1, at.now_ms, event)
