"""The sockets of a server with the small protocol of `own_designs`: who follows what. What a message costs is the design's own."""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from collections import defaultdict
from contextlib import suppress
from typing import Any

import uvloop
from aiohttp import WSMsgType, web

Socket = web.WebSocketResponse


class Rooms(ABC):
    """A WebSocket handler at `stream`."""

    def __init__(self) -> None:
        self._followers: dict[str, set[Socket]] = defaultdict(set)

    @abstractmethod
    async def said(self, ws: Socket, frame: dict[str, Any]) -> None:
        """Store a message, ack it on `ws`, and see to it that followers are shown it."""

    async def stream(self, request: web.Request) -> Socket:
        ws = Socket(compress=False)
        await ws.prepare(request)
        followed: set[str] = set()
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    await self._answer(ws, followed, json.loads(message.data))
        finally:
            for conversation in followed:
                self._followers[conversation].discard(ws)
        return ws

    async def _answer(self, ws: Socket, followed: set[str], frame: dict[str, Any]) -> None:
        if frame["type"] == "message":
            await self.said(ws, frame)
        elif frame["type"] == "follow":
            followed.add(frame["conversation"])
            self._followers[frame["conversation"]].add(ws)
            await ws.send_json({"type": "following"})

    async def show(self, conversation: str, text: str) -> None:
        """To those who follow it here."""
        for ws in tuple(self._followers[conversation]):
            with suppress(ConnectionError):  # the socket is closing
                await ws.send_str(text)


def serve(app: web.Application, port: int) -> None:
    """Run an application on loopback until SIGTERM."""
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None, shutdown_timeout=1)
