"""When what is said in a conversation is read for its ticket: once for many messages, and never before they are committed."""

from __future__ import annotations

from actors.kind import Outcome
from domain.conversation import commands as cmd
from domain.ticket import reading
from storage.ports import NewEffect
from tests import conversations as talk
from tests.conversations import PEOPLE, Conversation

BOARD = talk.board(PEOPLE)


def timers(outcome: Outcome) -> list[NewEffect]:
    return [one for one in outcome.effects if one.name == "words"]


def begun() -> Conversation:
    chat = Conversation()
    chat.tell(talk.create("ann", switchboard=BOARD))
    chat.tell(talk.post("ann", switchboard=BOARD))
    return chat


def test_many_messages_are_one_reading() -> None:
    chat = begun()
    told = [one for _ in range(120) for one in timers(chat.tell(talk.post("ann", switchboard=BOARD), 1_000))]
    assert 4 == len(told)
    assert all(one.due_ms % reading.TOGETHER_MS == reading.COMMITTED_MS for one in told)


def test_every_message_is_read_after_it_was_decided() -> None:
    chat = begun()
    last = 0
    for later_ms in (30_000, 7, 29_000, 999, 30_000, 61_000, 1):
        for one in timers(chat.tell(talk.post(None, switchboard=BOARD), later_ms)):
            last = one.due_ms
        assert chat.now_ms + reading.COMMITTED_MS <= last


def test_the_timer_asks_for_the_ticket_that_there_is() -> None:
    chat = begun()
    assert chat.state.ticket is not None
    outcome = chat.tell(cmd.ReadWords())
    assert [reading.Read(chat.state.ticket.ref.id)] == [reading.decode(one.payload) for one in outcome.effects]
    assert [] == Conversation().tell(cmd.ReadWords()).effects


def test_without_a_ticket_nothing_is_read() -> None:
    chat = Conversation()
    chat.tell(talk.create("ann"))
    assert [] == timers(chat.tell(talk.post("ann")))
