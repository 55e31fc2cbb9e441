"""`causerie flow`: what is wrong with files is told by file and step, and dialogues are played."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from causerie.cli import app

READY_MADE = Path(__file__).parents[4] / "causerie" / "flows"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["flow", *map(str, arguments)])


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    """The ready-made flows, to break."""
    return Path(shutil.copytree(READY_MADE, tmp_path / "flows"))


def test_the_ready_made_flows_pass() -> None:
    checked, played = run("check", READY_MADE), run("test", READY_MADE)
    assert (0, "5 flows, 0 problems.\n", "") == (checked.exit_code, checked.stderr, checked.stdout)
    assert (0, "12 dialogues, 0 otherwise than expected.\n", "") == (played.exit_code, played.stderr, played.stdout)


def test_a_problem_is_told_by_file_and_step(flows: Path) -> None:
    broken = flows / "solved.json"
    broken.write_text(broken.read_text().replace('"flow": "handover"', '"flow": "gone"'))
    found = run("check", broken)
    assert (1, "solved.json: to-people flow: error unknown_flow: There is no flow gone.\n") == (found.exit_code, found.stdout)
    told = json.loads(run("check", flows, "--json").stdout)
    assert [("solved.json", "to-people", "unknown_flow")] == [(one["file"], one["step"], one["code"]) for one in told if one["step"]]


def test_a_dialogue_that_goes_otherwise_is_shown_as_a_difference(flows: Path) -> None:
    changed = flows / "solved.json"
    changed.write_text(changed.read_text().replace('"en": "Thank you, and goodbye!"', '"en": "Farewell!"'))
    found = run("test", changed)
    assert 1 == found.exit_code
    assert {"-Thank you, and goodbye!", "+Farewell!"} <= set(found.stdout.splitlines())
    assert "3 dialogues, 1 otherwise than expected.\n" == found.stderr


def test_what_is_no_flow_is_refused_with_its_place(flows: Path) -> None:
    (flows / "settings.json").unlink()
    (flows / "bad.json").write_text('{"id": "x"}')
    found = run("check", flows)
    assert (1, True) == (found.exit_code, "bad.json: flow." in found.stderr)
    (flows / "bad.json").unlink()
    assert 2 == run("check", flows / "gone.json").exit_code == run("check", flows / "..").exit_code


def test_the_schema_is_written() -> None:
    assert "#/$defs/Flow" == json.loads(run("schema").stdout)["$ref"]
