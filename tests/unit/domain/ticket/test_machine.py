"""Whatever a ticket is told in whatever order: it moves by the table, replay is the live state, and the routing is never lied to."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from domain.assignment import commands as assignment
from domain.desk.model import Desk
from domain.errors import Refused
from domain.ticket import commands as cmd
from domain.ticket import events as ev
from domain.ticket import state
from domain.ticket.commands import By, Change, Comment
from domain.ticket.model import MOVES, Status, Ticket
from tests import desks
from tests.tickets import AGENTS, ANN, APP, BOB, CHAT, DESK, EVE, Told, opening

people = st.sampled_from([ANN, EVE, BOB, By("key", "k")])
statuses = st.sampled_from(sorted(MOVES))
comments = st.none() | st.builds(Comment, st.sampled_from(["yes", "no"]), st.booleans())
tags = st.lists(st.sampled_from("abc"), max_size=2)
agents = st.sampled_from([None, *AGENTS])
changes = st.one_of(
    st.builds(Change, st.just("status"), statuses),
    st.builds(Change, st.just("assignee_id"), agents),
    st.builds(Change, st.just("group_id"), st.sampled_from([None, 1, 2])),
    st.builds(Change, st.just("priority"), st.sampled_from([None, "low", "urgent"])),
    st.builds(Change, st.sampled_from(["tags", "additional_tags", "remove_tags"]), tags),
    st.builds(Change, st.just("custom_fields.7"), st.sampled_from([None, "x", True, 1.5, ["a", "b"]])),
    st.builds(Change, st.just("follower_ids"), st.lists(st.sampled_from(["f", "g"]), max_size=3)),
)
ruled = desks.desk(
    desks.trigger(1, desks.asks("status", "is", "solved"), actions={"set_tags": "done", "priority": "low"}),
    desks.trigger(2, desks.asks("current_tags", "includes", "done"), actions={"remove_tags": "done", "current_tags": "a"}),
    desks.automation(3, desks.asks("OPEN", "greater_than", 1), actions={"status": "pending", "current_tags": "late"}),
    desks.policy(4, ("first_reply_time", 30), ("next_reply_time", 30)),
)
RULED = replace(ruled, app=APP, groups=DESK.groups, agents=DESK.agents)


class Tickets(RuleBasedStateMachine):
    """`asked` is what the routing knows, as the effects told it: the epoch, and which agent (None: it waits)."""

    def __init__(self) -> None:
        super().__init__()
        self.one = Told()
        self.seq = 3
        self.asked: tuple[int, str | None] | None = None
        self.set: list[cmd.Command] = []

    def tell(self, command: cmd.Command, later_ms: int = 1_000) -> list[ev.Event]:
        before = self.one.state
        try:
            events = self.one.tell(command, later_ms)
        except Refused:
            assert before == self.one.state
            return []
        self._moved(before.ticket, self.one.ticket, events)
        self.set += [cmd.decode(each.payload) for each in self.one.last.effects if each.target == "timer"]
        self._asked()
        assert bool(events) == bool(self.one.last.rows), "the read table has every change"
        return events

    def _moved(self, before: Ticket, after: Ticket, events: list[ev.Event]) -> None:
        """Each event moves the status by the table; what is new may have any."""
        status: Status = before.status
        for event in events:
            for one in event.changes:
                if one.field == "status":
                    assert isinstance(event, ev.Created) or one.value in MOVES[status], (status, one.value)
                    assert isinstance(event, ev.Created) or one.previous == status
                    status = one.value
        assert after.status == status or self.one.state.life == "gone"
        assert before.number in (0, after.number) and (after.number == 1 or self.one.state.life == "none")

    def _asked(self) -> None:
        """Epochs rise; what was withdrawn has nobody."""
        for each in self.one.to_routing():
            match each:
                case assignment.Enqueue(work) | assignment.Take(work):
                    epoch, agent = work.epoch, each.agent_id if isinstance(each, assignment.Take) else None
                    assert epoch > (self.asked or (0, None))[0]
                    self.asked = (epoch, agent)
                case assignment.Withdraw(_, epoch):
                    self.asked = (epoch, "")

    @initialize(desk=st.sampled_from([DESK, RULED]), chat=st.booleans(), survey=st.sampled_from(["off", "solved", "ended"]))
    def begin(self, desk: Desk, chat: bool, survey: Any) -> None:
        self.one.desk = replace(desk, tickets=replace(desk.tickets, survey=survey, close_after_s=60))
        self.tell(opening() if chat else cmd.Create(EVE, "ann", (), Comment("Help")))

    @rule(by=people, those=st.lists(changes, max_size=3).map(tuple), comment=comments, later_ms=st.sampled_from([1, 40_000, 4_000_000]))
    def updates(self, by: By, those: tuple[Change, ...], comment: Comment | None, later_ms: int) -> None:
        self.tell(cmd.Update(by, those, comment), later_ms)

    @rule(agent=agents, later=st.integers(0, 2))
    def opens(self, agent: str | None, later: int) -> None:
        self.tell(opening(self._later(later), agent_id=agent))

    @rule(who=st.sampled_from(["customer", "agent"]), agent=agents, later=st.integers(0, 2))
    def hears(self, who: Any, agent: str | None, later: int) -> None:
        self.tell(cmd.Heard(self._later(later), who, self.one.now_ms, agent))

    @rule(status=statuses, by=people, later=st.integers(0, 2))
    def follows(self, status: Status, by: By, later: int) -> None:
        self.tell(cmd.Follow(self._later(later), status, by))
        if self.one.ticket.conversation_id == CHAT and self.one.state.life == "live" and later and self.one.state.ref().status != status:
            assert self.one.noted() is not None, "the conversation is told where they differ"

    @rule(session=st.sampled_from(["active", "inactive", "ended"]), later=st.integers(0, 2))
    def sessions(self, session: Any, later: int) -> None:
        self.tell(cmd.TellSession(self._later(later), session))

    def _later(self, by: int) -> int:
        """A seq of the conversation: at times one that it has had."""
        self.seq += by
        return self.seq

    @rule(score=st.integers(0, 6), comment=st.sampled_from([None, "fine"]))
    def rates(self, score: int, comment: str | None) -> None:
        self.tell(cmd.Rate(score, 5, comment=comment))

    @rule(back=st.integers(0, 2), agent=st.sampled_from(sorted(AGENTS)), group=st.sampled_from([None, 1]))
    def is_assigned(self, back: int, agent: str, group: int | None) -> None:
        epoch = self.one.state.epoch - back
        wanted = self.asked is not None and self.asked[0] == epoch and self.asked[1] != ""
        events = self.tell(cmd.Assigned(epoch, agent, group))
        assert not events or wanted, "an older answer counts for nothing"
        if events and self.one.state.epoch == epoch and self.asked is not None:
            self.asked = (epoch, agent)

    @rule(back=st.integers(0, 2))
    def is_unassigned(self, back: int) -> None:
        epoch = self.one.state.epoch - back
        if self.tell(cmd.Unassigned(epoch, "gone")) and self.one.state.epoch == epoch:
            self.asked = (epoch, None)

    @rule(
        what=st.sampled_from(
            [
                cmd.Delete(EVE),
                cmd.Restore(EVE),
                cmd.Forget(),
                cmd.Spurned("conflict"),
                cmd.Undelivered("locked"),
                cmd.Unrouted("queue_full"),
            ]
        )
    )
    def other(self, what: cmd.Command) -> None:
        self.tell(what)

    @rule(by=people)
    def merges(self, by: By) -> None:
        self.tell(cmd.Merge(by, "e" * 24, 2))

    @rule(number=st.integers(2, 3))
    def is_taken_in(self, number: int) -> None:
        self.tell(cmd.Absorbed(EVE, number))

    @rule()
    def takes_in(self) -> None:
        self.tell(cmd.Absorb(EVE, "e" * 24, 2, "ann", Comment("#2 came here", False)))

    @rule()
    def is_erased(self) -> None:
        if len(self.one.rows) > 12:
            self.tell(cmd.Delete(EVE, forever=True))

    @rule(data=st.data(), later_ms=st.sampled_from([1, 60_000, 4_000_000]))
    def rings(self, data: st.DataObject, later_ms: int) -> None:
        """Late, twice, or what was cancelled."""
        self.tell(data.draw(st.sampled_from([cmd.Ring("desk"), *self.set])), later_ms)

    @invariant()
    def replay_gives_the_live_state(self) -> None:
        one = self.one
        assert one.replay() == one.state == state.decode(state.encode(one.state))
        json = msgspec.json.encode(one.ticket)
        assert msgspec.json.decode(json, type=Ticket) == one.ticket

    @invariant()
    def the_routing_knows_what_is_wanted(self) -> None:
        wish, ticket = self.one.state.wish, self.one.ticket
        if self.asked is not None:
            known = {"nothing": "", "queue": None, "agent": wish.agent_id}[wish.kind]
            assert (self.one.state.epoch, known) == self.asked
        if wish.kind == "agent":
            assert ticket.assignee_id == wish.agent_id and ticket.status in ("new", "open")

    @invariant()
    def it_stays_small(self) -> None:
        assert len(self.one.state.timers) <= 5 and len(self.one.ticket.rung) <= 10


TestTickets = Tickets.TestCase
TestTickets.settings = settings(max_examples=8, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.long
@pytest.mark.timeout(1_800)
class TestTicketsAtLength(Tickets.TestCase):
    """The same, for longer."""

    settings = settings(max_examples=1_000, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))
