"""The browsers' clients speak the stream as it is documented: what is renamed on one side alone is seen here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
CLIENT = ROOT / "web" / "packages" / "client" / "src"
AGENT = ROOT / "web" / "packages" / "agent" / "src"
ASYNCAPI: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "reference" / "asyncapi.yaml").read_text())
STREAM = (ROOT / "docs" / "reference" / "stream.md").read_text()


def documented(name: str) -> dict[str, Any]:
    """The payload's schema of a frame."""
    payload: dict[str, Any] = ASYNCAPI["components"]["messages"][name]["payload"]
    while "$ref" in payload:
        payload = ASYNCAPI["components"]["schemas"][payload["$ref"].rpartition("/")[2]]
    return payload


def frames(package: Path = CLIENT) -> dict[str, set[str]]:
    """The frames of frames.ts, with their fields."""
    source = (package / "frames.ts").read_text()
    found: dict[str, set[str]] = {}
    for body in re.findall(r"\{((?:[^{}]|\{[^{}]*\})*?type: \"[a-z]+\"(?:[^{}]|\{[^{}]*\})*)\}", source):
        flat = re.sub(r"\{[^{}]*\}", "", body)
        name = re.search(r'type: "([a-z]+)"(?! \|)', flat)
        if name is not None:
            found[name[1]] = set(re.findall(r"(\w+)\??:", flat)) - {"type"}
    return found


def test_it_knows_every_frame_that_a_visitor_meets() -> None:
    listed = [one["$ref"] for name in ("visitorSays", "visitorHears") for one in ASYNCAPI["operations"][name]["messages"]]
    assert {one.rpartition("/")[2] for one in listed} == set(frames())


@pytest.mark.parametrize("name", sorted(set(frames())))
def test_its_fields_are_the_documented_ones(name: str) -> None:
    fields = frames()[name]
    told = set(documented(name)["properties"]) - {"type"}
    assert set() == fields - told
    assert set() == set(documented(name).get("required", ())) - {"type"} - fields


@pytest.mark.parametrize("name", sorted(set(frames(AGENT)) & set(ASYNCAPI["components"]["messages"])))
def test_agents_fields_are_the_documented_ones(name: str) -> None:
    fields, told = frames(AGENT)[name], documented(name)
    assert set() == fields - set(told["properties"])
    if name != "ack":  # what is said to the routing is answered otherwise
        assert set() == set(told.get("required", ())) - {"type"} - fields


def test_agents_have_the_frames_that_only_they_say() -> None:
    own = {"control", "status", "availability", "accept", "decline", "transfer", "viewing"}
    assert own <= set(frames(AGENT)) & set(ASYNCAPI["components"]["messages"])


def test_the_events_that_it_understands_exist() -> None:
    events = set(re.findall(r'case "([a-z:A-Z]+)"', (CLIENT / "thread.ts").read_text()))
    later = {"conversation:message:delivery:user"}  # of the API's contract: shown as soon as a server tells of it
    assert set() == {one for one in events - later if f"`{one}`" not in STREAM}
    assert "conversation:message" in events
