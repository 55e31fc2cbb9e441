"""`/messaging/v1/stream` and `/agent/v1/stream`: the upgrade, the hello, and the sockets that are open."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from domain import ids
from domain.directory import SessionKind
from domain.errors import Invalid, Refused, Unavailable
from gateway.files.claims import claimed
from gateway.files.uploading import STORE
from gateway.identity import Identity, Tokens
from gateway.keys import LOOKUPS, ROUTER
from gateway.limits import ADDRESS, LIMITS
from gateway.origins import check_origin, check_visitor_origin, own_hosts
from gateway.stream import frames
from gateway.stream.actions import Claim
from gateway.stream.inbox import Inbox
from gateway.stream.socket import StreamSocket
from storage.sql.directory import Directory

log = structlog.get_logger()

HELLO_S = 10.0
CLOSE_S = 2.0
MAX_SOCKET_S = 24 * 86_400.0
HEARTBEAT_S = 30.0
RECHECK_S = 5.0
MAX_SOCKETS = 20_000
MAX_SOCKETS_PER_ADDRESS = 5_000

TOKENS = web.AppKey("tokens", Tokens)


class OpenSockets:
    """The sockets of this gateway, counted by address and found by token."""

    def __init__(self) -> None:
        self.by_token: dict[bytes, set[StreamSocket]] = {}
        self._by_address: dict[str, int] = {}
        self.count = 0

    def enter(self, address: str) -> None:
        """A socket is being opened. Raises `Unavailable` when there are too many."""
        if self.count >= MAX_SOCKETS or self._by_address.get(address, 0) >= MAX_SOCKETS_PER_ADDRESS:
            raise Unavailable("too_many_connections", "Too many open sockets", 5.0)
        self.count += 1
        self._by_address[address] = self._by_address.get(address, 0) + 1

    def leave(self, address: str) -> None:
        self.count -= 1
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]

    def revoke(self, token_hash: bytes) -> None:
        """End the sockets of a token that is no longer valid."""
        for socket in tuple(self.by_token.get(token_hash, ())):
            socket.close("unauthorized", "The token was revoked")

    async def watch(self, directory: Directory, now_ms: Callable[[], int]) -> None:
        """End, within seconds, the sockets whose tokens were revoked, or whose key or account is gone, in any process."""
        while True:
            await asyncio.sleep(RECHECK_S)
            try:
                hashes = list(self.by_token)
                valid = await directory.valid_sessions(hashes, now_ms()) if hashes else set()
            except Unavailable:
                continue
            for token_hash in hashes:
                if token_hash not in valid:
                    self.revoke(token_hash)

    def close_all(self) -> None:
        """The server goes: clients come back elsewhere, or in a moment."""
        for sockets in list(self.by_token.values()):
            for socket in tuple(sockets):
                socket.close("resume", "The server is going away: resume by seq")


SOCKETS = web.AppKey("sockets", OpenSockets)
INBOX = web.AppKey("inbox", Inbox)


async def messaging_stream(request: web.Request) -> web.WebSocketResponse:
    """The visitors' stream."""
    return await _stream(request, ("visitor",))


async def agent_stream(request: web.Request) -> web.WebSocketResponse:
    """The agents' and programs' stream."""
    return await _stream(request, ("agent", "program"))


async def _stream(request: web.Request, kinds: tuple[SessionKind, ...]) -> web.WebSocketResponse:
    if kinds != ("visitor",):
        await check_origin(request, request.app[LOOKUPS])
    sockets, address = request.app[SOCKETS], request[ADDRESS]
    sockets.enter(address)
    try:
        ws = web.WebSocketResponse(max_msg_size=frames.MAX_MESSAGE_BYTES, heartbeat=HEARTBEAT_S, compress=False)
        if not ws.can_prepare(request).ok:
            raise Invalid("", "This address is a WebSocket: ask for an upgrade")
        await ws.prepare(request)
        who = await _hello(request, ws, kinds)
        if who is not None:
            await _Serving(request, ws, who).run()
        return ws
    finally:
        sockets.leave(address)


