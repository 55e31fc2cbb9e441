"""Templates into answers: what every page is told, its policy, its tag. Text becomes HTML by the templates' escaping, and by it alone."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import hdrs, web
from markupsafe import Markup

from gateway.help_pages import colours, texts
from gateway.help_pages.sites import PLACES, Look, Site
from gateway.pages import policy

FOLDER = Path(__file__).parent / "templates"
_HEADERS = {"Referrer-Policy": "strict-origin-when-cross-origin", "X-Content-Type-Options": "nosniff"}
_SMALL = 600
"""Bytes below which packing does not pay."""


def environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["day"] = lambda at_ms, locale: texts.day(locale, at_ms)
    made.globals["count"] = texts.count
    made.globals["place"] = lambda heading: PLACES[heading.kind]
    return made


class Renderer:
    """`names` are the files of the pages, by their own names."""

    def __init__(self, names: Mapping[str, str], is_indexed: bool) -> None:
        self._templates, self._names, self._is_indexed = environment(), names, is_indexed

    def page(
        self, request: web.Request, template: str, site: Site | None, locale: str, status: int = 200, indexed: bool = False, **told: Any
    ) -> web.Response:
        """`site` None is for what is said where there is no help centre. `indexed`: search engines may keep the page, if they may any."""
        look = site.look if site is not None else Look(texts.texts(locale)["help_centre"])
        style = colours.properties(look.brand_color)
        text = self._templates.get_template(template).render(
            site=site,
            look=look,
            locale=locale,
            spoken=texts.spoken(locale),
            direction=texts.direction(locale),
            words=texts.texts(locale),
            style=Markup(style),  # noqa: S704 - made of digits by `colours`
            files=self._names,
            indexed=indexed and self._is_indexed,
            **{"canonical": None, "others": [], "description": "", "query": "", "linked_data": None, **told},
        )
        return _answer(request, text.encode(), status, {hdrs.CONTENT_SECURITY_POLICY: policy.help_centre(_digest(style)), **_HEADERS})


def _answer(request: web.Request, body: bytes, status: int, headers: dict[str, str]) -> web.Response:
    """Asked about again each time, and sent again only when it has changed. What depends on who voted is nobody else's."""
    tag = f'W/"{blake2b(body, digest_size=12).hexdigest()}"'
    headers |= {hdrs.CACHE_CONTROL: "no-cache", hdrs.VARY: "Accept-Encoding, Cookie"}
    if status == 200:
        headers[hdrs.ETAG] = tag
        if tag in request.headers.get(hdrs.IF_NONE_MATCH, ""):
            return web.Response(status=304, headers=headers)
    response = web.Response(body=body, status=status, headers=headers, content_type="text/html", charset="utf-8")
    if len(body) > _SMALL:
        response.enable_compression()
    return response


def _digest(style: str) -> str:
    """By which the policy lets this one style pass that stands in the page."""
    return "sha256-" + b64encode(sha256(style.encode()).digest()).decode()
