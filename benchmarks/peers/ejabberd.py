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
from benchmarks.peers.system import MANY, ONE, SOME, Shape
from tests.serving import free_port

DOMAIN, PASSWORD = "localhost", "secret"
SCHEMA = Path("/usr/share/ejabberd/sql/pg.sql")
MODULES: dict[str, Any] = {
    "mod_mam": {"db_type": "sql", "default": "always"},
    "mod_offline": {"db_type": "sql"},
    "mod_roster": {"db_type": "sql"},
    "mod_stream_mgmt": {},
}

_body = re.compile(r"<body[^>]*>([^<]*)</body>")
_handled = re.compile(r"<a\b[^>]*\bh=['\"](\d+)")


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
                yield EjabberdService(f"ws://127.0.0.1:{port}/ws", found)


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

    async def agent(self, http: aiohttp.ClientSession, number: int) -> XmppAgent:
        session = await Session.open(http, self.url, f"agent{number}")
        await session.write("<presence xmlns='jabber:client'/>")
        await session.until("<presence")  # its own, come back: it is online
        return XmppAgent(self, http, session, f"agent{number}@{DOMAIN}")


class Session:
    """A bound XMPP session. Each frame is one element."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self._ws = ws

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, url: str, user: str) -> Session:
        session = cls(await http.ws_connect(url, protocols=("xmpp",), compress=0))
        await session._greet()
        secret = base64.b64encode(f"\0{user}\0{PASSWORD}".encode()).decode()
        await session.write(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>")
        await session.until("<success")
        await session._greet()
        bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
        await session.write(f"<iq xmlns='jabber:client' type='set' id='bind'>{bind}</iq>")
        await session.until("<iq")
        return session

    async def _greet(self) -> None:
        await self.write(f"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='{DOMAIN}' version='1.0'/>")
        await self.until("<stream:features")

    async def write(self, element: str) -> None:
        await self._ws.send_str(element)

    async def element(self) -> str:
        return await self._ws.receive_str()

    async def until(self, beginning: str) -> None:
        while not (element := await self.element()).startswith(beginning):
            if element.startswith(("<failure", "<stream:error", "<close")):
                raise ConnectionError(element)


class XmppVisitor:
    """Asks for an ack behind each message. Messages are the only stanzas that it sends, so the number acked says which."""

    def __init__(self, session: Session, to: str) -> None:
        self._session, self._to = session, to
        self._flying: deque[str] = deque()
        self._handled = 0

    async def send(self, name: str, text: str) -> None:
        self._flying.append(name)
        await self._session.write(
            f"<message xmlns='jabber:client' type='chat' to='{self._to}' id='{name}'><body>{text}</body></message>",
        )
        await self._session.write("<r xmlns='urn:xmpp:sm:3'/>")

    async def acked(self) -> list[str]:
        element = await self._session.element()
        if element.startswith("<message") and "type='error'" in element:
            raise ConnectionError(element)
        found = _handled.match(element)
        if found is None:
            return []
        before, self._handled = self._handled, int(found[1])
        return [self._flying.popleft() for _ in range(self._handled - before)]


class XmppAgent:
    def __init__(self, service: EjabberdService, http: aiohttp.ClientSession, session: Session, address: str) -> None:
        self._service, self._http, self._session, self._address = service, http, session, address

    async def meet(self, number: int) -> XmppVisitor:
        session = await Session.open(self._http, self._service.url, f"visitor{number}")
        await session.write("<enable xmlns='urn:xmpp:sm:3'/>")
        await session.until("<enabled")
        return XmppVisitor(session, self._address)

    async def received(self) -> list[str]:
        return _body.findall(await self._session.element())
