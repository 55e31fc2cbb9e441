"""Who else looks: said while it is so, once for all windows of an agent, and over with the last of them."""

from __future__ import annotations

from typing import Any

import pytest

from actors.stream import Delivered
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.directory import Account, App, User
from domain.errors import Refused, Unavailable
from gateway.identity import Identity
from gateway.stream.socket import StreamSocket
from gateway.stream.viewing import MAX_VIEWED, Looking, Viewing
from storage.ports import ActorId
from tests import conversations as talk
from tests.boards import BoardsTwin

ANN = "a" * 24


class Router:
    def __init__(self) -> None:
        self.said: list[tuple[str, bool]] = []
        self.is_away = False

    def now_ms(self) -> int:
        return talk.START_MS

    def say(self, actor: ActorId, command: cmd.ShowViewing, **options: Any) -> None:
        if self.is_away:
            raise Unavailable("unavailable", "No host", 1.0)
        assert (ANN, "Ann", None) == (command.agent_id, command.name, options["client_id"])
        self.said.append((actor.id, command.on))


def who() -> Identity:
    author, account = ev.Author("business", display_name="Ann", agent_id=ANN), Account(ANN, "ann@example.org", "", "agent", "Ann")
    return Identity("agent", App("app", "App"), f"agent:{ANN}", author, ev.Source("agent"), b"", 0, None, account)


def nothing(outcome: Any) -> None: ...


def place(number: int = 0) -> ActorId:
    return ActorId("conversation", "app", f"{number:024x}")


def looking(viewing: Viewing) -> Looking:
    return Looking(viewing, who())


def test_an_agent_looks_until_the_last_window_is_closed() -> None:
    router = Router()
    viewing = Viewing(router)  # type: ignore[arg-type]
    one, other = looking(viewing), looking(viewing)
    for window in (one, one, other):
        window.say(place(), True, nothing)
    one.say(place(), False, nothing)
    one.say(place(), False, nothing)
    assert [(place().id, True)] * 3 == router.said, "they are still there, in the other one"
    other.end()
    assert (place().id, False) == router.said[-1] and 4 == len(router.said)
    assert not viewing._windows


def test_a_socket_looks_at_so_many_and_no_more() -> None:
    router = Router()
    window = looking(Viewing(router))  # type: ignore[arg-type]
    for number in range(MAX_VIEWED):
        window.say(place(number), True, nothing)
    with pytest.raises(Refused):
        window.say(place(MAX_VIEWED), True, nothing)
    window.say(place(0), True, nothing)  # again
    window.say(place(0), False, nothing)
    window.say(place(MAX_VIEWED), True, nothing)


def test_where_nobody_hears_it_a_socket_ends_all_the_same() -> None:
    router = Router()
    viewing = Viewing(router)  # type: ignore[arg-type]
    window = looking(viewing)
    window.say(place(1), True, nothing)
    window.say(place(2), True, nothing)
    router.is_away = True
    window.end()
    assert not viewing._windows


async def test_customers_are_shown_nothing_of_it() -> None:
    user = User("app", "u" * 24, "c" * 24)
    visitor = Identity("visitor", App("app", "App"), "user:u", ev.Author("user", user_id=user.id), ev.Source("web"), b"", 0, user=user)
    one = talk.Conversation()
    one.tell(talk.create("ann"))
    (viewed,) = one.tell(cmd.ShowViewing(ANN, "Ann", True)).whispers
    (typed,) = one.tell(talk.act("typing:start", None)).whispers
    shown = []
    program = Identity("program", App("app", "App"), "key:k", ev.Author("business"), ev.Source("api"), b"", 0)
    for who_looks in (visitor, program):
        socket = StreamSocket(None, who_looks, Router(), BoardsTwin(), None, None, nothing)  # type: ignore[arg-type]
        assert all(socket.push(Delivered(one.actor, 0, body)) for body in (viewed, typed))
        shown.append([b"causerie:viewing" in line for line in socket.outbox._lines])
    assert [[False], [True, False]] == shown


def test_it_is_whispered_and_never_kept() -> None:
    one = talk.Conversation()
    with pytest.raises(Refused):
        one.tell(cmd.ShowViewing(ANN, "Ann", True))
    one.tell(talk.create("ann"))
    outcome = one.tell(cmd.ShowViewing(ANN, "Ann", False))
    assert ([], 1) == (outcome.bodies, len(outcome.whispers))
    assert b'"type":"causerie:viewing"' in outcome.whispers[0]
    assert b'"agent":{"id":"aaaaaaaaaaaaaaaaaaaaaaaa","displayName":"Ann"},"on":false' in outcome.whispers[0]
