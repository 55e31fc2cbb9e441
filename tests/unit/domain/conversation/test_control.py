"""Who has control of a conversation: how it changes hands, who may speak, who is refused. By example."""

from __future__ import annotations

import msgspec
import pytest

from actors.conversation import BOT, is_internal
from domain.bot import commands as bot
from domain.bot.effects import Said
from domain.conversation import commands as cmd
from domain.conversation import control
from domain.switchboard import Member, Switchboard
from tests import conversations as talk
from tests.controls import BOARD, BOT_AUTHOR, active, begun, code, failure, passed, pending, types
from tests.conversations import PEOPLE, PROGRAM, Conversation

# Default assignment.


def test_the_first_member_has_control_from_birth() -> None:
    """It is part of the creation, not an event of its own. Source: API contract, `conversation:create`."""
    one = begun()
    assert (1, "bot", 1) == (len(one.told), active(one), one.state.control.epoch)
    assert b'"activeSwitchboardIntegration":{"id":"bbbb' in one.bodies[0]
    assert begun().state == one.replay()


def test_a_first_message_makes_conversation_and_control() -> None:
    one = Conversation()
    outcome = one.tell(talk.post("ann", switchboard=BOARD, create=talk.create("ann")))
    assert (["conversation:create", "conversation:message"], 1) == (types(one, outcome), outcome.answers)
    assert b'"name":"bot"' in one.bodies[1]


def test_without_a_switchboard_nobody_has_control() -> None:
    one = Conversation()
    one.tell(talk.create("ann"))
    one.tell(talk.post("ann"))
    assert (None, 0, []) == (active(one), one.state.control.epoch, one.tell(talk.post("ann")).effects)


@pytest.mark.parametrize("command", [talk.post("ann", switchboard=BOARD), cmd.SendPostback("ann", "m", "x", talk.WEB, switchboard=BOARD)])
def test_the_customer_wakes_the_first_member_when_nobody_has_control(command: cmd.Command) -> None:
    one = begun()
    one.tell(cmd.ReleaseControl(BOARD))
    outcome = one.tell(command)
    assert ("causerie:responder:change", 1, "bot", 3) == (types(one, outcome)[0], outcome.answers, active(one), one.state.control.epoch)
    assert 1 == len(types(one, one.tell(command))), "and from then on it has it"


def test_a_member_that_is_gone_is_replaced_when_the_customer_acts() -> None:
    """Source: API contract, DeleteSwitchboardIntegration."""
    one = passed(PROGRAM)
    left = Switchboard(PEOPLE.id, (PEOPLE,))
    one.tell(talk.post(None, switchboard=left))
    assert "program" == active(one)
    one.tell(talk.post("ann", switchboard=left))
    assert ("people", 3) == (active(one), one.state.control.epoch)


# Pass, offer, accept, release.


@pytest.mark.parametrize(("to", "found"), [("f" * 24, "people"), ("people", "people"), ("custom", "program"), ("next", "program")])
def test_control_is_passed_by_id_name_type_or_next(to: str, found: str) -> None:
    one = begun()
    outcome = one.tell(cmd.PassControl(BOARD, to, {"first_message_id": "m"}))
    assert (["passControl"], found, 2) == (types(one, outcome), active(one), one.state.control.epoch)
    assert b'"metadata":{"first_message_id":"m"}' in one.bodies[-1]


def test_a_name_goes_before_a_type() -> None:
    board = talk.board(talk.BOT, Member("0" * 24, "custom", "program", "1" * 24, "other"))
    one = begun(board)
    one.tell(cmd.PassControl(board, "custom"))
    assert one.state.control.active and one.state.control.active.id == "0" * 24


