"""What a batch adds to an actor: repeats get the first answer, refusals add nothing, and nothing is touched before the commit."""

from __future__ import annotations

from typing import Any

import pytest

from actors.activation import SNAPSHOT_EVERY, TAIL, Activation, Draft
from actors.answers import Answer
from actors.mailbox import Item
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.conversation.state import State
from domain.errors import Refused
from storage.ports import EventRow, Seen
from storage.redaction import STUB_BYTES
from tests import conversations as talk

KEY = 7
DIGEST = 99


def fresh() -> Activation:
    return Activation(talk.actor(), KEY, State(talk.actor().id), 0, 0, [])


def item(command: cmd.Command, key: int | None = None, digest: int = DIGEST, want_body: bool = False, settles: int = 0) -> Item:
    return Item(talk.actor(), cmd.encode(command), key, digest, want_body, lambda answer: None, settles)


class Batch:
    """One draft; `tell` gives the answer to a command."""

    def __init__(self, activation: Activation) -> None:
        self.activation, self.draft = activation, Draft(activation, 0)

    def tell(self, command: cmd.Command, key: int | None = None, seen: Seen | None = None, **options: Any) -> Answer | Refused:
        self.draft.turn(talk.KIND, item(command, key, **options), seen, talk.START_MS)
        return self.draft.answers[-1][1]

    def commit(self) -> Batch:
        """Adopt; the next batch."""
        self.draft.seal(talk.KIND)
        self.draft.adopt()
        return Batch(self.activation)


@pytest.fixture
def batch() -> Batch:
    """A conversation with one message, whose key is 1, at seq 2."""
    first = Batch(fresh())
    first.tell(talk.create("ann"))
    first.tell(talk.post("ann", "first"), 1)
    return first.commit()


def code(answer: Answer | Refused) -> str:
    assert isinstance(answer, Refused)
    return answer.code


def seq(answer: Answer | Refused) -> int:
    assert isinstance(answer, Answer)
    return answer.seq


def test_a_repeat_gets_the_first_answer_and_adds_nothing(batch: Batch) -> None:
    answer = batch.tell(talk.post("ann", "first"), 1)
    assert isinstance(answer, Answer) and (answer.seq, answer.repeated) == (2, True)
    assert answer.id.endswith("0000000700000002")
    assert batch.draft.empty


def test_a_repeat_in_the_same_batch_gets_the_first_answer(batch: Batch) -> None:
    """A client may send the same id twice at the same moment."""
    assert [3, 3, 4] == [seq(batch.tell(talk.post("ann", "x"), key)) for key in (2, 2, 3)]
    assert 2 == len(batch.draft.rows)


def test_a_repeat_that_memory_forgot_is_answered_from_the_journal(batch: Batch) -> None:
    body = batch.activation.tail[1].body
    answer = batch.tell(talk.post("ann", "x"), 55, seen=Seen(2, DIGEST, body), want_body=True)
    assert Answer(2, answer.id if isinstance(answer, Answer) else "", body, True) == answer


@pytest.mark.parametrize("where", ["batch", "tail", "journal"])
def test_the_same_id_with_other_content_is_refused(batch: Batch, where: str) -> None:
    key, seen = {"batch": (2, None), "tail": (1, None), "journal": (3, Seen(2, DIGEST, batch.activation.tail[1].body))}[where]
    batch.tell(talk.post("ann", "second"), 2)
    assert "id_reused" == code(batch.tell(talk.post("ann", "other"), key, seen=seen, digest=1))
    assert 1 == len(batch.draft.rows)


def test_a_command_without_a_key_is_never_a_repeat(batch: Batch) -> None:
    assert [3, 4] == [seq(batch.tell(talk.post("ann", "x"))) for _ in range(2)]


def test_the_key_is_on_the_commands_own_event_alone() -> None:
    """A message that brings its conversation into being is answered by the message, also when it comes again."""
    batch = Batch(fresh())
    answers = [batch.tell(talk.post("ann", create=talk.create("ann")), 5) for _ in range(2)]
    assert [2, 2] == [seq(answer) for answer in answers]
    assert [(1, None), (2, 5)] == [(row.seq, row.command_key) for row in batch.draft.rows]


def test_a_repeat_of_what_was_deleted_is_acked_without_its_body(batch: Batch) -> None:
    """Keys outlive deleted messages: the place is told, the content is gone."""
    batch.tell(cmd.DeleteMessages())
    after = batch.commit()
    assert STUB_BYTES == len(after.activation.tail[1].body)
    assert 2 == seq(after.tell(talk.post("ann", "first"), 1))
    assert "gone" == code(after.tell(talk.post("ann", "first"), 1, want_body=True))
    assert "gone" == code(after.tell(talk.post("ann"), 9, seen=Seen(2, DIGEST, after.activation.tail[1].body), want_body=True))


def test_a_refusal_adds_nothing_and_spoils_nothing(batch: Batch) -> None:
    assert "forbidden" == code(batch.tell(talk.post("bob"), 2))
    assert batch.draft.empty
    assert 3 == seq(batch.tell(talk.post("ann"), 3))


def test_a_refused_command_may_come_again(batch: Batch) -> None:
    """Its key is not taken: with what it lacked, it is carried out."""
    group = Batch(fresh())
    group.tell(talk.create("ann", type="sdkGroup"))
    assert "forbidden" == code(group.tell(talk.post("bob"), 3))
    group.tell(cmd.JoinConversation(talk.member("bob")))
    assert 3 == seq(group.tell(talk.post("bob"), 3))


