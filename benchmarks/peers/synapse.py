"""Synapse on PostgreSQL: a Matrix room for each visitor, with the agent in it; no encryption, no federation.

A message is a PUT, its answer the ack; the agent is shown it by its long poll of /sync.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

from benchmarks.peers import databases
from benchmarks.peers.packages import Packages, versions_of
from benchmarks.peers.processes import running
from benchmarks.peers.system import ONE, Shape, Witness
from tests.serving import free_port

REQUIREMENTS = ("matrix-synapse==1.163.2", "psycopg2-binary==2.9.13")
FILTER = json.dumps({"room": {"timeline": {"limit": 100}}})
POLL_MS = 30_000
NO_LIMIT = {"per_second": 100_000, "burst_count": 100_000}


class Synapse:
    name = "synapse"
    settings = "one process, psycopg2 pool of 5 to 10 (as its manual has it), presence off, rate limits off"
    ack = "after the event is in the database (the PUT's 200)"
    shapes: tuple[Shape, ...] = (Shape(20, 1), ONE)  # 200 visitors would wait for seconds; a Matrix client sends one at a time

    @contextmanager
    def start(self, folder: Path, packages: Packages) -> Iterator[SynapseService]:
        python, port = packages.venv("synapse", REQUIREMENTS), free_port()
        with databases.postgresql() as found:
            path = folder / "homeserver.yaml"
            path.write_text(json.dumps(configuration(folder, port, found.port)))  # YAML has all of JSON
            run = [str(python), "-m", "synapse.app.homeserver", "--config-path", str(path)]
            subprocess.run([*run, "--generate-keys"], check=True, capture_output=True, cwd=folder)
            with running(run, folder, port):
                versions = {**versions_of(python, ["matrix-synapse", "twisted", "psycopg2-binary"]), "postgresql": found.version}
                yield SynapseService(f"http://127.0.0.1:{port}", found.fsync, versions)


def configuration(folder: Path, port: int, database_port: int) -> dict[str, Any]:
    pool = {"user": "causerie", "dbname": "postgres", "host": "127.0.0.1", "port": database_port, "cp_min": 5, "cp_max": 10}
    login = dict.fromkeys(("address", "account", "failed_attempts"), NO_LIMIT)
    joins = dict.fromkeys(("local", "remote"), NO_LIMIT)
    invites = dict.fromkeys(("per_room", "per_user", "per_issuer"), NO_LIMIT)
    return {
        "server_name": "localhost",
        "listeners": [{"port": port, "bind_addresses": ["127.0.0.1"], "type": "http", "resources": [{"names": ["client"]}]}],
        "database": {"name": "psycopg2", "args": pool},
        "signing_key_path": str(folder / "signing.key"),
        "media_store_path": str(folder / "media"),
        "macaroon_secret_key": "made up",
        "form_secret": "made up",
        "trusted_key_servers": [],
        "report_stats": False,
        "enable_registration": True,
        "enable_registration_without_verification": True,
        "bcrypt_rounds": 4,  # accounts are made in less time; nothing that is measured hashes a password
        "presence": {"enabled": False},
        "rc_message": NO_LIMIT,
        "rc_registration": NO_LIMIT,
        "rc_login": login,
        "rc_joins": joins,
        "rc_joins_per_room": NO_LIMIT,
        "rc_invites": invites,
        "rc_room_creation": NO_LIMIT,
    }


class SynapseService:
    def __init__(self, url: str, fsync: str, versions: dict[str, str]) -> None:
        self.url, self.fsync, self.versions = f"{url}/_matrix/client/v3", fsync, versions
        self._numbers = itertools.count(1)

    async def agent(self, http: aiohttp.ClientSession, number: int, witness: Witness) -> MatrixAgent:
        return MatrixAgent(self, await self.account(http, "agent"), witness)

    async def account(self, http: aiohttp.ClientSession, kind: str) -> Account:
        """A new one, logged in."""
        made = Account(http, self.url)
        name = f"{kind}-{next(self._numbers)}"
        found = await made.ask("POST", "/register", {"auth": {"type": "m.login.dummy"}, "username": name, "password": "made-up-words"})
        made.user, made.headers = found["user_id"], {"Authorization": f"Bearer {found['access_token']}"}
        return made


class Account:
    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http, self._url = http, url
        self.user, self.headers = "", dict[str, str]()

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None, **query: str | int) -> dict[str, Any]:
        async with self.http.request(method, self._url + path, json=body, params=query, headers=self.headers) as answer:
            if answer.status != 200:
                raise ConnectionError(f"{method} {path}: {answer.status} {await answer.text()}")
            found: dict[str, Any] = await answer.json()
            return found


class MatrixVisitor:
    def __init__(self, account: Account, room: str, witness: Witness) -> None:
        self._account, self._witness = account, witness
        self._path = f"/rooms/{quote(room)}/send/m.room.message/"
        self._puts: set[asyncio.Task[None]] = set()

    def send(self, name: str, text: str) -> None:
        put = asyncio.create_task(self._put(name, text))
        self._puts.add(put)
        put.add_done_callback(self._puts.discard)

    async def _put(self, name: str, text: str) -> None:
        try:
            await self._account.ask("PUT", self._path + name, {"msgtype": "m.text", "body": text})
        except Exception as error:
            self._witness.failed(error)
        else:
            self._witness.acked(name)

    def close(self) -> None:
        for put in self._puts:
            put.cancel()


class MatrixAgent:
    """Polls from the beginning."""

    def __init__(self, service: SynapseService, account: Account, witness: Witness) -> None:
        self._service, self._account, self._witness = service, account, witness
        self._polls = asyncio.create_task(self._poll())

    async def meet(self, number: int) -> MatrixVisitor:
        account = await self._service.account(self._account.http, "visitor")
        room = (await account.ask("POST", "/createRoom", {"preset": "private_chat", "invite": [self._account.user]}))["room_id"]
        await self._account.ask("POST", f"/join/{quote(room)}", {})
        return MatrixVisitor(account, room, self._witness)

    async def _poll(self) -> None:
        since = dict[str, str]()
        try:
            while True:
                found = await self._account.ask("GET", "/sync", None, timeout=POLL_MS, filter=FILTER, **since)
                since = {"since": found["next_batch"]}
                for room in found.get("rooms", {}).get("join", {}).values():
                    for event in room["timeline"]["events"]:
                        if event["type"] == "m.room.message":
                            self._witness.delivered(event["content"]["body"])
        except Exception as error:
            self._witness.failed(error)

    def close(self) -> None:
        self._polls.cancel()
