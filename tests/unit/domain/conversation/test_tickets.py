"""A conversation and its ticket: when one opens, what it is told and what it says, sessions, and what all that costs. By example."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from actors.kind import Outcome
from domain.bot.effects import Said
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.switchboard import Switchboard
from domain.ticket import commands as ticket
from domain.ticket import survey
from domain.ticket.model import TicketRef
from tests import conversations as talk
from tests.controls import BOT_AUTHOR, active, begun, code, heard, rung, timers, types
from tests.conversations import PEOPLE, Conversation

#: The people come first, and control goes back when a ticket is solved.
DESK = talk.board(PEOPLE)
EVE = ev.Author("business", ("agent",), None, "Eve", None, "eve")
OPEN = "causerie:ticket:open"


def told(outcome: Outcome) -> list[ticket.Command]:
    return [ticket.decode(one.payload) for one in outcome.effects if one.target.startswith("ticket/")]


def writes(one: Conversation, words: str = "hello", board: Switchboard | None = DESK, **fields: Any) -> Outcome:
    return one.tell(talk.post("ann", words, switchboard=board, **fields))


def answers(one: Conversation, board: Switchboard | None = DESK, **fields: Any) -> Outcome:
    return one.tell(msgspec.structs.replace(talk.post(None, switchboard=board, takes=True, **fields), author=EVE))


def opened(board: Switchboard = DESK) -> Conversation:
    """Ann has written to the people: the ticket has the number 1."""
    one = begun(board)
    writes(one, board=board)
    assert one.state.ticket is not None
    note(one, number=1)
    return one


def note(one: Conversation, **fields: Any) -> Outcome:
    """The ticket says how it is."""
    assert one.state.ticket is not None
    known = one.state.ticket.ref
    ref = msgspec.structs.replace(known, revision=known.revision + 1, **fields)
    return one.tell(cmd.NoteTicket(ref, one.state.seq))


# Opening.


def test_the_first_word_to_the_people_opens_a_ticket() -> None:
    one = begun(DESK)
    assert one.state.ticket is None, "nobody has said anything"
    outcome = writes(one, "It  does\nnot work")
    assert ["conversation:message", OPEN] == types(one, outcome)
    (command,) = told(outcome)
    event = one.told[-1]
    assert isinstance(command, ticket.Open) and isinstance(event, ev.TicketOpened)
    assert (event.ticket.id, one.rows[-1].seq) == (one.bodies[-1][7:31].decode(), command.seq), "by the event's own id"
    assert ("It does not work", "ann", one.now_ms, "web") == (command.subject, command.requester_id, command.waiting_ms, command.channel)
    assert {"session"} == set(timers(outcome)) and "active" == one.state.session


def test_a_hand_over_opens_a_ticket_with_what_the_bot_has_found_out() -> None:
    one = begun()
    writes(one, board=talk.board())
    outcome = one.tell(cmd.Respond(1, BOT_AUTHOR, (Said(talk.text("Soon")),), "next", {"dataCapture.ticketField.7": "x"}, PEOPLE))
    assert ["conversation:message", "passControl", OPEN] == types(one, outcome)
    (command,) = told(outcome)
    assert isinstance(command, ticket.Open) and {"dataCapture.ticketField.7": "x"} == command.metadata
    assert command.agents is not None and PEOPLE.id == command.agents.id and one.now_ms == command.waiting_ms
    (spoke,) = told(answers(one, talk.board()))
    assert isinstance(spoke, ticket.Heard) and ("agent", "eve") == (spoke.who, spoke.agent_id)


def test_who_writes_takes_the_conversation_and_the_ticket() -> None:
    """The ticket opens before the message, which is the first answer."""
    one = begun()
    since = writes(one, board=talk.board()) and one.now_ms
    outcome = answers(one, talk.board())
    assert ["passControl", OPEN, "conversation:message"] == types(one, outcome)
    first, second = told(outcome)
    assert isinstance(first, ticket.Open) and isinstance(second, ticket.Heard)
    assert ("eve", since, "agent", "eve") == (first.agent_id, first.waiting_ms, second.who, second.agent_id) and first.seq < second.seq
    assert one.told[-1].message.id.endswith(f"{one.state.seq:08x}")  # type: ignore[union-attr]


def test_a_solved_ticket_is_opened_again_by_the_next_hand_over() -> None:
    """Until then a word of the customer's is the bot's business, and solved stays solved."""
    board = talk.board()
    one = begun(board)
    writes(one, board=board)
    answers(one, board)
    note(one, status="solved", number=1)
    assert ("solved", None) == (one.state.status, active(one))
    outcome = writes(one, "again", board=board)
    assert ("solved", "bot", []) == (one.state.status, active(one), told(outcome)) and heard(outcome)
    passed = one.tell(cmd.PassControl(board, "people"))
    (command,) = told(passed)
    assert isinstance(command, ticket.Open) and one.state.ticket is not None
    assert 1 == one.state.ticket.ref.number and command.followup_of is None
    note(one, status="open")
    assert ("open", "people") == (one.state.status, active(one))


def test_a_closed_ticket_is_followed_by_another() -> None:
    one = opened()
    first = one.state.ticket
    note(one, status="closed")
    outcome = writes(one, "again")
    (command,) = told(outcome)
    assert isinstance(command, ticket.Open) and first is not None and one.state.ticket is not None
    assert first.ref.id != one.state.ticket.ref.id and 1 == command.followup_of


def test_a_ticket_that_was_closed_meanwhile_is_followed_at_once() -> None:
    """The conversation opened it again and did not know."""
    board = talk.board(PEOPLE, hand_back="never")
    one = opened(board)
    note(one, status="solved")
    one.tell(cmd.PassControl(board, "bot"))
    one.tell(cmd.PassControl(board, "people"))
    before = one.state.ticket
    outcome = note(one, status="closed")
    assert ["causerie:ticket:change", OPEN] == types(one, outcome) and isinstance(told(outcome)[0], ticket.Open)
    assert before is not None and one.state.ticket is not None and before.ref.id != one.state.ticket.ref.id


# What it is told.


def test_a_stream_from_one_side_tells_nothing() -> None:
    """What it costs: one event and no effect for each message, as without tickets. The ticket hears when the word changes sides."""
    one = opened()
    for side in (writes, answers, writes):
        first = side(one)
        assert 1 == len(first.bodies) and len(told(first)) <= 1
        more = [side(one) for _ in range(10)]
        assert {(1, 0)} == {(len(each.bodies), len(each.effects)) for each in more}
    assert 11 * 3 == one.state.messages - 1


@pytest.mark.parametrize("board", [None, talk.board()])
def test_without_the_people_there_is_no_ticket(board: Switchboard | None) -> None:
    """One event a message, and no effect but the bot's."""
    one = begun() if board is not None else Conversation()
    if board is None:
        one.tell(talk.create("ann"))
    for side in ("ann", None):
        outcomes = [one.tell(talk.post(side, switchboard=board)) for _ in range(5)]
        assert {1} == {len(each.bodies) for each in outcomes} and not any(told(each) for each in outcomes)
        assert {0, int(board is not None and side is not None)} >= {len(each.effects) for each in outcomes}
    assert one.state.ticket is None and "none" == one.state.session


