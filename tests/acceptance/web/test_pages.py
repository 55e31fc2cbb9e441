"""The widget on pages of others: their styles do not reach it, its policy holds, and only listed pages may show it. And what it weighs."""

from __future__ import annotations

import contextlib
import gzip
import re
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from playwright.async_api import Browser

from tests.browsers import Visit
from tests.people import People

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOADER_BYTES, MESSENGER_BYTES = 15_000, 90_000
PAGE = """<!doctype html><html lang="fr"><title>Another's</title>
<style>* {{ color: red !important; display: inline !important; font-size: 40px !important }} iframe {{ width: 10px }}</style>
<h1>Boutique</h1><script src="{url}/widget.js" data-key="{key}"></script>"""


@contextlib.asynccontextmanager
async def another_host(text: str) -> AsyncIterator[str]:
    """A page at another origin. Gives its address."""

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=text.replace("{page}", f"http://{request.host}"), content_type="text/html")

    async def icon(_: web.Request) -> web.Response:
        return web.Response(status=204)

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_get("/favicon.ico", icon)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def _integration(people: People, **settings: object) -> str:
    made = await people.made("/integrations", {"type": "web", **settings})
    identifier: str = made["id"]
    return identifier


async def test_a_page_of_another_host_shows_it_if_it_is_listed(people: People, browser: Browser) -> None:
    key = await _integration(people, brandColor="aa3355", businessName="Boutique")
    async with another_host(PAGE.format(url=people.url, key=key)) as url, await Visit.begin(browser, locale="en-GB") as visit:
        await people.call("PATCH", f"/integrations/{key}", {"originWhitelist": [url]})
        widget = await visit.open(url)
        await widget.open()
        assert "Écrivez un message…" == await widget.frame.locator("textarea").get_attribute("placeholder"), "the page's language"
        assert "Boutique" == await widget.frame.locator("h1").inner_text()
        colours = await widget.page.locator("[data-causerie] .launcher").evaluate(
            "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one).width]"
        )
        assert ["rgb(170, 51, 85)", "58px"] == colours, "the page's styles do not reach it"
        await widget.say("de la boutique")
        await widget.marked("sent")


async def test_a_page_that_is_not_listed_does_not(people: People, browser: Browser) -> None:
    key = await _integration(people, originWhitelist=["https://elsewhere.example"])
    async with another_host(PAGE.format(url=people.url, key=key)) as url, await Visit.begin(browser) as visit:
        visit.expected = ("frame-ancestors", "CORS", "ERR_FAILED", "403", "postMessage", "chrome-error")
        widget = await visit.open(url)
        await widget.page.locator("[data-causerie] .launcher").click()
        frame = await widget.page.locator("[data-causerie] iframe").element_handle()
        assert frame is not None
        content = await frame.content_frame()
        assert content is not None
        await widget.page.wait_for_function("() => true")
        assert 0 == await content.locator("textarea").count()


async def test_nothing_is_fetched_from_another_host_and_the_policy_would_refuse_it(people: People, browser: Browser) -> None:
    async with await Visit.begin(browser) as visit:
        visit.expected = ("Content Security Policy", "Trusted")
        asked: set[str] = set()
        visit.context.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
        widget = await visit.open(f"{people.url}/demo")
        await widget.open()
        await widget.say("who listens?")
        await widget.marked("sent")
        assert {urlsplit(people.url).netloc} == asked - {""}
        frame = next(one for one in widget.page.frames if "/messenger/" in one.url)
        refused = await frame.evaluate(
            """async () => {
                const refused = [];
                const tried = (name, work) => { try { work(); } catch { refused.push(name); } };
                const told = new Promise(done => document.addEventListener('securitypolicyviolation', one => {
                    if (one.effectiveDirective === 'connect-src') done('connect');
                }));
                tried('script', () => { document.createElement('script').src = 'https://evil.example/x.js'; });
                tried('markup', () => { document.body.innerHTML = '<b>x</b>'; });
                fetch('https://evil.example/').catch(() => null);
                return [...refused, await told];
            }"""
        )
        assert ["script", "markup", "connect"] == refused


