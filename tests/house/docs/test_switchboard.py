"""The page on the switchboard shows the transitions by which the rules go."""

from __future__ import annotations

import re
from pathlib import Path

from domain.conversation import control

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "switchboard.md"


def test_the_diagram_is_made_of_the_table() -> None:
    """If this fails, put `domain.conversation.control.diagram()` into the page."""
    assert [control.diagram()] == re.findall(r"```mermaid\n(.*?)\n```", PAGE.read_text(), re.DOTALL)


def test_the_page_names_every_reason() -> None:
    text = PAGE.read_text() + (PAGE.parents[1] / "reference" / "stream.md").read_text()
    reasons = (control.TICKET_CLOSED, control.TICKET_SOLVED, control.IDLE, control.NO_ANSWER, control.TAKEN_OVER, control.SESSION_ENDED)
    assert [] == [reason for reason in reasons if reason not in text]
