"""The unit floor refuses what its conftest says that it refuses."""

from __future__ import annotations

import asyncio
import socket
import time
import warnings

import pytest
import ray

REFUSAL = "in a unit test"


def test_a_socket_neither_connects_nor_listens() -> None:
    with socket.socket() as sock:
        for attempt in (sock.connect, sock.connect_ex, sock.bind):
            with pytest.raises(Exception, match=REFUSAL):
                attempt(("127.0.0.1", 1))
    with pytest.raises(Exception, match=REFUSAL):
        socket.create_connection(("127.0.0.1", 1))


async def test_an_event_loop_opens_no_connection() -> None:
    with pytest.raises(Exception, match=REFUSAL):
        await asyncio.open_connection("127.0.0.1", 1)


def test_time_does_not_sleep() -> None:
    with pytest.raises(Exception, match=REFUSAL):
        time.sleep(0.001)


async def test_asyncio_yields_but_does_not_sleep() -> None:
    assert await asyncio.sleep(0, "result") == "result"
    with pytest.raises(Exception, match=REFUSAL):
        await asyncio.sleep(0.001)


def test_ray_does_not_start() -> None:
    with pytest.raises(Exception, match=REFUSAL):
        ray.init()


def test_ray_does_not_start_by_itself_either() -> None:
    """The first remote call of a program calls `ray.init` when nobody did."""
    with pytest.raises(Exception, match=REFUSAL):
        ray.put(1)


def test_a_warning_is_an_error() -> None:
    with pytest.raises(UserWarning, match="beware"):
        warnings.warn("beware", stacklevel=1)
