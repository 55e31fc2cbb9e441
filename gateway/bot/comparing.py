"""What has changed from one state of a flow to another, step by step. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.bot.flow import Flow, Step


def compare(before: Flow, after: Flow) -> dict[str, Any]:
    """Steps by their ids, the flow's other parts by their names. Where a builder draws a step is no change of it."""
    old, new = ({step.id: step for step in flow.steps} for flow in (before, after))
    changed = {name: fields for name in old if name in new and (fields := _fields(old[name], new[name]))}
    return {
        "identical": before == after,
        "steps": {
            "added": [_shown(step) for name, step in new.items() if name not in old],
            "removed": [_shown(step) for name, step in old.items() if name not in new],
            "changed": [{"id": name, "fields": fields} for name, fields in changed.items()],
        },
        "flow": _differences(_plain(before), _plain(after), without=("steps",)),
    }


def _fields(before: Step, after: Step) -> dict[str, Any]:
    return _differences(_plain(before), _plain(after), without=("position",))


def _differences(before: dict[str, Any], after: dict[str, Any], without: tuple[str, ...]) -> dict[str, Any]:
    names = [name for name in dict.fromkeys((*before, *after)) if name not in without]
    return {name: {"before": before.get(name), "after": after.get(name)} for name in names if before.get(name) != after.get(name)}


def _plain(value: msgspec.Struct) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(value)
    return found


def _shown(step: Step) -> dict[str, Any]:
    return {"id": step.id, "type": _plain(step)["type"]}
