"""JSON paths that lead to one place: `$.data.items[0].name`, `$['with space'].id`. Pure.

The singular queries of RFC 9535 and nothing more: no wildcards, slices or filters, so that the work is bounded by the path. An index
below 0 counts from the end. A library of the whole language would let a path walk all of an answer many times over.
"""

from __future__ import annotations

import re
from typing import Any

from domain.errors import Invalid

MAX_PATH = 500
MAX_STEPS = 30

_STEP = re.compile(
    r"""\.(?P<name>[^\W\d][\w-]*)      # .name
      | \[(?P<index>-?[0-9]{1,9})\]    # [0]
      | \['(?P<single>[^'\\]*)'\]      # ['name']
      | \["(?P<double>[^"\\]*)"\]      # ["name"]
    """,
    re.VERBOSE,
)


def parse(path: str) -> tuple[str | int, ...]:
    """The names and indexes on the way. Raises Invalid."""
    if not path.startswith("$") or len(path) > MAX_PATH:
        raise Invalid("path", "must begin with $ and be short")
    steps: list[str | int] = []
    at = 1
    while at < len(path):
        found = _STEP.match(path, at)
        if found is None or len(steps) == MAX_STEPS:
            raise Invalid("path", "must be names and indexes, as in $.items[0].name")
        at = found.end()
        index = found["index"]
        steps.append(int(index) if index is not None else next(v for v in found.group("name", "single", "double") if v is not None))
    return tuple(steps)


def find(value: Any, steps: tuple[str | int, ...]) -> Any:
    """What is there, or None."""
    for step in steps:
        match value:
            case dict() if isinstance(step, str):
                value = value.get(step)
            case list() if isinstance(step, int) and -len(value) <= step < len(value):
                value = value[step]
            case _:
                return None
    return value
