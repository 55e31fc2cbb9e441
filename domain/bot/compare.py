"""Two versions of a flow beside each other: which steps came, went and changed, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from domain.bot.flow import Flow


class Comparison(msgspec.Struct, frozen=True):
    """Ids of steps that are new and gone; the paths that differ in those that stayed, and in the flow around them."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: dict[str, tuple[str, ...]] = {}
    flow: tuple[str, ...] = ()


def compare(old: Flow, new: Flow) -> Comparison:
    """What is different in `new`. The order of steps and where a builder draws them make no difference."""
    before, after = _steps(old), _steps(new)
    pairs = ((name, tuple(_differences(before[name], after[name], ""))) for name in after if name in before)
    return Comparison(
        tuple(name for name in after if name not in before),
        tuple(name for name in before if name not in after),
        {name: paths for name, paths in pairs if paths},
        tuple(_differences(_around(old), _around(new), "")),
    )


def _steps(flow: Flow) -> dict[str, dict[str, Any]]:
    return {step.id: {key: value for key, value in msgspec.to_builtins(step).items() if key != "position"} for step in flow.steps}


def _around(flow: Flow) -> dict[str, Any]:
    return {key: value for key, value in msgspec.to_builtins(flow).items() if key != "steps"}


def _differences(old: Any, new: Any, path: str) -> Iterator[str]:
    """The paths of the innermost values that differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _differences(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(old, list | tuple) and isinstance(new, list | tuple) and len(old) == len(new):
        for i, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _differences(before, after, f"{path}[{i}]")
    elif old != new or type(old) is not type(new):
        yield path
