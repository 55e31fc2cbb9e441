"""Planned moves of slots between servers, at any moment: asks a slot's host to give it up for a server, as that server would."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Self

import asyncpg

from actors import frames
from actors.socket_link import connect

#: The product says for which server a slot was given up; who claims it then is one of that server's hosts.
NOTED = """
CREATE TABLE chaos_claims (n bigserial, server text, owner text);
CREATE FUNCTION chaos_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chaos_claims (server, owner) VALUES (substr(OLD.owner, 5), NEW.owner);
    RETURN NEW;
END $$;
CREATE TRIGGER chaos_claim AFTER UPDATE ON slots FOR EACH ROW
    WHEN (OLD.owner LIKE 'for %' AND NEW.address <> '') EXECUTE FUNCTION chaos_claim();
"""
CLAIMS = "SELECT server, owner FROM chaos_claims ORDER BY n"
OWNED = "SELECT slot, generation, owner, address, token FROM slots WHERE kind = 'conversation' AND address <> '' AND slot NOT LIKE '%/%'"
WELCOME_S = 5.0


def pid_of(owner: str) -> int:
    """Of an owner in the slot table; 0 while there is none."""
    pid = owner.rpartition("/")[2]
    return int(pid) if pid.isdecimal() else 0


async def names(connection: asyncpg.Connection, hosts: list[set[int]]) -> dict[int, str]:
    """By their numbers, the names of the servers whose hosts (their pids) were seen to claim slots that were given up for them."""
    claims = [(row["server"], pid_of(row["owner"])) for row in await connection.fetch(CLAIMS)]
    return {number: server for server, pid in claims for number, pids in enumerate(hosts) if pid in pids}


async def ask(address: str, token: str, server: str) -> None:
    """Ask the host at this address to give its slot up for the server of this name. Raises `OSError` or `TimeoutError`."""
    asking = _Asking(token, server)
    async with asyncio.timeout(WELCOME_S):
        await connect(address, asking.begin)
        await asking.asked.wait()


class _Asking:
    """One end of a link that says nothing but this."""

    def __init__(self, token: str, server: str) -> None:
        self._token, self._server = token, server
        self._reader = frames.Reader()
        self.asked = asyncio.Event()

    def begin(self, send: Callable[[bytes], None], end: Callable[[], None]) -> Self:
        self._send, self._end = send, end
        send(frames.pack((frames.HELLO, self._token)))
        return self

    def received(self, data: bytes) -> None:
        for frame in self._reader.feed(data):
            if frame[0] == frames.WELCOME:
                self._send(frames.pack((frames.YIELD, self._server)))
                self.asked.set()
            elif frame[0] == frames.MOVED:
                self._end()

    def ended(self) -> None:
        self.asked.set()
