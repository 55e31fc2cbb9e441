"""ejabberd with mod_mam on PostgreSQL: a visitor chats with an agent over XMPP on a WebSocket (RFC 7395).

Both sides' archives get the message, as is usual for a chat of two. The ack is that of stream management (XEP-0198): a session handles
what it was sent in order, the INSERT into the sender's archive is a part of that, and the ack comes behind it. Nothing registers
itself: the accounts are rows that are in the database before the start.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import subprocess
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.peers import databases
from benchmarks.peers.driver import AGENTS
from benchmarks.peers.packages import Packages, command
from benchmarks.peers.processes import running
from benchmarks.peers.system import MANY, ONE, SOME, Shape, Witness
from benchmarks.wire import Wire
from tests.serving import free_port

DOMAIN, PASSWORD = "localhost", "secret"
SCHEMA = Path("/usr/share/ejabberd/sql/pg.sql")
MODULES: dict[str, Any] = {
    "mod_mam": {"db_type": "sql", "default": "always"},
    "mod_offline": {"db_type": "sql"},
    "mod_roster": {"db_type": "sql"},
    "mod_stream_mgmt": {},
}

_body = re.compile(rb"<body[^>]*>([^<]*)</body>")
_handled = re.compile(rb"<a\b[^>]*\bh=['\"](\d+)")


class Ejabberd:
    name = "ejabberd"
    settings = "mod_mam, mod_offline, mod_roster and mod_stream_mgmt on SQL, pool of 10 (default), no shaper, WebSocket without TLS"
    ack = "after the INSERT into the sender's archive (XEP-0198)"
    shapes: tuple[Shape, ...] = (MANY, SOME, ONE)

    @contextmanager
    def start(self, folder: Path, packages: Packages) -> Iterator[EjabberdService]:
        packages.debian(["ejabberd", "erlang-p1-pgsql"], proof=SCHEMA)
        port = free_port()
        with databases.postgresql() as found:
            asyncio.run(databases.execute(found.url, SCHEMA.read_text() + accounts()))
            (folder / "ejabberd.yml").write_text(json.dumps(configuration(port, found.port)))  # YAML has all of JSON
            with running(start_command(folder), folder, port):
                yield EjabberdService(f"http://127.0.0.1:{port}", found)


def accounts() -> str:
    names = [f"agent{n}" for n in range(AGENTS)] + [f"visitor{n}" for n in range(MANY.visitors)]
    return "INSERT INTO users (username, password) VALUES " + ", ".join(f"('{name}', '{PASSWORD}')" for name in names)


def configuration(port: int, database_port: int) -> dict[str, Any]:
    listener = {"port": port, "ip": "127.0.0.1", "module": "ejabberd_http", "request_handlers": {"/ws": "ejabberd_http_ws"}}
    sql = {"type": "pgsql", "server": "127.0.0.1", "port": database_port, "database": "postgres", "username": "causerie"}
    return {
        "hosts": [DOMAIN],
        "loglevel": "warning",
        "listen": [listener],
        "auth_method": "sql",
        "default_db": "sql",
        "modules": MODULES,
        **{f"sql_{name}": value for name, value in sql.items()},
    }


def start_command(folder: Path) -> list[str]:
    """Not by ejabberdctl, which makes the node a distributed one that listens for others; the flags are those that it gives."""
    libraries = next(Path("/usr/lib").glob("*/ejabberd-*/ebin")).parents[1]
    environment = {"ERL_LIBS": libraries, "EJABBERD_CONFIG_PATH": folder / "ejabberd.yml", "EJABBERD_LOG_PATH": folder / "ejabberd.log"}
    variables = [f"{name}={value}" for name, value in environment.items()]
    flags = ["-noinput", "+K", "true", "+P", "250000", "-mnesia", "dir", f'"{folder}/mnesia"', "-s", "ejabberd"]
    return ["env", *variables, "ERL_MAX_PORTS=32000", command("erl"), *flags]


class EjabberdService:
    def __init__(self, url: str, found: databases.Found) -> None:
        self.url, self.fsync = url, found.fsync
        asked = subprocess.run(["dpkg-query", "-W", "-f=${Version}", "ejabberd"], check=True, capture_output=True, text=True)
        self.versions = {"ejabberd": asked.stdout, "postgresql": found.version}

    async def agent(self, http: aiohttp.ClientSession, number: int, witness: Witness) -> XmppAgent:
        wire = await session(self.url, f"agent{number}")
        wire.send(b"<presence xmlns='jabber:client'/>")
        await answer(wire, b"<presence")  # its own, come back: it is online
        return XmppAgent(self, wire, f"agent{number}@{DOMAIN}", witness)


async def session(url: str, user: str) -> Wire:
    """A bound XMPP session. Each message of the socket is one element."""
    wire = await Wire.connect(url, "/ws", "xmpp")
    await greet(wire)
    secret = base64.b64encode(f"\0{user}\0{PASSWORD}".encode())
    wire.send(b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%b</auth>" % secret)
    await answer(wire, b"<success")
    await greet(wire)
    wire.send(b"<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
    await answer(wire, b"<iq")
    return wire


async def greet(wire: Wire) -> None:
    wire.send(f"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='{DOMAIN}' version='1.0'/>".encode())
    await answer(wire, b"<stream:features")


async def answer(wire: Wire, beginning: bytes) -> None:
    def wanted(element: bytes) -> bool:
        if element.startswith((b"<failure", b"<stream:error", b"<close")):
            raise ConnectionError(element.decode())
        return element.startswith(beginning)

    await wire.until(wanted)


class XmppVisitor:
    """Asks for an ack behind each message. Messages are the only stanzas that it sends, so the number acked says which."""

    def __init__(self, wire: Wire, to: str, witness: Witness) -> None:
        self._wire, self._to, self._witness = wire, to, witness
        self._flying: deque[str] = deque()
        self._handled = 0
        wire.took, wire.lost, self.close = self._took, witness.failed, wire.close

    def send(self, name: str, text: str) -> None:
        self._flying.append(name)
        message = f"<message xmlns='jabber:client' type='chat' to='{self._to}' id='{name}'><body>{text}</body></message>"
        self._wire.send(message.encode(), b"<r xmlns='urn:xmpp:sm:3'/>")

    def _took(self, element: bytes) -> None:
        found = _handled.match(element)
        if found is not None:
            before, self._handled = self._handled, int(found[1])
            for _ in range(self._handled - before):
                self._witness.acked(self._flying.popleft())
        elif element.startswith(b"<message") and b"type='error'" in element:
            self._witness.failed(ConnectionError(element.decode()))


class XmppAgent:
    def __init__(self, service: EjabberdService, wire: Wire, address: str, witness: Witness) -> None:
        self._service, self._wire, self._address, self._witness = service, wire, address, witness
        wire.took, wire.lost, self.close = self._took, witness.failed, wire.close

    async def meet(self, number: int) -> XmppVisitor:
        wire = await session(self._service.url, f"visitor{number}")
        wire.send(b"<enable xmlns='urn:xmpp:sm:3'/>")
        await answer(wire, b"<enabled")
        return XmppVisitor(wire, self._address, self._witness)

    def _took(self, element: bytes) -> None:
        for text in _body.findall(element):
            self._witness.delivered(text.decode())
