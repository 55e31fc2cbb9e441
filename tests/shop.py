"""A shop with a bot: the flows that its bot runs, as data, and the API that they call, on a port of this process."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from typing import Any

from aiohttp import web

from tests.people import App, People

Json = dict[str, Any]

#: By which a server lets its bots call this API.
OUTWARD: Mapping[str, str] = {"CAUSERIE_OUTWARD_ALLOW": "127.0.0.0/8", "CAUSERIE_OUTWARD_HTTP": "on"}


class Shop:
    """`calls` are (path, Idempotency-Key) as they came. An order is found when it is asked for again; a shelf when `gate` is open; a note
    is taken after `pause_s`."""

    def __init__(self, pause_s: float = 0.0) -> None:
        self.pause_s = pause_s
        self.calls: list[tuple[str, str]] = []
        self.gate, self.waiting = asyncio.Event(), asyncio.Event()
        self.url = ""

    def keys(self, path: str) -> Counter[str]:
        """How often a path was called with each key."""
        return Counter(key for called, key in self.calls if called == path)

    def _note(self, request: web.Request) -> None:
        self.calls.append((request.path, request.headers["Idempotency-Key"]))

    async def order(self, request: web.Request) -> web.Response:
        self._note(request)
        if self.keys(request.path).total() == 1:
            return web.json_response({"error": "too busy"}, status=503)
        assert "Bearer open sesame" == request.headers["Authorization"]
        return web.json_response({"status": "shipped", "delivery": [{"day": "2026-12-01"}]})

    async def shelf(self, request: web.Request) -> web.Response:
        self._note(request)
        self.waiting.set()
        await self.gate.wait()
        return web.json_response({"left": 7})

    async def note(self, request: web.Request) -> web.Response:
        self._note(request)
        self.waiting.set()
        await asyncio.sleep(self.pause_s)  # so that there are calls under way when their caller dies
        return web.json_response({"noted": (await request.json())["text"]})


@contextlib.asynccontextmanager
async def shop(pause_s: float = 0.0) -> AsyncIterator[Shop]:
    made, app = Shop(pause_s), web.Application()
    app.router.add_get("/orders/{order}", made.order)
    app.router.add_get("/shelves/{shelf}", made.shelf)
    app.router.add_post("/notes/{name}", made.note)
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield made
    finally:
        made.gate.set()
        await runner.cleanup()


# -- flows


def flow(identifier: str, *steps: Json, **fields: Any) -> Json:
    """In English and French; it begins with its first step."""
    return {"id": identifier, "name": identifier, "language": "en", "languages": ["fr"], "start": steps[0]["id"], "steps": steps, **fields}


def step(identifier: str, kind: str, text: tuple[str, str] | None = None, /, exits: str | Json | None = None, **fields: Any) -> Json:
    """`text` is in English and French; `exits` as a word is where `next` leads."""
    ways = {} if exits is None else {"exits": {"next": exits} if isinstance(exits, str) else exits}
    return {"id": identifier, "type": kind, **({} if text is None else {"text": both(*text)}), **ways, **fields}


def both(english: str, french: str) -> Json:
    return {"en": english, "fr": french}


def desk(url: str) -> list[Json]:
    """Three flows: the desk, which greets, helps, asks, looks up and hands over; the shelf, which is slow; and the end."""
    return [_desk(url), _shelf(url), _farewell()]


def _desk(url: str) -> Json:
    menu = [{"name": "order", "label": both("My order", "Ma commande")}, {"name": "more", "label": both("Something else", "Autre chose")}]
    fields = [
        {"name": "order", "label": both("Order number", "Numéro de commande"), "variable": "order", "ticket_field": "order"},
        {"name": "email", "label": both("E-mail", "E-mail"), "kind": "email", "profile": "email"},
    ]
    return flow(
        "desk",
        step("hello", "message", ("Hello {{user.name}}, I am Ada.", "Bonjour {{user.name}}, je suis Ada."), "menu"),
        step(
            "menu",
            "options",
            ("What is it about?", "De quoi s'agit-il ?"),
            {"order": "ask", "more": "ask", "other": "search"},
            options=menu,
            variable="topic",
        ),
        step("search", "articles", ("This may help:", "Ceci peut aider :"), {"next": "helped", "none": "ask"}, limit=3),
        step("helped", "ask_resolved", ("Did that help?", "Cela a-t-il aidé ?"), {"yes": "end", "no": "ask"}),
        step("ask", "details", ("Tell me more:", "Dites-m'en plus :"), "look-up", fields=fields),
        step(
            "look-up",
            "call",
            None,
            {"ok": "told", "failed": "people"},
            method="GET",
            url=url + "/orders/{{order}}",
            headers={"Authorization": "Bearer {{secret.shop}}"},
            results={"status": "$.status", "day": "$.delivery[0].day"},
            retries=2,
        ),
        step("told", "message", ("{{order}}: {{status}}, {{day}}.", "{{order}} : {{status}}, {{day}}."), "people"),
        step("people", "transfer", ("A colleague is coming.", "Un collègue arrive."), tags=["desk", "bot"], fields={"day": "{{day}}"}),
        step("end", "end"),
        variables=[{"name": name, "type": "text"} for name in ("topic", "order", "status", "day")],
    )


def _shelf(url: str) -> Json:
    found = [{"name": "take", "label": both("Take it", "Prendre")}]
    return flow(
        "shelf",
        step("look", "call", None, {"ok": "found", "failed": "end"}, method="GET", url=url + "/shelves/1", results={"left": "$.left"}),
        step("found", "options", ("There are {{left}} left.", "Il en reste {{left}}."), {"take": "end"}, options=found),
        step("end", "end"),
        phrases={"en": ["how many are left in the warehouse"], "fr": ["combien en reste-t-il à l'entrepôt"]},
        variables=[{"name": "left", "type": "number"}],
    )


def _farewell() -> Json:
    return flow(
        "farewell",
        step("bye", "solve", ("Goodbye!", "Au revoir !")),
        phrases={"en": ["that was all thank you"], "fr": ["ce sera tout merci"]},
    )


def walk(url: str) -> Json:
    """One way through steps of all kinds that last: it waits for the customer, an API, and time, and ends with the people."""
    fields = [{"name": "name", "label": both("Name", "Nom"), "variable": "name"}]
    body = {"text": "{{name}}"}
    return flow(
        "walk",
        step("hello", "message", ("Hello.", "Bonjour."), "menu"),
        step("menu", "options", ("Which way?", "Par où ?"), {"left": "way"}, options=[{"name": "left", "label": both("Left", "Gauche")}]),
        step("way", "message", ("To the left.", "À gauche."), "ask"),
        step("ask", "details", ("Who are you?", "Qui êtes-vous ?"), "note", fields=fields),
        step(
            "note",
            "call",
            None,
            {"ok": "noted", "failed": "lost"},
            method="POST",
            url=url + "/notes/{{name}}",
            body=body,
            results={"noted": "$.noted"},
            retries=5,
        ),
        step("noted", "message", ("Noted: {{noted}}.", "Noté : {{noted}}."), "pause"),
        step("pause", "wait", None, "people", seconds=1),
        step("people", "transfer", ("Here they are.", "Les voici.")),
        step("lost", "message", ("Lost.", "Perdu."), "people"),
        variables=[{"name": "name", "type": "text"}, {"name": "noted", "type": "text"}],
    )


SETTINGS: Json = {"bot_name": "Ada", "language": "en", "languages": ["fr"]}


# -- its bot, by the API of bots


class BotApi:
    """With the key of an app."""

    def __init__(self, people: People, app: App | None = None) -> None:
        self._people, self._app = people, app or people.app

    async def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        async with self._people.http.request(
            method, f"{self._people.url}/api/v2/bot{path}", json=body, headers=self._app.auth, params={"app_id": self._app.id}
        ) as answer:
            return answer.status, await answer.json(content_type=None)

    async def done(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = await self.call(method, path, body)
        assert status < 300, (method, path, status, answer)
        return answer

    async def draft(self, flow: Json) -> None:
        """Made, or changed if it is there."""
        status, found = await self.call("GET", f"/flows/{flow['id']}")
        if status == 404:
            await self.done("POST", "/flows", {"flow": flow})
        else:
            await self.done("PUT", f"/flows/{flow['id']}", {"flow": flow, "revision": found["flow"]["revision"]})

    async def counts(self, flow: str, version: int) -> dict[str, tuple[int, int, int]]:
        """(entered, left, dropped) of each step."""
        told = await self.done("GET", f"/flows/{flow}/counts?version={version}")
        return {one["id"]: (one["entered"], one["left"], one["dropped"]) for one in told["counts"]["steps"]}


@contextlib.asynccontextmanager
async def live(bot: BotApi, flows: list[Json], settings: Json = SETTINGS) -> AsyncIterator[dict[str, int]]:
    """These flows are what the app's bot runs; it begins with the first. Gives their versions. Afterwards it has nothing to say."""
    for one in flows:
        await bot.draft(one)
    before, entry = await bot.done("GET", "/settings"), {"flow": flows[0]["id"]}
    await bot.done("PUT", "/settings", {"settings": settings, "entry": entry, "revision": before["revision"]})
    others = [one["id"] for one in flows[1:]]
    await bot.done("POST", f"/flows/{flows[0]['id']}/publish", {"with": others})
    try:
        yield {one["id"]: (await bot.done("GET", f"/flows/{one['id']}"))["flow"]["live_version"] for one in flows}
    finally:
        await bot.done("POST", f"/flows/{flows[0]['id']}/unpublish", {"with": others})
