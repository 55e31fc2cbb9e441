"""Who has control of a conversation: how it changes hands, who is refused, and what is asked of a bot. By example."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from actors.conversation import BOT, is_internal
from actors.kind import Outcome
from domain.bot import commands as bot
from domain.bot.effects import Said
from domain.conversation import commands as cmd
from domain.conversation import control
from domain.conversation import events as ev
from domain.errors import HTTP_STATUS, Refused
from domain.switchboard import HandBack, Member, Switchboard
from tests import conversations as talk
from tests.conversations import PEOPLE, PROGRAM, Conversation

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
    return {one.name: one.due_ms for one in outcome.effects if one.target == "timer"}


def rung(outcome: Outcome, name: str) -> cmd.Command:
    """What a timer says when it rings."""
    return cmd.decode(next(one.payload for one in outcome.effects if one.name == name))


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


# What a bot says.


def respond(one: Conversation, *words: str, **fields: Any) -> Outcome:
    said = tuple(Said(talk.text(each), {"n": n}) for n, each in enumerate(words))
    return one.tell(cmd.Respond(one.state.control.epoch, BOT_AUTHOR, said, **fields))


def test_a_bot_says_all_of_one_turn_at_once() -> None:
    one = begun()
    outcome = respond(one, "a", "b")
    assert ([2, 3], 0, "bot") == ([row.seq for row in one.rows[1:]], outcome.answers, active(one))
    last = one.told[-1]
    assert isinstance(last, ev.MessagePosted)
    assert (talk.text("b"), {"n": 1}, BOT_AUTHOR) == (bytes(last.message.content), last.message.metadata, last.message.author)
    assert last.message.id.endswith("00000003") and [] == respond(one).bodies


def test_what_is_drawn_from_sources_says_so() -> None:
    one = begun()
    sources = b'[{"uri":"https://example.org/a"}]'
    one.tell(cmd.Respond(1, BOT_AUTHOR, (Said(talk.text("from an article"), None, sources, True), Said(talk.text("written")))))
    told = [event.message for event in one.told[1:] if isinstance(event, ev.MessagePosted)]
    assert [("AI", "bot"), ("bot",)] == [message.author.subtypes for message in told]
    assert sources == bytes(told[0].references)  # type: ignore[arg-type]


def test_all_or_nothing_at_the_limit_of_messages() -> None:
    one = begun()
    assert "locked" == code(one, cmd.Respond(1, BOT_AUTHOR, (Said(talk.text("a")), Said(talk.text("b"))), limit=1))


@pytest.mark.parametrize(
    ("then", "told", "who"),
    [
        ({"then": "next", "heir": PEOPLE, "metadata": {"order": 7}}, ["passControl"], "people"),
        ({"then": "next"}, ["releaseControl"], None),
        ({"then": "release"}, ["releaseControl"], None),
        ({"then": "solve"}, ["causerie:status:change", "releaseControl"], None),
    ],
)
def test_a_bot_leaves_with_its_last_words(then: dict[str, Any], told: list[str], who: str | None) -> None:
    one = begun()
    outcome = respond(one, "bye", **then)
    assert (["conversation:message", *told], who, 2) == (types(one, outcome), active(one), one.state.control.epoch)
    assert "not_in_control" == code(one, cmd.Respond(1, BOT_AUTHOR, (Said(talk.text("late")),)))


def test_a_bot_solves_what_is_solved_already() -> None:
    one = begun()
    one.tell(cmd.ChangeStatus("solved"))
    one.tell(cmd.PassControl(BOARD, "bot"))
    assert ["releaseControl"] == types(one, respond(one, then="solve"))


# What a bot hears.


def test_a_bot_hears_what_the_customer_does() -> None:
    one = begun()
    said = one.tell(talk.post("ann", switchboard=BOARD))
    assert [bot.Hear(1, 2, "message", "ann", "hello", start=BOARD.bot, heir=PROGRAM)] == heard(said)
    pressed = one.tell(cmd.SendPostback("ann", "m", "yes", talk.WEB, switchboard=BOARD))
    assert [bot.Hear(1, 3, "postback", "ann", payload="yes", start=BOARD.bot, heir=PROGRAM)] == heard(pressed)


def test_a_bot_hears_the_payload_of_a_reply_and_the_answers_of_a_form() -> None:
    one = begun()
    reply = b'{"type":"text","text":"Yes,\\nplease","payload":"YES"}'
    form = (
        b'{"type":"formResponse","fields":[{"type":"email","name":"mail","label":"Mail","email":"a@example.org"},'
        b'{"type":"select","name":"colour","label":"C","select":[{"name":"r","label":"Red"}]}]}'
    )
    told = [heard(one.tell(msgspec.structs.replace(talk.post("ann", switchboard=BOARD), content=each)))[0] for each in (reply, form)]
    assert ("Yes,\nplease", "YES", None) == (told[0].text, told[0].payload, told[0].fields)
    assert {"mail": "a@example.org", "colour": "r"} == told[1].fields


def test_a_bot_hears_that_control_came_to_it() -> None:
    """Once, and not when it came with a message."""
    created = Conversation()
    assert [bot.Hear(1, 1, "control", "ann", start=BOARD.bot, heir=PROGRAM)] == heard(created.tell(talk.create("ann", switchboard=BOARD)))
    one = passed(PEOPLE)
    assert ["control"] == [each.what for each in heard(one.tell(cmd.PassControl(BOARD, "bot")))]
    one.tell(cmd.ReleaseControl(BOARD))
    assert [(5, "message")] == [(each.epoch, each.what) for each in heard(one.tell(talk.post("ann", switchboard=BOARD)))]


def test_a_bot_hears_no_notes_no_silent_messages_and_nobody_but_the_customer() -> None:
    one = begun()
    for command in (
        talk.post("ann", switchboard=BOARD, internal=True),
        talk.post("ann", switchboard=BOARD, destination=bytes(ev.SILENT)),
        talk.post(None, switchboard=BOARD),
        talk.read("ann"),
    ):
        assert [] == heard(one.tell(command))


def test_a_bot_without_control_hears_nothing() -> None:
    one = passed(PEOPLE)
    assert [] == one.tell(talk.post("ann", switchboard=BOARD)).effects


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
    assert {"idle"} == set(timers(asked)) and {} == timers(one.tell(talk.post("ann", switchboard=board)))
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
    assert (["passControl"], "people") == (types(one, outcome), active(one))
    assert b'"reason":"noAnswer"' in one.bodies[-1]
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
