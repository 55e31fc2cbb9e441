"""Whose help centre a request is for, how it looks, and in which languages it is. Everything is held for a moment, as in `Lookups`.

A host that the settings name shows the app that they name, and no other. On every other host it is the app of the article that is asked
for, and of the start of it all the oldest app that has a public help centre; `?app_id=` names another one, and goes along in every link.
The pages know nobody: what they show is what everybody may read.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec
from aiohttp import web

from domain.directory import Integration
from domain.errors import Invalid, Refused
from domain.help.contents import Contents
from domain.help.model import HelpCentre, Kind, checked_locale
from domain.help.reading import nearest
from domain.ids import ID
from domain.integrations import WebSettings
from gateway.cache import Cache, Clock
from gateway.keys import Settings
from gateway.origins import base_url
from gateway.zendesk.operations import Rooms
from storage.sql.directory import Directory

FRESH_S = 5.0
"""After so long a change that another server has made is seen."""
ROOT = "/hc"
KINDS: dict[str, Kind] = {"articles": "article", "sections": "section", "categories": "category"}
"""What stands before the number in an address, and what it says."""
PLACES = {kind: place for place, kind in KINDS.items()}


class Look(msgspec.Struct, frozen=True):
    """The brand, as its web integration has it: one place to set it for the widget and for these pages."""

    name: str
    brand_color: str = WebSettings().brand_color
    logo_url: str | None = None
    integration_id: str | None = None
    """Whose widget the pages bring along, if there is any."""


class Site(msgspec.Struct, frozen=True):
    """A public help centre. `locales` are those in which there is something to read."""

    centre: HelpCentre
    look: Look
    locales: tuple[str, ...]
    named: str | None = None
    """The app, where the address has to name it."""

    @property
    def app_id(self) -> str:
        return self.centre.app_id

    def link(self, *path: object, **query: object) -> str:
        """An address of this help centre below `/hc`."""
        told = {name: value for name, value in {**query, "app_id": self.named}.items() if value is not None}
        return "/".join([ROOT, *map(str, path)]) + (f"?{urlencode(told)}" if told else "")

    def locale(self, *wished: str) -> str:
        """The language for a reader who wishes these, the dearest first."""
        return nearest(self.locales or (self.centre.default_locale,), wished, self.centre.default_locale)


class Sites:
    """Reads them, and the tree of each language."""

    def __init__(self, rooms: Rooms, directory: Directory, settings: Settings, clock: Clock = time.monotonic) -> None:
        self._rooms, self._directory = rooms, directory
        self._hosts: Mapping[str, str] = dict(settings.help_centre_hosts)
        self._first: Cache[None, str | None] = Cache(clock, FRESH_S)
        self._sites: Cache[tuple[str, bool], Site | None] = Cache(clock, FRESH_S, capacity=1_000)
        self._contents: Cache[tuple[str, str], Contents] = Cache(clock, FRESH_S, capacity=64)
        self._owners: Cache[tuple[Kind, int], str | None] = Cache(clock, FRESH_S)

    async def of_request(self, request: web.Request) -> Site:
        """Raises Refused (`not_found`): there is no public help centre here."""
        listed = self._hosts.get(request.host.lower())
        oldest = None if listed else await self._first.get(None, self._oldest)
        app_id = listed or request.query.get("app_id") or await self._owner(request) or oldest
        found = None if app_id is None else await self.of_app(app_id, app_id not in (listed, oldest))
        if found is None:
            raise Refused("not_found", "There is no public help centre here")
        return found

    async def _owner(self, request: web.Request) -> str | None:
        """Whose the article, section or category is that the address names."""
        kind, number = KINDS.get(request.match_info.get("kind", "")), int(request.match_info.get("number", "0"))
        if kind is None or number >= 2**63:
            return None
        return await self._owners.get((kind, number), lambda: self._rooms.contents.app_of(kind, number))

    async def of_app(self, app_id: str, named: bool = False) -> Site | None:
        if not ID.match(app_id):
            return None
        return await self._sites.get((app_id, named), lambda: self._read(app_id, named))

    async def contents(self, site: Site, locale: str) -> Contents:
        key = site.app_id, locale
        return await self._contents.get(key, lambda: self._rooms.contents.contents(*key, site.centre.default_locale))

    def forget(self, app_id: str) -> None:
        """Somebody has written here: who looks next sees it."""
        self._first.forget(None)
        self._sites.forget_if(lambda key: key[0] == app_id)
        self._contents.forget_if(lambda key: key[0] == app_id)

    def base_of(self, site: Site, request: web.Request) -> str:
        """Where a help centre is for everybody: its own host if it has one, or else this server's address."""
        own = next((host for host, app_id in self._hosts.items() if app_id == site.app_id), None)
        base = base_url(request)
        return base if own is None else f"{base.partition('://')[0]}://{own}"

    async def _oldest(self) -> str | None:
        found = await self._rooms.contents.first()
        return None if found is None else found.app_id

    async def _read(self, app_id: str, named: bool) -> Site | None:
        centre = await self._rooms.help.centre(app_id)
        if centre is None or not centre.is_public:
            return None
        integrations = await self._directory.list_integrations(app_id)
        web_ones = (one for one in integrations if one.type == "web" and one.status == "active")
        locales = await self._rooms.contents.locales(app_id)
        return Site(centre, _look(centre, next(web_ones, None)), tuple(locales), app_id if named else None)


def _look(centre: HelpCentre, integration: Integration | None) -> Look:
    settings = integration.settings if integration is not None else None
    if integration is None or not isinstance(settings, WebSettings):
        return Look(centre.name)
    return Look(settings.business_name or centre.name, settings.brand_color, settings.business_icon_url, integration.id)


def wished(request: web.Request) -> list[str]:
    """The languages that a browser asks for, the dearest first. What is no language is passed over."""
    found: list[tuple[float, str]] = []
    for part in request.headers.get("Accept-Language", "")[:500].split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            found.append((-float(quality or 1), checked_locale(tag)))
        except (Invalid, ValueError):
            continue
    return [locale for rank, locale in sorted(found, key=lambda one: one[0]) if rank]
