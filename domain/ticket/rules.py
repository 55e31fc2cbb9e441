"""What happens when a ticket is told something.

    decide(desk, state, command, at) -> Decision    may refuse; no clock, no ids, no I/O: they arrive in the arguments

The moves of the status are data (`domain.ticket.model.MOVES`), what may stand in a field is in `changes`, and what the desk's rules
add is in `turn`. A refusal is the exception `Refused` and changes nothing.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from domain.by_type import ByType
from domain.desk import rules as desk_rules
from domain.desk.model import Desk, Happening
from domain.errors import Refused
from domain.ticket import commands as cmd
from domain.ticket import events as ev
from domain.ticket import forgetting
from domain.ticket.changes import by_rule, check_comment, merged
from domain.ticket.commands import By, Change
from domain.ticket.decision import NOTHING, Decision
from domain.ticket.importing import imported
from domain.ticket.model import MOVES, Rating, Ticket
from domain.ticket.state import State
from domain.ticket.turn import BY_LEVEL, ROUTE, SURVEY, At, Turn, session_change, status_change

#: After a refusal the routing is asked again so much later.
ROUTE_AGAIN_MS = 30_000
#: What was merged into another ticket says so.
MERGED_TAG = "closed_by_merge"
#: What a hand-over brings along for the ticket. Source: "Passing control", keys of the metadata.
TICKET_FIELD, SYSTEM_FIELD, TAGS = "dataCapture.ticketField.", "dataCapture.systemField.", "tags"
#: What the system may be told of by a hand-over.
SYSTEM_FIELDS = frozenset({"subject", "priority", "type", "tags"})
ROUTING, CONVERSATION = By(via="routing"), By(via="messaging")


def decide(desk: Desk, state: State, command: cmd.Command, at: At) -> Decision:
    """The events that a command makes in a state. `at.now_ms` is never before `state.at_ms`."""
    if isinstance(command, cmd.Delete):
        return _delete(Turn(desk, state, at), command)
    if isinstance(command, cmd.Forget):
        return forgetting.forget(state, at)
    if isinstance(command, cmd.ForgetPerson):
        return forgetting.forget_person(command, desk, state, at)
    if isinstance(command, cmd.Redact):
        return forgetting.redact(command, desk, state, at)
    turn = Turn(desk, state, at)
    _decide(command, turn)
    return Decision(tuple(turn.events)) if turn.events else NOTHING


@ByType
def _decide(command: Any, turn: Turn) -> None:
    raise TypeError(f"no rule for {type(command).__name__}")


def _who(by: By) -> ev.Who:
    return ev.Who(by.kind, by.id, by.via, by.rule)


def _require_live(state: State) -> None:
    if state.life != "live" or state.ticket.deleted:
        raise Refused("ticket_not_found", "Ticket not found")


def _require_open(state: State) -> None:
    _require_live(state)
    if state.ticket.status == "closed":
        raise Refused("ticket_closed", "The ticket is closed, and cannot be changed: make a follow-up")


# From the API.


@_decide.register
def _(command: cmd.Create, turn: Turn) -> None:
    if turn.state.life != "none":
        raise Refused("conflict", "The ticket exists already")
    check_comment(command.comment)
    comment, by = command.comment, command.by
    given = [Change("requester_id", command.requester_id), Change("submitter_id", by.id or None), Change("channel", command.channel)]
    if comment is not None:
        given.append(Change("description", comment.body))
    changes = turn.planned((*given, *command.changes), by, new=True)
    _create(turn, ev.Created(_who(by), changes, turn.said(comment, by)))
    turn.run_rules(by, "create", comment)
    turn.survey_if_due()
    turn.finish()


@_decide.register
def _(command: cmd.Import, turn: Turn) -> None:
    imported(command, turn)


def _create(turn: Turn, event: ev.Created) -> None:
    assert turn.at.number, "a new ticket is given a number before its turn"
    turn.tell(replace(event, number=turn.at.number))


@_decide.register
def _(command: cmd.Update, turn: Turn) -> None:
    _require_open(turn.state)
    check_comment(command.comment)
    since_ms, ticket = command.unless_after_ms, turn.ticket
    if since_ms is not None and ticket.updated_ms // 1000 > since_ms // 1000:
        raise Refused("conflict", "The ticket was updated since")
    by, wanted = command.by, command.changes
    woken = by.kind == "user" and command.comment is not None and command.comment.public and ticket.status in ("pending", "hold", "solved")
    if woken and all(change.field != "status" for change in wanted):
        wanted = (*wanted, Change("status", "open"))
    changes, said = turn.planned(wanted, by), turn.said(command.comment, by)
    if changes or said:
        turn.tell(ev.Updated(_who(by), changes, said))
        _after_update(turn, by, command.comment)


def _after_update(turn: Turn, by: By, comment: cmd.Comment | None = None, *also: Happening) -> None:
    for happening in ("update", *also):
        turn.run_rules(by, happening, comment)
    turn.survey_if_due()
    turn.finish()


@_decide.register
def _(command: cmd.Merge, turn: Turn) -> None:
    _require_open(turn.state)
    if command.into_id == turn.state.id or turn.state.merging is not None:
        raise Refused("conflict", "The ticket cannot be merged with itself, nor twice")
    for comment in (command.comment, command.into_comment):
        check_comment(comment)
    said = turn.said(command.comment, command.by)
    turn.tell(ev.MergeBegun(_who(command.by), comment=said, into=ev.Merging(command.into_id, command.into_number)))
    turn.finish()


@_decide.register
def _(command: cmd.Absorb, turn: Turn) -> None:
    """Two tickets that would go into each other both stay."""
    _require_open(turn.state)
    if turn.state.merging is not None:
        raise Refused("conflict", "The ticket is being merged into another")
    check_comment(command.comment)
    turn.tell(ev.TookIn(_who(command.by), comment=turn.said(command.comment, command.by), number=command.number))
    _after_update(turn, command.by, command.comment)


@_decide.register
def _(command: cmd.Absorbed, turn: Turn) -> None:
    if turn.state.merging is None or turn.state.merging.number != command.number or turn.ticket.status == "closed":
        return
    ticket = turn.ticket
    tags = list(dict.fromkeys((*ticket.tags, MERGED_TAG)))
    changes = (
        *status_change(ticket, "closed"),
        ev.Changed("merged_into", command.number, ticket.merged_into),
        ev.Changed("tags", tags, list(ticket.tags)),
    )
    turn.tell(ev.Merged(_who(command.by), changes, into=command.number))
    turn.finish()


@_decide.register
def _(command: cmd.Spurned, turn: Turn) -> None:
    if turn.state.merging is not None:
        turn.tell(ev.MergeFailed(code=command.code))
        turn.finish()


@_decide.register
def _(command: cmd.Undelivered, turn: Turn) -> None:
    if turn.state.life == "live":
        turn.tell(ev.SpeechFailed(code=command.code))
        turn.finish()


@_decide.register
def _(command: cmd.Restore, turn: Turn) -> None:
    if turn.state.life != "live":
        raise Refused("ticket_not_found", "Ticket not found")
    if turn.ticket.deleted:
        turn.tell(ev.Restored(_who(command.by)))
        turn.finish()


def _delete(turn: Turn, command: cmd.Delete) -> Decision:
    state = turn.state
    if state.life != "live" or (state.ticket.deleted and not command.forever):
        raise Refused("ticket_not_found", "Ticket not found")
    if not command.forever:
        turn.tell(ev.Deleted(_who(command.by)))
        turn.finish()
        return Decision(tuple(turn.events))
    cancelled = tuple(ev.TimerSet(one.name) for one in state.timers)
    wish = None if state.wish.kind == "nothing" else ev.Wish()
    epoch = state.epoch + (wish is not None)
    erased = ev.Erased(_who(command.by), timers=cancelled, wish=wish, epoch=epoch, number=state.ticket.number)
    return Decision((erased,), redact_all_before=state.seq + 1)


# From the conversation.


@_decide.register
def _(command: cmd.Open, turn: Turn) -> None:
    if turn.state.life == "none":
        _open_first(command, turn)
    elif command.seq > turn.state.heard:
        _open_again(command, turn)


def _open_first(command: cmd.Open, turn: Turn) -> None:
    by = By("user", command.requester_id, "messaging") if command.agent_id is None else By("agent", command.agent_id, "messaging")
    given = (
        Change("subject", command.subject or f"Conversation {turn.at.number}"),
        Change("description", turn.at.first_words),
        Change("requester_id", command.requester_id),
        Change("submitter_id", command.requester_id),
        Change("channel", "messaging"),
        Change("conversation_id", command.conversation_id),
        Change("session", "active"),
        *([Change("followup_of", command.followup_of)] if command.followup_of else ()),
    )
    changes = merged((*turn.planned(given, by, new=True), *_captured(command, turn), *_taken(command.agent_id, turn)))
    agents, since_ms = command.agents, command.waiting_ms
    event = ev.Created(_who(by), changes, heard=command.seq, agents=agents, locale=command.locale, waiting_ms=since_ms)
    _create(turn, event)
    for happening in ("create", "conversation_requested"):
        turn.run_rules(by, happening)
    turn.finish()


def _open_again(command: cmd.Open, turn: Turn) -> None:
    """Whoever solved it may be gone by now: it waits for anyone, unless somebody took it. What is closed is said to be so."""
    ticket = turn.ticket
    by = By("user", command.requester_id, "messaging") if command.agent_id is None else By("agent", command.agent_id, "messaging")
    if ticket.status == "closed" or ticket.deleted or turn.state.life != "live":
        turn.tell(ev.WordHeard(_who(by), heard=command.seq, at_ms=command.waiting_ms or turn.at.now_ms))
        return
    changes: list[ev.Changed] = [*session_change(ticket, "active"), *_captured(command, turn)]
    if ticket.status != "new":
        changes += status_change(ticket, "open")
    if ticket.status == "solved" and command.agent_id is None and ticket.assignee_id is not None:
        changes.append(ev.Changed("assignee_id", None, ticket.assignee_id))
    changes += _taken(command.agent_id, turn)
    event = ev.Opened(_who(by), merged(changes), heard=command.seq, agents=command.agents, waiting_ms=command.waiting_ms)
    turn.tell(event)
    _after_update(turn, by, None, "conversation_requested")


def _captured(command: cmd.Open, turn: Turn) -> tuple[ev.Changed, ...]:
    """What the bot or whoever gave the conversation away has found out. What is no value of a field is left out."""
    wanted: list[Change] = []
    for key, value in command.metadata.items():
        if key.startswith(TICKET_FIELD):
            wanted.append(Change(f"custom_fields.{key.removeprefix(TICKET_FIELD)}", value))
        elif key == TAGS or key == SYSTEM_FIELD + TAGS:
            wanted.append(Change("additional_tags", value))
        elif key.startswith(SYSTEM_FIELD) and key.removeprefix(SYSTEM_FIELD) in SYSTEM_FIELDS:
            wanted.append(Change(key.removeprefix(SYSTEM_FIELD), value))
    return by_rule(turn.desk, turn.ticket, tuple(wanted))


def _taken(agent_id: str | None, turn: Turn, anyway: bool = True) -> tuple[ev.Changed, ...]:
    """An agent has it now, whether the desk as it is known here has that agent or not. `anyway`: also if another one had it."""
    ticket = turn.ticket
    if agent_id is None or ticket.assignee_id == agent_id or (ticket.assignee_id is not None and not anyway):
        return ()
    changes = [ev.Changed("assignee_id", agent_id, ticket.assignee_id)]
    agent = turn.desk.agents.get(agent_id)
    if agent is not None and agent.groups and ticket.group_id not in agent.groups:
        changes.append(ev.Changed("group_id", agent.default_group or agent.groups[0], ticket.group_id))
    if ticket.status == "new":
        changes += status_change(ticket, "open")
    return tuple(changes)


@_decide.register
def _(command: cmd.Heard, turn: Turn) -> None:
    """A customer's word wakes what was put aside; an agent's takes what is nobody's."""
    ticket = turn.ticket
    if turn.state.life != "live" or command.seq <= turn.state.heard:
        return
    customer = command.who == "customer"
    by = By("user" if customer else "agent", ticket.requester_id if customer else command.agent_id or "", "messaging")
    changes: tuple[ev.Changed, ...] = ()
    if ticket.status != "closed" and not ticket.deleted:
        woken = customer and ticket.status in ("pending", "hold", "solved")
        changes = status_change(ticket, "open") if woken else () if customer else _taken(command.agent_id, turn, anyway=False)
    turn.tell(ev.WordHeard(_who(by), changes, heard=command.seq, who=command.who, at_ms=command.at_ms))
    _after_update(turn, by, None, "message_sent")


