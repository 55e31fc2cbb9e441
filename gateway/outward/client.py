"""One HTTP request into the outer world, and its answer. Closed against being led inward; it tries nothing twice.

Redirects are followed here and not by aiohttp: each is a new address to be checked, and another host gets nothing that was meant for
the first. Cookies and proxies of the environment are not known. Never logs.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

import aiohttp
from aiohttp import hdrs
from aiohttp.abc import AbstractResolver
from yarl import URL

from domain.errors import Invalid, Refused
from gateway.outward import bodies
from gateway.outward.addresses import Reach
from gateway.outward.requests import MAX_TIMEOUT_S, Answer, Failed, Request, check, check_url
from gateway.outward.resolver import CheckedResolver, ForbiddenAddress, SystemResolver, socket_factory

MAX_REDIRECTS = 3
MAX_CONNECTIONS = 100
MAX_CONNECTIONS_PER_HOST = 8
CONNECT_S = 5.0
MAX_ANSWER_HEADERS = 100
_CHUNK = 65_536

USER_AGENT = "Causerie"

#: What goes along to another host. Any other header may be a key.
_HARMLESS = frozenset({"accept", "accept-language", "content-type"})


class Outward:
    """The client of one process. `resolver` and `tls` are the system's unless given."""

    def __init__(self, reach: Reach, resolver: AbstractResolver | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.reach, self._resolver, self._tls = reach, resolver, tls
        self._session: aiohttp.ClientSession | None = None
        self._names: CheckedResolver | None = None

    async def send(self, request: Request) -> Answer:
        """Raises Invalid, Refused (`forbidden_address`) or Failed."""
        url = check(request, self.reach)
        try:
            async with asyncio.timeout(min(request.timeout_s, MAX_TIMEOUT_S)):
                return await self._follow(request, url)
        except TimeoutError:
            raise Failed("timeout") from None
        except aiohttp.ClientError as error:
            raise _translated(error) from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
        if self._names is not None:
            await self._names.close()

    async def _follow(self, request: Request, url: URL) -> Answer:
        method, headers, body = request.method, dict(request.headers), request.body
        for _ in range(MAX_REDIRECTS + 1):
            answer, location = await self._exchange(method, url, headers, body, request.max_bytes)
            if location is None:
                return answer
            target = _target(url, location, self.reach)
            if answer.status == 303 or (answer.status in (301, 302) and method == "POST"):
                method, body = "GET", None
                headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
            if target.origin() != url.origin():
                if body is not None:
                    raise Failed("bad_redirect")
                headers = {name: value for name, value in headers.items() if name.lower() in _HARMLESS}
            url = target
        raise Failed("too_many_redirects")

    async def _exchange(
        self, method: str, url: URL, headers: dict[str, str], body: bytes | None, max_bytes: int
    ) -> tuple[Answer, str | None]:
        """The answer, and where it leads if it is a redirect."""
        sent = {**headers, hdrs.USER_AGENT: USER_AGENT, hdrs.ACCEPT_ENCODING: "identity"}
        async with self._opened().request(method, url, headers=sent, data=body, allow_redirects=False) as response:
            found = {name.lower(): value for name, value in response.headers.items()}
            location = found.get("location") if response.status in (301, 302, 303, 307, 308) else None
            if location is not None:  # nobody reads its body: the connection goes instead
                response.close()
                return Answer(response.status, found, b""), location
            chunks = response.content.iter_chunked(_CHUNK)
            return Answer(response.status, found, await bodies.read(chunks, found.get("content-encoding", ""), max_bytes)), None

    def _opened(self) -> aiohttp.ClientSession:
        """Made at the first request, since it belongs to the loop that runs then."""
        if self._session is None:
            self._names = CheckedResolver(self._resolver or SystemResolver(), self.reach)
            connector = aiohttp.TCPConnector(
                ssl=self._tls or True,
                resolver=self._names,
                use_dns_cache=False,
                limit=MAX_CONNECTIONS,
                limit_per_host=MAX_CONNECTIONS_PER_HOST,
                socket_factory=socket_factory(self.reach),
            )
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), **_OPTIONS)
        return self._session


_OPTIONS: dict[str, Any] = {
    "auto_decompress": False,
    "max_headers": MAX_ANSWER_HEADERS,
    "timeout": aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S),
    "trust_env": False,
}


def _target(url: URL, location: str, reach: Reach) -> URL:
    """Where a redirect leads. Raises Failed (`bad_redirect`) for what is no address or gives up TLS, Refused for what leads inward."""
    try:
        target = check_url(str(url.join(URL(location))), reach)
    except (Invalid, ValueError):
        raise Failed("bad_redirect") from None
    if url.scheme == "https" and target.scheme != "https":
        raise Failed("bad_redirect")
    return target


def _translated(error: aiohttp.ClientError) -> Exception:
    """A library's failure in our words, without its text, which may hold the address."""
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, ForbiddenAddress):
        return Refused("forbidden_address", "The address is not one that may be called")
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return Failed("certificate")
    if isinstance(error, aiohttp.InvalidURL):
        return Invalid("url", "must be a web address")
    if isinstance(error, aiohttp.ClientResponseError):
        return Failed("bad_answer")
    return Failed("connection")
