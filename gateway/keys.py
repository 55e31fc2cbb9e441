"""The keys under which handlers find their services in the aiohttp application. The composition sets them before it starts."""

from __future__ import annotations

from typing import Literal

import msgspec
from aiohttp import web

from actors.router import Router
from gateway.lookups import Lookups
from storage.sql.directory import Directory


class Settings(msgspec.Struct, frozen=True):
    """What the gateway is told about the world. `public_url` is how clients reach it; None: as each request says."""

    public_url: str | None = None
    rate_limits: bool = True
    trusted_proxies: tuple[str, ...] = ()
    max_body_bytes: int = 100_000
    allowed_origins: tuple[str, ...] = ()
    """Pages that may open streams and sessions, beside our own; "*" for any."""
    demo: Literal["auto", "on", "off"] = "auto"
    """Who may see `/demo`: whoever sits at the machine, everybody, nobody."""
    help_centre_hosts: tuple[tuple[str, str], ...] = ()
    """Hosts with the app whose help centre they show."""
    search_engines: bool = False
    """Whether search engines may show help centres."""
    mail: bool = False
    """Whether rules may send e-mail."""


ROUTER = web.AppKey("router", Router)
DIRECTORY = web.AppKey("directory", Directory)
LOOKUPS = web.AppKey("lookups", Lookups)
SETTINGS = web.AppKey("settings", Settings)
