"""Every setting, in one place: its environment variable, its default and what it means. Read once, at start.

`docs/reference/configuration.md` is generated from here.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from actors.placement import SHARDS
from domain.errors import Invalid
from domain.ids import ID

PREFIX = "CAUSERIE_"

#: Variables with our prefix that are no settings: what a running installation tells its own processes, and `causerie tail`'s password.
NOT_SETTINGS = frozenset({"CAUSERIE_INSTANCE", "CAUSERIE_RUN", "CAUSERIE_PASSWORD"})


def _about(text: str) -> Meta:
    return Meta(description=text)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How one process runs. Each field is read from `CAUSERIE_<NAME>`; lists are separated by commas."""

    host: Annotated[str, _about("The address to listen on.")] = "127.0.0.1"
    port: Annotated[int, _about("The port to listen on."), Meta(ge=0, le=65535)] = 8080
    data: Annotated[Path, _about("The data folder: the embedded database, credentials.json.")] = Path("data")
    ray_address: Annotated[str | None, _about("An existing Ray cluster to join; without it one is started for this process alone.")] = None
    database_url: Annotated[str | None, _about("`postgresql://…`; without it SQLite in the data folder.")] = None
    redis_url: Annotated[str | None, _about("`redis://…`: committed events go there for programs outside; without it nowhere.")] = None
    public_url: Annotated[str | None, _about("How clients reach this server, for links in answers.")] = None
    rate_limits: Annotated[Literal["on", "off"], _about("Rate limits. `off` is for load tests; size limits stay on.")] = "on"
    trusted_proxies: Annotated[tuple[str, ...], _about("Networks whose X-Forwarded-For is believed.")] = ()
    outward_allow: Annotated[
        tuple[str, ...], _about("Networks that bots' API calls may reach though they lie inward, such as 10.1.0.0/16.")
    ] = ()
    outward_http: Annotated[Literal["on", "off"], _about("Whether API calls may go without TLS.")] = "off"
    smtp_url: Annotated[
        str | None,
        _about("The mail server by which rules send e-mail: `smtp://user:password@host:587`, `smtps://…`; without it none."),
    ] = None
    mail_from: Annotated[str | None, _about("The address from which e-mails come; needed with a mail server.")] = None
    allowed_origins: Annotated[tuple[str, ...], _about("Pages that may open streams and sessions beside our own; `*`: any.")] = ()
    demo: Annotated[
        Literal["auto", "on", "off"], _about("Who may see the sample shop at `/demo`; `auto`: browsers on the server's own machine.")
    ] = "auto"
    help_centre_hosts: Annotated[
        tuple[str, ...],
        _about("Hosts that show one app's help centre, as `help.example.com=<app id>`. Others show the oldest app's that has one."),
    ] = ()
    search_engines: Annotated[Literal["on", "off"], _about("Whether search engines may list the pages of public help centres.")] = "off"
    attachments: Annotated[
        Path | None, _about("The folder of uploaded files, which all servers share. Default: `attachments` in the data folder.")
    ] = None
    attachment_max_bytes: Annotated[int, _about("The size of an uploaded file, at most."), Meta(ge=1, le=200_000_000)] = 52_428_800
    attachment_reserve_bytes: Annotated[
        int, _about("What uploads leave free on the disk of that folder; less than that, and they are refused."), Meta(ge=0)
    ] = 500_000_000
    tls_certificate: Annotated[Path | None, _about("A PEM file with the certificate chain; with it TLS is spoken.")] = None
    tls_key: Annotated[Path | None, _about("The PEM file of the certificate's key.")] = None
    conversation_hosts: Annotated[int, _about("How many hosts of conversations this server brings (PostgreSQL)."), Meta(ge=0, le=64)] = 1
    conversation_slots: Annotated[
        int,
        _about(
            "Into how many slots conversations are shared out among the hosts of all servers, settled at the first start. 0: its hosts."
        ),
        Meta(ge=0, le=SHARDS),
    ] = 0
    standby_hosts: Annotated[
        int, _about("Host processes that wait to take over from a conversation host that died."), Meta(ge=0, le=16)
    ] = 2
    bot_hosts: Annotated[
        int, _about("How many hosts of bots this server brings (more than one: PostgreSQL). 0: other servers have them."), Meta(ge=0, le=64)
    ] = 1
    bot_slots: Annotated[
        int, _about("Into how many slots bots are shared out, settled at the first start. 0: its hosts."), Meta(ge=0, le=SHARDS)
    ] = 0
    bot_standby_hosts: Annotated[
        int, _about("Host processes that wait to take over from a bot host that died; without one it is started again."), Meta(ge=0, le=16)
    ] = 0
    ticket_hosts: Annotated[
        int,
        _about("How many hosts of tickets this server brings (more than one: PostgreSQL). 0: other servers have them."),
        Meta(ge=0, le=64),
    ] = 1
    ticket_slots: Annotated[
        int, _about("Into how many slots tickets are shared out, settled at the first start. 0: its hosts."), Meta(ge=0, le=SHARDS)
    ] = 0
    ticket_standby_hosts: Annotated[
        int,
        _about("Host processes that wait to take over from a ticket host that died; without one it is started again."),
        Meta(ge=0, le=16),
    ] = 0
    assignment_hosts: Annotated[
        int,
        _about("How many hosts of routing this server brings, which give work to agents (more than one: PostgreSQL). 0: others have them."),
        Meta(ge=0, le=64),
    ] = 1
    assignment_slots: Annotated[
        int, _about("Into how many slots apps' routings are shared out, settled at the first start. 0: its hosts."), Meta(ge=0, le=SHARDS)
    ] = 0
    assignment_standby_hosts: Annotated[
        int,
        _about("Host processes that wait to take over from a routing host that died; without one it is started again."),
        Meta(ge=0, le=16),
    ] = 0
    placement: Annotated[Literal["shared", "dedicated"], _about("`dedicated` gives each conversation a Ray actor of its own.")] = "shared"
    dedicated_apps: Annotated[tuple[str, ...], _about("Apps whose conversations have a Ray actor each.")] = ()
    gateways: Annotated[
        int, _about("Gateway processes on this node: this one and, as actors, the others. They share the port."), Meta(ge=1, le=64)
    ] = 1
    nodes: Annotated[
        Literal["own", "all"], _about("`all`: gateways and hosts also on every other node of the cluster that was joined (PostgreSQL).")
    ] = "own"
    link: Annotated[Literal["socket", "ray"], _about("What carries messages between gateway and hosts.")] = "socket"
    host_listen: Annotated[
        str,
        _about("Where hosts listen for links: `unix`, `node` (TCP, the node's address), an address; `auto`: `node` on a joined cluster."),
    ] = "auto"
    link_certificate: Annotated[
        Path | None, _about("A PEM file with the chain that hosts show on links by TCP; with it they speak TLS.")
    ] = None
    link_key: Annotated[Path | None, _about("The PEM file of that certificate's key.")] = None
    link_authority: Annotated[Path | None, _about("A PEM file by which servers know their hosts. Default: the chain itself.")] = None
    max_activations: Annotated[int, _about("Live conversations in one host; the least recently used go first."), Meta(ge=1)] = 200_000
    idle_seconds: Annotated[float, _about("After this long without work a conversation is passivated."), Meta(gt=0)] = 300.0
    trace_share: Annotated[
        float, _about("Of which share of commands a trace is made, where OTEL_EXPORTER_OTLP_ENDPOINT is set."), Meta(ge=0, le=1)
    ] = 0.01
    log_level: Annotated[Literal["debug", "info", "warning", "error"], _about("The least serious log lines to write.")] = "info"
    log_format: Annotated[Literal["auto", "console", "json"], _about("`auto`: for people on a terminal, JSON otherwise.")] = "auto"

    @property
    def journal_url(self) -> str:
        """Where the journal is."""
        return self.database_url or f"sqlite:///{self.data.absolute() / 'causerie.db'}"

    @property
    def attachments_folder(self) -> Path:
        """Where uploaded files are."""
        return self.attachments or self.data / "attachments"

    @property
    def address(self) -> str:
        """The address to tell people."""
        scheme = "https" if self.tls_certificate else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"{scheme}://{host}:{self.port}"

    def redacted(self) -> dict[str, object]:
        """Every setting by its variable's name, fit to be shown and logged: passwords inside addresses are replaced by `***`."""
        values = {PREFIX + name.upper(): getattr(self, name) for name in self.__struct_fields__}
        return {name: without_password(value) if name.endswith("_URL") and value else value for name, value in values.items()}

    def __repr__(self) -> str:
        """Without secrets, since it ends up in tracebacks."""
        return f"Settings({', '.join(f'{name}={value!s}' for name, value in self.redacted().items())})"