def test_a_wrong_target_is_refused_and_told() -> None:
    """Source: API contract, `switchboard:passControl:failure`; what is ambiguous is an error."""
    twice = talk.board(talk.BOT, Member("0" * 24, "other", "program", "1" * 24, "custom"))
    one = begun(twice)
    assert ("switchboard_invalid_target", "Switchboard invalid target") == failure(one, cmd.PassControl(twice, "nobody", {"a": 1}))
    assert "several" in failure(one, cmd.PassControl(twice, "custom"))[1]
    one.tell(cmd.PassControl(twice, "other"))
    assert "next" in failure(one, cmd.OfferControl(twice, "next"))[1]


def test_control_is_passed_twice_without_a_second_event() -> None:
    one = passed(PEOPLE)
    assert [] == one.tell(cmd.PassControl(BOARD, "people")).bodies
    one.tell(cmd.OfferControl(BOARD, "bot"))
    assert ["passControl"] == types(one, one.tell(cmd.PassControl(BOARD, "people"))), "and it ends an offer"
    assert (2, None) == (one.state.control.epoch, pending(one))


def test_an_offer_is_accepted_by_whom_it_was_made_to() -> None:
    """Source: API contract, `switchboard:offerControl`, `switchboard:acceptControl`."""
    one = begun()
    one.tell(cmd.OfferControl(BOARD, "people", {"why": "asked"}))
    assert ("bot", "people", 1) == (active(one), pending(one), one.state.control.epoch)
    assert b'"pendingSwitchboardIntegration":{"id":"ffff' in one.bodies[-1]
    assert "forbidden" == code(one, cmd.AcceptControl(BOARD, asker=PROGRAM.id)) == code(one, cmd.AcceptControl(BOARD, asker=""))
    one.tell(cmd.AcceptControl(BOARD, asker=PEOPLE.id))
    assert ("people", None, 2) == (active(one), pending(one), one.state.control.epoch)


def test_a_new_offer_replaces_the_old_one() -> None:
    one = begun()
    one.tell(cmd.OfferControl(BOARD, "people"))
    one.tell(cmd.OfferControl(BOARD, "program"))
    assert "forbidden" == code(one, cmd.AcceptControl(BOARD, asker=PEOPLE.id))
    one.tell(cmd.AcceptControl(BOARD))
    assert "program" == active(one)


def test_offers_that_cannot_be_are_told() -> None:
    one = begun()
    assert (control.INVALID_TARGET, "Cannot offer control to the active switchboard integration.") == failure(
        one, cmd.OfferControl(BOARD, "bot")
    )
    assert (control.INVALID_ACTION, "There is no pendingSwitchboardIntegration") == failure(one, cmd.AcceptControl(BOARD, {"a": 1}))
    one.tell(cmd.OfferControl(BOARD, "people"))
    assert control.INVALID_ACTION == failure(one, cmd.AcceptControl(Switchboard(talk.BOT.id, (talk.BOT,))))[0]


def test_control_is_released_by_the_app_or_by_whom_has_it() -> None:
    one = begun()
    assert "forbidden" == code(one, cmd.ReleaseControl(BOARD, asker=PEOPLE.id))
    one.tell(cmd.ReleaseControl(BOARD, {"a": True}, asker=talk.BOT.id))
    assert (None, 2, b'{"id":"cccccccccccccccccccccccc","type":"personal"},"metadata":{"a":true}') == (
        active(one),
        one.state.control.epoch,
        one.bodies[-1].partition(b'"conversation":')[2][:-2],
    )
    assert [] == one.tell(cmd.ReleaseControl(BOARD)).bodies
    assert "forbidden" == code(one, cmd.ReleaseControl(BOARD, asker=talk.BOT.id))


def test_customers_see_nothing_of_it() -> None:
    one = begun()
    for command in (cmd.OfferControl(BOARD, "people"), cmd.AcceptControl(BOARD), cmd.PassControl(BOARD, "?"), cmd.ReleaseControl(BOARD)):
        one.tell(command)
        assert is_internal(one.bodies[-1])
    one.tell(talk.post("ann", switchboard=BOARD))
    assert [True, False] == [is_internal(body) for body in one.bodies[-2:]]


