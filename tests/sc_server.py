"""The API on a real socket, over a real directory in SQLite and the router's twin."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import encode_basic_auth, web
from aiohttp.test_utils import TestClient, TestServer

from domain.directory import App, Integration
from gateway.app import FileRooms, add_files
from gateway.identity import Tokens
from gateway.keys import DIRECTORY, LOOKUPS, ROUTER, SETTINGS, Settings
from gateway.limits import LIMITS, Limits
from gateway.lookups import Lookups
from gateway.middlewares import MIDDLEWARES
from gateway.sc.routes import PREFIX, add_routes
from gateway.stream.endpoints import TOKENS
from storage.files import FolderFiles
from storage.ports import Database
from storage.sql.attachments import Attachments
from storage.sql.bootstrap import Credentials, Login, new_key
from storage.sql.directory import Directory
from tests import contract_schemas
from tests.router_twin import RouterTwin

MAX_FILE_BYTES = 1_000_000

Answer = tuple[int, Any]
Headers = dict[str, str]

APP = "/v2/apps/{appId}"
USERS = APP + "/users"
USER = USERS + "/{userIdOrExternalId}"
CONVERSATIONS = APP + "/conversations"
CONVERSATION = CONVERSATIONS + "/{conversationId}"
MESSAGES = CONVERSATION + "/messages"

BUSINESS = {"type": "business", "displayName": "Ana"}


def text(words: str, author: Any = BUSINESS, **fields: Any) -> dict[str, Any]:
    """The body of a post of a text message."""
    return {"author": author, "content": {"type": "text", "text": words}, **fields}


def code(answer: Answer) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer[0], answer[1]["errors"][0]["code"]


class ScServer:
    """`call` checks each answer against the API's contract."""

    def __init__(self, client: TestClient[Any, Any], router: RouterTwin, directory: Directory, credentials: Credentials) -> None:
        self.http, self.router, self.directory, self.credentials = client, router, directory, credentials
        self.key = Headers(Authorization=encode_basic_auth(credentials.key_id, credentials.secret))
        self.owner = Headers(Authorization=encode_basic_auth(credentials.account_key_id, credentials.account_secret))
        self.app_id = credentials.app_id
        self.called: set[tuple[str, str]] = set()

    @property
    def url(self) -> str:
        return str(self.http.make_url("")).rstrip("/")

    async def call(self, method: str, path: str, json: Any = None, *, auth: Headers | None = None, **options: Any) -> Answer:
        """`path` is the contract's, with `{appId}` and the like filled in from `options`."""
        headers = (auth or self.key) | options.pop("headers", {})
        names = {"appId": self.app_id} | {name: options.pop(name) for name in list(options) if "{" + name + "}" in path}
        url = PREFIX + path.format_map(names)
        async with self.http.request(method, url, json=json, headers=headers, **options) as response:
            body = await response.json()
            contract_schemas.check(method, path, response.status, body)
            self.called.add((method, path))
            return response.status, body


async def start(
    database: Database, settings: Settings | None = None, folder: Path | None = None, clock: Callable[[], float] = time.monotonic
) -> ScServer:
    """Ended by `server.http.close()`. With a `folder` for them, there are attachments. `clock` is that of the rate limits."""
    settings = settings or Settings(rate_limits=False)
    directory, router = Directory(database), RouterTwin()
    app = web.Application(middlewares=MIDDLEWARES)
    app[ROUTER], app[DIRECTORY], app[LOOKUPS], app[SETTINGS] = router, directory, Lookups(directory), settings
    app[LIMITS] = Limits(settings.rate_limits, settings.trusted_proxies, clock)
    add_routes(app)
    if folder is not None:
        app[TOKENS] = Tokens(directory, app[LOOKUPS], b"t" * 32)
        add_files(app, FileRooms(Attachments(database), FolderFiles(folder), b"s" * 32, MAX_FILE_BYTES))
    credentials = await _first_run(directory, router.new_id)
    client = TestClient(TestServer(app))
    await client.start_server()
    return ScServer(client, router, directory, credentials)


async def _first_run(directory: Directory, new_id: Callable[[], str]) -> Credentials:
    """As `storage.sql.bootstrap` does it, without people, whose passwords take long to hash."""
    app, web_id = App(new_id(), "Causerie"), new_id()
    key, owner = new_key(new_id, "Key", "app", app.id), new_key(new_id, "Owner's key", "account")
    await directory.create_app(app)
    await directory.create_key(key)
    await directory.create_key(owner)
    await directory.create_integration(Integration(app.id, web_id, "web"))
    return Credentials(app.id, key.id, key.secret, owner.id, owner.secret, web_id, Login("", ""), Login("", ""))
