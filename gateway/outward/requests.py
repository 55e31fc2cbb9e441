"""What is asked of the outer world, checked before anything is resolved or sent. Pure.

Neither a request nor an answer shows more of itself than method, host and status: queries, headers and bodies hold secrets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

import msgspec
from yarl import URL

from domain.errors import Invalid
from gateway.outward.addresses import Reach

MAX_URL = 4_096
MAX_HEADERS = 50
MAX_HEADERS_BYTES = 16_384
MAX_BODY_BYTES = 262_144
MAX_ANSWER_BYTES = 1_000_000
MAX_TIMEOUT_S = 30.0

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Reason = Literal["timeout", "connection", "certificate", "too_large", "too_many_redirects", "bad_redirect", "bad_answer", "circuit_open"]

#: Those that frame the message or lead it another way are ours to write.
_OURS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "forwarded",
        "host",
        "http2-settings",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
    }
)
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}\Z")
_BAD_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_BAD_URL = re.compile(r"[\x00-\x20\x7f\\<>{}\"]")
_NUMBER = re.compile(r"(?:[0-9]+|0[xX][0-9a-fA-F]*)\Z")


class Failed(Exception):
    """It was sent, or could have been, and no usable answer came. `reason` is for flows and people; it holds nothing secret."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class Request(msgspec.Struct, frozen=True):
    """One request; `timeout_s` is for all of it, redirects and the answer's last byte included."""

    method: Method
    url: str
    headers: dict[str, str] = {}
    body: bytes | None = None
    timeout_s: float = 10.0
    max_bytes: int = MAX_ANSWER_BYTES

    def __repr__(self) -> str:
        return f"Request({self.method} {host_of(self.url)})"


class Answer(msgspec.Struct, frozen=True):
    """`headers` have their names in lower case; of several with one name, the last."""

    status: int
    headers: dict[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"Answer({self.status}, {len(self.body)} bytes)"


def check(request: Request, reach: Reach) -> URL:
    """The address of a request that may be sent. Raises Invalid or Refused (`forbidden_address`)."""
    check_headers(request.headers)
    if request.body is not None and len(request.body) > MAX_BODY_BYTES:
        raise Invalid("body", f"must have at most {MAX_BODY_BYTES} bytes")
    return check_url(request.url, reach)


def check_url(text: str, reach: Reach) -> URL:
    """Raises Invalid for what is no plain web address, Refused (`forbidden_address`) for one that leads inward by its number."""
    if len(text) > MAX_URL or _BAD_URL.search(text):
        raise Invalid("url", f"must be a web address of at most {MAX_URL} characters, without spaces and braces")
    try:
        url = URL(text)
        port = url.port
    except ValueError:
        raise Invalid("url", "must be a web address") from None
    if url.scheme != "https" and not (url.scheme == "http" and reach.http):
        raise Invalid("url", "must begin with https://" + (" or http://" if reach.http else ""))
    host = url.raw_host
    if not host or url.user is not None or url.password is not None or not port:
        raise Invalid("url", "must name a host, and neither user nor password")
    if is_numeric(host):
        reach.check(host)
    return url.with_fragment(None)


def is_numeric(host: str) -> bool:
    """Whether a host is an address by its form, in any of the forms that systems understand: a name never ends in a number."""
    return ":" in host or bool(_NUMBER.match(host.rstrip(".").rpartition(".")[2]))


def check_headers(headers: Mapping[str, str]) -> None:
    """Raises Invalid, without the value."""
    if len(headers) > MAX_HEADERS or sum(len(name) + len(value.encode()) for name, value in headers.items()) > MAX_HEADERS_BYTES:
        raise Invalid("headers", f"must be at most {MAX_HEADERS}, with {MAX_HEADERS_BYTES} bytes")
    for name, value in headers.items():
        if not _NAME.match(name):
            raise Invalid("headers", "each name must be a word of HTTP")
        if name.lower() in _OURS or name.lower().startswith(("proxy-", "x-forwarded-")):
            raise Invalid(f"headers.{name}", "is not yours to set")
        if _BAD_VALUE.search(value):
            raise Invalid(f"headers.{name}", "must be one line")


def host_of(url: str) -> str:
    """Host and port, which may be logged; `?` where there are none."""
    try:
        found = URL(url)
        return f"{found.host}:{found.port}" if found.host else "?"
    except ValueError:
        return "?"
