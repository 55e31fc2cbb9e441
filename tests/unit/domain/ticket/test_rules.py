"""What a ticket does with what it is told. By example."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from domain.assignment import commands as assignment
from domain.conversation import commands as conversation
from domain.errors import HTTP_STATUS, Invalid, Refused
from domain.ticket import commands as cmd
from domain.ticket import events as ev
from domain.ticket import model
from domain.ticket.commands import By, Change, Comment
from domain.ticket.model import MOVES, Rating
from tests.tickets import ANN, BOB, DESK, EVE, START_MS, Told, change, fields, opening, update


def made(**values: Any) -> Told:
    """A ticket of Ann's, by the API."""
    one = Told()
    one.tell(cmd.Create(EVE, "ann", change(subject="Help", **values), Comment("It does not work")))
    return one


def chatting(**values: Any) -> Told:
    """A ticket of a conversation, for which nobody has been found yet."""
    one = Told()
    one.tell(opening(**values))
    return one


def code(one: Told, command: cmd.Command) -> str:
    before = one.state
    with pytest.raises(Refused) as refused:
        one.tell(command)
    assert before == one.state and refused.value.code in HTTP_STATUS
    return refused.value.code


# By the API.


def test_a_ticket_is_made_with_its_number_and_an_audit() -> None:
    one = made(priority="high", tags=["VIP", "late  night"], **{"custom_fields.7": "blue"})
    (event,) = one.told
    assert isinstance(event, ev.Created) and (1, "agent", "eve") == (event.number, event.by.kind, event.by.id)
    assert {"subject": ("", "Help"), "priority": (None, "high"), "tags": ([], ["vip", "late", "night"])}.items() <= fields(event).items()
    assert {"custom_fields.7": (None, "blue"), "description": ("", "It does not work")}.items() <= fields(event).items()
    assert event.comment == ev.Said("It does not work", author_id="eve")
    assert (1, "new", {"7": "blue"}, "ann", "eve") == tuple(
        getattr(one.ticket, name) for name in ("number", "status", "fields", "requester_id", "submitter_id")
    )
    assert one.row() == one.ticket == one.replay().ticket
    assert [] == one.to_routing(), "without a conversation nobody is asked"
    assert "conflict" == code(one, cmd.Create(EVE, "ann"))


def test_an_update_tells_what_was_and_what_is() -> None:
    one = made(tags=["a", "b"], priority="low")
    (event,) = one.tell(update(priority="urgent", additional_tags=["c"], remove_tags="a", subject="Help", type="incident"))
    assert {"priority": ("low", "urgent"), "tags": (["a", "b"], ["b", "c"]), "type": (None, "incident")} == fields(event)
    assert [] == one.tell(update(priority="urgent", tags=["b", "c"])), "what is so already is no event"
    (cleared,) = one.tell(update(priority=None, tags=[]))
    assert {"priority": ("urgent", None), "tags": (["b", "c"], [])} == fields(cleared)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "well"),
        ("status", "new"),
        ("priority", "soon"),
        ("type", 3),
        ("group_id", 99),
        ("assignee_id", "mallory"),
        ("requester_id", ""),
        ("requester_id", None),
        ("subject", "x" * (model.MAX_SUBJECT + 1)),
        ("subject", "\0"),
        ("tags", 7),
        ("tags", [7]),
        ("tags", {"a": 1}),
        ("tags", ["x" * (model.MAX_TAG + 1)]),
        ("tags", [f"t{n}" for n in range(model.MAX_TAGS + 1)]),
        ("follower_ids", "eve"),
        ("follower_ids", [f"f{n}" for n in range(model.MAX_FOLLOWERS + 1)]),
        ("due_ms", "soon"),
        ("due_ms", -1),
        ("custom_fields.x", 1),
        ("custom_fields.1", {"a": 1}),
        ("custom_fields.1", "\0"),
        ("custom_fields.1", "x" * model.MAX_FIELDS_BYTES),
        ("description", "another"),
        ("number", 7),
        ("nothing", 1),
    ],
)
def test_what_may_not_stand_in_a_field_is_refused(field: str, value: Any) -> None:
    one = made(status="open")
    before = one.state
    with pytest.raises(Invalid) as refused:
        one.tell(cmd.Update(EVE, (Change("type", "task"), Change(field, value))))
    assert before == one.state and refused.value.field == ("custom_fields" if len(str(value)) > 10_000 else field)


