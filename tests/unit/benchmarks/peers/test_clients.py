"""What the clients of the peers make of what the servers say. The frames are like those that the servers send."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

import pytest

from benchmarks.peers.ejabberd import Session, XmppVisitor
from benchmarks.peers.socketio import Socket, SocketIoVisitor
from benchmarks.peers.synapse import MatrixVisitor
from benchmarks.peers.table import medians


class Wire:
    """In the place of aiohttp's socket: says what it was given, keeps what it is told."""

    def __init__(self, *frames: str) -> None:
        self._frames = deque(frames)
        self.told: list[str] = []

    async def receive_str(self) -> str:
        return self._frames.popleft()

    async def send_str(self, frame: str) -> None:
        self.told.append(frame)


def wired(*frames: str) -> Any:
    """As the type of aiohttp's socket, of which these two methods are used."""
    return Wire(*frames)


async def test_an_xmpp_ack_names_all_messages_up_to_its_number() -> None:
    visitor = XmppVisitor(Session(wired("<a xmlns='urn:xmpp:sm:3' h='2'/>", "<a h='3' xmlns='urn:xmpp:sm:3'/>")), "agent0@localhost")
    for name in ("one", "two", "three"):
        await visitor.send(name, "words")
    assert [["one", "two"], ["three"]] == [await visitor.acked(), await visitor.acked()]


async def test_an_xmpp_error_is_no_ack() -> None:
    visitor = XmppVisitor(Session(wired("<message type='error' id='one'/>")), "agent0@localhost")
    with pytest.raises(ConnectionError):
        await visitor.acked()


async def test_a_ping_of_engine_io_is_answered_and_passed_over() -> None:
    wire = wired("2", '431[{"id":"one","seq":"7"}]')
    assert ["one"] == await SocketIoVisitor(Socket(wire), "c").acked()
    assert ["3"] == wire.told


class Puts:
    """In the place of a Matrix account: a PUT is answered when the test says so."""

    def __init__(self) -> None:
        self.answers: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def ask(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        self.answers[path.rpartition("/")[2]] = answer = asyncio.get_running_loop().create_future()
        return await answer


async def test_a_matrix_message_is_acked_when_its_put_is_answered() -> None:
    puts: Any = Puts()
    visitor = MatrixVisitor(puts, "!room:localhost")
    for name in ("one", "two"):
        await visitor.send(name, "words")
    await asyncio.sleep(0)
    puts.answers["two"].set_result({"event_id": "$2"})
    first = await visitor.acked()
    puts.answers["one"].set_exception(ConnectionError("500"))
    with pytest.raises(ConnectionError):
        await visitor.acked()
    assert ["two"] == first


def test_the_table_has_the_median_of_each_system_and_shape() -> None:
    def row(system: str, rate: float) -> dict[str, Any]:
        figures = ("delivered_per_s", "ack_p50_ms", "ack_p99_ms", "delivery_p50_ms", "lost", "reordered", "driver_us")
        return {"system": system, "visitors": 1, "in_flight": 1, "acked_per_s": rate, **dict.fromkeys(figures, 0)}

    found = medians([row("slow", 1.0), row("quick", 5.0), row("quick", 9.0), row("quick", 6.0)])
    assert [("quick", 6.0, 3), ("slow", 1.0, 1)] == [(one["system"], one["acked_per_s"], one["runs"]) for one in found]
