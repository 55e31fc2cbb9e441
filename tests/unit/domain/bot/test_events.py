"""The wire form of a bot's events, and what a state makes of those that it cannot read."""

from __future__ import annotations

import json

import pytest

from domain.bot import events as ev
from domain.bot import state
from domain.envelope import Later, Reader

AT_MS = 1_750_000_000_123
EVENT = ev.Stepped(2, 3, (ev.Frame("f", 1, "s", {"l": 2}),), ev.Awaits("customer", tries=1), variables={"a": 1.5, "b": None})


def test_an_event_has_the_form_of_a_webhook() -> None:
    told = json.loads(ev.encode("0" * 24, AT_MS, ev.Ended(2, "silent")))
    assert {
        "id": "0" * 24,
        "createdAt": "2025-06-15T15:06:40.123Z",
        "type": "bot:ended",
        "payload": {"epoch": 2, "reason": "silent"},
    } == told


@pytest.mark.parametrize("event", [EVENT, ev.Ended(1, "refused", 4), ev.Stepped(1, 1, begins=ev.Run(3, "fr", profile={"name": "Ü"}))])
def test_what_is_written_is_read(event: ev.Event) -> None:
    assert (AT_MS, event) == ev.decode(ev.encode("0" * 24, AT_MS, event))


@pytest.mark.parametrize(("version", "kind"), [(1, "bot:later"), (2, "bot:stepped")])
def test_what_a_later_version_wrote_is_not_understood(version: int, kind: str) -> None:
    body = ev.encode("0" * 24, AT_MS, EVENT).replace(b"bot:stepped", kind.encode())
    assert (AT_MS, Later()) == ev.decode(body, version)
    after = state.evolve(state.State("c", 6), 7, *ev.decode(body, version))
    assert (7, AT_MS, ev.VERSION + 1) == (after.seq, after.at_ms, after.version)


def test_an_old_version_is_upcast_on_reading() -> None:
    reader = Reader(ev.STORED, [lambda body: body.replace(b'"quiet"', b'"silent"')])
    body = ev.encode("0" * 24, AT_MS, ev.Ended(2, "silent"))
    assert (AT_MS, ev.Ended(2, "silent")) == reader.decode(body.replace(b'"silent"', b'"quiet"'), 1) == reader.decode(body, 2)


def test_a_stub_keeps_its_instant_and_takes_its_place() -> None:
    stub = ev.encode("0" * 24, AT_MS, EVENT)[:71]
    assert (AT_MS, None) == ev.decode(stub)
    assert state.State("c", 7, AT_MS) == state.evolve(state.State("c"), 7, AT_MS, None)


def test_every_stored_type_has_its_own_name() -> None:
    assert all(name == kind.type for name, kind in ev.STORED.items())
