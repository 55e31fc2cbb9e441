"""Each command: what it tells, when it is refused, and that a refusal says why. By example; `test_machine` has the invariants."""

from __future__ import annotations

import itertools

import pytest

from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.conversation import reactions, rules
from tests import conversations as talk
from tests.conversations import Conversation, code, group, personal

STATUSES = sorted(rules.STATUS_MOVES)
IN_NO_STATE_BUT_LIVE: list[cmd.Command] = [
    talk.post("ann"),
    talk.read(None),
    talk.has_it(None),
    cmd.VisitPage("ann", ev.PageRef("https://shop.example/")),
    cmd.SendPostback("ann", "m1", "payload", talk.WEB),
    cmd.JoinConversation(talk.member("cid")),
    cmd.LeaveConversation("ann"),
    cmd.MoveConversation("ann", talk.member("cid")),
    cmd.UpdateConversation({"display_name": "x"}),
    cmd.DeleteMessage("m1", 2, 0, ev.Author("business"), talk.API),
    cmd.DeleteMessages(),
    cmd.Respond(0, ev.Author("business")),
    cmd.PassControl(talk.board(), "bot"),
    cmd.OfferControl(talk.board(), "bot"),
    cmd.AcceptControl(talk.board()),
    cmd.ReleaseControl(talk.board()),
    cmd.ChangeStatus("open"),
]


def types(one: Conversation, first: int = 1) -> list[str]:
    return [event.type for event in one.told[first - 1 :]]


# Coming into being, and going.


def test_a_conversation_begins_with_its_creation_at_seq_1() -> None:
    one = personal(display_name="Shoes", metadata={"vip": True}, is_default=True)
    assert ["conversation:create"] == types(one)
    told = one.told[0]
    assert isinstance(told, ev.ConversationCreated)
    assert told.user == ev.UserRef("ann") and told.conversation.display_name == "Shoes"
    assert (one.state.life, one.state.seq, one.state.is_default, one.state.metadata) == ("live", 1, True, {"vip": True})


def test_a_group_may_begin_with_ten_or_nobody() -> None:
    """The specification's `sdkGroup`; its event names no one user."""
    assert 10 == len(group(*(f"u{n}" for n in range(10))).state.participants)
    one = Conversation()
    one.tell(talk.create(type="sdkGroup"))
    assert () == one.state.participants
    assert isinstance(one.told[0], ev.ConversationCreated) and one.told[0].user is None


@pytest.mark.parametrize(
    "command",
    [
        talk.create(type="personal"),
        talk.create("ann", "bob", type="personal"),
        talk.create(*(f"u{n}" for n in range(11)), type="sdkGroup"),
        talk.create("ann", "ann", type="sdkGroup"),
    ],
    ids=["personal without a participant", "personal with two", "a group of eleven", "the same user twice"],
)
def test_a_conversation_is_not_created_with_the_wrong_participants(command: cmd.Command) -> None:
    assert "bad_request" == code(Conversation(), command)


def test_a_conversation_is_created_once() -> None:
    assert "conflict" == code(personal(), talk.create("ann"))


@pytest.mark.parametrize("command", IN_NO_STATE_BUT_LIVE, ids=lambda command: type(command).__name__)
def test_what_does_not_exist_or_was_removed_is_told_nothing(command: cmd.Command) -> None:
    """Refused the same way, so that nobody learns which of the two it is."""
    removed = group()
    removed.tell(cmd.RemoveConversation())
    assert "conversation_not_found" == code(Conversation(), command) == code(removed, command)


def test_a_removed_conversation_leaves_a_tombstone() -> None:
    """Name, seq and type stay; people and content go. It does not come back, and removing it again is nothing."""
    one = group()
    one.tell(talk.post("ann"))
    one.tell(cmd.RemoveConversation())
    assert ("removed", 3, "sdkGroup", ()) == (one.state.life, one.state.seq, one.state.type, one.state.participants)
    assert "conflict" == code(one, talk.create("ann"))
    assert "conversation_not_found" == code(one, talk.post("ann", create=talk.create("ann")))
    assert [] == one.tell(cmd.RemoveConversation()).bodies


