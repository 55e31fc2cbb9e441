"""The query language: what each kind of query finds, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.finding import filters
from domain.finding.search import MAX_CLAUSES, Clause, Names, compiled, compiled_people, named_groups, named_people, parse
from domain.ticket.model import Metrics, Rating, Ticket

ANA, BEN, CUSTOMER = "1" * 24, "2" * 24, "3" * 24
DAY_MS = 86_400_000
NOW_MS = 1_767_225_600_000 + 10 * DAY_MS  # midnight of 11 January 2026
NAMES = Names(BEN, {"ana": (ANA,), "amy@example.org": (CUSTOMER,), "5": (ANA,)}, {"level 2": (7,)}, {}, NOW_MS)


def ticket(number: int, **fields: Any) -> Ticket:
    given: dict[str, Any] = {"requester_id": CUSTOMER, "created_ms": NOW_MS - number * DAY_MS, "updated_ms": NOW_MS} | fields
    return Ticket("a" * 24, f"{number:024x}", number, **given)


THOSE = [
    ticket(1, subject="Late parcel", status="open", assignee_id=BEN, tags=("late", "vip"), fields={"12": True}),
    ticket(2, subject="A parcel, late", status="pending", priority="high", assignee_id=ANA, group_id=7, external_id="X-2"),
    ticket(3, subject="Topology", description="Error: 12:30", status="solved", metrics=Metrics(solved_ms=NOW_MS - DAY_MS)),
    ticket(4, subject="Desktop", priority="low", follower_ids=(BEN,), rating=Rating("bad"), type="incident", channel="messaging"),
]


def found(query: str, names: Names = NAMES) -> list[int]:
    asked = compiled(parse(query), names)
    return [one.number for one in THOSE if filters.meets(asked, filters.of_ticket(one))]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 2, 3, 4]),
        ("late parcel", [1, 2]),
        ('"late parcel"', [1]),
        ("top", [3]),
        ('"top"', []),
        ("parcel -tags:late", [2]),
        ("-parcel", [3, 4]),
        ("Error: 12:30", [3]),
        ("https://nowhere.example", []),
        ("2", [2]),
        ("!!!", []),
        ("status<solved", [1, 2, 4]),
        ("status:open status:PENDING", [1, 2]),
        ("-status:open -status:new", [2, 3]),
        ("priority>=low priority<urgent", [2, 4]),
        ("priority:none", [1, 3]),
        ("assignee:me", [1]),
        ("assignee:none", [3, 4]),
        ("assignee:Ana", [2]),
        ("assignee:5", [2]),
        ("assignee:whoever", []),
        ("requester:amy@example.org", [1, 2, 3, 4]),
        ('group:"Level 2"', [2]),
        ("group:none", [1, 3, 4]),
        ("tags:vip", [1]),
        ("tags:v*", [1]),
        ("tags:none", [2, 3, 4]),
        ('tags:"late vip"', [1]),
        ("cc:me", [4]),
        ("created>2026-01-08", [1, 2]),
        ("created:2026-01-08", [3]),
        ("created<=2026-01-08", [3, 4]),
        ("created<2026-01-08T00:00:00Z", [4]),
        ("created>2days", [1]),
        ("created:yesterday", [1]),
        ("solved:none", [1, 2, 4]),
        ("solved<today", [3]),
        ("external_id:X-2", [2]),
        ("ticket_type:incident", [4]),
        ("via:messaging", [4]),
        ("satisfaction:bad", [4]),
        ("satisfaction:badwithcomment", [4]),
        ("custom_field_12:true", [1]),
        ("custom_field_12:*", [1]),
        ("fieldvalue:true", [1]),
        ("subject:desk*", [4]),
        ("organization:none", [1, 2, 3, 4]),
        ("organization:acme", []),
        ("id>2 id<4", [3]),
        ("role:agent", []),
    ],
)
def test_what_a_query_finds(query: str, numbers: list[int]) -> None:
    assert numbers == found(query)


@pytest.mark.parametrize(
    "query",
    [
        "created>soon",
        "created:2026-13-01",
        "status:great",
        "satisfaction:fair",
        "type:letter",
        "order_by:taste",
        "a " * (MAX_CLAUSES + 1),
        "x" * 3000,
    ],
)
def test_what_is_refused(query: str) -> None:
    with pytest.raises(Invalid, match="query"):
        found(query)


def test_what_a_query_says_beside_its_tests() -> None:
    query = parse("type:ticket type:user order_by:priority sort:asc x")
    assert (("ticket", "user"), "priority", False, (Clause("x"),)) == (query.types, query.order, query.descending, query.clauses)
    assert (None, True) == (parse("x").order, parse("x").descending)


def test_names_are_told_for_whoever_looks_them_up() -> None:
    query = parse('assignee:me requester:Amy@Example.org cc:none submitter:"Max Bell" group:none group:"Level 2"')
    assert {"amy@example.org", "max bell"} == named_people(query)
    assert {"level 2"} == named_groups(query)


def test_whoever_is_nobody_has_no_tickets() -> None:
    assert [] == found("assignee:me", Names())


def test_nobody_has_what_only_tickets_have() -> None:
    known = filters.Known({"role": "agent"}, frozenset({("word", "ana"), ("email", "ana@example.org")}))
    expected = {"an": True, "ana@example.org": True, "role:agent": True, "status:open": False, "email:ana*": True, "tags:none": False}
    assert expected == {query: filters.meets(compiled_people(parse(query), NAMES), known) for query in expected}


@given(st.text(alphabet='abz 0-:<>="*@_createdstatus.', max_size=40))
def test_any_text_is_a_query_or_is_refused(written: str) -> None:
    try:
        asked = compiled(parse(written), NAMES)
    except Invalid:
        return
    assert filters.meets(asked, filters.of_ticket(THOSE[0])) in (True, False)


def test_words_are_looked_for_in_what_was_said_too() -> None:
    said = [filters.said_with("", ["My crème brûlée", "was late"]), "", "", ""]
    known = [filters.of_ticket(one, text) for one, text in zip(THOSE, said, strict=True)]
    expected = {
        "creme late": [1],
        "bru": [1],
        '"creme brulee"': [1],
        '"brulee was"': [],
        "comment:creme": [1],
        "comment:parcel": [],
        "subject:creme": [],
        "late -creme": [2],
        'comment:"was late"': [1],
    }
    for query, numbers in expected.items():
        asked = compiled(parse(query), NAMES)
        assert numbers == [n for n, one in enumerate(known, 1) if filters.meets(asked, one)], query
