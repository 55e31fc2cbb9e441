"""What a ticket remembers: the `Ticket` itself, and how it stands with its conversation, the routing and its timers.

`evolve` is total: it takes any event of the journal and never refuses.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from domain.by_type import ByType
from domain.desk.clocks import rung_with
from domain.envelope import Later
from domain.switchboard import Member
from domain.ticket import events as ev
from domain.ticket.model import MAX_RUNG, Metrics, Rating, Ticket, TicketRef

Life = Literal["none", "live", "gone"]


class State(msgspec.Struct, frozen=True, array_like=True):
    """The fold of a ticket's journal. `heard` is the seq of the conversation's last event that it took notice of.

    `epoch` numbers what it asked of the routing, `wish` is the last of it, and `lane` as what it is routed, if not as what it came.
    """

    id: str
    app: str
    ticket: Ticket
    life: Life = "none"
    seq: int = 0
    at_ms: int = 0
    heard: int = 0
    epoch: int = 0
    wish: ev.Wish = ev.Wish()
    lane: Literal["messaging", "support"] | None = None
    timers: tuple[ev.TimerSet, ...] = ()
    agents: Member | None = None
    locale: str | None = None
    merging: ev.Merging | None = None
    version: int = 1
    """The lowest version of events that understands all that went into this. Above ours, a later one has written here."""
    retold: tuple[int, ...] = ()
    """Events that told what the first words were, after something had been taken out of them."""

    def ref(self) -> TicketRef:
        """As the conversation knows it. One that is out of sight is closed to it."""
        one = self.ticket
        status = "closed" if one.deleted or self.life == "gone" else one.status
        return TicketRef(self.id, one.number, status, one.assignee_id, one.group_id, self.seq)


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(State).decode


def born(identifier: str, app: str) -> State:
    return State(identifier, app, Ticket(app, identifier))


def evolve(state: State, seq: int, at_ms: int, event: ev.Event | Later | None) -> State:
    """The state after one more event. `None` is an event whose content was redacted: it still took its seq."""
    at_ms = max(at_ms, state.at_ms)
    state = replace(state, seq=seq, at_ms=at_ms)
    if event is None:
        return state
    if isinstance(event, Later):
        return replace(state, version=max(state.version, ev.VERSION + 1))
    return _remembered(_apply(event, _changed(state, event)), event)


def _changed(state: State, event: ev.Event) -> State:
    """What every event may tell of the ticket itself."""
    at_ms = (event.made_ms if isinstance(event, ev.Created) else 0) or state.at_ms
    ticket = changed(state.ticket, event.changes, at_ms)
    ticket = _spoken(ticket, event, (event.comment.at_ms if event.comment is not None else 0) or at_ms)
    levels = ticket.levels if event.levels is None else event.levels
    rung = rung_with(ticket.rung, event.rung)[-MAX_RUNG:] if event.rung else ticket.rung
    return replace(state, ticket=replace(ticket, levels=levels, rung=rung, updated_ms=state.at_ms))


def _remembered(state: State, event: ev.Event) -> State:
    """What it keeps for itself."""
    return replace(
        state,
        heard=max(state.heard, event.heard),
        timers=_timers(state.timers, event.timers),
        wish=state.wish if event.wish is None else event.wish,
        epoch=max(state.epoch, event.epoch),
        lane=event.lane or state.lane,
        retold=(*state.retold, state.seq) if isinstance(event, ev.Redacted) and event.changes else state.retold,
    )


def _timers(before: tuple[ev.TimerSet, ...], told: tuple[ev.TimerSet, ...]) -> tuple[ev.TimerSet, ...]:
    if not told:
        return before
    names = {one.name for one in told}
    return (*(one for one in before if one.name not in names), *(one for one in told if one.due_ms))


# The ticket's fields.

FIELDS = frozenset(Ticket.__struct_fields__)
CUSTOM = "custom_fields."


def value_of(ticket: Ticket, field: str) -> Any:
    """As audits tell it."""
    return ticket.fields.get(field.removeprefix(CUSTOM)) if field.startswith(CUSTOM) else getattr(ticket, field)


def changed(ticket: Ticket, changes: tuple[ev.Changed, ...], at_ms: int) -> Ticket:
    """The ticket with these values, and with what they mean for its metrics. A field that is not known here is passed over."""
    after = ticket
    for one in changes:
        if one.field.startswith(CUSTOM):
            number = one.field.removeprefix(CUSTOM)
            kept = {key: value for key, value in after.fields.items() if key != number}
            after = replace(after, fields=kept if one.value is None else {**kept, number: one.value})
        elif one.field in FIELDS:
            after = replace(after, **{one.field: _as_kept(one.field, one.value)})
    return replace(after, metrics=_measured(ticket, after, at_ms)) if after is not ticket else ticket


def _as_kept(field: str, value: Any) -> Any:
    """From JSON."""
    if field in ("tags", "follower_ids"):
        return tuple(value or ())
    return msgspec.convert(value or {}, Rating) if field == "rating" and not isinstance(value, Rating) else value


def _measured(before: Ticket, after: Ticket, at_ms: int) -> Metrics:
    """What reports count, after changes of status, assignee and group."""
    metrics = before.metrics
    if after.status != before.status:
        again = before.status == "solved" and after.status not in ("solved", "closed")
        metrics = replace(
            metrics,
            status_ms=at_ms,
            solved_ms=at_ms if after.status == "solved" else 0 if again else metrics.solved_ms,
            closed_ms=at_ms if after.status == "closed" else metrics.closed_ms,
            reopens=metrics.reopens + again,
            waiting_ms=0 if after.status in ("solved", "closed") else metrics.waiting_ms,
        )
    if after.assignee_id != before.assignee_id:
        taken = after.assignee_id is not None
        metrics = replace(
            metrics,
            assigned_ms=at_ms if taken else 0,
            first_assigned_ms=metrics.first_assigned_ms or (at_ms if taken else 0),
            assignee_stations=metrics.assignee_stations + taken,
        )
    if after.group_id != before.group_id and after.group_id is not None:
        metrics = replace(metrics, group_stations=metrics.group_stations + 1)
    return metrics


def _spoken(ticket: Ticket, event: ev.Event, at_ms: int) -> Ticket:
    """Who was heard last. A reply that is a message in the conversation counts when the conversation tells of it."""
    by, comment, metrics = event.by, event.comment, ticket.metrics
    if by.kind == "user" or (by.id and by.id == ticket.requester_id):
        metrics = replace(metrics, requester_ms=at_ms)
    elif by.id and by.id == ticket.assignee_id:
        metrics = replace(metrics, assignee_ms=at_ms)
    if comment is not None and (comment.public or comment.was_public) and not comment.spoken:
        agent = by.kind == "agent" and by.id != ticket.requester_id
        metrics = answered(metrics, at_ms) if agent else waiting(metrics, at_ms) if by.kind == "user" else metrics
    return ticket if metrics is ticket.metrics else replace(ticket, metrics=metrics)


def answered(metrics: Metrics, at_ms: int) -> Metrics:
    """A person of the business has answered."""
    first = metrics.first_reply_ms or at_ms
    return replace(metrics, waiting_ms=0, first_reply_ms=first, replies=metrics.replies + 1, reply_ms=at_ms)


def waiting(metrics: Metrics, since_ms: int) -> Metrics:
    """The customer waits."""
    return replace(metrics, waiting_ms=metrics.waiting_ms or since_ms)


# What each event tells besides.


@ByType
def _apply(event: ev.Event, state: State) -> State:
    return state


@_apply.register
def _(event: ev.Created, state: State) -> State:
    made_ms, metrics = event.made_ms or state.at_ms, state.ticket.metrics
    solved_ms = (event.solved_ms or metrics.solved_ms) if state.ticket.status in ("solved", "closed") else 0
    metrics = replace(metrics, status_ms=solved_ms or made_ms, solved_ms=solved_ms)
    metrics = waiting(metrics, event.waiting_ms) if event.waiting_ms else metrics
    ticket = replace(state.ticket, number=event.number, created_ms=made_ms, metrics=metrics)
    return replace(state, life="live", ticket=ticket, agents=event.agents, locale=event.locale)


@_apply.register
def _(event: ev.Opened, state: State) -> State:
    metrics = waiting(state.ticket.metrics, event.waiting_ms) if event.waiting_ms else state.ticket.metrics
    return replace(state, ticket=replace(state.ticket, metrics=metrics), agents=event.agents or state.agents)


@_apply.register
def _(event: ev.WordHeard, state: State) -> State:
    metrics = state.ticket.metrics
    if event.who == "customer":
        metrics = replace(waiting(metrics, event.at_ms), requester_ms=event.at_ms)
    else:
        metrics = answered(metrics, event.at_ms)
    return replace(state, ticket=replace(state.ticket, metrics=metrics))


@_apply.register
def _(event: ev.SessionTold, state: State) -> State:
    return replace(state, ticket=replace(state.ticket, session=event.session))


@_apply.register
def _(event: ev.Surveyed, state: State) -> State:
    return replace(state, ticket=replace(state.ticket, rating=Rating("offered", of=event.of)))


@_apply.register
def _(event: ev.MergeBegun, state: State) -> State:
    return replace(state, merging=event.into)


@_apply.register
def _(event: ev.Merged | ev.MergeFailed, state: State) -> State:
    return replace(state, merging=None)


@_apply.register
def _(event: ev.Deleted, state: State) -> State:
    return replace(state, ticket=replace(state.ticket, deleted=True))


@_apply.register
def _(event: ev.Restored, state: State) -> State:
    return replace(state, ticket=replace(state.ticket, deleted=False))


@_apply.register
def _(event: ev.Erased, state: State) -> State:
    """What is left is the number."""
    nothing = Ticket(state.app, state.id, event.number, deleted=True, updated_ms=state.at_ms)
    return State(state.id, state.app, nothing, "gone", state.seq, state.at_ms, version=state.version)


@_apply.register
def _(event: ev.Forgotten, state: State) -> State:
    """Everything is as this event says, whatever was left of those before it."""
    whole = State(state.id, state.app, event.ticket, "live", state.seq, state.at_ms, version=state.version)
    return replace(whole, agents=event.agents, locale=event.locale, merging=event.merging)
