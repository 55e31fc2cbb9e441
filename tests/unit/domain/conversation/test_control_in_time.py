"""Control that changes hands by itself: given back when solved or idle, taken from who is silent. By example."""

from __future__ import annotations

import msgspec
import pytest

from actors.kind import Outcome
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.switchboard import HandBack, Switchboard
from tests import conversations as talk
from tests.controls import BOARD, active, begun, heard, passed, rung, timers, types
from tests.conversations import PEOPLE, PROGRAM, Conversation

# Hand-back.


@pytest.mark.parametrize(
    ("policy", "statuses", "reasons"),
    [
        ("solved", ["solved", "closed"], ["ticketSolved", None]),
        ("solved", ["closed"], ["ticketClosed"]),
        ("closed", ["solved", "closed"], [None, "ticketClosed"]),
        ("never", ["solved", "closed"], [None, None]),
    ],
)
def test_control_goes_back_with_the_status_as_the_app_likes(policy: HandBack, statuses: list[ev.Status], reasons: list[str | None]) -> None:
    board = talk.board(hand_back=policy)
    one = passed(PEOPLE, board)
    for status, reason in zip(statuses, reasons, strict=True):
        outcome = one.tell(cmd.ChangeStatus(status, board))
        told = one.told[-1]
        assert 0 == outcome.answers
        assert reason == (told.reason if isinstance(told, ev.ControlReleased) else None)
    one.tell(talk.post("ann", switchboard=board))
    assert ("people" if policy == "never" else "bot") == active(one)


def test_after_a_set_idle_time_control_goes_back() -> None:
    """By a timer, one in each exchange at most; while something is said it goes on."""
    board = talk.board(idle_s=60)
    one = begun(board)
    outcome = one.tell(cmd.PassControl(board, "people"))
    assert {"idle": one.now_ms + 60_000} == timers(outcome)
    command = rung(outcome, "idle")
    asked = one.tell(talk.post("ann", switchboard=board), later_ms=30_000)
    assert {"idle", "session"} == set(timers(asked)) and {} == timers(one.tell(talk.post("ann", switchboard=board)))
    again = one.tell(command, later_ms=30_000)
    assert ([], {"idle": one.state.last_message_ms + 60_000}) == (again.bodies, timers(again))
    last = one.tell(command, later_ms=30_001)
    assert (["releaseControl"], {}) == (types(one, last), timers(last))
    assert b'"reason":"idle"' in one.bodies[-1]
    assert ([], {}) == (one.tell(command).bodies, timers(one.tell(command)))


def test_a_message_after_the_idle_time_finds_the_first_member() -> None:
    """Also when no timer was set, or it is late."""
    board = talk.board(idle_s=60)
    one = passed(PEOPLE)
    outcome = one.tell(talk.post("ann", switchboard=board), later_ms=60_000)
    assert (["releaseControl", "causerie:responder:change", "conversation:message"], 2) == (types(one, outcome), outcome.answers)
    assert ["message"] == [each.what for each in heard(outcome)]


def test_the_idle_time_is_not_that_of_the_first_member() -> None:
    board = talk.board(idle_s=60)
    one = begun(board)
    one.tell(talk.post("ann", switchboard=board))
    assert ["conversation:message"] == types(one, one.tell(talk.post("ann", switchboard=board), later_ms=61_000))


# Patience.


def waiting() -> tuple[Conversation, Outcome]:
    """The customer asked a program, which has 20 s."""
    one = passed(PROGRAM)
    return one, one.tell(talk.post("ann", switchboard=BOARD))


def test_a_silent_program_loses_control_to_the_next() -> None:
    one, asked = waiting()
    assert {"patience": one.now_ms + 20_000} == timers(asked)
    outcome = one.tell(rung(asked, "patience"), later_ms=20_000)
    assert (["passControl", "causerie:ticket:open"], "people") == (types(one, outcome), active(one))
    assert b'"reason":"noAnswer"' in one.bodies[-2]
    counted = [one for one in outcome.effects if one.target == "patience"]
    assert [cmd.CountSilence(PROGRAM.id)] == [cmd.decode(each.payload) for each in counted]
    assert [] == one.tell(cmd.CountSilence(PROGRAM.id)).bodies


def test_the_customer_who_writes_more_does_not_give_more_time() -> None:
    one, _ = waiting()
    assert {} == timers(one.tell(talk.post("ann", switchboard=BOARD)))


@pytest.mark.parametrize("command", [talk.post(None, responder=PROGRAM.id), cmd.PassControl(BOARD, "people"), cmd.DeleteMessages()])
def test_a_program_that_answers_or_passes_keeps_its_good_name(command: cmd.Command) -> None:
    one, asked = waiting()
    one.tell(command)
    late = one.tell(rung(asked, "patience"), later_ms=20_000)
    assert ([], []) == (late.bodies, late.effects)


def test_a_program_that_gets_control_of_a_waiting_customer_has_its_time_too() -> None:
    one = passed(PEOPLE)
    one.tell(talk.post("ann", switchboard=BOARD))
    assert {"patience": one.now_ms + 10_000 + 20_000} == timers(one.tell(cmd.PassControl(BOARD, "program"), later_ms=10_000))


def test_without_a_next_member_nobody_has_control() -> None:
    alone = msgspec.structs.replace(PROGRAM, next_id=None)
    board = Switchboard(alone.id, (alone,))
    one = begun(board)
    asked = one.tell(talk.post("ann", switchboard=board))
    assert ["releaseControl"] == types(one, one.tell(rung(asked, "patience"), later_ms=20_000))


def test_a_program_without_a_time_is_waited_for() -> None:
    calm = msgspec.structs.replace(PROGRAM, patience_s=None)
    board = Switchboard(calm.id, (calm,))
    assert [] == begun(board).tell(talk.post("ann", switchboard=board)).effects
