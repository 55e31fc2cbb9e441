"""The people of a running server, as they reach it from outside: visitors, the agent, programs, holders of API keys."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import jwt

from tests import own_contract
from tests import stream_client as stream
from tests.serving import Serving
from tests.stream_client import Connection, Json

Answer = tuple[int, Any]


class App:
    """An app and its key: what belongs to one company. Each test may have its own."""

    def __init__(self, app_id: str, key_id: str, secret: str) -> None:
        self.id, self.key_id, self.secret = app_id, key_id, secret
        self.auth = stream.basic_auth(key_id, secret)

    def jwt(self, external_id: str, **claims: Any) -> str:
        """By which the company's page says who its visitor is."""
        told = {"scope": "user", "external_id": external_id, **claims}
        return jwt.encode(told, self.secret, algorithm="HS256", headers={"kid": self.key_id})


class People:
    """Ways in. Sockets that are opened here are closed with the people."""

    def __init__(self, server: Serving, http: aiohttp.ClientSession, checked: bool = True) -> None:
        self.server, self.http, self.url, self._checked = server, http, server.url, checked
        self.credentials = c = server.credentials
        self.app = App(c["app_id"], c["key_id"], c["secret"])
        self.owner = stream.basic_auth(c["account_key_id"], c["account_secret"])
        self.integration: str = c["web_integration_id"]
        self._open = contextlib.AsyncExitStack()

    async def close(self) -> None:
        await self._open.aclose()

    # -- the API

    async def call(self, method: str, path: str, body: Any = None, *, app: App | None = None, **options: Any) -> Answer:
        """`path` starts at the app: `/users`. Returns (status, the answer's JSON)."""
        app = app or self.app
        headers = {**app.auth, **options.pop("headers", {})}
        async with self.http.request(method, f"{self.url}/sc/v2/apps/{app.id}{path}", json=body, headers=headers, **options) as answer:
            return answer.status, await answer.json()

    async def made(self, path: str, body: Any, *, app: App | None = None) -> Any:
        """What a post made, without its envelope."""
        status, answer = await self.call("POST", path, body, app=app)
        assert status == 201, (status, answer)
        (inner,) = answer.values()
        return inner

    async def new_app(self, name: str = "Another", **settings: Any) -> App:
        """An app of its own with a key of its own, made by the owner's key."""
        async with self.http.post(f"{self.url}/sc/v2/apps", json={"displayName": name, "settings": settings}, headers=self.owner) as answer:
            assert answer.status == 201, await answer.text()
            app = (await answer.json())["app"]
        async with self.http.post(f"{self.url}/sc/v2/apps/{app['id']}/keys", json={"displayName": "k"}, headers=self.owner) as answer:
            assert answer.status == 201, await answer.text()
            key = (await answer.json())["key"]
        return App(app["id"], key["id"], key["secret"])

    async def settle(self) -> None:
        """From now on in an app of their own, with a web integration, where the agents answer: nobody else's work waits there."""
        self.app = app = await self.new_app("Their own")
        self.integration = (await self.made("/integrations", {"type": "web"}))["id"]
        board = (await self.made("/switchboards", {}))["id"]
        agents = {"name": "agents", "integrationType": "zd:agentWorkspace"}
        first = (await self.made(f"/switchboards/{board}/switchboardIntegrations", agents))["id"]
        status, answer = await self.call("PATCH", f"/switchboards/{board}", {"enabled": True, "defaultSwitchboardIntegrationId": first})
        assert (200, app.id) == (status, self.app.id), answer

    async def person(self, external_id: str, app: App | None = None) -> tuple[Json, str]:
        """(a user, the id of their default conversation)."""
        user = await self.made("/users", {"externalId": external_id, "profile": {"givenName": external_id}}, app=app)
        conversation = await self.made("/conversations", {"type": "personal", "participants": [{"userId": user["id"]}]}, app=app)
        return user, conversation["id"]

    async def posted(self, conversation: str, content: Any, *, app: App | None = None, **more: Any) -> Json:
        """A message of the business, by the API."""
        body = {"author": {"type": "business"}, "content": content, **more}
        (message,) = await self.made(f"/conversations/{conversation}/messages", body, app=app)
        found: Json = message
        return found

    async def with_switchboard(self, enabled: bool) -> None:
        """Without one everybody may speak, there are no tickets, and nothing but what is said has a place in a conversation."""
        status, answer = await self.call("GET", "/switchboards")
        (board,) = answer["switchboards"]
        status, answer = await self.call("PATCH", f"/switchboards/{board['id']}", {"enabled": enabled})
        assert status == 200, answer

    # -- the streams

    async def session(self, **more: str) -> Json:
        return await stream.visitor_session(self.http, self.url, self.integration, **more)

    async def open(self, path: str, token: str | None, headers: dict[str, str] | None = None) -> Connection:
        """A socket, before anything is known of the answer to its hello."""
        return await self._open.enter_async_context(await Connection.open(self.http, self.url, path, token, headers, checked=self._checked))

    async def welcome(self, path: str, token: str) -> Connection:
        """A socket that was welcomed."""
        connection = await self.open(path, token)
        await connection.take("welcome")
        return connection

    async def visitor(self, **more: str) -> Connection:
        return await self.welcome(stream.MESSAGING, (await self.session(**more))["token"])

    async def talking(self, text: str = "hello", **more: str) -> tuple[Connection, str]:
        """A visitor who has said something, and the conversation in which."""
        visitor = await self.visitor(**more)
        ack = await visitor.say(text)
        return visitor, ack["conversation"]

    async def agent(self) -> Connection:
        who = self.credentials["agent"]
        session = await stream.agent_session(self.http, self.url, who["email"], who["password"], self.app.id)
        return await self.welcome(stream.AGENT, session["token"])

    async def program(self, app: App | None = None) -> Connection:
        app = app or self.app
        session = await stream.program_session(self.http, self.url, app.key_id, app.secret)
        return await self.welcome(stream.AGENT, session["token"])


@contextlib.asynccontextmanager
async def people_of(server: Serving, *, checked: bool = True, **options: Any) -> AsyncIterator[People]:
    """`checked`: whatever the server answers and tells is held against the files that describe it. A later version may say more."""
    traces = [own_contract.tracing()] if checked else []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, **options), trace_configs=traces) as http:
        people = People(server, http, checked)
        try:
            yield people
        finally:
            await people.close()


async def eventually(ask: Any, timeout_s: float = 15.0, pause_s: float = 0.1) -> Any:
    """The first true answer of `await ask()`; there is nothing to wait on in another process."""
    until = time.monotonic() + timeout_s
    while not (found := await ask()):
        if time.monotonic() > until:
            raise TimeoutError(f"not within {timeout_s} s: the last answer was {found!r}")
        await asyncio.sleep(pause_s)
    return found
