"""`/api/v2/bot` on a real socket, over real tables in SQLite and the router's twin."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import encode_basic_auth, web
from aiohttp.test_utils import TestClient, TestServer

from domain.directory import Account, ApiKey, App
from gateway.auth import Authenticator
from gateway.bot import operations
from gateway.bot.routes import PREFIX, add_routes
from gateway.bot.shelf import Shelf
from gateway.identity import AGENT_TTL_S, Tokens
from gateway.keys import DIRECTORY, LOOKUPS, ROUTER, SETTINGS, Settings
from gateway.limits import LIMITS, Limits
from gateway.lookups import Lookups
from gateway.middlewares import MIDDLEWARES
from gateway.outward.addresses import Reach
from gateway.outward.calls import Caller
from gateway.outward.client import Outward
from gateway.sessions import AUTHENTICATOR
from gateway.stream.endpoints import TOKENS
from storage.ports import Database
from storage.sql.bootstrap import new_key
from storage.sql.bots import Bots
from storage.sql.directory import Directory
from tests import own_contract
from tests.router_twin import RouterTwin

FLOWS = Path(__file__).parents[1] / "causerie" / "flows"

Answer = tuple[int, Any]
Headers = dict[str, str]


class BotServer:
    """`key` is an app's, `owner` the account's."""

    def __init__(self, client: TestClient[Any, Any], bots: Bots, directory: Directory, tokens: Tokens, app: App) -> None:
        self.http, self.bots, self.directory, self.tokens, self.app = client, bots, directory, tokens, app
        self.key: Headers = {}
        self.owner: Headers = {}
        self.counted: dict[tuple[str, str], dict[str, int]] = {}

    async def call(self, method: str, path: str, json: Any = None, *, auth: Headers | None = None, **options: Any) -> Answer:
        headers = (self.key if auth is None else auth) | options.pop("headers", {})
        async with self.http.request(method, PREFIX + path, json=json, headers=headers, **options) as response:
            return response.status, await response.json()

    async def tallies(self, app_id: str, subject: str) -> Mapping[str, int]:
        return self.counted.get((app_id, subject), {})

    async def session(self, account: Account) -> Headers:
        """Of somebody who has logged in."""
        app_id = account.app_id or self.app.id
        token = await self.tokens.create(1_750_000_000_000, "agent", AGENT_TTL_S, app_id=app_id, account_id=account.id)
        return {"Authorization": f"Bearer {token}"}


async def start(database: Database) -> BotServer:
    """With the ready-made flows that the product brings along. Ended by `server.http.close()`."""
    directory, router, bots, settings = Directory(database), RouterTwin(), Bots(database), Settings(rate_limits=False)
    lookups = Lookups(directory)
    tokens = Tokens(directory, lookups, b"secret")
    app = web.Application(middlewares=MIDDLEWARES)
    app[ROUTER], app[DIRECTORY], app[LOOKUPS], app[SETTINGS] = router, directory, lookups, settings
    app[LIMITS], app[AUTHENTICATOR], app[TOKENS] = Limits(False), Authenticator(lookups), tokens
    outward = Outward(Reach(("127.0.0.1/32",), http=True))
    app[operations.BOTS], app[operations.TEMPLATES] = bots, Shelf(FLOWS)
    app[operations.CALLER] = Caller(outward, bots.secrets)
    first = App(router.new_id(), "Causerie")
    client: TestClient[Any, Any] = TestClient(TestServer(app), trace_configs=[own_contract.tracing()])
    server = BotServer(client, bots, directory, tokens, first)
    app[operations.TALLIES] = server.tallies
    add_routes(app)
    app.on_cleanup.append(lambda _: outward.close())
    await directory.create_app(first)
    server.key = await a_key(directory, new_key(router.new_id, "Key", "app", first.id))
    server.owner = await a_key(directory, new_key(router.new_id, "Owner's key", "account"))
    await client.start_server()
    return server


async def a_key(directory: Directory, key: ApiKey) -> Headers:
    await directory.create_key(key)
    return {"Authorization": encode_basic_auth(key.id, key.secret)}


def flow(identifier: str = "hello", words: str = "Hello", **fields: Any) -> dict[str, Any]:
    """A flow that says something and ends."""
    steps = [{"type": "message", "id": "say", "text": {"en": words}, "exits": {"next": "end"}}, {"type": "end", "id": "end"}]
    return {"id": identifier, "name": identifier.title(), "language": "en", "start": "say", "steps": steps} | fields
