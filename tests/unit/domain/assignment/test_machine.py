"""Whatever is told in whatever order: no work has two agents, nobody has too much, and nothing waits for whom there is somebody."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from domain.assignment import commands as cmd
from domain.assignment import events as ev
from domain.assignment.eligible import groups_of, open_for, seat_of
from domain.assignment.index import Index, Place, Pool
from domain.assignment.life import LIFE, NOWHERE
from domain.assignment.state import Agent, Piece, State, decode, encode, evolve, line_of
from domain.desk import model
from domain.desk.model import CapacityRule, Desk, Queue
from domain.errors import Refused
from tests.routings import ANN, APP, BOB, EVE, HELP, LATE, SALES, SAM, App, a_desk, ticket_id, work

PEOPLE = (ANN, BOB, EVE, SAM)
people = st.sampled_from(PEOPLE)
tickets = st.integers(0, 11)
QUEUES = (
    Queue(5, "Quick", priority=1, primary_groups=(SALES,), secondary_groups=(HELP,), overflow_after_s=40),
    Queue(6, "Any", priority=2),
)


@st.composite
def desks(draw: st.DrawFn) -> Desk:
    desk = a_desk(
        queues=QUEUES,
        strategy=draw(st.sampled_from(["highest_spare_capacity", "round_robin", "longest_idle"])),
        offer_s=draw(st.sampled_from([0, 20])),
        skills_timeout_s=draw(st.sampled_from([0, 30])),
        idle_timeout_s=draw(st.sampled_from([0, 200])),
        disconnect_grace_s=draw(st.sampled_from([0, 30])),
    )
    rules = {
        1: CapacityRule(1, "All", {"messaging": draw(st.integers(0, 2)), "email": 1}, {}, draw(st.sampled_from([0.0, 0.5])), True),
        2: CapacityRule(2, "Much", {"messaging": 3}, {"messaging": 1.5}),
    }  # fmt: skip
    agents = {
        name: replace(one, skills=draw(st.sampled_from([(), (1,), (1, 2)])), capacity_rule=draw(st.sampled_from([None, 2])))
        for name, one in desk.agents.items()
        if name != SAM or draw(st.booleans())
    }
    statuses = {7: model.CustomStatus(7, "Lunch", {"messaging": "away", "email": "online"})}
    return replace(desk, capacity_rules=rules, agents=agents, statuses=statuses, groups={**desk.groups, LATE: model.Group(LATE, "Late")})


class Routings(RuleBasedStateMachine):
    """`epochs` is the newest wish of each ticket."""

    @initialize(desk=desks())
    def begin(self, desk: Desk) -> None:
        self.app, self.desk = App(desk), desk
        self.epochs: dict[int, int] = {}
        self.gave: list[ev.Event] = []

    def tell(self, command: cmd.Command, later_ms: int = 500) -> None:
        self.app.now_ms += later_ms
        before = self.app.state
        try:
            told = self.app.tell(command)
        except Refused:
            assert before == self.app.state
            return
        self._check_given(told)
        self._check_lives(before, told)

    def _check_lives(self, state: State, told: list[ev.Event]) -> None:
        """Every step of every piece is one that the table knows."""
        for event in told:
            after = evolve(state, state.seq + 1, self.app.state.at_ms, event)
            ticket = getattr(event, "ticket_id", None)
            if ticket is not None and not isinstance(event, ev.ActivityChanged):
                assert _stage(after, ticket) in LIFE[_stage(state, ticket), type(event)]
            state = after

    def _check_given(self, told: list[ev.Event]) -> None:
        """Who is given work by the routing has room for it: seen right after the turn, in which loads only grew by what was given."""
        for event in told:
            if isinstance(event, ev.Offered) or (isinstance(event, ev.Assigned) and event.how == "automatic"):
                piece = self.app.state.pieces.get(event.ticket_id)
                if piece is not None and event.agent_id in piece.hands:
                    seat, channel = seat_of(self.desk, event.agent_id), piece.work.channel
                    assert seat is not None
                    assert _load(self.app, event.agent_id, channel) <= seat.limit(channel) + 1e-6

    def a_work(self, n: int, given: dict[str, Any]) -> cmd.Work:
        self.epochs[n] = self.epochs.get(n, 0) + 1
        return work(n, epoch=self.epochs[n], **given)

    wishes = st.fixed_dictionaries({
        "queue": st.sampled_from([0, 0, 5, 6, 77]),
        "group": st.sampled_from([None, SALES, HELP]),
        "priority": st.integers(0, 3),
        "due_ms": st.sampled_from([0, 5, 9]),
        "skills": st.sampled_from([(), (), (1,), (2,)]),
        "channel": st.sampled_from(["messaging", "messaging", "email"]),
        "active": st.booleans(),
    })  # fmt: skip

    @rule(n=tickets, given=wishes)
    def enqueue(self, n: int, given: dict[str, Any]) -> None:
        self.tell(cmd.Enqueue(self.a_work(n, given)))

    @rule(n=tickets, given=wishes, agent=people)
    def take(self, n: int, given: dict[str, Any], agent: str) -> None:
        self.tell(cmd.Take(self.a_work(n, given), agent))

    @rule(n=tickets, late=st.booleans())
    def withdraw(self, n: int, late: bool) -> None:
        self.tell(cmd.Withdraw(ticket_id(n), self.epochs.get(n, 0) - late))

    @rule(n=tickets, active=st.booleans())
    def activity(self, n: int, active: bool) -> None:
        self.tell(cmd.SetActive(ticket_id(n), active))

    @rule(agent=people, status=st.sampled_from(["online", "online", "online", "away", "offline", "transfers_only", "7"]))
    def status(self, agent: str, status: str) -> None:
        self.tell(cmd.SetStatus(agent, status))

    @rule(agent=people, n=tickets, accepts=st.booleans())
    def answer(self, agent: str, n: int, accepts: bool) -> None:
        offered = next((piece.offer for piece in [self.app.state.pieces.get(ticket_id(n))] if piece is not None), None)
        who = offered or agent
        self.tell(cmd.Accept(who, ticket_id(n)) if accepts else cmd.Decline(who, ticket_id(n)))

    @rule(by=people, n=tickets, to=st.one_of(people, st.sampled_from([None, SALES, HELP]), st.sampled_from(["queue 0", "queue 5"])))
    def transfer(self, by: str, n: int, to: str | int | None) -> None:
        if isinstance(to, str) and to.startswith("queue"):
            self.tell(cmd.Transfer(by, ticket_id(n), queue=int(to[6:])))
        elif isinstance(to, str):
            self.tell(cmd.Transfer(by, ticket_id(n), agent_id=to))
        else:
            self.tell(cmd.Transfer(by, ticket_id(n), group=to))

    @rule(gateway=st.sampled_from(["g1", "g2"]), agents=st.frozensets(people))
    def present(self, gateway: str, agents: frozenset[str]) -> None:
        self.tell(cmd.Present(gateway, tuple(sorted(agents)), 60_000, tuple(sorted(agents))))

    @rule(seconds=st.sampled_from([1, 11, 31, 61, 300]))
    def time_passes(self, seconds: int) -> None:
        self.tell(cmd.Ring("wake"), seconds * 1000)

    @rule(desk=desks())
    def the_desk_changes(self, desk: Desk) -> None:
        self.desk = replace(desk, version=self.desk.version + 1)
        self.app.set_desk(self.desk)
        self.tell(cmd.Refresh())

    @rule()
    def the_host_dies(self) -> None:
        """The next one knows what the journal says, and nothing of what was kept beside."""
        self.app.state = self.app.replayed()

    @invariant()
    def replay_gives_the_live_state(self) -> None:
        assert self.app.replayed() == self.app.state == decode(encode(self.app.state))

    @invariant()
    def agents_count_what_they_have(self) -> None:
        for agent in self.app.state.agents.values():
            mine = [piece for piece in self.app.state.pieces.values() if piece.agent == agent.id]
            assert len(mine) == agent.count
            assert (agent.idle_ms == 0) == bool(mine)

    @invariant()
    def the_index_is_as_if_made_anew(self) -> None:
        if self.app.state.desk != self.desk.version:
            return
        kept = self.app.index
        fresh = Index(self.app.state, self.desk, kept.at_ms)
        for name in ("agents", "pieces", "held", "places", "pools", "ranks", "ready"):
            assert _plain(getattr(fresh, name), fresh) == _plain(getattr(kept, name), fresh), name
        for line in map(line_of, (piece.work for piece in self.app.state.pieces.values())):
            assert fresh.first(line, 100) == kept.first(line, 100)

    @precondition(lambda self: self.app.state.seq)
    @invariant()
    def nothing_waits_for_whom_there_is_somebody(self) -> None:
        """A look at every pair: the index must not have forgotten one. Right after the timer has rung, so that nothing is due."""
        self.app.tell(cmd.Ring("wake"))
        for piece in self.app.state.pieces.values():
            if piece.stage == "waiting":
                assert [] == [agent.id for agent in self.app.state.agents.values() if self._may(agent, piece)]

    def _may(self, agent: Agent, piece: Piece) -> bool:
        work, seat, now = piece.work, seat_of(self.desk, agent.id), self.app.now_ms
        if seat is None or piece.again_ms(agent.id) > now:
            return False
        there = open_for(agent, work.channel)
        if not (there == "work" or (there == "transfers" and piece.transfer)):
            return False
        timeout_s = self.desk.routing.skills_timeout_s
        relaxed = timeout_s and now >= piece.since_ms + timeout_s * 1000
        overflow_s = next((queue.overflow_after_s for queue in self.desk.queues if queue.id == work.queue), math.inf)
        groups = groups_of(self.desk, work, now >= piece.since_ms + overflow_s * 1000)
        room = _load(self.app, agent.id, work.channel) + seat.weight(work.channel) <= seat.limit(work.channel) + 1e-6
        return bool((relaxed or set(work.skills) <= seat.skills) and set(groups) & set(seat.groups) and room)


def _stage(state: State, ticket: str) -> str:
    piece = state.pieces.get(ticket)
    return NOWHERE if piece is None else piece.stage


def _load(app: App, agent_id: str, channel: str) -> float:
    """By a look at all work."""
    seat = seat_of(app.kind._desks[APP], agent_id)
    assert seat is not None
    return sum(
        seat.weight(channel, piece.work.active)
        for piece in app.state.pieces.values()
        for hand in piece.hands
        if hand == agent_id and piece.work.channel == channel
    )


def _plain(value: dict[Any, Any], index: Index) -> dict[Any, Any]:
    """Without what is there by its identity alone, and without channels of which there is no work any more."""
    plain = {}
    for key, one in value.items():
        if isinstance(one, dict):
            one = {inner: each for inner, each in one.items() if inner in index.channels or not isinstance(each, tuple)}
        if isinstance(one, Place):
            one = (one.pool.line, one.order, one.pool.key)
        if isinstance(one, Pool):
            one = one.orders
        if one and not (isinstance(key, tuple) and key[0] not in index.channels):
            plain[key] = one
    return plain


TestRoutings = Routings.TestCase
TestRoutings.settings = settings(max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.long
@pytest.mark.timeout(1_800)
class TestRoutingsAtLength(Routings.TestCase):
    """The same, for longer."""

    settings = settings(max_examples=2_000, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck))