def test_both_sides_are_heard_in_turn() -> None:
    one = opened()
    assert [] == told(writes(one)), "that the customer waits is known"
    heard = [told(step(one)) for step in (answers, answers, writes, writes, answers)]
    assert [["agent"], [], ["customer"], [], ["agent"]] == [[each.who for each in those] for those in heard]  # type: ignore[union-attr]
    note_ = one.tell(msgspec.structs.replace(talk.post(None, internal=True, takes=True), author=EVE))
    assert [] == told(note_), "a note is no word"


def test_a_status_is_told_with_who_wants_it() -> None:
    one = opened()
    (command,) = told(one.tell(cmd.ChangeStatus("solved", DESK, "eve")))
    assert isinstance(command, ticket.Follow) and ("solved", "eve") == (command.status, command.by.id)
    assert [] == note(one, status="solved").effects and "solved" == one.state.status


def test_what_is_deleted_is_forgotten() -> None:
    one = opened()
    assert [ticket.Forget()] == told(one.tell(cmd.DeleteMessages()))
    assert one.replay() == one.state
    assert [ticket.Forget()] == told(one.tell(cmd.RemoveConversation()))


def test_who_becomes_known_keeps_the_ticket() -> None:
    one = opened()
    (command,) = told(one.tell(cmd.MoveConversation("ann", talk.member("anna"))))
    assert ticket.Recognise(one.state.seq, "ann", "anna") == command


# What it says.


def test_a_ticket_says_how_it_is() -> None:
    one = opened()
    outcome = note(one, assignee_id="eve", status="open")
    assert ["causerie:ticket:change", "causerie:status:change"] == types(one, outcome) and [] == told(outcome)
    assert one.state.ticket is not None
    assert [] == one.tell(cmd.NoteTicket(TicketRef(one.state.ticket.ref.id, 1, "closed", revision=1))).bodies, "older"
    assert [] == one.tell(cmd.NoteTicket(TicketRef("0" * 24, 9, "closed", revision=99))).bodies, "another's"
    assert [] == note(one).bodies, "nothing new"


@pytest.mark.parametrize(
    ("policy", "status", "who"), [("solved", "solved", None), ("closed", "solved", "people"), ("never", "closed", "people")]
)
def test_control_goes_back_by_the_apps_policy(policy: Any, status: Any, who: str | None) -> None:
    one = opened(talk.board(PEOPLE, hand_back=policy))
    note(one, status=status)
    assert (status, who) == (one.state.status, active(one))


# Sessions.


