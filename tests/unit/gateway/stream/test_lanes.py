"""Nothing overtakes a message that was refused for a while: the real socket's logic over a link that fails in every order."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from actors.answers import Answer
from domain.conversation import events as ev
from domain.directory import App, User
from domain.errors import Refused, Unavailable
from gateway.identity import Identity
from gateway.stream.lanes import Lane
from gateway.stream.socket import StreamSocket
from storage.ports import ActorId
from tests.boards import BoardsTwin

CONVERSATION = "c" * 24
SLOW = Unavailable("unavailable", "too slow")


class Link:
    """What `Router.say` leads to: a queue to a host that commits in order, remembers ids, and may die before it answers."""

    def __init__(self) -> None:
        self.full = False
        self.unanswered: dict[int, tuple[str, Callable[[Any], None]]] = {}
        self.way: deque[int] = deque()
        self.committed: list[str] = []
        self.count = 0

    def now_ms(self) -> int:
        return 0

    def new_id(self) -> str:
        return "e" * 24

    def say(self, actor: ActorId, command: Any, *, sender: str, client_id: str, on_answer: Callable[[Any], None]) -> Callable[[], None]:
        if self.full:
            raise Unavailable("overloaded", "full")
        self.count += 1
        n = self.count
        self.unanswered[n] = (client_id, on_answer)
        self.way.append(n)
        self.names = {**getattr(self, "names", {}), n: client_id}
        return lambda: self.unanswered.pop(n, None) and None

    def commit(self) -> None:
        """The host takes the next command; a repeat is not stored again. The answer is on its way."""
        name = self.names[self.way.popleft()]
        if name not in self.committed:
            self.committed.append(name)

    def answer(self) -> None:
        """The oldest command that was committed is acked."""
        for n, (name, on_answer) in list(self.unanswered.items()):
            if n not in self.way and name in self.committed:
                del self.unanswered[n]
                on_answer(Answer(self.committed.index(name) + 1, "f" * 24))
                return

    def die(self) -> None:
        """What was on its way is lost; a successor is told everything that is unanswered, in order."""
        self.way = deque(self.unanswered)

    def time_out(self) -> None:
        """The oldest command is given up; it may be committed all the same."""
        n = next(iter(self.unanswered))
        self.unanswered.pop(n)[1](SLOW)


class Limits:
    """Refuses when it is told to."""

    visitors = keys = None

    def __init__(self) -> None:
        self.empty = False

    def check(self, *_: object) -> None:
        if self.empty:
            raise Unavailable("rate_limited", "slowly", 0.1)


def identity() -> Identity:
    user = User("app", "u" * 24, "d" * 24)
    return Identity("visitor", App("app", "App"), "user:u", ev.Author("user", user_id=user.id), ev.Source("web"), b"", 0, user=user)


class Pipelining(RuleBasedStateMachine):
    """A client that sends without waiting, and after a refusal sends again what was not acked, in order, before anything new."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.link, self.limits = Link(), Limits()
        self.loop.run_until_complete(self._open())
        self.sent: list[str] = []
        self.acked: dict[str, int] = {}
        self.inbound: deque[str] = deque()
        self.behind = False

    async def _open(self) -> None:
        self.socket = StreamSocket(None, identity(), self.link, BoardsTwin(), None, self.limits, lambda code, reason: None)  # type: ignore[arg-type]

    def teardown(self) -> None:
        self.loop.close()

    def _told(self) -> None:
        """The client reads what the socket says."""
        lines, self.socket.outbox._lines = self.socket.outbox._lines, []
        for frame in map(json.loads, lines):
            if frame["type"] == "ack":
                assert self.acked.setdefault(frame["id"], frame["seq"]) == frame["seq"]
            else:
                assert frame["type"] == "refused" and frame["retry_after"] > 0
                self.behind |= frame["id"] not in self.acked

    @precondition(lambda self: not self.behind and len(self.sent) < 20)
    @rule()
    def send(self) -> None:
        self.sent.append(f"m{len(self.sent)}")
        self.inbound.append(self.sent[-1])

    @precondition(lambda self: self.behind)
    @rule()
    def send_again(self) -> None:
        self.behind = False
        self.inbound.extend(name for name in self.sent if name not in self.acked)

    @precondition(lambda self: self.inbound)
    @rule(trouble=st.sampled_from(["", "", "", "rate", "full"]), count=st.integers(1, 4))
    def socket_reads(self, trouble: str, count: int) -> None:
        self.limits.empty, self.link.full = trouble == "rate", trouble == "full"
        for _ in range(min(count, len(self.inbound))):
            frame = {
                "type": "message",
                "id": self.inbound.popleft(),
                "conversation": CONVERSATION,
                "content": {"type": "text", "text": "x"},
            }
            self.loop.run_until_complete(self.socket._take(json.dumps(frame).encode()))
            self.limits.empty = self.link.full = False
        self._told()

    @precondition(lambda self: self.link.way)
    @rule(count=st.integers(1, 4))
    def host_commits(self, count: int) -> None:
        for _ in range(min(count, len(self.link.way))):
            self.link.commit()

    @rule()
    def host_answers(self) -> None:
        self.link.answer()
        self._told()

    @rule()
    def host_dies(self) -> None:
        self.link.die()

    @precondition(lambda self: self.link.unanswered)
    @rule()
    def time_runs_out(self) -> None:
        self.link.time_out()
        self._told()

    @invariant()
    def nothing_overtakes(self) -> None:
        order = [self.sent.index(name) for name in self.link.committed]
        assert order == sorted(order)

    @invariant()
    def what_is_acked_is_committed(self) -> None:
        assert all(self.link.committed[seq - 1] == name for name, seq in self.acked.items())


