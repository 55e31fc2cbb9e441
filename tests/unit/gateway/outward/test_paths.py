"""A JSON path leads to one place or nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import Invalid
from gateway.outward.paths import MAX_STEPS, find, parse

DOCUMENT: dict[str, Any] = {"a": {"b": [{"c": 1}, {"c": 2}]}, "with space": {"é": True}, "n": None}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$", DOCUMENT),
        ("$.a.b[0].c", 1),
        ("$.a.b[-1].c", 2),
        ("$['with space'].é", True),
        ('$["a"]["b"][1]', {"c": 2}),
        ("$.a.b[2].c", None),
        ("$.a.b.c", None),
        ("$.a[0]", None),
        ("$.n.x", None),
        ("$.missing", None),
    ],
)
def test_it_finds_what_is_there(path: str, expected: Any) -> None:
    assert expected == find(DOCUMENT, parse(path))


@pytest.mark.parametrize(
    "path", ["", "a.b", "$.", "$..a", "$.a.*", "$[*]", "$[0:2]", "$[?@.a]", "$.a b", "$.1", "$[1", "$" + ".a" * (MAX_STEPS + 1)]
)
def test_what_leads_to_many_places_is_refused(path: str) -> None:
    with pytest.raises(Invalid):
        parse(path)
