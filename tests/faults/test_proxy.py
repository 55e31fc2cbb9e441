"""The proxy that breaks breaks in the way that it says, and passes on everything otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.chaos.proxy import Cut, Proxy

WAIT_S = 5.0
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Echo:
    """A server that says back what it hears, and remembers it."""

    def __init__(self) -> None:
        self.heard = b""
        self.ends: list[str] = []
        self.ended = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(1 << 16):
                self.heard += data
                writer.write(data)
            self.ends.append("closed")
        except ConnectionResetError:
            self.ends.append("reset")
        finally:
            self.ended.set()
            writer.close()


@pytest.fixture
async def echo() -> Echo:
    return Echo()


@pytest.fixture
async def proxy(echo: Echo) -> AsyncIterator[Proxy]:
    async with await asyncio.start_server(echo.serve, "127.0.0.1", 0) as server, Proxy(server.sockets[0].getsockname()[1]) as made:
        yield made


@pytest.fixture
async def client(proxy: Proxy) -> AsyncIterator[Ends]:
    """A client that has been answered once, so that both halves are there."""
    ends = await asyncio.open_connection("127.0.0.1", proxy.port)
    assert b"hello" == await said(ends, b"hello")
    yield ends
    ends[1].close()


async def said(ends: Ends, data: bytes) -> bytes:
    """Say it, and the answer of the same length."""
    ends[1].write(data)
    return await asyncio.wait_for(ends[0].readexactly(len(data)), WAIT_S)


async def test_bytes_pass_as_they_are(client: Ends) -> None:
    data = bytes(range(256)) * 4_000
    assert data == await said(client, data)


async def test_one_side_hears_that_the_other_ended(client: Ends, echo: Echo) -> None:
    client[1].close()
    await asyncio.wait_for(echo.ended.wait(), WAIT_S)
    assert ["closed"] == echo.ends


async def test_both_sides_hear_a_reset(client: Ends, proxy: Proxy, echo: Echo) -> None:
    proxy.reset()
    with pytest.raises(ConnectionResetError):
        await asyncio.wait_for(client[0].read(1), WAIT_S)
    await asyncio.wait_for(echo.ended.wait(), WAIT_S)
    assert ["reset"] == echo.ends


async def test_a_slow_line_is_late(client: Ends, proxy: Proxy) -> None:
    loop = asyncio.get_running_loop()
    with proxy.slow(0.1):
        begun = loop.time()
        assert b"late" == await said(client, b"late")
        assert 0.2 <= loop.time() - begun, "there and back"


async def test_a_black_hole_keeps_everything_until_it_ends(client: Ends, proxy: Proxy, echo: Echo) -> None:
    with proxy.black_hole():
        client[1].write(b"anybody?")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client[0].read(1), 0.2)
        assert b"hello" == echo.heard
    assert b"anybody?" == await asyncio.wait_for(client[0].readexactly(8), WAIT_S)


async def test_half_open_a_client_is_not_told_that_the_server_is_gone(client: Ends, proxy: Proxy, echo: Echo) -> None:
    proxy.half_open("server")
    await asyncio.wait_for(echo.ended.wait(), WAIT_S)
    client[1].write(b"anybody?")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client[0].read(1), 0.2)
    assert b"hello" == echo.heard


async def test_half_open_the_server_is_not_told_that_the_client_is_gone(client: Ends, proxy: Proxy, echo: Echo) -> None:
    proxy.half_open("client")
    with pytest.raises(ConnectionResetError):
        await asyncio.wait_for(client[0].read(1), WAIT_S)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(echo.ended.wait(), 0.2)


@pytest.mark.parametrize(("passed", "heard"), [(False, b"hello"), (True, b"helloBEGIN; COMMIT;")])
async def test_a_word_cuts_the_line_before_or_behind_it(client: Ends, proxy: Proxy, echo: Echo, passed: bool, heard: bytes) -> None:
    """Either way the client hears nothing but the end: it cannot know which it was."""
    with proxy.cutting(Cut(b"COMMIT", passed=passed)) as cut:
        client[1].write(b"BEGIN; COMMIT;")
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(client[0].read(1), WAIT_S)
        await asyncio.wait_for(cut.wait(), WAIT_S)
    await asyncio.wait_for(echo.ended.wait(), WAIT_S)
    assert heard == echo.heard


async def test_a_word_in_two_pieces_cuts_too(client: Ends, proxy: Proxy) -> None:
    with proxy.cutting(Cut(b"COMMIT")):
        assert b"COM" == await said(client, b"COM")
        client[1].write(b"MIT")
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(client[0].read(1), WAIT_S)


async def test_the_line_is_cut_after_so_many_bytes_and_so_many_times(client: Ends, proxy: Proxy) -> None:
    with proxy.cutting(Cut(after=10, times=1)):
        assert b"123456789" == await said(client, b"123456789")
        client[1].write(b"0")
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(client[0].read(1), WAIT_S)
        again = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert b"once is enough" == await said(again, b"once is enough")
        again[1].close()


async def test_a_client_hears_that_there_is_no_server(client: Ends, proxy: Proxy) -> None:
    proxy.upstream = 1
    reader, _ = await asyncio.open_connection("127.0.0.1", proxy.port)
    with pytest.raises(ConnectionResetError):
        await asyncio.wait_for(reader.read(1), WAIT_S)