def test_too_much_at_once_is_refused() -> None:
    one = made()
    comments = (Comment("x" * (model.MAX_COMMENT_BYTES + 1)), Comment("  "), Comment("x", uploads=("u",) * (model.MAX_UPLOADS + 1)))
    assert ["bad_request"] * 3 == [code(one, update(comment=comment)) for comment in comments]
    assert "bad_request" == code(one, cmd.Update(EVE, (Change("type", "task"),) * (model.MAX_CHANGES + 1)))


def test_agents_and_groups_go_together() -> None:
    """An agent brings their group and opens the ticket; a group that they are not in takes it away again."""
    one = made()
    (event,) = one.tell(update(assignee_id="eve"))
    assert {"assignee_id": (None, "eve"), "group_id": (None, 1), "status": ("new", "open")} == fields(event)
    (event,) = one.tell(update(group_id=2))
    assert {"group_id": (1, 2), "assignee_id": ("eve", None)} == fields(event)
    one.tell(update(assignee_id="bob"))
    assert ("bob", 2, 2, 2) == (one.ticket.assignee_id, one.ticket.group_id, *stations(one))


def stations(one: Told) -> tuple[int, int]:
    metrics = one.ticket.metrics
    return metrics.assignee_stations, metrics.group_stations


def test_who_solves_what_is_nobodys_has_it() -> None:
    one = made()
    one.tell(update(BOB, status="solved"))
    assert ("bob", "solved", one.now_ms) == (one.ticket.assignee_id, one.ticket.status, one.ticket.metrics.solved_ms)


def test_closed_is_the_end() -> None:
    one = made(status="open")
    one.tell(update(status="closed"))
    tries = (update(status="open"), update(comment=Comment("more")), cmd.Merge(EVE, "e" * 24, 9), cmd.Absorb(EVE, "e" * 24, 9, "ann"))
    assert {"ticket_closed"} == {code(one, command) for command in tries}
    assert ("closed", one.now_ms - 4_000) == (one.ticket.status, one.ticket.metrics.closed_ms)
    again = Told()
    again.tell(cmd.Create(EVE, "ann", change(followup_of=1), Comment("Again")))
    assert 1 == again.ticket.followup_of


def test_the_moves_are_those_of_the_table() -> None:
    for before, following in MOVES.items():
        for after in MOVES:
            one = made() if before == "new" else made(status=before)
            if before == "closed" or (after not in following and after != before):
                assert code(one, update(status=after)) in ("bad_request", "ticket_closed")
            else:
                one.tell(update(status=after))
                assert after == one.ticket.status
    assert "stateDiagram-v2" in model.diagram()


def test_a_customers_word_wakes_a_ticket() -> None:
    for status in ("pending", "hold", "solved"):
        one = made(status=status)
        (event,) = one.tell(update(ANN, Comment("Still not")))
        assert (status, "open") == fields(event)["status"] and one.now_ms == one.ticket.metrics.waiting_ms
        assert (status == "solved") == one.ticket.metrics.reopens
        one.tell(update(EVE, Comment("Better?")))
        assert (0, 2) == (one.ticket.metrics.waiting_ms, one.ticket.metrics.replies)
    one.tell(update(EVE, Comment("hm", public=False)))
    assert 2 == one.ticket.metrics.replies, "a note is no reply"


def test_a_safe_update_loses_against_a_later_one() -> None:
    one = made()
    seen_ms = one.ticket.updated_ms
    one.tell(update(priority="low", unless_after_ms=seen_ms))
    assert "conflict" == code(one, update(priority="high", unless_after_ms=seen_ms))
    assert "low" == one.ticket.priority


def test_out_of_sight_and_back() -> None:
    one = chatting()
    one.tell(cmd.Delete(EVE))
    assert (True, "closed") == (one.ticket.deleted, noted(one).status)
    assert [assignment.Withdraw(one.actor.id, 2)] == one.to_routing()
    assert {"ticket_not_found"} == {code(one, command) for command in (update(priority="low"), cmd.Delete(EVE))}
    one.tell(cmd.Restore(EVE))
    assert ("new", False) == (noted(one).status, one.ticket.deleted) and isinstance(one.to_routing()[0], assignment.Enqueue)
    assert [] == one.tell(cmd.Restore(EVE))


