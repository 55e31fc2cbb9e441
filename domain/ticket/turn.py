"""One turn of a ticket while it is being made: its events, what the desk's rules add to them, and what the ticket keeps for itself.

It is the only mutable thing of the rules, and lives for one `decide`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
from msgspec.structs import replace

from domain import ids
from domain.desk import rules as desk_rules
from domain.desk.levels import words as level_words
from domain.desk.model import Desk, Happening
from domain.ticket import changes as fields
from domain.ticket import events as ev
from domain.ticket.commands import By, Change, Comment
from domain.ticket.model import SessionState, Status, Ticket
from domain.ticket.state import State, evolve

#: So many rules may fire on one event of a ticket, whatever they are.
MAX_FIRED = 50
#: A ticket without a conversation is routed if it has this tag.
AUTO_ROUTING = "auto_routing"
SURVEY, ROUTE = "survey", "route"
NO_WISH = ev.Wish()
BY_SURVEY, BY_LEVEL = ev.Who(via="survey"), ev.Who(via="service_level")


class At(msgspec.Struct, frozen=True):
    """Where and when a decision is made: the instant, the actor's integer key, and a number that no other ticket of the app gets.

    `known`: what placeholders stand for that neither the desk nor the ticket knows. `first_words`: what the customer said first in the
    conversation for which a ticket opens.
    """

    now_ms: int
    key: int
    number: int = 0
    known: dict[str, str] = {}
    first_words: str = ""
    old: Mapping[int, ev.Old] = {}
    """Events of the ticket's own that the command speaks of, by seq."""

    def id(self, seq: int) -> str:
        return ids.event_id(self.now_ms, self.key, seq)


