"""What the clients of the peers make of what the servers say. The frames are like those that the servers send."""

from __future__ import annotations

import asyncio
from typing import Any

from benchmarks.peers.causerie import CauserieVisitor
from benchmarks.peers.ejabberd import XmppVisitor
from benchmarks.peers.socketio import Socket, SocketIoVisitor
from benchmarks.peers.synapse import MatrixVisitor
from benchmarks.peers.table import medians


class Line:
    """In the place of a WebSocket: keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[bytes] = []
        self.took: Any = None

    def send(self, *payloads: bytes) -> None:
        self.told.extend(payloads)

    def close(self) -> None:
        """There is nothing to close."""


class Seen:
    """What the clients told."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.failures: list[Exception] = []

    def acked(self, name: str) -> None:
        self.names.append(name)

    def delivered(self, text: str) -> None:
        raise AssertionError("no agent is asked")

    def failed(self, failure: Exception) -> None:
        self.failures.append(failure)


def line() -> Any:
    """As the type of the socket, of which these methods are used."""
    return Line()


def test_an_xmpp_ack_names_all_messages_up_to_its_number() -> None:
    wire, seen = line(), Seen()
    visitor = XmppVisitor(wire, "agent0@localhost", seen)
    for name in ("one", "two", "three"):
        visitor.send(name, "words")
    wire.took(b"<a xmlns='urn:xmpp:sm:3' h='2'/>")
    first = seen.names[:]
    wire.took(b"<a h='3' xmlns='urn:xmpp:sm:3'/>")
    assert (["one", "two"], ["one", "two", "three"]) == (first, seen.names)


def test_an_xmpp_error_is_no_ack() -> None:
    wire, seen = line(), Seen()
    XmppVisitor(wire, "agent0@localhost", seen)
    wire.took(b"<message type='error' id='one'/>")
    assert ([], 1) == (seen.names, len(seen.failures))


def test_a_ping_of_engine_io_is_answered_and_passed_over() -> None:
    wire, seen = line(), Seen()
    SocketIoVisitor(Socket(wire), "c", seen)
    wire.took(b"2")
    wire.took(b'431[{"id":"one","seq":"7"}]')
    assert (["one"], [b"3"]) == (seen.names, wire.told)


def test_acks_of_the_stream_come_several_in_a_message_and_a_refusal_ends_it() -> None:
    wire, seen = line(), Seen()
    CauserieVisitor(wire, seen)
    wire.took(b'{"type":"ack","id":"one","seq":1}\n{"type":"event","event":{"payload":{}}}\n{"type":"ack","id":"two","seq":2}')
    wire.took(b'{"type":"refused","id":null,"code":"bad_frame"}')
    assert (["one", "two"], 1) == (seen.names, len(seen.failures))


class Puts:
    """In the place of a Matrix account: a PUT is answered when the test says so."""

    def __init__(self) -> None:
        self.answers: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def ask(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        self.answers[path.rpartition("/")[2]] = answer = asyncio.get_running_loop().create_future()
        return await answer


async def test_a_matrix_message_is_acked_when_its_put_is_answered() -> None:
    puts: Any = Puts()
    seen = Seen()
    visitor = MatrixVisitor(puts, "!room:localhost", seen)
    for name in ("one", "two"):
        visitor.send(name, "words")
    await asyncio.sleep(0)
    puts.answers["two"].set_result({"event_id": "$2"})
    puts.answers["one"].set_exception(ConnectionError("500"))
    for _ in range(3):
        await asyncio.sleep(0)
    assert (["two"], 1) == (seen.names, len(seen.failures))


def test_the_table_has_the_median_of_each_system_and_shape() -> None:
    def row(system: str, rate: float) -> dict[str, Any]:
        figures = ("delivered_per_s", "ack_p50_ms", "ack_p99_ms", "delivery_p50_ms", "lost", "reordered", "driver_us")
        return {"system": system, "visitors": 1, "in_flight": 1, "acked_per_s": rate, **dict.fromkeys(figures, 0)}

    found = medians([row("slow", 1.0), row("quick", 5.0), row("quick", 9.0), row("quick", 6.0)])
    assert [("quick", 6.0, 3), ("slow", 1.0, 1)] == [(one["system"], one["acked_per_s"], one["runs"]) for one in found]