@pytest.mark.parametrize("where", ["batch", "tail", "journal"])
def test_a_refusal_that_is_told_is_stored_once_and_said_again(batch: Batch, where: str) -> None:
    """That control did not change hands is an event; a repeat gets the first answer, also when control could change hands by now."""
    failing = cmd.AcceptControl(talk.board())
    first = batch.tell(failing, 2)
    assert ("switchboard_invalid_action", 1) == (code(first), len(batch.draft.rows))
    body, seen = batch.draft.rows[0].body, None
    if where != "batch":
        batch = batch.commit()
    if where == "journal":
        batch.activation.tail = ()
        seen = Seen(3, DIGEST, body)
    batch.tell(cmd.OfferControl(talk.board(), "people"))
    again = batch.tell(failing, 2, seen=seen)
    assert isinstance(first, Refused) and isinstance(again, Refused) and (first.code, first.title) == (again.code, again.title)
    assert (1 if where == "batch" else 0) + 1 == len(batch.draft.rows)


def test_each_decision_sees_the_one_before_it_in_the_batch(batch: Batch) -> None:
    batch.tell(cmd.ChangeStatus("solved"))
    assert "conflict" == code(batch.tell(cmd.ChangeStatus("hold")))
    assert 4 == seq(batch.tell(talk.post("ann")))
    assert "open" == batch.draft.state.status


def test_the_activation_is_untouched_until_the_commit(batch: Batch) -> None:
    """A draft that fails is thrown away, and that is all."""
    before = (batch.activation.state, batch.activation.seq, batch.activation.tail)
    batch.tell(talk.post("ann"))
    assert before == (batch.activation.state, batch.activation.seq, batch.activation.tail)
    batch.commit()
    assert (3, 3) == (batch.activation.seq, batch.activation.state.seq)


def test_the_tail_is_short(batch: Batch) -> None:
    for n in range(3 * TAIL):
        batch.tell(talk.post("ann", str(n)))
    batch.commit()
    assert list(range(2 * TAIL + 3, 3 * TAIL + 3)) == [row.seq for row in batch.activation.tail]


def test_a_snapshot_is_made_now_and_then() -> None:
    """So that an activation replays a bounded number of events."""
    batch = Batch(fresh())
    batch.tell(talk.create("ann"))
    for n in range(SNAPSHOT_EVERY - 2):
        batch.tell(talk.post("ann", str(n)))
    assert batch.draft.seal(talk.KIND).snapshot is None
    batch.draft.adopt()
    batch = Batch(batch.activation)
    batch.tell(talk.post("ann"))
    entry = batch.draft.seal(talk.KIND)
    assert entry.snapshot is not None and (SNAPSHOT_EVERY, batch.draft.state) == (entry.snapshot[0], talk.KIND.thaw(entry.snapshot[1]))
    batch.draft.adopt()
    assert SNAPSHOT_EVERY == batch.activation.snapshot_seq


def test_a_deletion_of_everything_makes_a_snapshot(batch: Batch) -> None:
    """So that nobody replays what is not there any more."""
    batch.tell(cmd.DeleteMessages())
    assert batch.draft.seal(talk.KIND).snapshot is not None


def test_a_deletion_reaches_the_tail(batch: Batch) -> None:
    """Also of a message of the same batch."""
    batch.tell(talk.post("ann", "second"))
    batch.tell(cmd.DeleteMessages())
    batch.tell(talk.post("ann", "third"))
    tail = batch.commit().activation.tail
    assert [False, False, True] == [b"first" in b"".join(row.body for row in tail), b"second" in tail[2].body, b"third" in tail[4].body]


def test_one_deleted_message_is_a_placeholder_in_the_tail(batch: Batch) -> None:
    row = batch.activation.tail[1]
    event = ev.decode(row.body)[1]
    assert isinstance(event, ev.MessagePosted)
    batch.tell(talk.delete(2, event))
    after = batch.commit()
    left = after.activation.tail[1]
    assert (b'"deleted":true' in left.body, b"first" in left.body, left.is_message, left.command_key) == (True, False, False, 1)
    assert 2 == seq(after.tell(talk.post("ann", "first"), 1, want_body=True))


@pytest.mark.parametrize("command", [talk.post("ann"), talk.post("bob"), cmd.Expire(60)], ids=["accepted", "refused", "nothing"])
def test_an_effect_is_settled_whatever_its_result_does(batch: Batch, command: cmd.Command) -> None:
    """Otherwise it would be performed again for ever."""
    batch.tell(command, -4, settles=3)
    assert [3] == batch.draft.entry.settled and not batch.draft.empty


def test_what_needs_no_event_is_answered_with_no_place(batch: Batch) -> None:
    assert Answer(0, "") == batch.tell(talk.act("typing:start", "ann"))
    assert (1, True) == (len(batch.draft.whispers), batch.draft.empty)


def test_the_body_is_given_to_those_who_ask(batch: Batch) -> None:
    first, second = batch.tell(talk.post("ann"), 2, want_body=True), batch.tell(talk.post("ann"), 3)
    assert isinstance(first, Answer) and isinstance(second, Answer)
    assert (batch.draft.rows[0].body, None) == (first.body, second.body)


def test_a_new_actor_is_new_to_the_journal_once() -> None:
    batch = Batch(fresh())
    batch.tell(talk.create("ann"))
    assert batch.draft.entry.is_new
    assert not batch.commit().draft.entry.is_new


def test_the_tail_finds_its_commands() -> None:
    activation = fresh()
    activation.tail = [EventRow(1, b"", 5), EventRow(2, b"", None), EventRow(3, b"", 6)]
    assert (1, 3, None) == (getattr(activation.known(5), "seq", 0), getattr(activation.known(6), "seq", 0), activation.known(7))
