"""Load by locust over the public API: companies that post and read through `/sc/v2`, visitors who come and go.

    make load USERS=100 SECONDS=60        starts a server, loads it, writes load.html

or against a server of your own, with rate limits off: `locust -f benchmarks/locustfile.py --host http://127.0.0.1:8080`,
and CAUSERIE_CREDENTIALS naming its credentials.json.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

from locust import HttpUser, between, task

WORDS = ["bonjour", "hello", "where is my order?", "merci", "a long question " * 20]


def credentials() -> dict[str, Any]:
    return dict(json.loads(Path(os.environ.get("CAUSERIE_CREDENTIALS", "data/credentials.json")).read_text()))


class Company(HttpUser):
    """A backend with an API key: makes a user and a conversation, then posts, lists and reads."""

    weight = 3
    wait_time = between(0.05, 0.3)

    def on_start(self) -> None:
        keys = credentials()
        self.client.auth = (keys["key_id"], keys["secret"])
        self.app = f"/sc/v2/apps/{keys['app_id']}"
        made = self.client.post(f"{self.app}/users", json={"profile": {"givenName": "Load"}}, name="create user").json()
        self.user_id = made["user"]["id"]
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


class Visitor(HttpUser):
    """A browser that asks for a session again and again, as visitors who leave and return do."""

    weight = 1
    wait_time = between(0.2, 1.0)

    def on_start(self) -> None:
        self.integration = credentials()["web_integration_id"]
        self.token: str | None = None

    @task
    def session(self) -> None:
        body = {"integrationId": self.integration, **({"sessionToken": self.token} if self.token else {})}
        self.token = self.client.post("/messaging/v1/sessions", json=body, name="session").json()["token"]