def test_the_default_conversation_goes_only_with_its_user() -> None:
    one = personal(is_default=True)
    assert "bad_request" == code(one, cmd.RemoveConversation())
    one.tell(cmd.RemoveConversation(with_user=True))
    assert "removed" == one.state.life


def test_removing_what_never_was_is_refused() -> None:
    assert "conversation_not_found" == code(Conversation(), cmd.RemoveConversation())


# Messages.


def test_a_message_is_answered_by_its_own_event() -> None:
    """Its id is the event's: the place can be read off it."""
    one = personal()
    outcome = one.tell(talk.post("ann", "hi", metadata={"n": 1}))
    told = one.told[1]
    assert isinstance(told, ev.MessagePosted) and outcome.answers == 0
    assert (told.message.id[8:], bytes(told.message.content)) == ("0000000700000002", talk.text("hi"))
    assert ({"n": 1}, ev.Author("user", user_id="ann")) == (told.message.metadata, told.message.author)


def test_what_a_message_carries_survives_storage() -> None:
    """Quoted message, references, destination and override are JSON that is kept as it is."""
    one, parts = personal(), {"quoted": b'{"type":"message"}', "references": b'[{"a":1}]', "destination": b'{"integrationId":"i"}'}
    one.tell(talk.post(None, override=b'{"line":{}}', **parts))
    told = one.told[1]
    assert isinstance(told, ev.MessagePosted)
    kept = [told.message.quoted_message, told.message.references, told.message.destination, told.message.override]
    assert [*parts.values(), b'{"line":{}}'] == [bytes(part) for part in kept]  # type: ignore[arg-type]
    assert one.replay() == one.state


def test_a_first_message_brings_its_conversation_into_being() -> None:
    """In one turn; the message's own event is the answer."""
    one = Conversation()
    outcome = one.tell(talk.post("ann", create=talk.create("ann", is_default=True)))
    assert (["conversation:create", "conversation:message"], 1) == (types(one), outcome.answers)


def test_a_message_to_what_exists_does_not_create() -> None:
    one = personal(display_name="first")
    one.tell(talk.post("ann", create=talk.create("ann", display_name="second")))
    assert "first" == one.state.display_name


def test_a_refused_first_message_creates_nothing() -> None:
    """Also not the conversation that it would have come with."""
    one = Conversation()
    assert "forbidden" == code(one, talk.post("bob", create=talk.create("ann")))
    assert "none" == one.state.life


def test_only_participants_and_the_business_write() -> None:
    one = personal()
    assert "forbidden" == code(one, talk.post("bob"))
    one.tell(talk.post(None))


def test_an_apps_limit_of_messages_locks_the_conversation() -> None:
    """423 in the specification. Notes do not count; deleting one makes room."""
    one = personal()
    one.tell(talk.post("ann", limit=1))
    assert "locked" == code(one, talk.post("ann", limit=1)) == code(one, talk.post(None, limit=1))
    one.tell(talk.post(None, internal=True, limit=1))
    one.tell(one.delete(one.rows[1]))
    one.tell(talk.post("ann", limit=1))


def test_a_note_counts_nowhere_and_is_internal() -> None:
    one = personal()
    outcome = one.tell(talk.post(None, internal=True))
    assert (["causerie:note:create"], [False]) == (types(one, 2), outcome.listed)
    assert (0, 0, 0) == (one.state.messages, one.state.participants[0].unread, one.state.last_message_ms)
    assert ev.NotePosted.type in ev.INTERNAL


