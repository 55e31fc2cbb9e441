"""The wire form of events: what is written is read, old versions are upcast, and a stub is id and instant."""

from __future__ import annotations

import json

import msgspec
import pytest

from actors.conversation import event_id, event_type, is_internal, message_of
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.conversation import state
from domain.envelope import Later, Reader
from storage.redaction import STUB_BYTES
from tests import conversations as talk
from tests.conversations import Conversation

ID = "0123456789abcdef01234567"
AT_MS = 1_750_000_000_123
REF = ev.ConversationRef("c", "personal", {"vip": True})


def test_an_event_has_the_form_of_a_webhook() -> None:
    """Source: API contract, webhook events: id, createdAt, type, payload."""
    told = json.loads(ev.encode(ID, AT_MS, ev.StatusChanged(REF, "open")))
    assert told == {
        "id": ID,
        "createdAt": "2025-06-15T15:06:40.123Z",
        "type": "causerie:status:change",
        "payload": {"conversation": {"id": "c", "type": "personal", "metadata": {"vip": True}}, "status": "open"},
    }


def test_what_is_written_is_read() -> None:
    """Every kind of event that a conversation tells, through the bytes and back."""
    one = Conversation()
    one.tell(talk.create("ann", "bob", metadata={"ü": 1.5}))
    one.tell(talk.post("ann", "ünïcode 🙂"))
    one.tell(talk.read(None))
    one.tell(cmd.SendPostback("ann", "m", "x", talk.WEB, {"k": False}))
    one.tell(cmd.MoveConversation("bob", talk.member("bo")))
    one.tell(cmd.PassControl(talk.board(), "people", {"k": 1}))
    one.tell(cmd.OfferControl(talk.board(), "bot"))
    one.tell(cmd.AcceptControl(talk.board()))
    one.tell(cmd.ReleaseControl(talk.board(), reason="ticketClosed"))
    for failing in (cmd.PassControl(talk.board(), "?"), cmd.OfferControl(talk.board(), "?"), cmd.AcceptControl(talk.board())):
        one.tell(failing)
    for body, event in zip(one.bodies, one.told, strict=True):
        at_ms, read = ev.decode(body)
        assert ev.encode(event_id(body), at_ms, event) == body == ev.encode(event_id(body), at_ms, read)  # type: ignore[arg-type]


def test_type_id_and_message_are_read_at_their_places() -> None:
    """Without decoding the event: this is done for each event on each socket."""
    one = Conversation()
    one.tell(talk.create("ann"))
    one.tell(talk.post(None, "hello", internal=True))
    body = one.bodies[1]
    assert (b"causerie:note:create", True) == (event_type(body), is_internal(body))
    assert json.loads(message_of(body))["id"] == event_id(body) == json.loads(body)["id"]
    assert not is_internal(one.bodies[0])
    assert is_internal(body.replace(b"causerie:note:create", b"causerie:later:thing")), "who knows what it is"


def test_a_stub_keeps_id_and_instant() -> None:
    """What redaction leaves is no JSON any more, and says no type."""
    body = ev.encode(ID, AT_MS, ev.MessagesDeleted(REF))
    stub = body[:STUB_BYTES]
    assert (AT_MS, None) == ev.decode(stub)
    assert (ID, b"", False) == (event_id(stub), event_type(stub), is_internal(stub))


def test_every_stored_type_has_its_own_name() -> None:
    assert all(name == kind.type for name, kind in ev.STORED.items())
    assert set(ev.STORED) >= ev.INTERNAL
    assert ev.TypingChanged.type not in ev.STORED


def test_an_old_version_is_upcast_on_reading() -> None:
    """Step by step from its own version to today's; what is new is left alone. The table is data, and a test may bring its own."""
    steps = [lambda body: body.replace(b'"stat"', b'"status"'), lambda body: body.replace(b'"opened"', b'"open"')]
    reader = Reader(ev.STORED, steps)
    new = ev.encode(ID, AT_MS, ev.StatusChanged(REF, "open"))
    second = new.replace(b'"open"', b'"opened"')
    first = second.replace(b'"status"', b'"stat"')
    for version, body in enumerate([first, second, new], 1):
        assert (AT_MS, ev.StatusChanged(REF, "open")) == reader.decode(body, version)
        assert new == reader.upcast(body, version)
    assert 3 == reader.version, "one more than the steps to it"


def test_todays_version_is_that_of_the_kind() -> None:
    assert ev.VERSION == talk.KIND.version


@pytest.mark.parametrize(("version", "type"), [(1, "causerie:later:thing"), (2, "causerie:status:change")])
def test_what_a_later_version_wrote_is_not_understood_and_has_its_instant(version: int, type: str) -> None:
    """A kind that is not known here, or a form: it takes its place, and the state says that this version does not know all."""
    body = ev.encode(ID, AT_MS, ev.StatusChanged(REF, "open")).replace(b"causerie:status:change", type.encode())
    assert (AT_MS, Later()) == ev.decode(body, version)
    after = state.evolve(state.State("c", "live", 6), 7, *ev.decode(body, version))
    assert (7, AT_MS, "live", False) == (after.seq, after.at_ms, after.life, talk.KIND.knows(after))
    again = state.evolve(after, 8, AT_MS, ev.StatusChanged(REF, "open"))
    assert not talk.KIND.knows(talk.KIND.thaw(talk.KIND.freeze(again))), "nor does a snapshot hide it"


def test_an_unknown_field_is_read_over() -> None:
    """Two versions of the product may run at once: the older one reads what the newer one wrote."""
    body = ev.encode(ID, AT_MS, ev.StatusChanged(REF, "open")).replace(b'"status"', b'"later":1,"status"')
    assert ev.StatusChanged(REF, "open") == ev.decode(body)[1]


def test_a_snapshot_of_a_later_version_is_read_as_far_as_it_is_known() -> None:
    """It has fields behind those of today."""
    today = state.State("c", "live", 6, AT_MS)
    later = msgspec.msgpack.encode([*msgspec.msgpack.decode(state.encode(today)), "later", {"more": 1}])
    assert today == state.decode(later)
