"""The examples of flows in the documentation are flows: each is read, checked, and played as the pages say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from causerie.cli import app
from domain.bot.checks import check_flow
from domain.bot.example import Dialogue
from domain.bot.flow import KINDS, parse_flow
from domain.bot.release import Settings, parse_settings
from tests.bots import flow

DOCS = Path(__file__).parents[3] / "docs"
BLOCK = re.compile(r"^```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FLOWS = BLOCK.findall((DOCS / "reference" / "flows.md").read_text())
STEPS = [json.loads(block) for block in FLOWS if '"type"' in block and '"steps"' not in block]
TUTORIAL = (DOCS / "tutorial" / "first-bot.md").read_text()
VARIABLES = [{"name": "topic"}, {"name": "order"}, *({"name": name, "type": "number"} for name in ("spent", "rating"))]


def test_every_kind_has_an_example() -> None:
    assert set(KINDS) == {one["type"] for one in STEPS}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step["type"])
def test_an_example_of_a_step_has_no_problem(step: dict[str, Any]) -> None:
    steps = [step] if step["id"] == "end" else [step, {"id": "end", "type": "end"}]
    other = flow({"id": "x", "type": "end"}, id="hello")
    settings = parse_settings(FLOWS[-2].encode())
    found = check_flow(flow(*steps, variables=VARIABLES), {"hello": other}, settings)
    assert [] == [one for one in found if (one.step, one.code) != ("end", "unreachable")]


def test_the_other_examples_are_what_they_say() -> None:
    assert [] == check_flow(parse_flow(FLOWS[0].encode()))
    assert isinstance(parse_settings(FLOWS[-2].encode()), Settings)
    assert msgspec.json.decode(FLOWS[-1], type=Dialogue).turns


def test_the_tutorial_says_what_happens(tmp_path: Path) -> None:
    """Step by step: the first draft has its problem, the second its difference, and the third plays."""
    first, ask, people, dialogues, second = BLOCK.findall(TUTORIAL)
    told = re.findall(r"^```text\n(.*?)^```$", TUTORIAL, re.MULTILINE | re.DOTALL)
    welcome = json.loads(first)
    file = tmp_path / "welcome.json"
    file.write_text(json.dumps(welcome))
    assert told[0] == CliRunner().invoke(app, ["flow", "check", str(tmp_path)]).output
    welcome["steps"][1]["exits"]["person"] = "ask"
    welcome["steps"] += [json.loads(ask), json.loads(people)]
    file.write_text(json.dumps(welcome | json.loads(f"{{{dialogues}}}")))
    assert "1 flow, 0 problems.\n" == CliRunner().invoke(app, ["flow", "check", str(tmp_path)]).output
    assert told[1] == CliRunner().invoke(app, ["flow", "test", str(tmp_path)]).output
    file.write_text(file.read_text().replace("answer you soon", "answer you here"))
    (tmp_path / "delivery.json").write_text(second)
    assert "3 dialogues, 0 otherwise than expected.\n" == CliRunner().invoke(app, ["flow", "test", str(tmp_path)]).output
