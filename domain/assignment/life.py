"""The life of a piece of work as a table: from stage to stage, by which event. Rules are held to it, the page's diagram is made of it."""

from __future__ import annotations

from typing import Final

from domain.assignment import events as ev
from domain.assignment.state import Stage

#: `nowhere` is before and after.
Where = Stage | str
NOWHERE: Final = "nowhere"

LIFE: dict[tuple[Where, type[ev.Event]], frozenset[Where]] = {
    (NOWHERE, ev.Queued): frozenset({"waiting"}),
    (NOWHERE, ev.Taken): frozenset({"assigned"}),
    ("waiting", ev.Queued): frozenset({"waiting"}),
    ("waiting", ev.Offered): frozenset({"offered"}),
    ("waiting", ev.Assigned): frozenset({"assigned"}),
    ("waiting", ev.Taken): frozenset({"assigned"}),
    ("waiting", ev.Withdrawn): frozenset({NOWHERE}),
    ("offered", ev.Queued): frozenset({"waiting", "offered"}),
    ("offered", ev.OfferEnded): frozenset({"waiting"}),
    ("offered", ev.Assigned): frozenset({"assigned"}),
    ("offered", ev.Taken): frozenset({"assigned"}),
    ("offered", ev.Withdrawn): frozenset({NOWHERE}),
    ("assigned", ev.Queued): frozenset({"waiting"}),
    ("assigned", ev.Offered): frozenset({"handing"}),
    ("assigned", ev.Assigned): frozenset({"assigned"}),
    ("assigned", ev.Taken): frozenset({"assigned"}),
    ("assigned", ev.Withdrawn): frozenset({NOWHERE}),
    ("handing", ev.Queued): frozenset({"waiting"}),
    ("handing", ev.OfferEnded): frozenset({"assigned"}),
    ("handing", ev.Assigned): frozenset({"assigned"}),
    ("handing", ev.Taken): frozenset({"assigned"}),
    ("handing", ev.Withdrawn): frozenset({NOWHERE}),
}


def diagram() -> str:
    """The table as a mermaid diagram."""
    lines: dict[tuple[str, str], list[str]] = {}
    for (before, event), afters in LIFE.items():
        for after in sorted(afters):
            lines.setdefault((before, after), []).append(event.type.partition(":")[2])
    drawn = [f"    {_drawn(before)} --> {_drawn(after)}: {', '.join(names)}" for (before, after), names in lines.items()]
    return "\n".join(["stateDiagram-v2", *drawn])


def _drawn(where: str) -> str:
    return "[*]" if where == NOWHERE else where
