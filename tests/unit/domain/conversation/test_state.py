"""What is unread for whom, and when somebody last read."""

from __future__ import annotations

import pytest

from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.conversation import state
from domain.conversation.state import State
from domain.ticket.model import TicketRef
from tests import conversations as talk
from tests.conversations import Conversation


@pytest.fixture
def one() -> Conversation:
    made = Conversation()
    made.tell(talk.create("ann", "bob"))
    return made


def unread(one: Conversation) -> dict[str | None, int]:
    """By user, and for the business under None."""
    return {None: one.state.business_unread} | {place.user_id: place.unread for place in one.state.participants}


def test_a_users_message_is_unread_for_the_business_and_for_others(one: Conversation) -> None:
    """One's own message is read by writing it."""
    one.tell(talk.post("ann"))
    assert {None: 1, "ann": 0, "bob": 1} == unread(one)


def test_the_businesss_message_is_unread_for_all_users_and_not_for_itself(one: Conversation) -> None:
    one.tell(talk.post(None))
    assert {None: 0, "ann": 1, "bob": 1} == unread(one)


@pytest.mark.parametrize(
    ("destination", "waiting"), [(b'{"integrationType":"none"}', 0), (b'{"integrationType":"line"}', 1), (b'{"integrationId":"none"}', 1)]
)
def test_a_silent_message_is_unread_for_nobody(one: Conversation, destination: bytes, waiting: int) -> None:
    """Silent is the integration type `none`, and nothing that merely has the word in it."""
    one.tell(talk.post(None, destination=destination))
    assert {None: 0, "ann": waiting, "bob": waiting} == unread(one)
    assert 1 == one.state.messages


def test_reading_is_for_the_reader_alone(one: Conversation) -> None:
    one.tell(talk.post(None))
    one.tell(talk.read("ann"))
    assert {None: 0, "ann": 0, "bob": 1} == unread(one)
    assert [one.now_ms, 0] == [place.last_read_ms for place in one.state.participants]


def test_the_business_reads_for_all_agents(one: Conversation) -> None:
    one.tell(talk.post("ann"))
    one.tell(talk.read(None))
    assert ({None: 0, "ann": 0, "bob": 1}, one.now_ms) == (unread(one), one.state.business_last_read_ms)


def test_who_joins_late_has_nothing_unread(one: Conversation) -> None:
    one.tell(talk.post(None))
    one.tell(cmd.JoinConversation(talk.member("cid")))
    assert 0 == unread(one)["cid"]
    one.tell(talk.post(None))
    assert {None: 0, "ann": 2, "bob": 2, "cid": 1} == unread(one)


def test_who_takes_anothers_place_takes_what_is_unread_there(one: Conversation) -> None:
    one.tell(talk.post("bob"))
    one.tell(cmd.MoveConversation("ann", talk.member("anna")))
    assert {None: 1, "anna": 1, "bob": 0} == unread(one)


def test_notes_and_postbacks_are_unread_for_nobody(one: Conversation) -> None:
    one.tell(talk.post(None, internal=True))
    one.tell(cmd.SendPostback("ann", "m1", "x", talk.WEB))
    assert {None: 0, "ann": 0, "bob": 0} == unread(one)


def test_deleting_one_message_does_not_read_the_others(one: Conversation) -> None:
    """A count that fell would hide a message that is still unread; it is made right by the next reading."""
    one.tell(talk.post("ann", "1"))
    one.tell(talk.post("ann", "2"))
    one.tell(one.delete(one.rows[1]))
    assert {None: 2, "ann": 0, "bob": 2} == unread(one)


def test_deleting_all_messages_leaves_nothing_unread(one: Conversation) -> None:
    one.tell(talk.post("ann"))
    one.tell(cmd.DeleteMessages())
    assert {None: 0, "ann": 0, "bob": 0} == unread(one)


def test_a_redacted_event_takes_its_seq_and_time_does_not_run_back() -> None:
    before = State("c", "live", 4, at_ms=100)
    after = state.evolve(before, 5, 90, None)
    assert (5, 100) == (after.seq, after.at_ms)


def test_an_event_takes_the_state_forward_only_by_a_copy(one: Conversation) -> None:
    """States are values: the committed one stays what it is while a batch is being decided."""
    before, frozen = one.state, state.encode(one.state)
    one.tell(cmd.UpdateConversation({"display_name": "x"}, {"k": 1}))
    assert frozen == state.encode(before) != state.encode(one.state)


def test_every_stored_event_evolves_any_state() -> None:
    """`evolve` is total: it never refuses, whatever the order in which a journal tells things."""
    ref, user, place = ev.ConversationRef("c", "personal"), ev.UserRef("ann"), ev.ParticipantRef("p", "ann")
    message = ev.Message("m", "2025-01-01T00:00:00.000Z", ev.Author("business"), ev.SILENT, talk.API)
    failure = ev.Failure("switchboard_invalid_target", "why")
    every: list[ev.Event] = [
        ev.ConversationCreated(ev.ConversationDetails("c", "personal"), "none", talk.API),
        ev.MessagePosted(ref, message),
        ev.NotePosted(ref, message),
        ev.MessageDeleted(ref, ev.MessageRef("m")),
        ev.MessagesDeleted(ref),
        ev.ConversationRead(ref, ev.Activity("conversation:read", ev.Author("user", user_id="nobody"))),
        ev.MessageDelivered(ref, user, ev.MessageRef("m"), ev.DeliveredTo("web"), True),
        ev.MessageReceived(ref, ev.MessageRef("m")),
        ev.PageVisited(ref, user, ev.PageRef("https://shop.example/lamps", "Lamps")),
        ev.PostbackSent(ref, ev.Postback("x"), user, talk.WEB),
        ev.ParticipantJoined(ref, user, place),
        ev.ParticipantLeft(ref, user, place),
        ev.ParticipantReplaced(ref, user, ev.UserRef("anna"), ev.ParticipantRef("q", "anna")),
        ev.ConversationUpdated(ev.ConversationDetails("c", "personal")),
        ev.ConversationRemoved(ref),
        ev.ControlPassed(ref),
        ev.PassFailed(ref, failure),
        ev.ControlOffered(ref),
        ev.OfferFailed(ref, failure),
        ev.ControlAccepted(ref),
        ev.AcceptFailed(ref, failure),
        ev.ControlReleased(ref),
        ev.ResponderAssigned(ref),
        ev.StatusChanged(ref, "open"),
        ev.TicketOpened(ref, TicketRef("t")),
        ev.TicketChanged(ref, TicketRef("t")),
        ev.SessionChanged(ref, "inactive"),
        ev.SessionEnded(ref, "user"),
        ev.SurveyAsked(ref, "t", 5, "why", "thanks"),
        ev.SurveyAnswered(ref, "t", 4, 5),
    ]
    assert set(ev.STORED.values()) == {type(event) for event in every}
    for event in every:
        after = state.evolve(State("c"), 9, 5, event)
        assert (9, 5, 0) == (after.seq, after.at_ms, after.messages if not isinstance(event, ev.MessagePosted) else 0)