class Turn:
    """`before` is the state when it began, `state` the one after the events so far."""

    def __init__(self, desk: Desk, state: State, at: At) -> None:
        self.desk, self.before, self.state, self.at = desk, state, state, at
        self.events: list[ev.Event] = []
        self._last = state

    @property
    def ticket(self) -> Ticket:
        return self.state.ticket

    def tell(self, event: ev.Event) -> None:
        self.events.append(event)
        self._last, self.state = self.state, evolve(self.state, self.state.seq + 1, self.at.now_ms, event)

    def planned(self, changes: Sequence[Change], by: By, new: bool = False) -> tuple[ev.Changed, ...]:
        """Raises Invalid, Refused."""
        return fields.planned(self.desk, self.ticket, changes, by, new)

    def said(self, comment: Comment | None, by: By) -> ev.Said | None:
        """A comment as it is told. What the business says in public is a message where there is a conversation."""
        if comment is None:
            return None
        spoken = comment.public and by.kind != "user" and self.ticket.conversation_id is not None
        return ev.Said(comment.body, comment.public, comment.html, comment.author_id or by.id or None, comment.uploads, spoken)

    # Rules.

    def run_rules(self, by: By, happening: Happening, comment: Comment | None = None) -> None:
        """The triggers that this sets off. They know themselves when to stop; this is a second bound."""
        before = self.before.ticket if self.before.life == "live" else None
        apply = partial(fields.apply, self.desk)
        now_ms = self.at.now_ms
        known = self.at.known
        those = desk_rules.fired(self.desk, before, self.ticket, by, now_ms, happening, apply=apply, comment=comment, known=known)
        for one in those[:MAX_FIRED]:
            self.fire(one)

    def fire(self, one: desk_rules.Fired) -> None:
        """What a rule does: an audit of its own, and one for each thing more that it says."""
        by = ev.Who("system", "", "rule", one.rule)
        changes = fields.by_rule(self.desk, self.ticket, one.changes)
        said = [self._by_rule(each) for each in one.comments]
        if self.ticket.conversation_id is not None:
            said += [ev.Said(each.text, spoken=True) for each in one.messages]
        cause = one.chain or (one.rule,)
        if changes or said or one.key or one.channel or one.notices:
            first = said[0] if said else None
            self.tell(ev.Updated(by, changes, first, cause, rung=one.key, lane=one.channel, notices=one.notices))
        for each in said[1:]:
            self.tell(ev.Updated(by, (), each, cause))
        if one.survey:
            self.ask_rating(by)

    def _by_rule(self, comment: Comment) -> ev.Said:
        said = self.said(comment, By("system", via="rule"))
        assert said is not None, "there is a comment"
        return said

    # Surveys.

    def ask_rating(self, by: ev.Who = BY_SURVEY) -> None:
        """Once in a ticket's life, and where there is somebody to ask."""
        if self.ticket.conversation_id is not None and self.ticket.rating.score == "unoffered" and not self.ticket.deleted:
            self.tell(ev.Surveyed(by, of=self.desk.tickets.survey_scale))

    def survey_if_due(self) -> None:
        """Where it is to be asked at once after what has just happened."""
        if self.survey_at() and not self.desk.tickets.survey_delay_s:
            self.ask_rating()

    def survey_at(self) -> int:
        """When the customer is to be asked; 0: not now."""
        ticket, how = self.ticket, self.desk.tickets
        if ticket.rating.score != "unoffered" or ticket.conversation_id is None or ticket.deleted:
            return 0
        if how.survey == "solved" and ticket.status == "solved":
            return ticket.metrics.solved_ms + how.survey_delay_s * 1000
        if how.survey == "ended" and ticket.session == "ended":
            return self.at.now_ms + how.survey_delay_s * 1000
        return 0

    # What the ticket keeps for itself.

    def finish(self, rang: ev.TimerSet | None = None, known: tuple[str, str | None] | None = None, levels: bool = True) -> None:
        """Service levels, what is asked of the routing, and timers, as they are after everything else: in the last event.

        `rang`: the timer that has just rung. `known`: kind and agent of a wish of which the routing itself has said that it is so.
        `levels`: whether service levels are looked at, too.
        """
        self._wish(known)
        if levels:
            self._look_at_levels()
        timers = tuple(self._timers(rang))
        if timers:
            names = {one.name for one in timers}
            before = self.events[-1].timers if self.events else ()
            self._amend(timers=(*(one for one in before if one.name not in names), *timers))

    def _look_at_levels(self) -> None:
        ticket = self.before.ticket if self.before.life == "live" else None
        levels = desk_rules.service_levels(self.desk, ticket, self.ticket, self.at.now_ms)
        missed = [word for word in level_words(self.ticket.levels, levels) if word.what == "missed"]
        if levels != self.ticket.levels:
            self._amend(levels=levels)
        for word in missed:
            self.tell(ev.Breached(BY_LEVEL, policy=word.policy, metric=word.metric, due_ms=word.at_ms))

    def _amend(self, **values: Any) -> None:
        """Add to the last event; where there is none, make one of no other use."""
        if not self.events:
            self.tell(ev.Updated())
        event = replace(self.events.pop(), **values)
        self.state = self._last
        self.tell(event)

    def _wish(self, known: tuple[str, str | None] | None) -> None:
        before, wish = self.state.wish, self.wish()
        if wish == before:
            return
        if known == (wish.kind, wish.agent_id):
            self._amend(wish=wish)
            return
        self._amend(wish=wish, epoch=self.state.epoch + 1)
        if wish.kind == "queue" and before.kind != "queue":
            self.run_rules(By("system", via="routing"), "queue_added")
            again = self.wish()
            if again != self.state.wish:
                self._amend(wish=again, epoch=self.state.epoch + 1)

    def ask_routing_again(self) -> None:
        """With another epoch, since it may have heard the last one."""
        self._amend(wish=self.state.wish, epoch=self.state.epoch + 1, timers=(ev.TimerSet(ROUTE),))

    def wish(self) -> ev.Wish:
        """What the ticket wants of the routing, as it is now."""
        ticket = self.ticket
        routed = ticket.conversation_id is not None or self.state.lane is not None or AUTO_ROUTING in ticket.tags
        if self.state.life != "live" or ticket.deleted or not routed or ticket.status not in ("new", "open"):
            return NO_WISH
        if ticket.assignee_id is not None:
            return ev.Wish("agent", ticket.assignee_id)
        choice = desk_rules.queue_for(self.desk, ticket, self.at.now_ms)
        return ev.Wish("queue", None, choice.queue, choice.group, choice.priority, choice.due_ms, choice.skills)

    def _timers(self, rang: ev.TimerSet | None) -> list[ev.TimerSet]:
        """How the timers differ from those that are set. One that has just rung for nothing is not set again for the same instant."""
        wanted = {due.name: ev.TimerSet(due.name, due.key, due.due_ms) for due in self._dues()}
        known = {one.name: one for one in self.state.timers}
        told = [one for name, one in wanted.items() if one != known.get(name) and one != rang]
        return told + [ev.TimerSet(name) for name in known if name not in wanted]

    def _dues(self) -> list[desk_rules.Due]:
        if self.state.life != "live":
            return []
        dues = list(desk_rules.timers(self.desk, self.ticket, self.at.now_ms))
        known = {one.name: one for one in self.state.timers}
        if at_ms := self.survey_at():
            dues.append(desk_rules.Due(SURVEY, "", known[SURVEY].due_ms if SURVEY in known else at_ms))
        if ROUTE in known and self.state.wish.kind != "nothing":
            dues.append(desk_rules.Due(ROUTE, known[ROUTE].key, known[ROUTE].due_ms))
        return dues


def status_change(ticket: Ticket, status: Status) -> tuple[ev.Changed, ...]:
    """The change of a status alone, if it is one."""
    return () if ticket.status == status else (ev.Changed("status", status, ticket.status),)


def session_change(ticket: Ticket, session: SessionState) -> tuple[ev.Changed, ...]:
    return () if ticket.session == session else (ev.Changed("session", session, ticket.session),)
