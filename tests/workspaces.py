"""The agents' page in a browser, as tests use it: whose it is, what they see, and what they do."""

from __future__ import annotations

import asyncio
import json
from typing import Any, NamedTuple

from playwright.async_api import Locator, Page, Route, WebSocketRoute

from tests import stream_client
from tests.browsers import Visit, Widget, grave_findings
from tests.people import People
from tests.stream_client import Json

#: Where the page keeps who is signed in.
SESSION = "causerie.session"
#: What the browser says itself where it was told to refuse.
REFUSED = ("Executing inline event handler",)


class Words(NamedTuple):
    """What the page is called in one language, where tests touch it."""

    locale: str
    accept: str
    note: str
    add_note: str
    send: str
    solved: str
    set_status: str
    back: str
    good: str


WORDS = {
    "en": Words("en-GB", "Accept", "Note", "Add note", "Send", "Solved", "Set status", "Back", "Good"),
    "fr": Words("fr-FR", "Accepter", "Note", "Ajouter la note", "Envoyer", "Résolu", "Statut", "Retour", "Bonne"),
}


async def signed_in(people: People, role: str = "agent") -> Json:
    """A session in the app in which these people are."""
    who = people.credentials[role]
    return await stream_client.agent_session(people.http, people.url, who["email"], who["password"], people.app.id)


async def desk_of_their_own(people: People) -> None:
    """An app in which nobody else's work waits, and which asks for ratings."""
    await people.settle()
    await set_up(people, "PUT", "/desk/settings", {"settings": {"tickets": {"survey": "solved"}}})


async def set_up(people: People, method: str, path: str, body: Any = None) -> Any:
    """An operation of `/api/v2` by the app's key."""
    async with people.http.request(method, f"{people.url}/api/v2{path}", json=body, headers=people.app.auth) as answer:
        found = await answer.json() if answer.status != 204 else None
        assert answer.status < 300, (path, answer.status, found)
        return found


async def shop(visit: Visit, people: People) -> Widget:
    """The sample shop, with the widget of the app in which these people are."""
    first = people.credentials["web_integration_id"]

    async def answered(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, body=(await answer.text()).replace(first, people.integration))

    await visit.context.route("**/demo", answered)
    return await visit.open(f"{people.url}/demo")


class Workspace:
    """The page of one agent."""

    def __init__(self, page: Page, words: Words, session: Json) -> None:
        self.page, self.words, self.session = page, words, session

    @classmethod
    async def opened(cls, visit: Visit, people: People, session: Json, path: str = "", *, language: str = "en", url: str = "") -> Workspace:
        """Signed in, at an address below `/workspace`, with the inbox there."""
        kept = json.dumps(json.dumps(session))
        await visit.context.add_init_script(f"if (location.pathname.startsWith('/workspace')) sessionStorage.setItem('{SESSION}', {kept})")
        page = await visit.page(f"{url or people.url}/workspace{path}")
        made = cls(page, WORDS[language], session)
        await page.locator(".me").wait_for()
        return made

    # -- what is seen

    @property
    def log(self) -> Locator:
        return self.page.locator(".talk-log")

    async def sees(self, text: str, count: int = 1) -> None:
        """So many messages and notes with this text in the open conversation."""
        found = self.log.get_by_text(text, exact=True)
        await found.nth(count - 1).wait_for()
        assert count == await found.count(), f"{text!r} {await found.count()} times"

    async def is_accessible(self) -> None:
        found = await grave_findings(self.page.main_frame)
        assert not found, "\n".join(map(str, found))

    # -- what is done

    async def accept(self) -> None:
        await self.page.locator(".offer").get_by_role("button", name=self.words.accept).click()
        await self.log.wait_for()

    async def say(self, text: str) -> None:
        await self.page.locator("[data-composer]").fill(text)
        await self.page.get_by_role("button", name=self.words.send).click()

    async def note(self, text: str) -> None:
        await self.page.locator(".talk-modes").get_by_text(self.words.note, exact=True).click()
        await self.page.locator("[data-composer]").fill(text)
        await self.page.get_by_role("button", name=self.words.add_note).click()

    async def solve(self) -> None:
        await self.page.get_by_role("button", name=self.words.set_status).click()
        await self.page.get_by_role("menuitem", name=self.words.solved).click()


