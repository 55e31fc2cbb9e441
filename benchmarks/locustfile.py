"""The people and programs of a locust run: visitors and agents on the stream, companies on the REST API, guests who come and go.

    make load USERS=100 SECONDS=60 [SCENARIO=chat] [SHAPE=ramp]       a server of its own, and a report

or against a server of yours, started with CAUSERIE_RATE_LIMITS=off, with locust's own page on http://127.0.0.1:8089:

    CAUSERIE_CREDENTIALS=data/credentials.json .venv/bin/locust -f benchmarks/locustfile.py --host http://127.0.0.1:8080 Visitor Agent

The last words are the kinds of people to take; without them it is all. Who sends a message by the stream is timed from sending to
the ack (`message`); an agent also tells how old a visitor's message is when it is shown (`message seen by agent`).
"""

from __future__ import annotations

import base64
import json
import os
import random
import time
from abc import abstractmethod
from itertools import count
from pathlib import Path
from typing import Any

import gevent  # type: ignore[import-untyped] # has no types
from gevent.event import AsyncResult  # type: ignore[import-untyped]
from locust import HttpUser, between, task
from websocket import WebSocket, WebSocketException, create_connection

from benchmarks import load_shapes

WORDS = ["bonjour", "hello", "where is my order?", "merci", "a long question " * 20]
ACK_S = 20.0
REPLIES = 0.3

if load_shapes.CHOSEN is not None:
    Shape = load_shapes.Shape  # locust takes the pace from a class of the file, if there is one


def credentials() -> dict[str, Any]:
    return dict(json.loads(Path(os.environ.get("CAUSERIE_CREDENTIALS", "data/credentials.json")).read_text()))


class StreamUser(HttpUser):
    """Somebody with an open WebSocket; a greenlet of its own reads it."""

    abstract = True
    side = ""
    """The first part of the stream's path."""

    def on_start(self) -> None:
        self._numbers, self._waiting = count(), dict[str, AsyncResult]()
        answer = self.client.post(f"/{self.side}/v1/sessions", json=self.session(), name=f"{self.side} session")
        answer.raise_for_status()
        self._ws: WebSocket = create_connection(f"{str(self.host).replace('http', 'ws', 1)}/{self.side}/v1/stream", timeout=ACK_S)
        self.send(type="hello", token=answer.json()["token"])
        self._ws.recv()
        self._ws.settimeout(None)
        self._reader = gevent.spawn(self._read)
        self.arrived()

    def on_stop(self) -> None:
        self._reader.kill()
        self._ws.close()

    @abstractmethod
    def session(self) -> dict[str, str]:
        """The body that begins a session."""

    def arrived(self) -> None:
        """The stream is open."""

    def event(self, frame: dict[str, Any]) -> None:
        """Something was shown."""

    def send(self, **frame: Any) -> None:
        self._ws.send(json.dumps(frame))

    def say(self, text: str, **more: Any) -> None:
        """Send a message and wait for its ack."""
        identifier, begun = f"{id(self):x}-{next(self._numbers)}", time.perf_counter()
        answer = self._waiting[identifier] = AsyncResult()
        failure: Exception | None = None
        try:
            self.send(type="message", id=identifier, content={"type": "text", "text": text}, **more)
            frame = answer.get(timeout=ACK_S)
            if frame["type"] == "refused":
                failure = RuntimeError(frame["code"])
        except (gevent.Timeout, WebSocketException, OSError) as error:
            failure = RuntimeError(type(error).__name__)
        del self._waiting[identifier]
        self.note("message", (time.perf_counter() - begun) * 1000, failure)

    def note(self, name: str, took_ms: float, failure: Exception | None = None) -> None:
        """A line of locust's statistics."""
        self.environment.events.request.fire(
            request_type="WS", name=name, response_time=took_ms, response_length=0, exception=failure, context={}
        )

    def _read(self) -> None:
        try:
            while text := self._ws.recv():
                for line in str(text).split("\n"):
                    self._take(json.loads(line))
        except (WebSocketException, OSError) as error:
            self.note("stream lost", 0, error)

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "event":
            self.event(frame)
        elif frame["type"] in ("ack", "refused") and frame["id"] in self._waiting:
            self._waiting[frame["id"]].set(frame)


class Visitor(StreamUser):
    """A customer with the chat open: writes now and then."""

    side, weight = "messaging", 10
    wait_time = between(0.5, 3.0)

    def session(self) -> dict[str, str]:
        return {"integrationId": credentials()["web_integration_id"]}

    @task
    def write(self) -> None:
        self.say(f"{time.time():.6f} {random.choice(WORDS)}")


class Agent(StreamUser):
    """An agent who watches the inbox and answers some of what comes."""

    side, weight = "agent", 1
    wait_time = between(0.2, 1.0)

    def session(self) -> dict[str, str]:
        agent: dict[str, str] = credentials()["agent"]
        return agent

    def arrived(self) -> None:
        self._unread: list[str] = []
        self.send(type="subscribe", topic="inbox")

    def event(self, frame: dict[str, Any]) -> None:
        event = frame["event"]
        if event is None or event["type"] != "conversation:message" or event["payload"]["message"]["author"]["type"] != "user":
            return
        sent, _, rest = event["payload"]["message"]["content"].get("text", "").partition(" ")
        if rest and sent.replace(".", "").isdigit():
            self.note("message seen by agent", (time.time() - float(sent)) * 1000)
        if random.random() < REPLIES:
            self._unread.append(frame["conversation"])

    @task
    def reply(self) -> None:
        if self._unread:
            self.say(random.choice(WORDS), conversation=self._unread.pop())


class Company(HttpUser):
    """A backend with an API key: makes a user and a conversation, then posts, lists and reads."""

    weight = 3
    wait_time = between(0.05, 0.3)

    def on_start(self) -> None:
        keys = credentials()
        login = base64.b64encode(f"{keys['key_id']}:{keys['secret']}".encode()).decode()
        self.client.headers["Authorization"] = f"Basic {login}"
        self.app = f"/sc/v2/apps/{keys['app_id']}"
        profile = {"externalId": f"load-{time.time_ns()}-{id(self)}", "profile": {"givenName": "Load"}}
        self.user_id = self.client.post(f"{self.app}/users", json=profile, name="create user").json()["user"]["id"]
        body = {"type": "personal", "participants": [{"userId": self.user_id}]}
        made = self.client.post(f"{self.app}/conversations", json=body, name="create conversation").json()
        self.conversation = f"{self.app}/conversations/{made['conversation']['id']}"

    @task(8)
    def post_message(self) -> None:
        author = random.choice([{"type": "user", "userId": self.user_id}, {"type": "business", "displayName": "Shop"}])
        body = {"author": author, "content": {"type": "text", "text": random.choice(WORDS)}}
        self.client.post(f"{self.conversation}/messages", json=body, name="post message")

    @task(3)
    def list_messages(self) -> None:
        self.client.get(f"{self.conversation}/messages", name="list messages")

    @task(1)
    def get_conversation(self) -> None:
        self.client.get(self.conversation, name="get conversation")


class Guest(HttpUser):
    """A browser that asks for a session again and again, as visitors who leave and return do."""

    weight = 1
    wait_time = between(0.2, 1.0)

    def on_start(self) -> None:
        self.integration = credentials()["web_integration_id"]
        self.token: str | None = None

    @task
    def session(self) -> None:
        body = {"integrationId": self.integration, **({"sessionToken": self.token} if self.token else {})}
        self.token = self.client.post("/messaging/v1/sessions", json=body, name="session again").json()["token"]
