"""Clients of the stream protocol, written from docs/reference/stream.md alone: nothing of the product is imported here.

`Connection` is one socket and shows every frame. `Talker` is what a program in production looks like: it comes back, resumes by
seq, and sends again, in order and with the same ids, what was not acked. What it did and saw goes into a `Diary`.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, Self

import aiohttp

from tests.own_contract import NotInTheContract, check_frame

Json = dict[str, Any]

MESSAGING, AGENT = "/messaging/v1/stream", "/agent/v1/stream"
WAIT_S = 15.0
PAUSE_S = 0.2
MAX_RETRY_S = 1.0
HEARTBEAT_S = 6.0
"""A client under load asks so often whether the server is still there, and waits half as long: TCP alone would not tell."""

_numbers = itertools.count(1)


def new_id(prefix: str = "m") -> str:
    """An id that no other message of this process has."""
    return f"{prefix}-{next(_numbers)}"


def topic_of(conversation: str) -> str:
    return f"conversation:{conversation}"


def text_of(event: Json | None) -> str | None:
    """What a message event says; None for every other event."""
    if event is None or event["type"] != "conversation:message":
        return None
    said: str | None = event["payload"]["message"]["content"].get("text")
    return said


def basic_auth(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


# -- sessions


async def visitor_session(http: aiohttp.ClientSession, url: str, integration: str, **more: str) -> Json:
    """`{token, user, conversation}`; `more` are `jwt` and `sessionToken`."""
    return await _session(http, f"{url}/messaging/v1/sessions", {"integrationId": integration, **more})


async def agent_session(http: aiohttp.ClientSession, url: str, email: str, password: str, app: str | None = None) -> Json:
    body = {"email": email, "password": password} | ({"appId": app} if app else {})
    return await _session(http, f"{url}/agent/v1/sessions", body)


async def program_session(http: aiohttp.ClientSession, url: str, key: str, secret: str, app: str | None = None) -> Json:
    query = f"?appId={app}" if app else ""
    return await _session(http, f"{url}/agent/v1/sessions{query}", None, basic_auth(key, secret))


async def _session(http: aiohttp.ClientSession, url: str, body: Json | None, headers: dict[str, str] | None = None) -> Json:
    """Asks again while it is told to come later, as clients should."""
    async with asyncio.timeout(60):
        while True:
            async with http.post(url, json=body, headers=headers) as answer:
                if answer.status not in (429, 503):
                    found: Json = await answer.json()
                    assert answer.status == 201, (answer.status, found)
                    return found
                await asyncio.sleep(min(float(answer.headers["Retry-After"]), MAX_RETRY_S))


# -- one socket


class Ended(Exception):
    """The socket was closed while something was still expected from it."""


class Connection:
    """One socket. Frames are kept in `frames` in the order of their arrival until somebody takes them."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse, checked: bool = True) -> None:
        """`checked`: the server speaks as this checkout's asyncapi.yaml says."""
        self._ws, self._checked = ws, checked
        self.frames: list[Json] = []
        self.over = False
        self.wrong: NotInTheContract | None = None
        """What the first frame that asyncapi.yaml does not allow has of its own."""
        self._news = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def open(
        cls,
        http: aiohttp.ClientSession,
        url: str,
        path: str,
        token: str | None,
        headers: dict[str, str] | None = None,
        *,
        checked: bool = True,
    ) -> Self:
        """Connect and, with a token, say hello; the answer to it is not waited for."""
        made = cls(await http.ws_connect(url + path, headers=headers, max_msg_size=64 << 20, heartbeat=None), checked)
        if token is not None:
            await made.send(type="hello", token=token)
        return made

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        self._reader.cancel()
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(5):
                await self._ws.close()

    async def _read(self) -> None:
        async for message in self._ws:
            if message.type is not aiohttp.WSMsgType.TEXT:
                break
            for line in message.data.split("\n"):
                if line:
                    self._hear(json.loads(line))
            self._news.set()
        self.over = True
        self._news.set()

    def _hear(self, frame: Json) -> None:
        self.frames.append(frame)
        if not self._checked:
            return
        try:
            check_frame(frame)
        except NotInTheContract as wrong:
            self.wrong = self.wrong or wrong

    async def send(self, **frame: Any) -> None:
        await self._ws.send_str(json.dumps(frame))

    async def send_text(self, text: str) -> None:
        """As it is, whether it is a frame or not."""
        await self._ws.send_str(text)

    async def send_bytes(self, data: bytes) -> None:
        await self._ws.send_bytes(data)

    async def take(
        self, kind: str | tuple[str, ...], timeout_s: float = WAIT_S, when: Callable[[Json], bool] | None = None, **fields: Any
    ) -> Json:
        """The first frame of a type with these fields that nobody took yet. Raises `Ended`, or `TimeoutError` with what there was."""
        kinds = (kind,) if isinstance(kind, str) else kind
        until = asyncio.get_running_loop().time() + timeout_s
        while True:
            if self.wrong is not None:
                raise self.wrong
            for at, frame in enumerate(self.frames):
                if frame["type"] in kinds and all(frame.get(name) == value for name, value in fields.items()) and (not when or when(frame)):
                    return self.frames.pop(at)
            if self.over:
                raise Ended(f"no {kind} {fields} before the end; there were {self.frames[-5:]}")
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), until - asyncio.get_running_loop().time())
            except TimeoutError:
                raise TimeoutError(f"no {kind} {fields} in {timeout_s} s; there were {self.frames[-5:]}") from None

    async def ended(self, timeout_s: float = WAIT_S) -> int | None:
        """Wait for the server to end the socket. Returns the close code."""
        await asyncio.wait_for(asyncio.shield(self._reader), timeout_s)
        return self._ws.close_code

    # -- what the frames are for

    async def say(self, text: str, conversation: str | None = None, identifier: str | None = None, **more: Any) -> Json:
        """Send a text message and wait for its ack."""
        return await self.post({"type": "text", "text": text}, conversation, identifier, **more)

    async def post(self, content: Json, conversation: str | None = None, identifier: str | None = None, **more: Any) -> Json:
        identifier = identifier or new_id()
        named = {"conversation": conversation} if conversation else {}
        await self.send(type="message", id=identifier, content=content, **named, **more)
        return await self.take("ack", id=identifier)

    async def insist(self, text: str, conversation: str, identifier: str, timeout_s: float) -> Json:
        """Send a text message, and again whenever it is refused for a while, until its ack."""
        async with asyncio.timeout(timeout_s):
            while True:
                await self.send(type="message", id=identifier, conversation=conversation, content={"type": "text", "text": text})
                answer = await self.take(("ack", "refused"), timeout_s, id=identifier)
                if answer["type"] == "ack":
                    return answer
                await asyncio.sleep(answer["retry_after"])

    async def refused(self, identifier: str | None = None, **more: Any) -> Json:
        return await self.take("refused", id=identifier, **more)

    async def subscribe(self, conversation: str, after: int = 0) -> Json:
        await self.send(type="subscribe", topic=topic_of(conversation), after=after)
        return await self.take("subscribed", topic=topic_of(conversation))

    async def event(self, conversation: str, seq: int | None, timeout_s: float = WAIT_S) -> Any:
        """The event at a seq (None: the next ephemeral one), which is None where this subscriber may not see it."""
        return (await self.take("event", timeout_s, topic=topic_of(conversation), seq=seq))["event"]

    async def events(self, conversation: str, first: int, last: int) -> list[Any]:
        """The events from `first` to `last`, which must come in this order and without a gap."""
        frames = [
            await self.take("event", topic=topic_of(conversation), when=lambda frame: frame["seq"] is not None)
            for _ in range(first, last + 1)
        ]
        assert list(range(first, last + 1)) == [frame["seq"] for frame in frames]
        return [frame["event"] for frame in frames]

    async def hears(self, conversation: str, text: str) -> Json:
        """The message event that says `text`."""
        frame = await self.take("event", topic=topic_of(conversation), when=lambda frame: text_of(frame["event"]) == text)
        event: Json = frame["event"]
        return event

    async def settled(self) -> None:
        """All that was sent before has been read by the server, and what it answered at once has arrived."""
        await self.send(type="ping")
        await self.take("pong")


