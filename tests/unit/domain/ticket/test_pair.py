"""A conversation and its tickets, told things in any order while what they say to each other is on its way: they agree in the end."""

from __future__ import annotations

from collections import deque
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from actors.kind import Outcome
from domain.bot.effects import Said
from domain.conversation import commands as conversation
from domain.conversation.rules import STATUS_MOVES
from domain.errors import Refused
from domain.switchboard import Switchboard
from domain.ticket import commands as cmd
from domain.ticket.commands import Comment
from domain.ticket.events import Restored
from domain.ticket.model import MOVES, TicketRef
from tests import conversations as talk
from tests.conversations import PEOPLE
from tests.tickets import BOB, EVE, Told, update

AGENT = talk.ev.Author("business", ("agent",), None, "Eve", None, "eve")


class Pair(RuleBasedStateMachine):
    """`said` is on its way, in the order of each sender to each receiver, which is kept; nothing is lost, as effects are not."""

    def __init__(self) -> None:
        super().__init__()
        self.chat = talk.Conversation()
        self.tickets: dict[str, Told] = {}
        self.to_tickets: deque[tuple[str, bytes]] = deque()
        self.to_chat: dict[str, deque[bytes]] = {}

    @initialize(policy=st.sampled_from(["solved", "closed", "never"]), first=st.sampled_from([talk.BOT, PEOPLE]))
    def begin(self, policy: Any, first: Any) -> None:
        self.board: Switchboard = talk.board(first, hand_back=policy)
        self.tell(talk.create("ann", switchboard=self.board))

    def tell(self, command: conversation.Command, later_ms: int = 1_000) -> Outcome | None:
        try:
            outcome = self.chat.tell(command, later_ms)
        except Refused:
            return None
        for effect in outcome.effects:
            if effect.target.startswith("ticket/"):
                self.to_tickets.append((effect.target.partition("/")[2], effect.payload))
        return outcome

    def ask(self, identifier: str, command: cmd.Command) -> None:
        one = self.tickets.setdefault(identifier, Told(identifier=identifier, number=len(self.tickets) + 1))
        one.now_ms = max(one.now_ms, self.chat.now_ms)
        try:
            one.tell(command)
        except Refused:
            return
        for effect in one.last.effects:
            if effect.target.startswith("conversation/"):
                self.to_chat.setdefault(identifier, deque()).append(effect.payload)

    @rule(later_ms=st.sampled_from([1, 700_000]))
    def customer_writes(self, later_ms: int) -> None:
        self.tell(talk.post("ann", switchboard=self.board), later_ms)

    @rule()
    def agent_writes(self) -> None:
        self.tell(msgspec.structs.replace(talk.post(None, switchboard=self.board, takes=True), author=AGENT))

    @rule(then=st.sampled_from(["stay", "next", "solve"]))
    def bot_answers(self, then: Any) -> None:
        said = (Said(talk.text("x")),)
        self.tell(conversation.Respond(self.chat.state.control.epoch, talk.ev.Author("business", ("bot",)), said, then, heir=PEOPLE))

    @rule(to=st.sampled_from(["bot", "people"]))
    def control_is_passed(self, to: str) -> None:
        self.tell(conversation.PassControl(self.board, to))

    @rule(status=st.sampled_from(sorted(STATUS_MOVES)))
    def agent_sets_the_status(self, status: Any) -> None:
        self.tell(conversation.ChangeStatus(status, self.board, "eve"))

    @rule(by=st.sampled_from(["user", "agent"]))
    def session_ends(self, by: Any) -> None:
        self.tell(conversation.EndSession(by, "ann" if by == "user" else "eve", self.board))

    @rule()
    def session_rests(self) -> None:
        self.tell(conversation.RestSession(), 700_000)

    @rule(data=st.data(), status=st.sampled_from(sorted(MOVES)), says=st.booleans())
    def api_updates(self, data: st.DataObject, status: Any, says: bool) -> None:
        if self.tickets:
            self.ask(data.draw(st.sampled_from(sorted(self.tickets))), update(BOB, Comment("So") if says else None, status=status))

    @rule(data=st.data(), what=st.sampled_from([cmd.Delete(EVE), cmd.Restore(EVE)]))
    def api_deletes(self, data: st.DataObject, what: cmd.Command) -> None:
        if self.tickets:
            self.ask(data.draw(st.sampled_from(sorted(self.tickets))), what)

    @rule(data=st.data())
    def routing_assigns(self, data: st.DataObject) -> None:
        if self.tickets:
            identifier = data.draw(st.sampled_from(sorted(self.tickets)))
            self.ask(identifier, cmd.Assigned(self.tickets[identifier].state.epoch, "bob", 2))

    @rule()
    def a_ticket_hears(self) -> None:
        if self.to_tickets:
            identifier, payload = self.to_tickets.popleft()
            self.ask(identifier, cmd.decode(payload))

    @rule(data=st.data())
    def the_conversation_hears(self, data: st.DataObject) -> None:
        waiting = sorted(name for name, those in self.to_chat.items() if those)
        if waiting:
            self.tell(conversation.decode(self.to_chat[data.draw(st.sampled_from(waiting))].popleft()))

    def teardown(self) -> None:
        """Everything arrives; then both say the same, and there is one ticket that is not closed, at most."""
        for _ in range(1_000):
            if self.to_tickets:
                self.a_ticket_hears()
            elif any(self.to_chat.values()):
                self.tell(conversation.decode(next(those for those in self.to_chat.values() if those).popleft()))
            else:
                break
        else:
            raise AssertionError("they never come to an end")
        self._agree()

    def _agree(self) -> None:
        link = self.chat.state.ticket
        assert (link is None) == (not self.tickets)
        if link is None:
            return
        ticket = self.tickets[link.ref.id]
        assert _plain(link.ref) == _plain(ticket.state.ref()) and not link.awaited
        assert ticket.state.ref().status == self.chat.state.status
        others = [one.state.ref().status for name, one in self.tickets.items() if name != link.ref.id and not _was_restored(one)]
        assert set(others) <= {"closed"}, "one ticket at a time"
        assert self.chat.replay() == self.chat.state
        if ticket.state.ref().status != "closed":  # which is told nothing any more
            assert self.chat.state.session == ticket.ticket.session


def _was_restored(one: Told) -> bool:
    """Who fetches a ticket back has it beside the one that followed it."""
    return any(isinstance(event, Restored) for event in one.told)


def _plain(ref: TicketRef) -> TicketRef:
    return msgspec.structs.replace(ref, revision=0)


TestPair = Pair.TestCase
TestPair.settings = settings(max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.long
class TestPairAtLength(Pair.TestCase):
    """The same, for longer."""

    settings = settings(max_examples=1_000, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))
