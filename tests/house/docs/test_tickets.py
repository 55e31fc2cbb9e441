"""The page on tickets shows the moves and the limits by which the rules go."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.ticket import model, turn

PAGE = (Path(__file__).parents[3] / "docs" / "explanation" / "tickets.md").read_text()


def test_the_diagram_is_made_of_the_table() -> None:
    """If this fails, put `domain.ticket.model.diagram()` into the page."""
    assert [model.diagram()] == re.findall(r"```mermaid\n(.*?)\n```", PAGE, re.DOTALL)


@pytest.mark.parametrize(
    "limit",
    [
        model.MAX_SUBJECT,
        model.MAX_COMMENT_BYTES,
        model.MAX_UPLOADS,
        model.MAX_TAGS,
        model.MAX_TAG,
        model.MAX_FOLLOWERS,
        model.MAX_FIELDS,
        model.MAX_FIELDS_BYTES,
        model.MAX_CHANGES,
        turn.MAX_FIRED,
    ],
)
def test_a_limit_is_that_of_the_code(limit: int) -> None:
    assert f"{limit:,}" in PAGE.partition("## Limits")[2]