def test_for_good_leaves_the_number() -> None:
    one = chatting()
    one.tell(update(comment=Comment("secret", public=False), status="solved"))
    one.tell(cmd.Delete(EVE, forever=True))
    assert one.row() is None and one.last.cancelled
    assert one.replay() == one.state and (1, "gone", "") == (one.ticket.number, one.state.life, one.ticket.subject)
    assert not any(b"secret" in row.body or b"work" in row.body for row in one.rows)
    assert "ticket_not_found" == code(one, cmd.Delete(EVE, forever=True))
    assert "conflict" == code(one, cmd.Create(EVE, "ann"))


def noted(one: Told) -> model.TicketRef:
    ref = one.noted()
    assert ref is not None
    return ref


# Merging.


def test_two_tickets_become_one() -> None:
    """The one that goes is closed when the other has taken it in."""
    source, target = made(tags=["a"]), Told(identifier="e" * 24, number=2)
    target.tell(cmd.Create(EVE, "ann", (), Comment("The same")))
    source.tell(cmd.Merge(EVE, target.actor.id, 2, Comment("Goes on in #2", False), Comment("#1 came here", False)))
    assert "new" == source.ticket.status and "conflict" == code(source, cmd.Merge(EVE, target.actor.id, 2))
    target.tell(source.to_tickets()[target.actor.id])
    assert "#1 came here" == getattr(target.told[-1].comment, "body", None)
    source.tell(target.to_tickets()[source.actor.id])
    assert ("closed", 2, ("a", "closed_by_merge")) == (source.ticket.status, source.ticket.merged_into, source.ticket.tags)


def test_what_would_not_be_taken_in_stays() -> None:
    """Two that would go into each other stay two."""
    one, other = made(), Told(identifier="e" * 24, number=2)
    other.tell(cmd.Create(EVE, "ann", (), Comment("The same")))
    one.tell(cmd.Merge(EVE, other.actor.id, 2))
    other.tell(cmd.Merge(EVE, one.actor.id, 1))
    effect = one.to_tickets()[other.actor.id]
    assert "conflict" == code(other, effect)
    one.tell(cmd.Spurned("conflict"))
    assert (None, "new") == (one.state.merging, one.ticket.status) and isinstance(one.told[-1], ev.MergeFailed)
    assert "conflict" == code(one, cmd.Merge(EVE, one.actor.id, 1))


# With a conversation.


def test_a_hand_over_makes_a_ticket_and_asks_for_an_agent() -> None:
    captured = {"dataCapture.ticketField.7": "blue", "dataCapture.systemField.tags": "a b", "dataCapture.systemField.priority": "soon"}
    one = chatting(metadata={**captured, "x": 1}, followup_of=3)
    ticket = one.ticket
    assert ("messaging", "It does not work", ("a", "b"), {"7": "blue"}, None, 3) == (
        ticket.channel, ticket.subject, ticket.tags, ticket.fields, ticket.priority, ticket.followup_of,
    )  # fmt: skip
    assert (START_MS, "active", "new", 1) == (ticket.metrics.waiting_ms, ticket.session, ticket.status, noted(one).number)
    (work,) = (one.work for one in one.to_routing() if isinstance(one, assignment.Enqueue))
    assert (1, START_MS, 1, "messaging", True) == (work.epoch, work.eligible_ms, work.group, work.channel, work.active)


def test_the_routing_answers() -> None:
    one = chatting()
    assert "conflict" == code(one, cmd.Assigned(0, "eve"))
    one.tell(cmd.Assigned(1, "eve", 1))
    assert ("eve", 1, "open", []) == (one.ticket.assignee_id, one.ticket.group_id, one.ticket.status, one.to_routing())
    assert ("eve", "open") == (noted(one).assignee_id, noted(one).status)
    assert [] == one.tell(cmd.Assigned(1, "eve", 1)), "said twice"
    one.tell(cmd.Unassigned(1, "disconnected"))
    assert (None, [], "open") == (one.ticket.assignee_id, one.to_routing(), one.ticket.status)
    one.tell(update(EVE, assignee_id="bob"))
    (take,) = one.to_routing()
    assert isinstance(take, assignment.Take) and (2, "bob") == (take.work.epoch, take.agent_id)
    assert "conflict" == code(one, cmd.Assigned(1, "eve")), "it has asked for something else since"
    one.tell(update(BOB, status="pending"))
    assert [assignment.Withdraw(one.actor.id, 3)] == one.to_routing()
    one.tell(cmd.Heard(9, "customer", one.now_ms))
    assert ("open", ["Take"]) == (one.ticket.status, [type(each).__name__ for each in one.to_routing()])