@_decide.register
def _(command: cmd.Follow, turn: Turn) -> None:
    """The conversation was given a status. Where the ticket cannot follow, the conversation is told how it is."""
    state, ticket, by = turn.state, turn.ticket, command.by
    if state.life != "live" or command.seq <= state.heard:
        return
    can = not ticket.deleted and command.status in MOVES[ticket.status]
    changes = status_change(ticket, command.status) if can else ()
    if changes and command.status == "solved" and by.kind == "agent":
        changes += tuple(one for one in _taken(by.id, turn, anyway=False) if one.field != "status")
    turn.tell(ev.Updated(_who(by), changes, heard=command.seq))
    if changes:
        _after_update(turn, by)


@_decide.register
def _(command: cmd.TellSession, turn: Turn) -> None:
    if turn.state.life != "live" or command.seq <= turn.state.heard:
        return
    by = By(command.by, turn.ticket.requester_id if command.by == "user" else "", "messaging")
    changes = session_change(turn.ticket, command.session)
    turn.tell(ev.SessionTold(_who(by), changes, heard=command.seq, session=command.session))
    _after_update(turn, by)


@_decide.register
def _(command: cmd.Recognise, turn: Turn) -> None:
    """Whose ticket it is follows also when it is closed: the person is the same."""
    ticket = turn.ticket
    if turn.state.life != "live" or command.seq <= turn.state.heard or ticket.requester_id != command.user_id:
        return
    change = ev.Changed("requester_id", command.known_as, ticket.requester_id)
    turn.tell(ev.Updated(_who(CONVERSATION), (change,), heard=command.seq))
    _after_update(turn, CONVERSATION)