def test_a_session_rests_and_wakes() -> None:
    """One timer while the customer is there; a message now and then sets none anew."""
    one = begun(DESK)
    first = writes(one)
    ring = rung(first, "session")
    assert {"session": one.now_ms + 600_000} == timers(first)
    one.tell(talk.post("ann", switchboard=DESK), 300_000)
    again = one.tell(ring, 300_000)
    assert ([], {"session": one.state.asked_ms + 600_000}) == (again.bodies, timers(again))
    rests = one.tell(ring, 300_000)
    assert (["causerie:session:change"], "inactive", {}) == (types(one, rests), one.state.session, timers(rests))
    (command,) = told(rests)
    assert isinstance(command, ticket.TellSession) and "inactive" == command.session
    wakes = writes(one)
    assert ["conversation:message", "causerie:session:change"] == types(one, wakes) and "session" in timers(wakes)
    assert ["active"] == [each.session for each in told(wakes) if isinstance(each, ticket.TellSession)]


def test_an_agent_ends_a_session() -> None:
    one = opened()
    outcome = one.tell(cmd.EndSession("agent", "eve", DESK))
    assert ["causerie:session:end", "releaseControl"] == types(one, outcome) and b'"reason":"sessionEnded"' in one.bodies[-1]
    assert ["ended"] == [each.session for each in told(outcome) if isinstance(each, ticket.TellSession)]
    assert [] == one.tell(cmd.EndSession("agent", "eve", DESK)).bodies
    writes(one)
    assert "active" == one.state.session


def test_a_customer_ends_a_session() -> None:
    """The conversation says so, as the API contract has it; that is no answer to the customer."""
    one = opened()
    outcome = one.tell(cmd.EndSession("user", "ann", talk.board(PEOPLE, reopens=False)))
    message = one.told[-3]
    assert isinstance(message, ev.MessagePosted) and message.message.activity is not None
    assert ("conversation:endedByUser", ("activity",)) == (message.message.activity.type, message.message.author.subtypes)
    assert ["TellSession"] == [type(each).__name__ for each in told(outcome)] and "customer" == one.state.word
    assert "conversation_ended" == code(one, talk.post("ann", switchboard=talk.board(PEOPLE, reopens=False)))
    assert "forbidden" == code(one, cmd.EndSession("user", "bob", DESK))


def test_a_place_in_the_queue_is_only_whispered() -> None:
    one = opened()
    outcome = one.tell(cmd.TellPosition(3, 60))
    assert ([], 1) == (outcome.bodies, len(outcome.whispers)) and b'"position":3,"waitSeconds":60' in outcome.whispers[0]


# Surveys.


def surveyed(board: Switchboard = DESK) -> Conversation:
    one = opened(board)
    note(one, status="solved")
    assert one.state.ticket is not None
    identifier = one.state.ticket.ref.id
    one.tell(cmd.AskRating(identifier, 5, survey.question(identifier, 5, "en"), "Why?", "Thanks"))
    return one


def pressed(one: Conversation, score: int) -> Outcome:
    assert one.state.ticket is not None
    payload = f"{survey.PAYLOAD}{one.state.ticket.ref.id}:{score}"
    content = msgspec.json.encode({"type": "text", "text": str(score), "payload": payload})
    return one.tell(msgspec.structs.replace(talk.post("ann", switchboard=DESK), content=content))


@pytest.mark.parametrize(("words", "score"), [("4", 4), (" 5/5 ", 5), ("Très bien !", 5), ("bad", 1)])
def test_a_survey_is_answered_by_words(words: str, score: int) -> None:
    one = surveyed()
    control = one.state.control
    outcome = writes(one, words)
    assert ["conversation:message", "conversation:message", "causerie:survey:answer"] == types(one, outcome)
    assert [ticket.Rate(score, 5)] == told(outcome) and (control, "solved") == (one.state.control, one.state.status)
    assert [ticket.Rate(score, 5, comment="so quick")] == told(writes(one, "so quick"))
    assert [] == [each for each in told(writes(one, "4")) if isinstance(each, ticket.Rate)], "it is over"


def test_a_survey_is_answered_by_a_button_at_any_time() -> None:
    one = surveyed()
    assert [] == [each for each in told(writes(one, "I have another question")) if isinstance(each, ticket.Rate)]
    assert [ticket.Rate(2, 5)] == told(pressed(one, 2))
    assert [ticket.Rate(3, 5)] == told(pressed(one, 3)), "a second thought"
    assert [] == [each for each in told(pressed(one, 9)) if isinstance(each, ticket.Rate)]


@pytest.mark.parametrize(("words", "later_ms"), [("6", 1), ("0", 1), ("four", 1), ("4", 25 * 3_600_000)])
def test_what_is_no_score_is_a_message(words: str, later_ms: int) -> None:
    one = surveyed()
    outcome = one.tell(talk.post("ann", words, switchboard=DESK), later_ms)
    assert "causerie:survey:answer" not in types(one, outcome)


def test_a_survey_of_another_ticket_is_not_asked() -> None:
    one = opened()
    assert [] == one.tell(cmd.AskRating("0" * 24, 5, b"{}", "", "")).bodies