def test_the_words_of_both_sides_are_counted() -> None:
    one = chatting()
    one.tell(cmd.Heard(4, "agent", one.now_ms, "eve"))
    assert ("eve", 0, 1) == (one.ticket.assignee_id, one.ticket.metrics.waiting_ms, one.ticket.metrics.replies)
    assert isinstance(one.to_routing()[0], assignment.Take)
    assert [] == one.tell(cmd.Heard(4, "agent", one.now_ms, "bob")), "told twice"
    one.tell(cmd.Heard(7, "agent", one.now_ms, "bob"))
    assert "eve" == one.ticket.assignee_id, "who has it keeps it"


def test_a_status_of_the_conversation_is_followed() -> None:
    one = chatting()
    one.tell(cmd.Follow(5, "solved", EVE))
    assert ("solved", "eve", "solved") == (one.ticket.status, one.ticket.assignee_id, noted(one).status)
    one.tell(cmd.Follow(6, "closed", EVE))
    one.tell(cmd.Follow(7, "open", By()))
    assert ("closed", "closed") == (one.ticket.status, noted(one).status), "it is told how it is"
    assert [] == one.tell(cmd.Follow(6, "open", By()))


def test_a_hand_over_opens_a_solved_ticket_for_anyone() -> None:
    one = chatting(agent_id="eve")
    assert ("eve", "open", ["Take"]) == (one.ticket.assignee_id, one.ticket.status, [type(each).__name__ for each in one.to_routing()])
    one.tell(update(EVE, status="solved"))
    one.tell(opening(20))
    assert ("open", None, 1, ["Enqueue"]) == (
        one.ticket.status, one.ticket.assignee_id, one.ticket.metrics.reopens, [type(each).__name__ for each in one.to_routing()],
    )  # fmt: skip
    one.tell(update(EVE, status="closed"))
    one.tell(opening(30))
    assert ("closed", "closed") == (one.ticket.status, noted(one).status)


def test_a_session_is_told_to_the_routing() -> None:
    one = chatting()
    one.tell(cmd.TellSession(5, "inactive"))
    assert ("inactive", [assignment.SetActive(one.actor.id, False)]) == (one.ticket.session, one.to_routing())
    assert [] == one.tell(cmd.TellSession(5, "active"))


def test_a_public_comment_is_a_message_of_that_agent() -> None:
    one = chatting(agent_id="eve")
    one.tell(update(BOB, Comment("x" * 4_097)))
    first, second = one.to_conversation()
    assert isinstance(first, conversation.PostMessage) and isinstance(second, conversation.PostMessage)
    assert ("Bob", "bob", ("agent",), True) == (first.author.display_name, first.author.agent_id, first.author.subtypes, first.takes)
    assert first.switchboard is not None and first.switchboard.agents() is not None
    assert (4096, 1) == (first.content.count(b"x") - 2, second.content.count(b"x") - 2), "two x are in `text`"
    assert 0 == one.ticket.metrics.replies, "the conversation tells of it"
    one.tell(update(BOB, Comment("between us", public=False)))
    assert [] == one.to_conversation()
    one.tell(cmd.Undelivered("conversation_not_found"))
    assert "conversation_not_found" == getattr(one.told[-1], "code", None)


def test_a_ticket_goes_along_with_who_becomes_known() -> None:
    one = chatting()
    (event,) = one.tell(cmd.Recognise(4, "ann", "anna"))
    assert {"requester_id": ("ann", "anna")} == fields(event) and "anna" == one.ticket.requester_id
    assert [] == one.tell(cmd.Recognise(5, "ann", "another"))


def test_what_was_said_is_forgotten() -> None:
    one = chatting()
    one.tell(update(BOB, Comment("secret")))
    one.tell(cmd.Rate(1, 5, comment="secret too"))
    before = one.ticket
    one.tell(cmd.Forget())
    assert ("", "", None) == (one.ticket.subject, one.ticket.description, one.ticket.rating.comment)
    assert (before.status, before.metrics, before.tags) == (one.ticket.status, one.ticket.metrics, one.ticket.tags)
    assert not any(b"secret" in row.body for row in one.rows) and one.replay() == one.state
    assert {} == one.timers() and [] == one.to_routing()