@_decide.register
def _(command: cmd.Rate, turn: Turn) -> None:
    """More than half of the scale is good. A later answer takes the place of an earlier one, but for what it leaves out."""
    ticket = turn.ticket
    if turn.state.life != "live" or ticket.deleted or not 1 <= command.score <= command.of:
        return
    before, good = ticket.rating, command.score * 2 > command.of + 1
    comment = before.comment if command.comment is None else command.comment
    reason = before.reason if command.reason is None else command.reason
    after = Rating("good" if good else "bad", comment, reason, turn.at.now_ms, command.score, command.of)
    change = ev.Changed("rating", msgspec.to_builtins(after), msgspec.to_builtins(before))
    turn.tell(ev.Rated(_who(By("user", ticket.requester_id, "messaging")), (change,)))
    _after_update(turn, CONVERSATION)


# From the routing.


@_decide.register
def _(command: cmd.Assigned, turn: Turn) -> None:
    """Raises Refused (`conflict`): the ticket has asked for something else since."""
    _require_epoch(turn.state, command.epoch)
    changes = list(_taken(command.agent_id, turn))
    if command.group_id is not None and command.group_id != turn.ticket.group_id:
        changes = [one for one in changes if one.field != "group_id"]
        changes.append(ev.Changed("group_id", command.group_id, turn.ticket.group_id))
    if turn.state.wish.kind == "agent" and turn.ticket.assignee_id == command.agent_id and not changes:
        return
    turn.tell(ev.Routed(_who(ROUTING), tuple(changes), how=command.how))
    for happening in ("update", "queue_assigned"):
        turn.run_rules(ROUTING, happening)
    turn.finish(known=("agent", command.agent_id))


