"""Alerts and dashboard speak of metrics, labels and addresses that the product really has, and the dashboard shows all of them."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from domain.errors import HTTP_STATUS
from gateway.counts import COUNTS
from gateway.health import Health
from gateway.stream.endpoints import MAX_SOCKETS

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
ALERTS = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())
DASHBOARD = json.loads((DEPLOY / "grafana" / "causerie.json").read_text())
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]

#: What Prometheus adds to each sample, and makes of each scrape.
SCRAPED = {"job", "instance"}
OF_PROMETHEUS = {"up": SCRAPED}

FUNCTIONS = {"sum", "min", "max", "count", "rate", "increase", "deriv", "changes", "vector", "label_values"}
WORDS = {"by", "on", "and", "or"}


async def page() -> str:
    """`/metrics` as a gateway with one link, one owner and one standby writes it."""
    link = SimpleNamespace(kind="conversation", slot="0", waiting=0, up=asyncio.Event())

    async def hosts() -> list[dict[str, Any]]:
        owner = {"kind": "conversation", "slots": [{"kind": "conversation", "slot": "0", "generation": 3}]}
        return [owner, {"kind": "conversation", "slots": []}]

    router: Any = SimpleNamespace(links=lambda: [link])
    sockets: Any = SimpleNamespace(count=0)
    ready: Any = None
    return (await Health(router, sockets, ready, hosts).page()).decode()


@pytest.fixture(scope="module")
def metrics() -> dict[str, set[str]]:
    """The labels of each metric, by the names of its samples."""
    COUNTS.refusals["bad_request"] += 1
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(asyncio.run(page())):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels, SCRAPED)
    return found | OF_PROMETHEUS


def selectors(expression: str) -> list[tuple[str, set[str]]]:
    """The metrics of an expression, each with the labels by which it is selected. Grouping labels and functions are left out."""
    bare = re.sub(r"\b(?:by|on)\s*\(([^)]*)\)", " ", expression)
    bare = re.sub(r"\[[^\]]*\]", " ", bare)
    found = []
    for metric, labels in re.findall(r"([a-zA-Z_:][\w:]*)\s*(?:\{([^}]*)\})?(?!\w|\s*\()", re.sub(r"\b(\w+)\s*\(", "(", bare)):
        if metric not in WORDS and not re.fullmatch(r"\d.*", metric):
            found.append((metric, set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", labels))))
    return found


def groupings(expression: str) -> set[str]:
    """The labels after `by` and `on`."""
    return {label.strip() for labels in re.findall(r"\b(?:by|on)\s*\(([^)]*)\)", expression) for label in labels.split(",")}


def problems(expression: str, metrics: dict[str, set[str]]) -> Iterator[str]:
    """What is wrong with an expression, as far as can be told without Prometheus."""
    found = selectors(expression)
    if not found:
        yield "it names no metric"
    for metric, labels in found:
        if metric not in metrics:
            yield f"there is no metric {metric}"
        elif labels - metrics[metric]:
            yield f"{metric} has no label {labels - metrics[metric]}"
    known = set().union(*(metrics.get(metric, set()) for metric, _ in found))
    if groupings(expression) - known:
        yield f"no metric of it has the label {groupings(expression) - known}"
    functions = set(re.findall(r"\b(\w+)\s*\(", expression)) - WORDS
    if functions - FUNCTIONS:
        yield f"unknown functions {functions - FUNCTIONS}"
    if any(expression.count(one) != expression.count(other) for one, other in ("()", "[]", "{}")):
        yield "its brackets do not close"
    for function, argument in re.findall(r"\b(rate|increase)\(([\w:]+)", expression):
        if not argument.endswith("_total"):
            yield f"{function} of {argument}, which is no counter"


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_an_alert_is_whole_and_of_metrics_that_exist(rule: dict[str, Any], metrics: dict[str, set[str]]) -> None:
    assert [] == list(problems(rule["expr"], metrics))
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"]["severity"] in ("page", "look")
    assert {"summary", "description"} == set(rule["annotations"])
    assert re.fullmatch(r"\d+[smh]", rule.get("for", "0s"))
    labels = set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
    assert labels <= (groupings(rule["expr"]) or SCRAPED)


@pytest.mark.parametrize("panel", PANELS, ids=[panel["title"] for panel in PANELS])
def test_a_panel_shows_metrics_that_exist(panel: dict[str, Any], metrics: dict[str, set[str]]) -> None:
    for target in panel["targets"]:
        expression = target["expr"]
        assert [] == list(problems(expression, metrics))
        labels = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
        assert labels <= (groupings(expression) or set().union(*(metrics[name] for name, _ in selectors(expression))))


def test_the_dashboard_shows_every_metric_of_the_product(metrics: dict[str, set[str]]) -> None:
    shown = {name for panel in PANELS for target in panel["targets"] for name, _ in selectors(target["expr"])}
    ours = {name for name in metrics if name.startswith("causerie_")}
    assert set() == ours - shown


def test_panels_have_their_places() -> None:
    """No two have the same number, and none lies over another."""
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    cells = [(x, y) for at in places for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
    assert len(cells) == len(set(cells)) and max(x for x, _ in cells) < 24
    numbers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(numbers) == len(set(numbers))


def test_variables_of_the_dashboard_are_defined(metrics: dict[str, set[str]]) -> None:
    variables = DASHBOARD["templating"]["list"]
    used = set(re.findall(r"\$\{?(\w+)\}?", json.dumps(DASHBOARD["panels"]))) - {"__rate_interval"}
    assert used == {variable["name"] for variable in variables}
    for variable in variables:
        assert variable["type"] == "datasource" or [] == list(problems(variable["query"].partition(",")[0] + ")", metrics))


def test_codes_and_limits_in_alerts_are_those_of_the_code() -> None:
    codes = {code for rule in RULES for part in re.findall(r'code=~?"([^"]+)"', rule["expr"]) for code in part.split("|")}
    assert codes <= set(HTTP_STATUS)
    (sockets,) = [rule["expr"] for rule in RULES if rule["alert"] == "CauserieManySockets"]
    assert int(sockets.rpartition(">")[2]) == MAX_SOCKETS * 0.8


def test_prometheus_reads_the_alerts() -> None:
    configuration = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
    assert ["alerts.yml"] == configuration["rule_files"]
    assert ["causerie"] == [job["job_name"] for job in configuration["scrape_configs"]]


@pytest.mark.parametrize(
    ("expression", "word"),
    [
        ("rate(causerie_messages_total[5m]) > 1", "there is no metric causerie_messages_total"),
        ('causerie_link_up{shard="0"}', "has no label"),
        ("sum by (code) (causerie_open_sockets)", "no metric of it has the label"),
        ("rate(causerie_open_sockets[5m])", "no counter"),
        ("sum(causerie_open_sockets", "do not close"),
        ("summe(causerie_open_sockets)", "unknown functions"),
        ("1 > 0", "no metric"),
    ],
)
def test_a_broken_expression_is_seen(expression: str, word: str, metrics: dict[str, set[str]]) -> None:
    assert word in " ".join(problems(expression, metrics))