@pytest.mark.parametrize("status", STATUSES)
def test_a_customers_message_wakes_the_ticket(status: ev.Status) -> None:
    """A waiting or solved one opens, after a closed one a new one begins; the business's message does neither."""
    one = Conversation()
    one.tell(talk.create("ann"))
    one.state = rules.replace(one.state, status=status)
    one.tell(talk.post(None))
    assert status == one.state.status
    one.tell(talk.post("ann"))
    assert {"pending": "open", "solved": "open", "closed": "new"}.get(status, status) == one.state.status


# Postbacks and activities.


def test_a_postback_is_told_with_its_message_and_user() -> None:
    one = personal()
    one.tell(cmd.SendPostback("ann", "m1", "BUY", talk.WEB, {"sku": 1}))
    told = one.told[1]
    assert isinstance(told, ev.PostbackSent)
    assert (ev.Postback("BUY", {"sku": 1}, "m1"), ev.UserRef("ann")) == (told.postback, told.user)


def test_only_participants_press_and_act() -> None:
    one = personal()
    assert "forbidden" == code(one, cmd.SendPostback("bob", "m1", "BUY", talk.WEB))
    assert "forbidden" == code(one, talk.read("bob")) == code(one, talk.act("typing:start", "bob"))


@pytest.mark.parametrize("user", ["ann", None])
@pytest.mark.parametrize("activity", ["typing:start", "typing:stop"])
def test_typing_is_whispered_and_never_stored(activity: str, user: str | None) -> None:
    one = personal()
    outcome = one.tell(talk.act(activity, user))
    assert (0, 1, -1) == (len(outcome.bodies), len(outcome.whispers), outcome.answers)
    assert b'"type":"conversation:typing"' in outcome.whispers[0]


# Participants.


def test_users_join_and_leave_a_group() -> None:
    one = group("ann")
    one.tell(cmd.JoinConversation(talk.member("bob", external_id="b@example.org", client_id="c1")))
    assert ["ann", "bob"] == [place.user_id for place in one.state.participants]
    one.tell(cmd.LeaveConversation(user_id="ann"))
    one.tell(cmd.LeaveConversation(participant_id="place-of-bob"))
    assert () == one.state.participants
    assert ["conversation:join", "conversation:leave", "conversation:leave"] == types(one, 2)


def test_nobody_joins_twice_or_leaves_without_being_there() -> None:
    one = group("ann")
    assert "conflict" == code(one, cmd.JoinConversation(talk.member("ann")))
    assert "participant_not_found" == code(one, cmd.LeaveConversation("bob"))
    assert "participant_not_found" == code(one, cmd.LeaveConversation())


def test_a_personal_conversation_keeps_its_one_participant() -> None:
    one = personal()
    assert "bad_request" == code(one, cmd.JoinConversation(talk.member("bob"))) == code(one, cmd.LeaveConversation("ann"))


def test_a_group_has_a_hundred_places() -> None:
    one = group("u0")
    for n in range(1, rules.MAX_PARTICIPANTS):
        one.tell(cmd.JoinConversation(talk.member(f"u{n}")))
    assert "bad_request" == code(one, cmd.JoinConversation(talk.member("late")))


def test_a_known_person_takes_the_place_of_an_anonymous_one() -> None:
    """With what is unread there; nothing happens where the anonymous one does not take part or is that person already."""
    one = personal()
    one.tell(talk.post(None))
    one.tell(cmd.MoveConversation("ann", talk.member("anna", external_id="anna@example.org")))
    place = one.state.participants[0]
    assert ("anna", "anna@example.org", 1) == (place.user_id, place.external_id, place.unread)
    assert [] == one.tell(cmd.MoveConversation("ann", talk.member("anna"))).bodies
    assert [] == one.tell(cmd.MoveConversation("anna", talk.member("anna"))).bodies
    assert 1 == len(one.state.participants)


def test_a_known_person_who_is_there_already_has_one_place() -> None:
    one = group("ann", "anna")
    one.tell(cmd.MoveConversation("ann", talk.member("anna")))
    assert ["anna"] == [place.user_id for place in one.state.participants]


