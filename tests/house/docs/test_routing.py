"""The page on routing shows the table to which the rules are held."""

from __future__ import annotations

import re
from pathlib import Path

from domain.assignment import life

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "routing.md"


def test_the_diagram_is_made_from_the_table() -> None:
    assert [life.diagram()] == re.findall(r"```mermaid\n(.*?)\n```", PAGE.read_text(), re.DOTALL)
