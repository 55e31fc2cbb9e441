"""What agents may say to the routing, and how a snapshot is told."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assignment import commands as cmd
from domain.conversation import events as ev
from domain.directory import Account, App, SessionKind
from domain.errors import Refused
from gateway.identity import Identity
from gateway.stream import frames
from gateway.stream.routing import Routing, lines
from storage.sql.routing import Count

ANN, TICKET, OTHER = "a" * 24, "c" * 24, "b" * 24


class Router:
    def new_id(self) -> str:
        return "g" * 24


def who(role: Any) -> Identity:
    account = None if role is None else Account(ANN, "ann@example.org", "", role, "Ann")
    kind: SessionKind = "program" if role is None else "agent"
    return Identity(kind, App("app", "App"), "agent:a", ev.Author("business"), ev.Source("agent"), b"", 0, None, account)


@pytest.mark.parametrize(
    ("frame", "command"),
    [
        (frames.Availability("1", "online"), cmd.SetStatus(ANN, "online")),
        (frames.Accept("1", TICKET), cmd.Accept(ANN, TICKET)),
        (frames.Decline("1", TICKET), cmd.Decline(ANN, TICKET)),
        (frames.Transfer("1", TICKET, group=3), cmd.Transfer(ANN, TICKET, None, 3)),
    ],
)
def test_a_frame_is_a_command_of_the_agents_own(frame: frames.OfRouting, command: cmd.Command) -> None:
    routing = Routing(Router())  # type: ignore[arg-type]
    assert command == routing.command(who("agent"), frame)
    with pytest.raises(Refused):
        routing.command(who(None), frame)


def test_only_who_supervises_sets_the_status_of_others() -> None:
    routing = Routing(Router())  # type: ignore[arg-type]
    frame = frames.Availability("1", "away", OTHER)
    assert cmd.SetStatus(OTHER, "away", by=ANN) == routing.command(who("admin"), frame)
    with pytest.raises(Refused):
        routing.command(who("agent"), frame)


def test_lines_are_counted_by_stage() -> None:
    counts = [Count("5", "waiting", 7, 100), Count("5", "offered", 2, 90), Count("0:3", "assigned", 1, 80)]
    assert [
        {"queue": 0, "group": 3, "waiting": 0, "offered": 0, "assigned": 1, "handing": 0},
        {"queue": 5, "group": None, "waiting": 7, "offered": 2, "assigned": 0, "handing": 0, "oldestMs": 100},
    ] == lines(counts)