def read(given: Mapping[str, object], environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process: what is given (and not None), else the environment, else the defaults. Raises `Invalid`.

    The error names the option or variable and never its value, which may hold a password.
    """
    source = os.environ if environment is None else environment
    values: dict[str, object] = {}
    for field in msgspec.structs.fields(Settings):
        name = PREFIX + field.name.upper()
        if given.get(field.name) is not None:
            values[field.name] = given[field.name]
        elif source.get(name):
            values[field.name] = _split(source[name]) if isinstance(field.default, tuple) else source[name]
    try:
        settings = msgspec.convert(values, Settings, strict=False, dec_hook=_path)
        _check(settings)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$.")
        raise Invalid(_name(path.rstrip("`").partition("[")[0], given), problem) from None
    except _Wrong as wrong:
        raise Invalid(_name(wrong.field, given), wrong.problem) from None
    return settings


def unknown(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like ours and are none: a misspelt setting would otherwise go unnoticed."""
    known = {PREFIX + field.name.upper() for field in msgspec.structs.fields(Settings)} | NOT_SETTINGS
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def without_password(url: str) -> str:
    """An address as it may be shown: a password in it, in either place where one can stand, becomes `***`."""
    return _QUERY_PASSWORD.sub(r"\1***", _PASSWORD.sub(r"\1***@", url))


#: Greedy up to the last `@`: of a password that holds one unescaped, or a slash, no part is shown.
_PASSWORD = re.compile(r"(?<=://)([^:@/]*:).*@")
_QUERY_PASSWORD = re.compile(r"((?:^|[?&])(?:password|passwd|sslpassword)=)[^&#]*", re.IGNORECASE)


class _Wrong(Exception):
    def __init__(self, field: str, problem: str) -> None:
        super().__init__(field)
        self.field, self.problem = field, problem


def _check(settings: Settings) -> None:
    """What no type says. Raises `_Wrong`."""
    _check_addresses(settings)
    for field in ("trusted_proxies", "outward_allow"):
        for network in getattr(settings, field):
            try:
                ipaddress.ip_network(network, strict=False)
            except ValueError:
                raise _Wrong(field, f"`{network}` is not a network, such as 10.0.0.0/8") from None
    for origin in settings.allowed_origins:
        if origin != "*" and not _ORIGIN.match(origin):
            raise _Wrong("allowed_origins", f"`{origin}` is not an origin, such as https://www.example.com, nor `*`")
    for entry in settings.help_centre_hosts:
        host, _, app = entry.partition("=")
        if not _HOST.match(host) or not ID.match(app):
            raise _Wrong("help_centre_hosts", f"`{entry}` is not a host and the id of an app, such as help.example.com={'0' * 24}")
    for app in settings.dedicated_apps:
        if not ID.match(app):
            raise _Wrong("dedicated_apps", f"`{app}` is not the id of an app (24 hexadecimal digits)")
    for field in ("tls", "link"):
        if getattr(settings, f"{field}_key") is not None and getattr(settings, f"{field}_certificate") is None:
            raise _Wrong(f"{field}_key", f"is of no use without {PREFIX}{field.upper()}_CERTIFICATE")
    if settings.link_certificate is not None and settings.link_key is None:
        raise _Wrong("link_certificate", f"needs {PREFIX}LINK_KEY")
    if settings.nodes == "all" and not (settings.ray_address and settings.database_url):
        raise _Wrong("nodes", f"`all` needs a cluster to join and PostgreSQL: set {PREFIX}RAY_ADDRESS and {PREFIX}DATABASE_URL")
    if settings.database_url is None:
        for field in (f"{kind}_{what}" for kind in ("conversation", "bot", "ticket", "assignment") for what in ("hosts", "slots")):
            if getattr(settings, field) > 1:
                raise _Wrong(field, f"more than one needs PostgreSQL: set {PREFIX}DATABASE_URL")


_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#\s]+\Z")
_HOST = re.compile(r"(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?\Z")


def _check_addresses(settings: Settings) -> None:
    for field, url, schemes in (
        ("database_url", settings.database_url, ("postgresql", "postgres", "postgresql+asyncpg")),
        ("redis_url", settings.redis_url, ("redis", "rediss", "unix")),
        ("public_url", settings.public_url, ("http", "https")),
        ("smtp_url", settings.smtp_url, ("smtp", "smtps")),
    ):
        if url is not None and not _is_address(url, schemes):
            raise _Wrong(field, f"must begin with {' or '.join(scheme + '://' for scheme in schemes)} and name a host")
    if settings.smtp_url is not None and "@" not in (settings.mail_from or ""):
        raise _Wrong("smtp_url", f"needs {PREFIX}MAIL_FROM, the address from which e-mails come")
    if settings.ray_address is not None and "://" in settings.ray_address:
        raise _Wrong("ray_address", "must be `host:port` of the cluster's head, or `auto`; Ray's client protocol (ray://) is too slow")


def _is_address(url: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname or parts.query or parts.scheme == "unix") and (parts.port or 1) > 0
    except ValueError:
        return False


def _name(field: str, given: Mapping[str, object]) -> str:
    """The option, or the variable, that the value came from."""
    if given.get(field) is not None:
        return "--" + field.replace("_", "-")
    return PREFIX + field.upper()


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _path(expected: type, value: object) -> object:
    if expected is Path and isinstance(value, str | Path):
        return Path(value)
    raise TypeError(f"cannot read a {expected}")