async def online(people: People, session: Json) -> None:
    """The agent takes new work from now on."""
    headers = {"Authorization": f"Bearer {session['token']}"}
    path = f"{people.url}/api/v2/agent_availabilities/agent_statuses/me"
    async with people.http.put(path, json={"id": 3}, headers=headers) as answer:
        assert answer.status == 200, await answer.text()


#: Keeps the times in ms for which the page answered nobody.
WATCH = """window.longTasks = [];
const keep = list => window.longTasks.push(...list.getEntries().map(one => Math.round(one.duration)));
new PerformanceObserver(keep).observe({type: 'longtask'})"""

#: Scrolls down the list, a screen a frame. What comes back: how long each frame took in ms, and how many rows the list has.
SCROLL = """frames => new Promise(done => {
  const list = document.querySelector('.rows'), times = []; let last = performance.now();
  const step = now => {
    times.push(Math.round(now - last)); last = now;
    list.scrollTop += list.clientHeight;
    if (times.length < frames) return requestAnimationFrame(step);
    const rows = Number(list.querySelector('.row').getAttribute('aria-setsize'));
    list.scrollTop = 0;
    done({frames: times, rows});
  };
  requestAnimationFrame(step);
})"""


class Crowd:
    """More conversations than a test can have, between a page and its server: the inbox's snapshot has them, and they all talk at once."""

    def __init__(self, size: int) -> None:
        self.conversations = [_listed(number) for number in range(size)]
        self.last = ""
        self._page: WebSocketRoute | None = None
        self._said = 0

    def join(self, page: WebSocketRoute) -> None:
        """What a route of WebSockets is given."""
        server = page.connect_to_server()
        self._page = page
        page.on_message(server.send)
        server.on_message(lambda frames: page.send("\n".join(self._crowded(line) for line in str(frames).split("\n") if line)))

    def _crowded(self, line: str) -> str:
        frame = json.loads(line)
        if frame["type"] != "subscribed" or frame["topic"] != "inbox":
            return line
        return json.dumps({**frame, "conversations": [*frame["conversations"], *self.conversations]})

    async def burst(self, *, seconds: int, each_second: int) -> None:
        """Messages of customers, as the server would send them: each in a frame of its own, evenly."""
        clock, start = asyncio.get_running_loop().time, asyncio.get_running_loop().time()
        for number in range(seconds * each_second):
            await asyncio.sleep(max(0.0, start + number / each_second - clock()))
            self._say(self.conversations[number * 37 % len(self.conversations)])

    def _say(self, conversation: Json) -> None:
        assert self._page is not None, "nobody has opened the page"
        self._said += 1
        conversation["seq"] += 1
        self.last = f"word {self._said} of many"
        at = f"2099-01-01T00:{self._said // 60:02}:{self._said % 60:02}.000Z"
        author = {"type": "user", "userId": conversation["participants"][0]["userId"], "displayName": f"Customer {self._said}"}
        message = {"id": f"{self._said:024x}", "received": at, "author": author, "content": {"type": "text", "text": self.last}}
        payload = {"conversation": {"id": conversation["id"], "type": "personal"}, "message": message | {"source": {"type": "web"}}}
        event = {"id": f"{self._said:024x}", "createdAt": at, "type": "conversation:message", "payload": payload}
        frame = {"type": "event", "topic": "inbox", "conversation": conversation["id"], "seq": conversation["seq"]}
        self._page.send(json.dumps({**frame, "position": self._said, "event": event}))


def _listed(number: int) -> Json:
    """A conversation as the inbox's snapshot has it."""
    at = f"2026-{1 + number % 12:02}-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:00.000Z"
    nothing = dict.fromkeys(("displayName", "metadata", "activeSwitchboardIntegration", "pendingSwitchboardIntegration"))
    own = {"id": f"{number:024x}", "type": "personal", "seq": 3, "status": "open", "unread": number % 3, "lastUpdatedAt": at}
    return {**nothing, **own, "participants": [{"userId": f"{number + (1 << 40):024x}", "userExternalId": None}]}