TestPipelining = Pipelining.TestCase
TestPipelining.settings = settings(
    max_examples=80, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def given_up(lane: Lane, *names: str) -> tuple[list[int], list[str]]:
    """The numbers of messages that go, and where the names of those that are cancelled are noted."""
    cancelled: list[str] = []
    numbers = []
    for name in names:
        numbers.append(lane.begin(name))
        lane.sent(numbers[-1], lambda name=name: cancelled.append(name))  # type: ignore[misc]
    return numbers, cancelled


def test_after_a_refusal_only_that_message_may_go() -> None:
    lane = Lane()
    lane.refuse("a")
    with pytest.raises(Unavailable) as refused:
        lane.check("b")
    assert ("out_of_order", True) == (refused.value.code, refused.value.retry_after_s > 0)
    lane.check("a")
    lane.begin("a")
    lane.check("b")


def test_the_first_refusal_counts() -> None:
    """Those that are refused behind it do not take its place."""
    lane = Lane()
    lane.refuse("a")
    lane.refuse("b")
    assert "a" == lane.blocked_by


def test_a_message_without_an_answer_takes_the_later_ones_along() -> None:
    """They are given up before anything can send them again; the earlier ones go on."""
    lane = Lane()
    numbers, cancelled = given_up(lane, "a", "b", "c", "d")
    assert ["c", "d"] == lane.failed(numbers[1]) == cancelled
    assert ("b", ["a"]) == (lane.blocked_by, [name for name, _ in lane.pending.values()])


def test_an_earlier_failure_takes_over() -> None:
    lane = Lane()
    numbers, _ = given_up(lane, "a", "b")
    lane.failed(numbers[1])
    lane.failed(numbers[0])
    assert "a" == lane.blocked_by


def test_a_lane_with_nothing_on_its_way_is_idle() -> None:
    """And may be forgotten: a socket has many conversations."""
    lane = Lane()
    assert lane.idle
    number = lane.begin("a")
    assert not lane.idle
    del lane.pending[number]
    assert lane.idle
    lane.refuse("a")
    assert not lane.idle


async def test_a_message_that_had_to_wait_keeps_its_lane() -> None:
    """While a form response looks up its form, an earlier message may be acked; what follows is in the same lane all the same."""
    link = Link()
    socket = StreamSocket(None, identity(), link, BoardsTwin(), None, Limits(), lambda code, reason: None)  # type: ignore[arg-type]
    actor = ActorId("conversation", "app", CONVERSATION)
    lane = socket._lane(actor)
    socket._send(lane, "first", actor, None)  # type: ignore[arg-type]
    link.commit()
    link.answer()
    socket._send(lane, "form", actor, None)  # type: ignore[arg-type]
    assert socket._lane(actor) is lane
    socket._send(socket._lane(actor), "next", actor, None)  # type: ignore[arg-type]
    link.time_out()
    assert {} == link.unanswered


async def test_a_final_refusal_ends_the_hold() -> None:
    """What is refused for good holds nothing up."""
    limits = Limits()
    socket = StreamSocket(None, identity(), Link(), BoardsTwin(), None, limits, lambda code, reason: None)  # type: ignore[arg-type]
    limits.empty = True
    with pytest.raises(Unavailable):
        await socket._message(_message("a", {"type": "text", "text": "x"}))
    limits.empty = False
    with pytest.raises(Refused):
        await socket._message(_message("a", {"type": "unheard of"}))
    await socket._message(_message("b", {"type": "text", "text": "x"}))


def _message(identifier: str, content: object) -> Any:
    from gateway.stream import frames

    return frames.parse(json.dumps({"type": "message", "id": identifier, "conversation": CONVERSATION, "content": content}).encode())
