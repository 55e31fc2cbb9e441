"""Draws horizontal bars as SVG, by hand: no library for a few rectangles."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

LABEL, BAR, LINE = 330, 420, 24


def svg(title: str, values: Mapping[str, float]) -> str:
    """One bar for each value, with its label before it and its figure behind it."""
    most = max(values.values(), default=0) or 1
    lines = [_line(n, label, value, round(BAR * value / most)) for n, (label, value) in enumerate(values.items())]
    height = LINE * (len(values) + 2)
    frame = f'<svg xmlns="http://www.w3.org/2000/svg" width="{LABEL + BAR + 90}" height="{height}" font-family="sans-serif" font-size="13">'
    ground = '<rect width="100%" height="100%" fill="#fff"/>'
    return "\n".join([frame, ground, f'<text x="8" y="18" font-weight="bold">{escape(title)}</text>', *lines, "</svg>", ""])


def _line(n: int, label: str, value: float, width: int) -> str:
    y = LINE * (n + 1) + 10
    return (
        f'<text x="{LABEL - 8}" y="{y + 13}" text-anchor="end">{escape(label)}</text>'
        f'<rect x="{LABEL}" y="{y}" width="{width}" height="{LINE - 6}" fill="#3b6ea5"/>'
        f'<text x="{LABEL + width + 6}" y="{y + 13}">{value:,.0f}</text>'
    )