@_decide.register
def _(command: cmd.Unassigned, turn: Turn) -> None:
    _require_epoch(turn.state, command.epoch)
    ticket = turn.ticket
    if ticket.assignee_id is None:
        return
    turn.tell(ev.Routed(_who(ROUTING), (ev.Changed("assignee_id", None, ticket.assignee_id),), how=command.reason))
    turn.run_rules(ROUTING, "update")
    turn.finish(known=("queue", None) if len(turn.events) == 1 else None)


@_decide.register
def _(command: cmd.Unrouted, turn: Turn) -> None:
    """What it wants, it asks for again after a while: nothing is forgotten."""
    if turn.state.life == "live" and turn.state.wish.kind != "nothing":
        turn.tell(ev.Routed(_who(ROUTING), how=command.code, timers=(ev.TimerSet(ROUTE, command.code, turn.at.now_ms + ROUTE_AGAIN_MS),)))
        turn.finish()


def _require_epoch(state: State, epoch: int) -> None:
    if state.life != "live" or epoch != state.epoch or state.wish.kind == "nothing":
        raise Refused("conflict", "The ticket has asked for something else since")


# By itself.


@_decide.register
def _(command: cmd.Ring, turn: Turn) -> None:
    """A timer of which the ticket no longer knows changes nothing. `desk` is none: the desk has changed, and all timers are set anew."""
    if turn.state.life != "live":
        return
    if command.name == "desk":
        turn.finish()
        return
    rang = next((one for one in turn.state.timers if (one.name, one.key) == (command.name, command.key)), None)
    if rang is None or rang.due_ms > turn.at.now_ms:
        return
    if command.name == SURVEY:
        turn.ask_rating()
    elif command.name == ROUTE:
        turn.ask_routing_again()
    else:
        _rung(turn, command)
    turn.finish(rang=rang)


def _rung(turn: Turn, command: cmd.Ring) -> None:
    brought = desk_rules.on_timer(turn.desk, turn.ticket, command.name, command.key, turn.at.now_ms, turn.at.known)
    match brought:
        case desk_rules.Close():
            turn.tell(ev.Updated(ev.Who(via="close"), _closing(turn.ticket)))
        case desk_rules.Breach(policy, metric, due_ms, levels):
            turn.tell(ev.Breached(BY_LEVEL, levels=levels, policy=policy, metric=metric, due_ms=due_ms))
        case desk_rules.Fired():
            turn.fire(brought)
            turn.run_rules(By(via="rule", rule=brought.rule), "update")
            turn.survey_if_due()
        case None:
            pass


def _closing(ticket: Ticket) -> tuple[ev.Changed, ...]:
    return status_change(ticket, "closed") if "closed" in MOVES[ticket.status] else ()