# What can be changed.


def test_an_update_changes_what_it_names() -> None:
    """None clears, an absent field stays; metadata is merged by key, and null removes a key."""
    one = personal(display_name="a", description="b", metadata={"x": 1, "y": 2})
    one.tell(cmd.UpdateConversation({"display_name": "c", "icon_url": "https://example.org/i.png"}, {"x": None, "z": 3}))
    state = one.state
    assert ("c", "b", "https://example.org/i.png", {"y": 2, "z": 3}) == (
        state.display_name,
        state.description,
        state.icon_url,
        state.metadata,
    )
    one.tell(cmd.UpdateConversation({"description": None}, {"y": None, "z": None}))
    assert (None, None) == (one.state.description, one.state.metadata)


def test_an_update_that_changes_nothing_is_no_event() -> None:
    one = personal(display_name="a")
    assert [] == one.tell(cmd.UpdateConversation({"display_name": "a"})).bodies


def test_metadata_that_grows_too_big_is_refused() -> None:
    one = personal(metadata={"a": "x" * 3000})
    assert "bad_request" == code(one, cmd.UpdateConversation({}, {"b": "x" * 3000}))


@pytest.mark.parametrize(("before", "after"), list(itertools.product(STATUSES, STATUSES)))
def test_a_status_moves_as_the_table_says(before: ev.Status, after: ev.Status) -> None:
    """To itself it does not move and is not refused."""
    one = personal()
    one.state = rules.replace(one.state, status=before)
    if before == after:
        assert [] == one.tell(cmd.ChangeStatus(after)).bodies
    elif after in rules.STATUS_MOVES[before]:
        one.tell(cmd.ChangeStatus(after))
        assert after == one.state.status
    else:
        assert "conflict" == code(one, cmd.ChangeStatus(after))


def test_the_table_of_statuses_is_whole() -> None:
    """Each can be left, none leads to itself, only a new conversation is new, and what is closed is closed for the ticket alone."""
    for status, following in rules.STATUS_MOVES.items():
        assert following and status not in following and following <= set(STATUSES)
    assert ["closed"] == [status for status, following in rules.STATUS_MOVES.items() if "new" in following]


# Deletion and retention.


def test_a_deleted_message_leaves_that_it_was_there() -> None:
    """Its id, instant, author and side stay; content, name, metadata and what it quoted go."""
    one = personal()
    one.tell(talk.post("ann", "secret", metadata={"pin": "1234"}, quoted=b'{"text":"secret"}'))
    before = ev.decode(one.rows[1].body)
    one.tell(one.delete(one.rows[1]))
    assert b"secret" not in one.rows[1].body and b"1234" not in one.rows[1].body
    at_ms, left = ev.decode(one.rows[1].body)
    assert isinstance(left, ev.MessagePosted) and isinstance(before[1], ev.MessagePosted)
    assert (at_ms, left.message.id, left.message.received) == (before[0], before[1].message.id, before[1].message.received)
    assert (True, "ann", rules.DELETED_CONTENT) == (left.message.deleted, left.message.author.user_id, left.message.content)
    assert (0, "causerie:message:delete") == (one.state.messages, one.told[-1].type)
    assert not one.rows[1].is_message


def test_a_deleted_business_message_does_not_say_who_wrote_it() -> None:
    one = personal()
    one.tell(cmd.PostMessage(ev.Author("business", ("agent",), None, "Ana", "https://a", "agent-7"), talk.text("x"), talk.API))
    one.tell(one.delete(one.rows[1]))
    assert b"Ana" not in one.rows[1].body and b"agent-7" not in one.rows[1].body


def test_a_deleted_note_stays_internal_and_is_not_counted() -> None:
    one = personal()
    one.tell(talk.post("ann"))
    one.tell(talk.post(None, internal=True))
    one.tell(one.delete(one.rows[2]))
    assert (1, ev.NotePosted) == (one.state.messages, type(ev.decode(one.rows[2].body)[1]))