async def test_the_page_speaks_to_the_widget_by_commands(people: People, browser: Browser) -> None:
    async with await Visit.begin(browser, locale="ar-EG") as visit:
        widget = await visit.open(f"{people.url}/demo")
        page = widget.page
        await page.evaluate("window.told = []; window.off = zE('messenger:on', 'open', () => told.push('open')); null")
        await page.evaluate("void zE('messenger:on', 'close', () => told.push('close'))")
        await widget.zE("messenger", "open")
        await widget.frame.locator("textarea").wait_for()
        await widget.zE("messenger", "close")
        await page.evaluate("void off()")
        await widget.zE("messenger", "open")
        assert ["open", "close"] == await page.evaluate("told")
        await widget.zE("messenger", "hide")
        await page.locator("[data-causerie] .launcher").wait_for(state="hidden")
        await widget.zE("messenger", "show")
        await page.evaluate("zE('messenger:set', 'conversationFields', [{id: 'order', value: 'A-77'}])")
        await page.evaluate("zE('messenger:set', 'beforeMessageSend', content => ({...content, text: content.text + '!'}))")
        sent = "new Promise(done => zE('messenger', 'sendMessage', 'by command', undefined, done))"
        assert await page.evaluate(f"{sent}.then(told => told.error === null)")
        await widget.zE("messenger", "open")
        await widget.sees("by command!")
        await page.evaluate("zE('messenger:set', 'locale', 'ar')")
        await widget.frame.locator("html[dir=rtl]").wait_for()


async def test_who_logs_in_is_known_everywhere(people: People, browser: Browser) -> None:
    login = "token => new Promise(done => zE('messenger', 'loginUser', give => give(token), done))"
    async with await Visit.begin(browser) as visit, await Visit.begin(browser) as elsewhere:
        widget = await visit.open(f"{people.url}/demo")
        await widget.open()
        await widget.say("before I say who I am")
        await widget.marked("sent")
        assert await widget.page.evaluate(login, people.app.jwt("web-known", name="Zoe")) is None
        await widget.say("and after")
        other = await elsewhere.open(f"{people.url}/demo")
        assert await other.page.evaluate(login, people.app.jwt("web-known", name="Zoe")) is None
        await other.open()
        await other.sees("and after")
        await other.sees("before I say who I am")
        wrong = await other.page.evaluate(login, "no.jwt.at-all")
        elsewhere.expected = ("401",)
        assert "LoginFailedError" == wrong["type"]


async def test_who_is_done_may_say_so(people: People, browser: Browser) -> None:
    app = await people.new_app(endSessionEnabled=True)
    key = (await people.made("/integrations", {"type": "web"}, app=app))["id"]
    async with another_host(PAGE.format(url=people.url, key=key)) as url, await Visit.begin(browser) as visit:
        await people.call("PATCH", f"/integrations/{key}", {"originWhitelist": [url]}, app=app)
        widget = await visit.open(url)
        await widget.open()
        await widget.say("c'est tout")
        await widget.marked("sent")
        await widget.frame.get_by_role("button", name="Terminer cette conversation").click()
        await widget.frame.locator(".sure .primary").click()
        await widget.frame.locator(".standing", has_text="Vous avez terminé cette conversation").wait_for()
        await widget.say("encore une chose")
        await widget.frame.locator(".standing").wait_for(state="detached")


async def test_it_weighs_no_more_than_it_may(people: People) -> None:
    """Compressed, as browsers get it. The figures are printed: `pytest -s`."""
    loader = _weight(people, "/widget.js")
    document = people.server.get(f"/messenger/{people.integration}").body.decode()
    files = re.findall(r'(?:src|href)="(/assets/[^"]+)"', document)
    messenger = sum(_weight(people, path) for path in files)
    print(f"\nloader {loader:,} of {LOADER_BYTES:,} bytes, messenger {messenger:,} of {MESSENGER_BYTES:,} bytes, gzip")
    assert (True, True, 2) == (loader < LOADER_BYTES, messenger < MESSENGER_BYTES, len(files))


def _weight(people: People, path: str) -> int:
    answer = people.server.get(path, headers={"Accept-Encoding": "gzip"})
    assert ("gzip", 200) == (answer.headers["Content-Encoding"], answer.status)
    assert gzip.decompress(answer.body)
    return len(answer.body)
