"""The reference names every operation on bots, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from gateway.bot.routes import OPERATIONS
from gateway.outward.requests import Reason

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "bot-api.md").read_text()


def test_the_page_has_the_operations_of_the_code() -> None:
    assert [(one.method, one.path) for one in OPERATIONS] == re.findall(r"^\| `([A-Z]+)` \| `(/[^`]*)` \|", PAGE, re.MULTILINE)


def test_the_page_names_why_a_call_may_fail() -> None:
    assert [] == [reason for reason in get_args(Reason) if f"`{reason}`" not in PAGE]