# In time.


def test_a_solved_ticket_closes_by_itself() -> None:
    one = made(status="open")
    one.tell(update(status="solved"))
    due_ms = one.ticket.metrics.solved_ms + DESK.tickets.close_after_s * 1000
    assert {"close": due_ms} == one.timers()
    one.tell(update(comment=Comment("bye")))
    assert {} == one.timers(), "it is set already"
    assert [] == one.tell(one.rung("close")), "it is not time"
    one.tell(one.rung("close"), later_ms=due_ms - one.now_ms)
    assert ("closed", ("system", "close")) == (one.ticket.status, (one.told[-1].by.kind, one.told[-1].by.via))
    assert [] == one.tell(one.rung("close"))


def test_an_opened_ticket_does_not_close() -> None:
    one = made(status="open")
    one.tell(update(status="solved"))
    one.tell(update(status="open"))
    assert ("timer", "close") in one.last.cancelled
    assert [] == one.tell(one.rung("close"), later_ms=10**10)


def test_a_changed_desk_sets_the_timers_anew() -> None:
    one = made(status="open")
    one.tell(update(status="solved"))
    assert [] == one.tell(cmd.Ring("desk"))
    one.desk = replace(DESK, tickets=replace(DESK.tickets, close_after_s=60))
    one.tell(cmd.Ring("desk"))
    assert {"close": one.ticket.metrics.solved_ms + 60_000} == one.timers()


# What the customer thinks of it.


def surveying(**how: Any) -> Told:
    one = chatting(agent_id="eve", locale="fr-CA")
    one.desk = replace(DESK, tickets=replace(DESK.tickets, **{"survey": "solved", **how}))
    return one


def test_a_customer_is_asked_once() -> None:
    one = surveying()
    one.tell(update(status="solved"))
    (asked,) = (each for each in one.to_conversation() if isinstance(each, conversation.AskRating))
    assert "Quelle note" in asked.content.decode() and 5 == asked.content.count(b"causerie:rate:")
    assert "offered" == one.ticket.rating.score
    one.tell(update(status="open"))
    one.tell(update(status="solved"))
    assert not [each for each in one.to_conversation() if isinstance(each, conversation.AskRating)]


def test_a_rating_is_on_the_ticket_and_in_the_audit() -> None:
    one = surveying(survey="ended")
    one.tell(cmd.TellSession(9, "ended", "user"))
    assert "offered" == one.ticket.rating.score
    one.tell(cmd.Rate(4, 5))
    (event,) = one.tell(cmd.Rate(4, 5, comment="quick"))
    assert Rating("good", "quick", None, one.now_ms, 4, 5) == one.ticket.rating and "rating" in fields(event)
    one.tell(cmd.Rate(3, 5))
    assert ("bad", "quick") == (one.ticket.rating.score, one.ticket.rating.comment)
    assert [] == one.tell(cmd.Rate(6, 5)) and one.replay() == one.state


def test_a_survey_may_wait() -> None:
    one = surveying(survey_delay_s=60)
    one.tell(update(status="solved"))
    assert one.now_ms + 60_000 == one.timers()["survey"] and "unoffered" == one.ticket.rating.score
    one.tell(one.rung("survey"), later_ms=60_000)
    assert "offered" == one.ticket.rating.score


def test_a_full_routing_is_asked_again() -> None:
    """With another epoch, until it takes the work; not when nobody wants it any more."""
    one = chatting()
    one.tell(cmd.Unrouted("queue_full"))
    assert {"route": one.now_ms + 30_000} == one.timers() and [] == one.to_routing()
    one.tell(one.rung("route"), later_ms=30_000)
    (asked,) = one.to_routing()
    assert isinstance(asked, assignment.Enqueue) and (2, 2) == (asked.work.epoch, one.state.epoch)
    one.tell(cmd.Unrouted("queue_full"))
    one.tell(update(status="solved"))
    assert ("timer", "route") in one.last.cancelled
    assert [] == one.tell(cmd.Unrouted("queue_full"))
