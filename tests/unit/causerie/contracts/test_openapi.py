"""The file of our own routes says of each what it is, who may call it, and what is taken and answered; and of nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from causerie.contracts import openapi
from causerie.contracts.naming import identifier, path_of, summary, tag
from gateway.bot.described import TABLE as OF_BOTS
from gateway.bot.routes import OPERATIONS as BOTS
from gateway.described import Table
from gateway.desk.described import TABLE as OF_DESK
from gateway.desk.routes import OPERATIONS as DESK
from gateway.help.described import TABLE as OF_HELP
from gateway.help.routes import OPERATIONS as HELP
from gateway.routing.described import TABLE as OF_ROUTING
from gateway.routing.routes import OPERATIONS as ROUTING
from gateway.support.described import REPORTS, TALKS, TICKETS, USERS
from gateway.support.routes import OPERATIONS as SUPPORT

Json = dict[str, Any]


@cache
def document() -> Json:
    return openapi.document()


def operations() -> Iterator[tuple[str, Json]]:
    for path, item in document()["paths"].items():
        for method, one in item.items():
            yield f"{method.upper()} {path}", one


def test_each_operation_has_an_id_of_its_own_and_says_what_it_does_and_for_whom() -> None:
    every = list(operations())
    assert len(every) == len({one["operationId"] for _, one in every}) > 300
    assert [] == [name for name, one in every if not one["summary"] or "For " not in one["description"]]
    assert {tag["name"] for tag in document()["tags"]} == {name for _, one in every for name in one["tags"]}


def test_each_operation_names_the_parameters_of_its_path() -> None:
    for name, one in operations():
        told = {each["name"] for each in one.get("parameters", ()) if each.get("in") == "path"}
        assert told == set(re.findall(r"{(\w+)}", name)), name


def test_each_operation_says_what_it_answers_and_how_it_fails() -> None:
    for name, one in operations():
        answers = set(one["responses"])
        assert "default" in answers, name
        assert any(status[0] in "12" for status in answers), name


def test_each_reference_leads_somewhere() -> None:
    for reference in set(_references(document())):
        node: Any = document()
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


@pytest.mark.parametrize(
    ("table", "described"),
    [(BOTS, OF_BOTS), (HELP, OF_HELP), (SUPPORT, {**TICKETS, **USERS, **TALKS, **REPORTS}), (DESK, OF_DESK), (ROUTING, OF_ROUTING)],
    ids=["bots", "help", "support", "desk", "routing"],
)
def test_nothing_is_described_that_is_not_there(table: Any, described: Table) -> None:
    there = {f"{one.method} {path_of(one.path)}" for one in table}
    named = {path_of(name) for name in described}
    # What all things of a desk may have, and not all of them have.
    spare = {name for name in named - there if re.search(r"/(create_many|update_many|destroy_many)$", name)}
    assert set() == named - there - spare


def test_what_clients_send_may_leave_out_what_has_a_default_and_answers_have_it_all() -> None:
    schemas = document()["components"]["schemas"]
    assert "required" not in schemas["TicketBody"]
    assert {"id", "status", "requester_id"} <= set(schemas["Ticket"]["required"])
    assert set(schemas["Routing"]["properties"]) == set(schemas["Routing"]["required"])  # a struct of the desk's settings


def test_regular_expressions_are_those_of_every_language() -> None:
    written = str(document())
    assert r"\Z" not in written
    assert "(?!" not in written


def test_ids_and_summaries_are_made_of_paths_and_names() -> None:
    async def show_many() -> None:
        pass

    assert "getTicketsByIdComments" == identifier("GET", "/api/v2/tickets/{id}/comments")
    assert "postMessagingSessions" == identifier("POST", "/messaging/v1/sessions")
    assert "Show many (tickets)" == summary("GET", "/api/v2/tickets/show_many", show_many)
    assert ("routing", "desk", "tickets", "server") == tuple(
        map(tag, ("/api/v2/routing/lines", "/api/v2/macros", "/api/v2/search", "/readyz"))
    )
