"""Whatever is told in whatever order: one member has control at most, its epoch only rises, and nothing stale is shown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from actors.conversation import BOT
from actors.kind import Outcome
from domain.bot import commands as bot
from domain.bot.effects import Said
from domain.conversation import commands as cmd
from domain.conversation import control, state
from domain.conversation import events as ev
from domain.errors import Refused
from domain.switchboard import Member, Switchboard
from tests import conversations as talk

MEMBERS = (talk.BOT, talk.PROGRAM, talk.PEOPLE)
BOT_AUTHOR = ev.Author("business", ("bot",))
targets = st.sampled_from(["next", "bot", "program", "people", "nobody", "custom"])
askers = st.sampled_from([None, "", *(one.id for one in MEMBERS)])
heirs = st.sampled_from([None, *MEMBERS])


@st.composite
def boards(draw: st.DrawFn) -> Switchboard:
    """Members come and go, the bot has a release or not, and the policy is any."""
    members = draw(st.lists(st.sampled_from(MEMBERS), min_size=1, unique=True).map(tuple))
    idle_s, hand_back = draw(st.sampled_from([None, 30])), draw(st.sampled_from(["solved", "closed", "never"]))
    return talk.board(draw(st.sampled_from(members)), members=members, hand_back=hand_back, idle_s=idle_s)


class Controls(RuleBasedStateMachine):
    """`told` is who had control, by epoch, as the events tell it; the timers are those that may still ring, late or twice."""

    def __init__(self) -> None:
        super().__init__()
        self.one = talk.Conversation()
        self.holders: dict[int, str | None] = {0: None}
        self.timers: list[cmd.Command] = []

    def tell(self, command: cmd.Command, later_ms: int = 1_000) -> Outcome | None:
        before = self.one.state
        try:
            outcome = self.one.tell(command, later_ms)
        except Refused:
            assert before == self.one.state
            return None
        after = self.one.state.control
        assert before.control.epoch <= after.epoch <= before.control.epoch + 2
        assert (before.control.epoch == after.epoch) <= (_id(before.control.active) == _id(after.active))
        self.holders[after.epoch] = _id(after.active)
        self.timers += [cmd.decode(each.payload) for each in outcome.effects if each.target == "timer"]
        self._check_asks(outcome, command)
        return outcome

    def _check_asks(self, outcome: Outcome, command: cmd.Command) -> None:
        """A bot is asked only with control, by the epoch that holds after the turn."""
        for each in outcome.effects:
            if each.target == BOT:
                hear = bot.decode(each.payload)
                assert isinstance(hear, bot.Hear) and hear.epoch == self.one.state.control.epoch
                assert _id(self.one.state.control.active) == talk.BOT.id
                assert hear.seq <= self.one.state.seq and hear.heir in (None, talk.PROGRAM)

    @initialize(board=st.none() | boards())
    def begin(self, board: Switchboard | None) -> None:
        self.tell(talk.create("ann", switchboard=board))

    @rule(board=st.none() | boards(), later_ms=st.sampled_from([1, 40_000]))
    def customer_writes(self, board: Switchboard | None, later_ms: int) -> None:
        self.tell(talk.post("ann", switchboard=board), later_ms)
        if board is not None:
            assert board.member(_id(self.one.state.control.active)) is not None, "somebody is there to answer"

    @rule(board=boards())
    def customer_presses(self, board: Switchboard) -> None:
        self.tell(cmd.SendPostback("ann", "m", "x", talk.WEB, switchboard=board))

    @rule(board=boards())
    def person_writes(self, board: Switchboard) -> None:
        self.tell(talk.post(None, switchboard=board, takes=True))
        assert board.agents() is None or _id(self.one.state.control.active) == talk.PEOPLE.id

    @rule(who=st.sampled_from(MEMBERS), epoch=st.none() | st.integers(0, 9))
    def program_writes(self, who: Member, epoch: int | None) -> None:
        now = self.one.state.control
        heard = self.tell(talk.post(None, responder=who.id, epoch=epoch))
        assert (heard is not None) == (_id(now.active) == who.id and epoch in (None, now.epoch))

    @rule(back=st.integers(0, 3), then=st.sampled_from(["stay", "next", "release", "solve"]), heir=heirs, words=st.integers(0, 2))
    def bot_answers(self, back: int, then: Any, heir: Member | None, words: int) -> None:
        """Also one that lost control since it was asked, and then gets it again."""
        now = self.one.state.control
        epoch = max(0, now.epoch - back)
        said = tuple(Said(talk.text("x")) for _ in range(words))
        heard = self.tell(cmd.Respond(epoch, BOT_AUTHOR, said, then, heir=heir))
        assert (heard is not None) == (now.active is not None and epoch == now.epoch)

    @rule(board=boards(), to=targets)
    def passes(self, board: Switchboard, to: str) -> None:
        self._tells_of_it(cmd.PassControl(board, to), control.target(board, to, self.one.state))

    @rule(board=boards(), to=targets)
    def offers(self, board: Switchboard, to: str) -> None:
        command = cmd.OfferControl(board, to)
        self._tells_of_it(command, control.offer_target(command, self.one.state))

    def _tells_of_it(self, command: cmd.Command, found: Member | control.Unfit) -> None:
        outcome = self.tell(command)
        assert outcome is not None and (outcome.refusal is not None) == isinstance(found, control.Unfit)

    @rule(board=boards(), asker=askers)
    def accepts(self, board: Switchboard, asker: str | None) -> None:
        pending = _id(self.one.state.control.pending)
        outcome = self.tell(cmd.AcceptControl(board, asker=asker))
        if outcome is not None and outcome.refusal is None:
            assert asker in (None, pending) and _id(self.one.state.control.active) == pending

    @rule(board=boards(), asker=askers)
    def releases(self, board: Switchboard, asker: str | None) -> None:
        active = _id(self.one.state.control.active)
        assert (self.tell(cmd.ReleaseControl(board, asker=asker)) is not None) == (asker is None or asker == active)

    @rule(board=boards(), to=st.sampled_from(["open", "solved", "closed"]))
    def status_changes(self, board: Switchboard, to: ev.Status) -> None:
        self.tell(cmd.ChangeStatus(to, board))

    @precondition(lambda self: self.timers)
    @rule(data=st.data(), later_ms=st.sampled_from([1, 40_000]))
    def timer_rings(self, data: st.DataObject, later_ms: int) -> None:
        assert self.tell(data.draw(st.sampled_from(self.timers)), later_ms) is not None

    @invariant()
    def each_epoch_is_one_members(self) -> None:
        now = self.one.state.control
        assert self.holders[now.epoch] == _id(now.active)
        assert now.pending is None or _id(now.pending) != _id(now.active) or now.active is None

    @invariant()
    def replay_gives_the_live_state(self) -> None:
        assert self.one.replay() == self.one.state == state.decode(state.encode(self.one.state))


def _id(ref: ev.MemberRef | None) -> str | None:
    return None if ref is None else ref.id


TestControls = Controls.TestCase
TestControls.settings = settings(max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.long
class TestControlsAtLength(Controls.TestCase):
    """The same, for longer."""

    settings = settings(max_examples=1_000, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))