async def _hello(request: web.Request, ws: web.WebSocketResponse, kinds: tuple[SessionKind, ...]) -> Identity | None:
    """Who it is, by the first frame. Anything but a valid hello is answered by `bye`."""
    try:
        async with asyncio.timeout(HELLO_S):
            message = await ws.receive()
        if message.type is not WSMsgType.TEXT:
            return None
        frame = frames.parse(message.data.encode().strip())
        if not isinstance(frame, frames.Hello):
            raise Refused("unauthorized", "Say hello first")
        who = await request.app[TOKENS].identity(frame.token, kinds, request.app[ROUTER].now_ms())
        if who.user is not None:  # which pages may is a matter of the integration, that only the token tells
            await check_visitor_origin(request, await request.app[LOOKUPS].integration(who.source.integration_id or ""))
        return who
    except (Refused, Unavailable) as error:
        await _bye(ws, error.code, error.title)
    except TimeoutError:
        await _bye(ws, "unauthorized", "No hello came")
    return None


async def _bye(ws: web.WebSocketResponse, code: str, reason: str) -> None:
    """Say why, if the client still reads, and end."""
    with contextlib.suppress(TimeoutError, ConnectionError, RuntimeError):
        async with asyncio.timeout(CLOSE_S):
            await ws.send_frame(frames.line(type="bye", code=code, reason=reason), WSMsgType.TEXT)
            await ws.close(code=WSCloseCode.POLICY_VIOLATION if code == "unauthorized" else WSCloseCode.TRY_AGAIN_LATER)


def _claim(request: web.Request, who: Identity) -> Claim | None:
    """How the files of this person's messages become known as used."""
    store, hosts, router = request.app.get(STORE), own_hosts(request), request.app[ROUTER]
    if store is None:
        return None
    user_id = who.user.id if who.user is not None else None
    return lambda content, conversation: claimed(store, content, who.app, conversation, hosts, router.now_ms(), user_id)


class _Serving:
    """One socket from welcome to bye."""

    def __init__(self, request: web.Request, ws: web.WebSocketResponse, who: Identity) -> None:
        self._request, self._ws, self._who = request, ws, who
        app = request.app
        self._socket = StreamSocket(ws, who, app[ROUTER], app[LOOKUPS], app[INBOX], app[LIMITS], self._close, _claim(request, who))
        self._ending: asyncio.Future[tuple[str, str]] = asyncio.get_running_loop().create_future()

    def _close(self, code: str, reason: str) -> None:
        if not self._ending.done():
            self._ending.set_result((code, reason))

    async def run(self) -> None:
        """Read and write until one of them ends, the token expires, or somebody closes the socket."""
        sockets = self._request.app[SOCKETS].by_token.setdefault(self._who.token_hash, set())
        sockets.add(self._socket)
        self._socket.outbox.put(await _welcome(self._request, self._who))
        reading = asyncio.create_task(self._socket.read())
        writing = asyncio.create_task(self._socket.outbox.run())
        left_s = (self._who.expires_ms - self._request.app[ROUTER].now_ms()) / 1000
        try:
            ends: list[asyncio.Future[Any]] = [reading, writing, self._ending]
            await asyncio.wait(ends, timeout=min(left_s, MAX_SOCKET_S), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._socket.ended()
            sockets.discard(self._socket)
            if not sockets:
                self._request.app[SOCKETS].by_token.pop(self._who.token_hash, None)
            await self._end(reading, writing)

    async def _end(self, *tasks: asyncio.Task[None]) -> None:
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception) and not isinstance(outcome, ConnectionError):
                log.error("socket_failed", error=type(outcome).__name__, exc_info=outcome)
        if self._ending.done():
            await _bye(self._ws, *self._ending.result())
        elif not self._ws.closed:
            await _bye(self._ws, "unauthorized", "The token has expired")
        if self._request.transport is not None and self._ending.done():
            self._request.transport.abort()


async def _welcome(request: web.Request, who: Identity) -> bytes:
    now = ids.instant(request.app[ROUTER].now_ms())
    if who.user is not None:
        user = {"id": who.user.id, "externalId": who.user.external_id, "authenticated": who.user.authenticated}
        return frames.line(type="welcome", user=user, now=now)
    return frames.line(type="welcome", agent={"id": who.subject, "displayName": who.author.display_name}, now=now)
