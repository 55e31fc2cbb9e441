"""The program of `answer-with-your-own-bot.md` does what the page says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gateway.stream import frames

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "answer-with-your-own-bot.md"
CONVERSATION, OURS = "c" * 24, "a" * 24


@pytest.fixture(scope="module")
def program() -> dict[str, Any]:
    source = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert 1 == len(source)
    names: dict[str, Any] = {"__name__": "program"}
    exec(compile(source[0], str(PAGE), "exec"), names)
    return names


def frame(author: str = "user", active: str | None = OURS, kind: str = "conversation:message") -> dict[str, Any]:
    conversation = {"id": CONVERSATION, "type": "personal"}
    if active is not None:
        conversation["activeSwitchboardIntegration"] = {"id": "b" * 24, "name": "own", "integrationId": active}  # type: ignore[assignment]
    message = {"id": "d" * 24, "author": {"type": author}, "content": {"type": "text", "text": "Rain?"}}
    event = {"type": kind, "payload": {"conversation": conversation, "message": message}}
    return {"type": "event", "topic": "inbox", "conversation": CONVERSATION, "seq": 2, "event": event}


def test_it_answers_a_customer_while_it_has_control_and_the_stream_takes_it(program: dict[str, Any]) -> None:
    reply = program["answer"](frame(), OURS)
    assert (f"own:{'d' * 24}", "You said: Rain?") == (reply["id"], reply["content"]["text"])
    assert isinstance(frames.parse(json.dumps(reply).encode()), frames.Message)


@pytest.mark.parametrize(
    "given",
    [
        frame(author="business"),
        frame(active=None),
        frame(active="e" * 24),
        frame(kind="conversation:read"),
        {"type": "event", "topic": "inbox", "conversation": CONVERSATION, "seq": 2, "event": None},
        {"type": "pong"},
    ],
)
def test_it_keeps_quiet_otherwise(program: dict[str, Any], given: dict[str, Any]) -> None:
    assert None is program["answer"](given, OURS)