def test_a_deleted_silent_message_still_waits_for_nobody() -> None:
    """Replay from what is left counts as the live state did."""
    one = personal()
    one.tell(talk.post(None, destination=bytes(ev.SILENT)))
    one.tell(one.delete(one.rows[1]))
    assert one.replay() == one.state
    assert 0 == one.state.participants[0].unread


def test_deleting_all_messages_blanks_them_and_their_counts() -> None:
    """Events other than messages stay, and so does the place of each message."""
    one = personal()
    for n in range(3):
        one.tell(talk.post("ann", f"secret {n}"))
    one.tell(cmd.DeleteMessages())
    assert (0, 0, 0, "live") == (one.state.messages, one.state.business_unread, one.state.last_message_ms, one.state.life)
    assert 5 == len(one.rows) and not any(b"secret" in row.body for row in one.rows)
    assert [None] * 3 == [ev.decode(row.body)[1] for row in one.rows[1:4]]


def test_a_message_that_went_with_all_others_is_not_deleted_again() -> None:
    """Somebody looked it up just before: it must not take a later message from the count."""
    one = personal()
    one.tell(talk.post("ann"))
    late = one.delete(one.rows[1])
    one.tell(cmd.DeleteMessages())
    one.tell(talk.post("ann"))
    assert "message_not_found" == code(one, late)
    assert 1 == one.state.messages


def test_retention_forgets_what_has_been_silent_for_long_enough() -> None:
    one = personal()
    first = one.tell(talk.post("ann", retention_s=60))
    assert [("timer", "retention", one.now_ms + 60_000)] == [(each.target, each.name, each.due_ms) for each in first.effects]
    early = one.tell(cmd.Expire(60), later_ms=59_999)
    assert [] == early.bodies
    assert [one.state.last_message_ms + 60_000] == [each.due_ms for each in early.effects]
    one.tell(cmd.Expire(60))
    told = one.told[-1]
    assert isinstance(told, ev.MessagesDeleted) and told.reason == "retention"
    assert 0 == one.state.messages


def test_retention_goes_by_the_last_message() -> None:
    one = personal()
    one.tell(talk.post("ann", retention_s=60))
    one.tell(talk.post(None, retention_s=60), later_ms=30_000)
    again = one.tell(cmd.Expire(60), later_ms=30_000)
    assert ([], [one.state.last_message_ms + 60_000]) == (again.bodies, [each.due_ms for each in again.effects])


@pytest.mark.parametrize("begun", [False, True])
def test_retention_of_what_is_empty_or_gone_ends(begun: bool) -> None:
    """The timer rings for nothing, and is not set again."""
    one = personal() if begun else Conversation()
    outcome = one.tell(cmd.Expire(1), later_ms=10_000)
    assert ([], []) == (outcome.bodies, outcome.effects)


def test_one_message_in_64_renews_the_retention_timer() -> None:
    """So that a changed setting reaches a conversation that goes on; not each, for a timer is a row."""
    one = personal()
    timers = [bool(one.tell(talk.post("ann", retention_s=60)).effects) for _ in range(2 * reactions.RETENTION_RENEWAL)]
    assert [0, 64] == [n for n, made in enumerate(timers) if made]


def test_without_a_retention_there_is_no_timer() -> None:
    assert [] == personal().tell(talk.post("ann")).effects


def test_a_clock_that_runs_back_does_not_take_the_conversation_along() -> None:
    one = personal()
    before = one.state.at_ms
    one.tell(talk.post("ann"), later_ms=-60_000)
    assert before == one.state.at_ms


def test_a_command_without_a_rule_is_a_bug() -> None:
    with pytest.raises(TypeError):
        rules.decide(object(), Conversation().state, rules.At(0, 1))