def test_the_table_of_moves_is_what_happens() -> None:
    """Each step from each phase leads where the table says, or is refused or nothing."""
    steps: dict[control.Step, cmd.Command] = {
        "assign": talk.post("ann", switchboard=BOARD),
        "pass": cmd.PassControl(BOARD, "people"),
        "offer": cmd.OfferControl(BOARD, "program"),
        "accept": cmd.AcceptControl(BOARD),
        "release": cmd.ReleaseControl(BOARD),
    }
    some = {"active": control.ref_of(talk.BOT), "pending": control.ref_of(PEOPLE)}
    for here, moves in control.MOVES.items():
        for step, command in steps.items():
            one = begun()
            kept = {name: ref for name, ref in some.items() if name.replace("pending", "offered") in here.split("_")}
            one.state = msgspec.structs.replace(one.state, control=type(one.state.control)(**kept))
            assert here == control.phase(one.state.control)
            one.tell(command)
            assert moves.get(step, here) == control.phase(one.state.control), (here, step)


# Who may speak.


def test_a_program_speaks_only_while_it_has_control() -> None:
    one = passed(PROGRAM)
    one.tell(talk.post(None, responder=PROGRAM.id))
    one.tell(cmd.PassControl(BOARD, "people"))
    assert "not_in_control" == code(one, talk.post(None, responder=PROGRAM.id))
    one.tell(talk.post(None, responder=PROGRAM.id, internal=True))
    one.tell(cmd.ReleaseControl(BOARD))
    assert "not_in_control" == code(one, talk.post(None, responder=PROGRAM.id))


def test_an_answer_of_an_earlier_epoch_is_not_heard() -> None:
    one = begun()
    one.tell(talk.post(None, epoch=1))
    for to in ("people", "bot"):
        one.tell(cmd.PassControl(BOARD, to))
    assert "not_in_control" == code(one, talk.post(None, epoch=1)), "the same member, and another time"
    assert "not_in_control" == code(one, cmd.Respond(1, BOT_AUTHOR, (Said(talk.text("late")),)))
    one.tell(talk.post(None, epoch=3))


def test_a_person_takes_control_by_writing() -> None:
    one = begun()
    outcome = one.tell(talk.post(None, switchboard=BOARD, takes=True))
    assert (["passControl", "conversation:message"], 1, "people") == (types(one, outcome), outcome.answers, active(one))
    assert b'"reason":"takenOver"' in one.bodies[-2]
    assert ["conversation:message"] == types(one, one.tell(talk.post(None, switchboard=BOARD, takes=True)))


def test_a_note_takes_nothing() -> None:
    one = begun()
    one.tell(talk.post(None, switchboard=BOARD, takes=True, internal=True))
    assert "bot" == active(one)


# Repeats.


def test_a_command_is_known_again_whatever_the_switchboard_is_by_then() -> None:
    other = talk.board(PEOPLE)
    for command in (talk.post("ann"), talk.create("ann"), cmd.ChangeStatus("open"), cmd.PassControl(BOARD, "bot")):
        now, then = (msgspec.structs.replace(command, switchboard=board) for board in (BOARD, other))
        assert cmd.encode(cmd.bare(now)) == cmd.encode(cmd.bare(then))
    assert talk.read("ann") == cmd.bare(talk.read("ann"))


@pytest.mark.parametrize("command", [cmd.DeleteMessages(), cmd.RemoveConversation()])
def test_what_is_deleted_is_deleted_with_the_bot(command: cmd.Command) -> None:
    """Also when it has lost control since; where nobody ever had control, there is no bot to tell."""
    one = passed(PEOPLE)
    outcome = one.tell(command)
    assert [bot.Forget()] == [bot.decode(each.payload) for each in outcome.effects if each.target == BOT]
    plain = Conversation()
    plain.tell(talk.create("ann"))
    assert [] == plain.tell(command).effects
