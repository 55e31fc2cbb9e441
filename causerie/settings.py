"""Every setting, in one place: its environment variable, its default and what it means. Read once, at start.

`docs/reference/configuration.md` is generated from here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from domain.errors import Invalid

PREFIX = "CAUSERIE_"


def _about(text: str) -> Meta:
    return Meta(description=text)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How one process runs. Each field is read from `CAUSERIE_<NAME>`; lists are separated by commas."""

    host: Annotated[str, _about("The address to listen on.")] = "127.0.0.1"
    port: Annotated[int, _about("The port to listen on."), Meta(ge=0, le=65535)] = 8080
    data: Annotated[Path, _about("The data folder: the embedded database, credentials.json.")] = Path("data")
    ray_address: Annotated[str | None, _about("An existing Ray cluster to join; without it one is started on loopback.")] = None
    database_url: Annotated[str | None, _about("`postgresql://…`; without it SQLite in the data folder.")] = None
    redis_url: Annotated[str | None, _about("`redis://…` for the feed; without it the feed stays inside the node.")] = None
    public_url: Annotated[str | None, _about("How clients reach this server, for links in answers.")] = None
    rate_limits: Annotated[Literal["on", "off"], _about("Rate limits. `off` is for load tests; size limits stay on.")] = "on"
    trusted_proxies: Annotated[tuple[str, ...], _about("Networks whose X-Forwarded-For is believed.")] = ()
    allowed_origins: Annotated[tuple[str, ...], _about("Pages that may open streams and sessions beside our own; `*`: any.")] = ()
    tls_certificate: Annotated[Path | None, _about("A PEM file with the certificate chain; with it TLS is spoken.")] = None
    tls_key: Annotated[Path | None, _about("The PEM file of the certificate's key.")] = None
    conversation_hosts: Annotated[int, _about("How many hosts share the conversations (PostgreSQL)."), Meta(ge=1, le=1024)] = 1
    standby_hosts: Annotated[int, _about("Host processes that wait to take over from one that died."), Meta(ge=0, le=16)] = 1
    placement: Annotated[Literal["shared", "dedicated"], _about("`dedicated` gives each conversation a Ray actor of its own.")] = "shared"
    dedicated_apps: Annotated[tuple[str, ...], _about("Apps whose conversations have a Ray actor each.")] = ()
    link: Annotated[Literal["socket", "ray"], _about("What carries messages between gateway and hosts.")] = "socket"
    host_listen: Annotated[str, _about("`unix`, or the address on which hosts listen for links from other nodes.")] = "unix"
    max_activations: Annotated[int, _about("Live conversations in one host; the least recently used go first."), Meta(ge=1)] = 200_000
    idle_seconds: Annotated[float, _about("After this long without work a conversation is passivated."), Meta(gt=0)] = 300.0
    log_level: Annotated[Literal["debug", "info", "warning", "error"], _about("The least serious log lines to write.")] = "info"
    log_format: Annotated[Literal["auto", "console", "json"], _about("`auto`: for people on a terminal, JSON otherwise.")] = "auto"

    @property
    def journal_url(self) -> str:
        """Where the journal is."""
        return self.database_url or f"sqlite:///{self.data.absolute() / 'causerie.db'}"


def read(given: Mapping[str, object], environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process: what is given (and not None), else the environment, else the defaults. Raises `Invalid`."""
    source = os.environ if environment is None else environment
    values: dict[str, object] = {}
    for field in msgspec.structs.fields(Settings):
        name = PREFIX + field.name.upper()
        if given.get(field.name) is not None:
            values[field.name] = given[field.name]
        elif source.get(name):
            values[field.name] = _split(source[name]) if isinstance(field.default, tuple) else source[name]
    try:
        return msgspec.convert(values, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$.")
        raise Invalid(PREFIX + path.rstrip("`").upper(), problem) from None


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _path(expected: type, value: object) -> object:
    if expected is Path and isinstance(value, str | Path):
        return Path(value)
    raise TypeError(f"cannot read a {expected}")
