"""A conversation of Ann's with a switchboard, by its rules alone; and what tests of control ask of it."""

from __future__ import annotations

import msgspec
import pytest

from actors.conversation import BOT
from actors.kind import Outcome
from domain.bot import commands as bot
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.errors import HTTP_STATUS, Refused
from domain.switchboard import Member, Switchboard
from tests import conversations as talk
from tests.conversations import Conversation

BOARD = talk.board()
BOT_AUTHOR = ev.Author("business", ("bot",), display_name="Bot")


def begun(board: Switchboard = BOARD) -> Conversation:
    """A conversation of Ann's, in which the first member has control, at epoch 1."""
    one = Conversation()
    one.tell(talk.create("ann", switchboard=board))
    return one


def passed(to: Member, board: Switchboard = BOARD) -> Conversation:
    """At epoch 2."""
    one = begun(board)
    one.tell(cmd.PassControl(board, to.id))
    return one


def code(one: Conversation, command: cmd.Command) -> str:
    before = one.state
    with pytest.raises(Refused) as refused:
        one.tell(command)
    assert before == one.state and refused.value.code in HTTP_STATUS
    return refused.value.code


def active(one: Conversation) -> str | None:
    return one.state.control.active and one.state.control.active.name


def pending(one: Conversation) -> str | None:
    return one.state.control.pending and one.state.control.pending.name


def types(one: Conversation, outcome: Outcome) -> list[str]:
    return [event.type.removeprefix("switchboard:") for event in one.told[len(one.told) - len(outcome.bodies) :]]


def failure(one: Conversation, command: cmd.Command) -> tuple[str, str]:
    """(code, message): the same in the refusal and in the event that tells of it, which changes nothing else."""
    before = one.state
    outcome = one.tell(command)
    told = one.told[-1]
    assert isinstance(told, ev.FAILURES) and outcome.refusal is not None and outcome.answers == 0
    assert (outcome.refusal.code, outcome.refusal.title) == (told.error.code, told.error.message)
    assert before == msgspec.structs.replace(one.state, seq=before.seq, at_ms=before.at_ms)
    assert HTTP_STATUS[told.error.code] == 400
    return told.error.code, told.error.message


def heard(outcome: Outcome) -> list[bot.Hear]:
    found = [bot.decode(one.payload) for one in outcome.effects if one.target == BOT]
    assert all(isinstance(one, bot.Hear) for one in found)
    return found  # type: ignore[return-value]


def timers(outcome: Outcome) -> dict[str, int]:
    """Without that of the words that are read for searches, which has tests of its own."""
    return {one.name: one.due_ms for one in outcome.effects if one.target == "timer" and one.name != "words"}


def rung(outcome: Outcome, name: str) -> cmd.Command:
    """What a timer says when it rings."""
    return cmd.decode(next(one.payload for one in outcome.effects if one.name == name))
