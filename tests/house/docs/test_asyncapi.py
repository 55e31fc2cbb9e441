"""asyncapi.yaml and stream.md describe the frames that `gateway.stream.frames` reads and writes, no more and no less."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

from actors.answers import Answer
from actors.stream import Delivered
from causerie.contracts import asyncapi
from domain.assignment.rows import AgentRow, WorkRow
from domain.errors import Refused, Unavailable
from gateway.stream import frames, routing, shown
from storage.ports import ActorId
from storage.sql.routing import Count, Snapshot
from tests import own_contract

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
SPEC = asyncapi.document()  # another test holds the file to it
STREAM = (REFERENCE / "stream.md").read_text()

TO_SERVER = {str(kind.__struct_config__.tag): kind for kind in get_args(frames.Frame)}
TO_CLIENT = set(shown.FRAMES)
OWN = WorkRow("c" * 24, "offered", "5", 5, None, "messaging", None, None, "a" * 24, 9, 1, 0, 1, 1, True)
MESSAGES = SPEC["components"]["messages"]
TEXT = {"type": "text", "text": "x"}
ACTOR = ActorId("conversation", "a" * 24, "c" * 24)
BODY = (
    b'{"id":"6b033eba0000010300000002","createdAt":"2026-01-02T03:04:05.678Z","type":"%b",'
    b'"payload":{"conversation":{"id":"cccccccccccccccccccccccc","type":"personal"},%b}}'
)


def schema(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/messages/{name}/payload", "components": SPEC["components"]}


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [node["$ref"]] if isinstance(node.get("$ref"), str) else [ref for value in node.values() for ref in references(value)]
    return [ref for value in node for ref in references(value)] if isinstance(node, list) else []


def test_the_file_is_asyncapi_3() -> None:
    assert "3.0.0" == SPEC["asyncapi"]
    assert {"/messaging/v1/stream", "/agent/v1/stream"} == {channel["address"] for channel in SPEC["channels"].values()}


def test_each_reference_leads_somewhere() -> None:
    for reference in set(references(SPEC)):
        node: Any = SPEC
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]


def test_there_are_the_frames_of_the_code() -> None:
    assert set(TO_SERVER) | TO_CLIENT == set(MESSAGES)
    assert set(TO_SERVER) == _of("visitorSays") | set(shown.OF_AGENTS) == _of("agentSays") | set(shown.OF_VISITORS)
    assert TO_CLIENT == _of("visitorHears") | set(shown.HEARD_BY_AGENTS) == _of("agentHears")


def _of(operation: str) -> set[str]:
    return {ref["$ref"].rpartition("/")[2] for ref in SPEC["operations"][operation]["messages"]}


#: A frame that the specification allows, one for each line, and the fields that break it.
GIVEN: list[tuple[dict[str, Any], bool]] = [
    ({"type": "hello", "token": "t" * 512}, True),
    ({"type": "hello", "token": "t" * 513}, False),
    ({"type": "subscribe", "topic": "inbox"}, True),
    ({"type": "subscribe", "topic": "inbox", "after": -1}, False),
    ({"type": "subscribe", "topic": "conversation:" + "c" * 24, "after": 3}, True),
    ({"type": "subscribe", "topic": "conversation:mine"}, False),
    ({"type": "unsubscribe"}, False),
    ({"type": "message", "id": "1", "content": {"type": "text", "text": "x"}}, True),
    ({"type": "message", "id": "", "content": TEXT}, False),
    ({"type": "message", "id": "i" * 129, "content": TEXT}, False),
    ({"type": "message", "id": "1", "content": TEXT, "conversation": None, "metadata": None, "internal": True}, True),
    ({"type": "message", "id": "1", "content": TEXT, "conversation": "c"}, False),
    ({"type": "message", "id": "1", "content": TEXT, "references": []}, False),
    ({"type": "postback", "id": "1", "conversation": "c" * 24, "message": "d" * 24, "action": 0}, True),
    ({"type": "postback", "id": "1", "conversation": "c" * 24, "message": "d" * 24, "action": None}, False),
    ({"type": "control", "id": "1", "conversation": "c" * 24, "action": "pass", "to": "next", "metadata": {"k": 1}}, True),
    ({"type": "control", "id": "1", "conversation": "c" * 24, "action": "release", "to": None}, True),
    ({"type": "control", "id": "1", "conversation": "c" * 24, "action": "take"}, False),
    ({"type": "control", "id": "1", "conversation": "c" * 24, "action": "pass", "to": ""}, False),
    ({"type": "status", "id": "1", "conversation": "c" * 24, "status": "solved"}, True),
    ({"type": "status", "id": "1", "conversation": "c" * 24, "status": "well"}, False),
    ({"type": "session", "id": "1", "conversation": "c" * 24, "action": "end"}, True),
    ({"type": "session", "id": "1", "conversation": "c" * 24, "action": "begin"}, False),
    ({"type": "activity", "conversation": "c" * 24, "activity": "typing:start"}, True),
    ({"type": "activity", "conversation": "c" * 24, "activity": {"type": "conversation:read"}}, True),
    ({"type": "activity", "conversation": "c" * 24, "activity": "sleeping"}, False),
    ({"type": "viewing", "conversation": "c" * 24, "on": True}, True),
    ({"type": "viewing", "conversation": "c" * 24}, False),
    ({"type": "history", "id": "1", "conversation": "c" * 24, "before": None, "limit": 100}, True),
    ({"type": "history", "id": "1", "conversation": "c" * 24, "limit": 101}, False),
    ({"type": "history", "id": "1", "conversation": "c" * 24, "before": 0}, False),
    ({"type": "availability", "id": "1", "status": "online"}, True),
    ({"type": "availability", "id": "1", "status": "", "agent": None}, False),
    ({"type": "accept", "id": "1", "ticket": "c" * 24}, True),
    ({"type": "decline", "id": "1", "ticket": "c"}, False),
    ({"type": "transfer", "id": "1", "ticket": "c" * 24, "queue": 0, "agent": None}, True),
    ({"type": "transfer", "id": "1", "ticket": "c" * 24, "group": 0}, False),
    ({"type": "ping"}, True),
]


@pytest.mark.parametrize(("frame", "allowed"), GIVEN)
def test_the_server_takes_what_the_specification_allows_and_nothing_else(frame: dict[str, Any], allowed: bool) -> None:
    assert allowed == jsonschema.Draft202012Validator(schema(frame["type"])).is_valid(frame)
    if allowed:
        frames.parse(json.dumps(frame).encode())
    else:
        with pytest.raises(Refused):
            frames.parse(json.dumps(frame).encode())


MESSAGE = (
    b'"message":{"id":"6b033eba0000010300000002","received":"2026-01-02T03:04:05.678Z","author":{"type":"user"},'
    b'"content":{"type":"text","text":"x"},"source":{"type":"web"}}'
)
TYPING = b'"activity":{"type":"typing:start","author":{"type":"business"}}'


def delivered(kind: bytes = b"conversation:message", seq: int = 2, more: bytes = MESSAGE) -> Delivered:
    return Delivered(ACTOR, seq, BODY % (kind, more), {})


@pytest.mark.parametrize(
    "line",
    [
        frames.ack("1", ACTOR.id, Answer(2, "6b033eba0000010300000002")),
        frames.ack("1", ACTOR.id, Answer(0, "")),
        frames.refused("1", Refused("bad_request", "id: is required")),
        frames.refused(None, Unavailable("overloaded", "Too much", 0.5), topic="inbox"),
        frames.event(delivered(), internal=True),
        frames.event(delivered(b"causerie:note:create"), internal=False),
        frames.event(delivered(b"conversation:typing", 0, TYPING), internal=False),
        routing.ack("1", 7),
        routing.shown(Snapshot(3, [Count("5", "waiting", 2, 9)], [AgentRow("a" * 24, "online", "", 5, True)], [OWN])),
        frames.line(type="pong"),
    ],
)
def test_what_the_server_writes_is_in_the_specification(line: bytes) -> None:
    own_contract.check_frame(json.loads(line))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (frames.ack("1", ACTOR.id, Answer(-1, "")), "seq"),
        (frames.line(type="pong", at="now"), "at"),
        (frames.line(type="news"), "news"),
        (frames.event(delivered(more=MESSAGE.replace(b"received", b"recieved")), internal=True), "event"),
        (frames.event(delivered(b"causerie:unheard:of"), internal=True), "event"),
    ],
)
def test_what_is_not_in_it_is_seen(line: bytes, what: str) -> None:
    with pytest.raises(own_contract.NotInTheContract, match=what):
        own_contract.check_frame(json.loads(line))


@pytest.mark.parametrize("name", [*TO_SERVER, *sorted(TO_CLIENT)])
def test_the_page_names_every_frame_and_field(name: str) -> None:
    kind = MESSAGES[name]["payload"]["properties"]["type"]["const"]
    row = next(line for line in STREAM.splitlines() if line.startswith(f"| `{kind}` |"))
    assert [] == [field for field in MESSAGES[name]["payload"]["properties"] if field != "type" and f"`{field}`" not in row]


def test_the_page_names_every_type_of_event() -> None:
    from domain.conversation import events

    assert [] == [kind for kind in (*events.STORED, events.TypingChanged.type) if f"`{kind}`" not in STREAM]