# -- a client that comes back


class Diary(Protocol):
    """What a run did and saw, for whoever judges it."""

    def sent(self, sender: str, message: str, text: str, conversation: str | None) -> None:
        """A message was sent for the first time; to None: the sender's default conversation."""

    def acked(self, message: str, conversation: str, seq: int) -> None: ...

    def refused(self, message: str) -> None:
        """For good."""

    def followed(self, reader: str, conversation: str, after: int) -> None:
        """A reader began to follow a conversation; coming back is no new beginning."""

    def saw(self, reader: str, conversation: str, seq: int, text: str | None) -> None:
        """A stored event came; `text` is None for what is no message."""

    def broken(self, what: str) -> None:
        """Something that the protocol does not allow."""


class Talker:
    """A client under load: never gives a message up, never sends one twice with another id, never skips a seq."""

    def __init__(self, http: aiohttp.ClientSession, url: str, path: str, token: str, name: str, diary: Diary) -> None:
        self.name, self.diary = name, diary
        self._http, self._url, self._path, self._token = http, url, path, token
        self.after: dict[str, int] = {}
        self._unacked: dict[str, Json] = {}
        self._answers: dict[str, asyncio.Future[Json]] = {}
        self._ws: aiohttp.ClientWebSocketResponse | None = None
        self._welcome = asyncio.Event()
        self._again: asyncio.Task[None] | None = None
        self._once_more = False
        self._reader = asyncio.create_task(self._run())
        self.connects = 0
        self.retried: set[str] = set()
        """Codes of the refusals that were only for a while."""

    async def open(self) -> Self:
        await asyncio.wait_for(self._welcome.wait(), 60)
        return self

    def twin(self, name: str) -> Talker:
        """Another socket of the same person, who keeps no order with this one."""
        return Talker(self._http, self._url, self._path, self._token, name, self.diary)

    async def close(self) -> None:
        for task in (self._reader, self._again):
            if task is not None:
                task.cancel()
        if self._ws is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self._ws.close(), 2)

    async def follow(self, conversation: str, after: int = 0) -> None:
        self.after[conversation] = after
        self.diary.followed(self.name, conversation, after)
        await self._send({"type": "subscribe", "topic": topic_of(conversation), "after": after})

    async def say(self, text: str, conversation: str | None, message: str | None = None, timeout_s: float = 90.0) -> Json:
        """Send, again and again if need be. Returns the ack, or the final refusal. Calls in a row keep their order."""
        message = message or new_id(self.name)
        frame: Json = {"type": "message", "id": message, "content": {"type": "text", "text": f"{message} {text}"}}
        if conversation is not None:
            frame["conversation"] = conversation
        self.diary.sent(self.name, message, f"{message} {text}", conversation)
        answer = self._answers[message] = asyncio.get_running_loop().create_future()
        self._unacked[message] = frame
        if self._again is None:  # otherwise it goes out in its turn, behind what was sent before it
            await self._send(frame)
        try:
            return await asyncio.wait_for(answer, timeout_s)
        except TimeoutError:
            self.diary.broken(f"{message} was neither acked nor refused within {timeout_s} s")
            raise
        finally:
            del self._unacked[message], self._answers[message]

    async def _send(self, frame: Json) -> None:
        """Or not: what is lost with the socket is sent again on the next one."""
        if self._ws is not None and self._welcome.is_set():
            with contextlib.suppress(ConnectionError, aiohttp.ClientError):
                await self._ws.send_str(json.dumps(frame))

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(aiohttp.ClientError, ConnectionError, TimeoutError):
                async with self._http.ws_connect(self._url + self._path, max_msg_size=64 << 20, heartbeat=HEARTBEAT_S) as ws:
                    self._ws = ws
                    await ws.send_str(json.dumps({"type": "hello", "token": self._token}))
                    async for message in ws:
                        if message.type is not aiohttp.WSMsgType.TEXT:
                            break  # the heart stopped
                        for line in message.data.split("\n"):
                            if line:
                                await self._take(json.loads(line))
            self._welcome.clear()
            await asyncio.sleep(PAUSE_S)

    async def _take(self, frame: Json) -> None:
        match frame["type"]:
            case "welcome":
                await self._resume()
            case "event" if frame["seq"] is not None:
                self.after[frame["conversation"]] = frame["seq"]
                self.diary.saw(self.name, frame["conversation"], frame["seq"], text_of(frame["event"]))
            case "ack":
                self.diary.acked(frame["id"], frame["conversation"], frame["seq"])
                self._settle(frame)
            case "refused" if "retry_after" in frame:
                self.retried.add(frame["code"])
                self._send_again(min(frame["retry_after"], MAX_RETRY_S))
            case "refused":
                self.diary.refused(frame["id"])
                self._settle(frame)
            case "event" | "subscribed" | "pong" | "page" | "bye":
                pass
            case other:
                self.diary.broken(f"{self.name}: a frame of the type {other}")

    async def _resume(self) -> None:
        self.connects += 1
        self._welcome.set()
        if self._again is not None:
            self._again.cancel()
            self._again = None
        self._send_again(0.0)  # before anything is awaited: from now on `say` waits for its turn
        for conversation, after in tuple(self.after.items()):
            await self._send({"type": "subscribe", "topic": topic_of(conversation), "after": after})

    def _settle(self, frame: Json) -> None:
        answer = self._answers.get(frame["id"])
        if answer is not None and not answer.done():
            answer.set_result(frame)

    def _send_again(self, pause_s: float) -> None:
        """All that is unacked, in order, soon; at most one such round is under way, and one more waits for its end."""
        if self._again is None:
            self._again = asyncio.create_task(self._round(pause_s))
        else:
            self._once_more = True

    async def _round(self, pause_s: float) -> None:
        ws, gone = self._ws, set[str]()
        await asyncio.sleep(pause_s)
        while ws is self._ws:
            # What `say` adds meanwhile goes out here too, behind what was there before.
            frame = next((one for name, one in self._unacked.items() if name not in gone), None)
            if frame is not None:
                gone.add(frame["id"])
                await self._send(frame)
            elif self._once_more:
                self._once_more = False
                gone.clear()
                await asyncio.sleep(PAUSE_S)
            else:
                break
        self._again = None


async def visitor(http: aiohttp.ClientSession, url: str, integration: str, name: str, diary: Diary) -> Talker:
    session = await visitor_session(http, url, integration)
    return await Talker(http, url, MESSAGING, session["token"], name, diary).open()


async def agent(http: aiohttp.ClientSession, url: str, email: str, password: str, name: str, diary: Diary) -> Talker:
    session = await agent_session(http, url, email, password)
    return await Talker(http, url, AGENT, session["token"], name, diary).open()
