"""A flow is read from JSON within its limits, written as it was, and described by a schema that says the same."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from domain.bot.compare import Comparison, compare
from domain.bot.flow import MAX_STEPS, encode_flow, json_schema, parse_flow
from domain.errors import Invalid
from tests.bots import flow, step
from tests.unit.domain.bot.test_checks import READY_MADE

END = step("end", "end")
SCHEMA = jsonschema.Draft202012Validator(json_schema())
FLOWS = sorted(path for path in READY_MADE.glob("*.json") if path.name != "settings.json")


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_what_is_read_is_written_and_fits_the_schema(path: Any) -> None:
    raw = path.read_bytes()
    one = parse_flow(raw)
    assert one == parse_flow(encode_flow(one))
    assert [] == list(SCHEMA.iter_errors(json.loads(raw)))


BAD: list[tuple[str, dict[str, Any]]] = [
    ("flow.id", {"id": "with space"}),
    ("flow.id", {"id": "line\n"}),
    ("flow.steps", {"steps": []}),
    ("flow.steps[0]", {"steps": [{"id": "x", "type": "teleport"}]}),
    ("flow.steps[0]", {"steps": [{"id": "x", "type": "end", "more": 1}]}),
    ("flow.steps[0].options", {"steps": [step("x", "options", text="x", options=[{"name": str(n), "label": {}} for n in range(11)])]}),
    ("flow.steps[0].url", {"steps": [step("x", "call", url="ftp://x")]}),
    ("flow.steps[0].results", {"steps": [step("x", "call", url="https://x", results={"a": "$..b"})]}),
    ("flow.steps[0].max", {"steps": [step("x", "loop", max=1001)]}),
    ("flow.steps[0].max", {"steps": [step("x", "loop")]}),
    ("flow.language", {"language": "English"}),
    ("flow.variables[0].name", {"variables": [{"name": "user.name"}]}),
]


@pytest.mark.parametrize(("path", "changes"), BAD, ids=[f"{path}-{i}" for i, (path, _) in enumerate(BAD)])
def test_what_breaks_a_limit_is_refused_with_its_place_and_fails_the_schema(path: str, changes: dict[str, Any]) -> None:
    whole = {"id": "a", "name": "A", "language": "en", "start": "end", "steps": [END], **changes}
    with pytest.raises(Invalid) as refused:
        parse_flow(json.dumps(whole).encode())
    assert refused.value.field.startswith(path)
    assert not SCHEMA.is_valid(whole)


def test_a_flow_has_so_many_steps_and_no_more() -> None:
    with pytest.raises(Invalid):
        flow(*[END] * (MAX_STEPS + 1))


@pytest.mark.parametrize("part", [{"op": "not", "of": 0}, {"a": 0}])
def test_nothing_bottomless_is_taken_in(part: dict[str, Any]) -> None:
    deep: Any = {"op": "is", "variable": "said", "test": "known"}
    for _ in range(3000):
        deep = {**part, list(part)[-1]: deep}
    kind = step("a", "branch", cases=[{"name": "c", "when": deep}]) if "op" in part else step("a", "call", url="https://x", body=deep)
    raw = b'{"id":"a","name":"A","language":"en","start":"a","steps":[%b]}' % _encoded(kind)
    with pytest.raises(Invalid):
        parse_flow(raw)


def _encoded(value: Any) -> bytes:
    """JSON of something that is nested more deeply than encoders go."""
    opened, closed = b"", b""
    while isinstance(value, dict):
        *first, (last, inner) = value.items()
        opened += b"{" + b"".join(json.dumps({key: each}).encode()[1:-1] + b"," for key, each in first) + json.dumps(last).encode() + b":"
        closed, value = b"}" + closed, inner[0] if isinstance(inner, list) else inner
        if isinstance(inner, list):
            opened, closed = opened + b"[", closed[:0] + b"]" + closed
    return opened + json.dumps(value).encode() + closed


def test_two_versions_are_compared_step_by_step() -> None:
    old = flow(step("a", "message", text="One", exits="b"), step("b", "solve", text="Bye"), step("c", "end"))
    new = flow(
        step("a", "message", text={"en": "Two", "fr": "Deux"}, exits="d"),
        {**step("b", "solve", text="Bye"), "position": [1, 2]},
        step("d", "end"),
        languages=["fr"],
    )
    assert Comparison(("d",), ("c",), {"a": ("text.en", "text.fr", "exits.next")}, ("languages",)) == _ordered(compare(old, new))
    assert Comparison() == compare(old, old)


def test_a_step_of_another_kind_has_changed() -> None:
    assert {"a": ("type",)} == compare(flow(step("a", "end")), flow(step("a", "solve"))).changed


def _ordered(found: Comparison) -> Comparison:
    order = ["text.en", "text.fr", "exits.next"]
    return Comparison(
        found.added, found.removed, {name: tuple(sorted(paths, key=order.index)) for name, paths in found.changed.items()}, found.flow
    )
