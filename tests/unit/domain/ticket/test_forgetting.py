"""What a ticket forgets is gone from its journal, its row and its replay; what is left is as it was."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.desk.model import TicketField
from domain.errors import Refused
from domain.ticket import commands as cmd
from domain.ticket import events as ev
from domain.ticket import reading
from domain.ticket.commands import By, Comment
from tests.tickets import ANN, DESK, EVE, Told, change, update

FIELDS = {7: TicketField(7, "Order"), 8: TicketField(8, "Colour", "tagger")}


def made(words: str = "My card is 1234, thank you", **fields: object) -> Told:
    one = Told(replace(DESK, fields=FIELDS))
    one.tell(cmd.Create(ANN, "ann", change(subject="Card", **fields), Comment(words)))
    return one


def whole(one: Told) -> bytes:
    return b"".join(row.body for row in one.rows)


def check(one: Told) -> None:
    """The row, the replay and the live state say the same."""
    assert one.state == one.replay()
    assert one.row() == one.ticket


def test_words_are_taken_out_of_a_comment_and_of_the_description() -> None:
    one = made()
    one.tell(cmd.Redact(EVE, 1, ("1234",)))
    assert "My card is ▇▇▇▇, thank you" == one.ticket.description
    assert b"1234" not in whole(one)
    assert "Card" == one.ticket.subject
    check(one)
    assert [reading.Read(one.actor.id, True)] == [reading.decode(each.payload) for each in one.last.effects if each.target == reading.WAY]


def test_what_is_taken_out_later_is_gone_from_what_was_told_of_it_before() -> None:
    one = made()
    one.tell(cmd.Redact(EVE, 1, ("1234",)))
    one.tell(cmd.Redact(EVE, 1, ("thank you",)))
    assert "My card is ▇▇▇▇, ▇▇▇▇▇▇▇▇▇" == one.ticket.description
    assert b"thank you" not in whole(one)
    check(one)


def test_the_same_again_changes_nothing_and_what_is_no_comment_is_refused() -> None:
    one = made()
    one.tell(cmd.Redact(EVE, 1, ("1234",)))
    assert [] == one.tell(cmd.Redact(EVE, 1, ("1234",)))
    one.tell(update(EVE, priority="high"))
    for seq in (3, 99):
        with pytest.raises(Refused):
            one.tell(cmd.Redact(EVE, seq, ("x",)))


def test_a_comment_is_made_private() -> None:
    one = made()
    one.tell(update(EVE, Comment("Ann is difficult")))
    one.tell(cmd.Redact(EVE, 2, private=True))
    event = ev.decode(one.rows[1].body, 1)[1]
    assert isinstance(event, ev.Updated)
    assert event.comment is not None
    assert (False, "Ann is difficult") == (event.comment.public, event.comment.body)
    check(one)


def test_a_redacted_comment_is_forgotten_like_any_other() -> None:
    one = made()
    one.tell(cmd.Redact(EVE, 1, ("1234",)))
    one.tell(cmd.Forget())
    assert b"thank you" not in whole(one)
    check(one)


def test_a_person_is_forgotten_and_the_ticket_stays() -> None:
    one = made(**{"custom_fields.7": "Ann Smith", "custom_fields.8": "red", "custom_fields.9": "unknown words", "tags": ["vip"]})
    one.tell(update(EVE, Comment("Dear Ann Smith"), status="solved"))
    one.tell(cmd.Rate(5, 5, comment="Yours, Ann Smith"))
    one.tell(cmd.ForgetPerson("ann"))
    ticket = one.ticket
    assert ("", "", {"8": "red"}, ("vip",), "solved", "good") == (
        ticket.subject, ticket.description, ticket.fields, ticket.tags, ticket.status, ticket.rating.score
    )  # fmt: skip
    for words in (b"Smith", b"thank you", b"unknown words"):
        assert words not in whole(one)
    assert ticket.metrics.solved_ms
    check(one)


def test_of_anothers_ticket_a_person_takes_what_they_said_along() -> None:
    one = made()
    one.tell(update(By("user", "bea"), Comment("I am Bea"), follower_ids=["bea", "bob"]))
    one.tell(cmd.ForgetPerson("bea", (2,)))
    assert b"I am Bea" not in whole(one)
    assert (("bob",), "My card is 1234, thank you") == (one.ticket.follower_ids, one.ticket.description)
    check(one)
    assert [] == one.tell(cmd.ForgetPerson("bea", (2,)))
