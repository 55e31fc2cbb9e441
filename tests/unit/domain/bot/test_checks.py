"""Each problem that keeps a draft from being published is found, at its step; and nothing is found in what is right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from domain.bot.checks import CODES, check_flow, check_release, errors
from domain.bot.flow import Flow, parse_flow
from domain.bot.release import Entry, Published, Release, Settings, parse_settings
from tests.bots import flow, step

READY_MADE = Path(__file__).parents[4] / "causerie" / "flows"
END = step("end", "end")
NUMBER = {"name": "n", "type": "number"}


def is_(variable: str, test: str, value: object = None) -> dict[str, object]:
    return {"op": "is", "variable": variable, "test": test, "value": value}


def branch(when: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    return step("a", "branch", cases=[{"name": "c", "when": when}], exits={"c": "end", "else": "end"}), END


def asking(**fields: Any) -> tuple[dict[str, Any], ...]:
    return step("a", "details", text="x", fields=[{"name": "f", "label": {"en": "F"}, **fields}], exits="end"), END


MESSAGE = step("a", "message", text="x", exits="end")
CALL = step("a", "call", url="https://x.example", exits={"ok": "end", "failed": "end"})
NESTED: dict[str, Any] = is_("said", "known")
for _ in range(5):
    NESTED = {"op": "not", "of": NESTED}

BROKEN: list[tuple[str, str | None, Flow]] = [
    ("unknown_start", None, flow(MESSAGE, END, start="gone")),
    ("duplicate", "a", flow(MESSAGE, MESSAGE, END)),
    ("duplicate", None, flow(MESSAGE, END, variables=[NUMBER, NUMBER])),
    (
        "duplicate",
        "a",
        flow(step("a", "branch", cases=[{"name": "c", "when": is_("said", "known")}] * 2, exits={"c": "end", "else": "end"}), END),
    ),
    ("duplicate", "a", flow(*asking(kind="select", choices=[{"name": "x", "label": {"en": "X"}}] * 2))),
    ("reserved_name", None, flow(MESSAGE, END, variables=[{"name": "locale"}])),
    (
        "reserved_name",
        "a",
        flow(step("a", "options", text="x", options=[{"name": "other", "label": {"en": "O"}}], exits={"other": "end"}), END),
    ),
    ("unreachable", "b", flow(MESSAGE, END, step("b", "solve"))),
    ("dead_end", "a", flow(step("a", "message", text="x"))),
    ("missing_exit", "a", flow(step("a", "ask_resolved", text="x", exits={"yes": "end"}), END)),
    ("missing_exit", "a", flow(step("a", "ask_resolved", text="x", patience_s=5, exits={"yes": "end", "no": "end"}), END)),
    ("unknown_exit", "a", flow(step("a", "message", text="x", exits={"next": "end", "silent": "end"}), END)),
    ("unknown_step", "a", flow(step("a", "message", text="x", exits="gone"))),
    (
        "endless",
        "a",
        flow(step("a", "message", text="x", exits="b"), step("b", "set", variable="n", value=1, exits="a"), variables=[NUMBER]),
    ),
    ("endless", "a", flow(step("a", "call", url="https://x.example", exits={"ok": "end", "failed": "a"}), END)),
    ("endless", "a", flow(step("a", "loop", max=3, exits={"again": "end", "done": "a"}), END)),
    ("recursion", "a", flow(step("a", "subflow", flow="main", exits="end"), END)),
    ("unknown_flow", "a", flow(step("a", "link", flow="gone"))),
    ("unknown_schedule", "a", flow(step("a", "business_hours", schedule="gone", exits={"open": "end", "closed": "end"}), END)),
    ("unknown_variable", "a", flow(step("a", "message", text="{{ gone }}", exits="end"), END)),
    ("unknown_variable", "a", flow({**CALL, "headers": {"A": "{{gone|x}}"}}, END)),
    ("unknown_variable", "a", flow({**CALL, "results": {"gone": "$"}}, END)),
    ("unknown_variable", "a", flow({**CALL, "body": {"a": ["{{gone}}"]}}, END)),
    ("unknown_variable", "a", flow({**CALL, "headers": {"A": "{{secret.a.b}}"}}, END)),
    ("unknown_variable", "a", flow(*asking(variable="gone"))),
    ("unknown_variable", "a", flow(*branch(is_("gone", "known")))),
    ("wrong_type", "a", flow(*branch(is_("n", "contains", "x")), variables=[NUMBER])),
    ("wrong_type", "a", flow(*branch(is_("n", "equals", "3")), variables=[NUMBER])),
    ("wrong_type", "a", flow(*branch(is_("n", "equals", True)), variables=[NUMBER])),
    ("wrong_type", "a", flow(*branch(is_("channel", "one_of", "web")))),
    ("wrong_type", "a", flow(*branch(is_("channel", "known", "web")))),
    ("wrong_type", "a", flow(*asking(variable="n"), variables=[NUMBER])),
    ("wrong_type", "a", flow(*asking(kind="select"))),
    ("wrong_type", "a", flow(*asking(choices=[{"name": "x", "label": {"en": "X"}}]))),
    ("wrong_type", "a", flow(step("a", "set", variable="n", value="three", exits="end"), END, variables=[NUMBER])),
    ("wrong_type", None, flow(MESSAGE, END, variables=[{**NUMBER, "default": "3"}])),
    ("missing_text", "a", flow(step("a", "message", text={"fr": "x"}, exits="end"), END)),
    ("over_limit", "a", flow(*asking(label={"en": "x" * 129}))),
    ("over_limit", "a", flow(*asking(min_size=3, max_size=2))),
    ("over_limit", "a", flow(*branch(NESTED))),
    ("misplaced_secret", "a", flow({**CALL, "url": "https://x.example/{{secret.key}}"}, END)),
    ("misplaced_secret", "a", flow(step("a", "message", text="{{secret.key}}", exits="end"), END)),
    ("placeholder_in_host", "a", flow({**CALL, "url": "https://{{said}}.example/"}, END)),
]


@pytest.mark.parametrize(("code", "step_id", "broken"), BROKEN, ids=[f"{code}-{i}" for i, (code, *_) in enumerate(BROKEN)])
def test_a_problem_is_found_at_its_step_and_no_other(code: str, step_id: str | None, broken: Flow) -> None:
    found = [(one.code, one.step) for one in check_flow(broken, settings=Settings())]
    assert (code, step_id) in found
    assert {code} | ({"unreachable"} & {each for each, _ in found}) == {each for each, _ in found}


def test_every_code_is_tried_and_explained() -> None:
    assert {code for code, *_ in BROKEN} | {"missing_translation", "type_conflict"} == set(CODES)


def test_what_is_missing_in_another_language_is_a_warning() -> None:
    found = check_flow(flow(MESSAGE, END, languages=["fr"]))
    assert [("missing_translation", "a", "text", "warning")] == [(one.code, one.step, one.path, one.level) for one in found]
    assert [] == errors(found)


def test_a_region_of_a_language_is_that_language() -> None:
    assert [] == check_flow(flow(step("a", "message", text={"en-GB": "x", "fr": "y"}, exits="end"), END, languages=["fr-CA"]))


def test_a_way_round_that_waits_is_none_of_ours() -> None:
    """Menus go round; so does what waits for a timer, and what a loop bounds."""
    assert [] == check_flow(flow(step("a", "message", text="x", exits="b"), step("b", "wait", seconds=1, exits="a")))
    assert [] == check_flow(
        flow(step("a", "loop", max=3, exits={"again": "b", "done": "end"}), step("b", "message", text="x", exits="a"), END)
    )


def neighbour(*steps: dict[str, Any], identifier: str = "other") -> dict[str, Flow]:
    return {identifier: flow(*steps, id=identifier, name=identifier)}


def test_a_way_round_through_other_flows_is_found() -> None:
    one = flow(step("a", "link", flow="other"))
    assert ["endless"] == [problem.code for problem in check_flow(one, neighbour(step("x", "link", flow="main")))]
    two = flow(step("a", "subflow", flow="other", exits="a"))
    assert ["endless"] == [problem.code for problem in check_flow(two, neighbour(step("x", "message", text="x", exits="end"), END))]


def test_a_flow_that_is_called_twice_is_no_way_round() -> None:
    one = flow(step("a", "subflow", flow="other", exits="b"), step("b", "subflow", flow="other", exits="end"), END)
    assert [] == check_flow(one, neighbour(step("x", "message", text="x", exits="end"), END))
    waits = flow(step("a", "subflow", flow="other", exits="a"))
    assert [] == check_flow(waits, neighbour(step("x", "wait", seconds=1, exits="end"), END))


def test_recursion_through_others_is_found() -> None:
    one = flow(step("a", "subflow", flow="other", exits="end"), END)
    other = neighbour(step("x", "wait", seconds=5, exits="y"), step("y", "subflow", flow="main", exits="end"), END)
    assert ["recursion"] == [problem.code for problem in check_flow(one, other)]


def test_a_release_is_checked_as_a_whole() -> None:
    one, two = flow(MESSAGE, END, variables=[NUMBER]), flow(MESSAGE, END, id="two", variables=[{"name": "n"}])
    release = Release(number=1, flows={each.id: Published(version=1, flow=each) for each in (one, two)}, entry=Entry(flow="gone"))
    assert [("", "unknown_flow"), ("", "type_conflict")] == [(name, problem.code) for name, problem in check_release(release)]


def test_the_ready_made_flows_are_without_a_problem() -> None:
    settings = parse_settings((READY_MADE / "settings.json").read_bytes())
    flows = [parse_flow(path.read_bytes()) for path in READY_MADE.glob("*.json") if path.name != "settings.json"]
    release = Release(
        number=1, flows={one.id: Published(version=1, flow=one) for one in flows}, entry=Entry(flow="greeting"), settings=settings
    )
    assert [] == check_release(release)
    assert all({"en", "fr"} <= {one.locale[:2] for one in each.dialogues if one.locale} for each in flows), "played in both languages"
