"""The query language of searches: words, "phrases", property:value, comparisons, and a minus before any of them. Pure.

Source: Zendesk Support search reference. `parse` reads a query, which names people and groups as people write them; whoever looks those up
gives them to `compiled`, which makes a tree of tests. Several values of one property are alternatives; everything else must hold together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal, cast

import msgspec

from domain.errors import Invalid
from domain.finding import filters, people
from domain.finding.filters import Either, Every, Filter, Marked, Operator, Phrase, Test, Without
from domain.finding.moments import span

Type = Literal["ticket", "user", "group", "organization"]
TYPES: tuple[Type, ...] = ("ticket", "user", "group", "organization")
MAX_QUERY = 2_000
MAX_CLAUSES = 60

_CLAUSE = re.compile(
    r"""(?P<minus>-)?
    (?:(?P<property>[A-Za-z_][A-Za-z0-9_]*)(?P<operator><=|>=|[:<>]))?
    (?:"(?P<quoted>[^"]*)"?|(?P<value>[^\s"]*))""",
    re.VERBOSE,
)
_MOMENTS = {
    "created": "created_ms",
    "updated": "updated_ms",
    "solved": "solved_ms",
    "due_date": "due_ms",
    "assigned": "assigned_ms",
    "created_at": "created_ms",
    "updated_at": "updated_ms",
}
PEOPLE = {"assignee": "assignee_id", "requester": "requester_id", "submitter": "submitter_id"}
_EXACT = {"external_id": "external_id", "via": "channel", "ticket_type": "type", "brand": "brand_id", "brand_id": "brand_id"}
_ORDERED = {"status": filters.STATUSES, "priority": filters.PRIORITIES}
_MARKED = {"tags": "tag", "tag": "tag"}
_FIELD = re.compile(r"custom_field_([0-9]{1,19})\Z")
_TEXTS = ("subject", "description", "comment", "name")
ORDERS = {
    "created": "created_ms",
    "created_at": "created_ms",
    "updated": "updated_ms",
    "updated_at": "updated_ms",
    "priority": "priority",
    "status": "status",
    "ticket_type": "type",
}
_SCORES = ("unoffered", "offered", "good", "bad")


class Clause(msgspec.Struct, frozen=True):
    """One part of a query. Without `property` it is words that are looked for."""

    value: str
    property: str | None = None
    operator: Operator = "="
    quoted: bool = False
    negated: bool = False


class Query(msgspec.Struct, frozen=True):
    """What a query says. No `types`: whatever there is."""

    clauses: tuple[Clause, ...] = ()
    types: tuple[Type, ...] = ()
    order: str | None = None
    descending: bool = True


class Names(msgspec.Struct, frozen=True):
    """What a query's names stand for: people by what was written (without case), groups likewise."""

    me: str | None = None
    people: Mapping[str, tuple[str, ...]] = {}
    groups: Mapping[str, tuple[int, ...]] = {}
    organizations: Mapping[str, tuple[int, ...]] = {}
    now_ms: int = 0


def parse(written: str) -> Query:
    """Raises Invalid: too long, too many parts, an unknown type or order."""
    if len(written) > MAX_QUERY:
        raise Invalid("query", f"must have at most {MAX_QUERY} characters")
    clauses = [clause for clause in map(_clause, _CLAUSE.finditer(written)) if clause is not None]
    if len(clauses) > MAX_CLAUSES:
        raise Invalid("query", f"must have at most {MAX_CLAUSES} parts")
    kept = tuple(one for one in clauses if one.property not in ("type", "order_by", "sort"))
    return Query(kept, _types(clauses), *_order(clauses))


def _clause(found: re.Match[str]) -> Clause | None:
    name, quoted = (found["property"] or "").lower(), found["quoted"]
    value = (quoted if quoted is not None else found["value"] or "").strip()
    negated = found["minus"] is not None
    if name and not (_is_property(name) or name in ("type", "order_by", "sort")):
        return Clause(f"{found['property']} {value}", quoted=True, negated=negated)  # such as an address: words of a text
    if not value:
        return None
    operator = cast(Operator, (found["operator"] or ":").replace(":", "="))
    return Clause(value, name or None, operator, quoted is not None, negated)


def _is_property(name: str) -> bool:
    known = (*_MOMENTS, *PEOPLE, *_EXACT, *_ORDERED, *_MARKED, *_TEXTS)
    of_things = ("group", "cc", "fieldvalue", "satisfaction", "satisfaction_rating", "organization", "id", "ticket_id")
    others = (*of_things, "role", "email", "phone", "notes", "details")
    return name in known or name in others or _FIELD.match(name) is not None


def _types(clauses: list[Clause]) -> tuple[Type, ...]:
    named = [one.value.lower() for one in clauses if one.property == "type"]
    for one in named:
        if one not in TYPES:
            raise Invalid("query", f"type must be one of {', '.join(TYPES)}")
    return tuple(one for one in TYPES if one in named)


def _order(clauses: list[Clause]) -> tuple[str | None, bool]:
    by = [one.value.lower() for one in clauses if one.property == "order_by"]
    direction = [one.value.lower() for one in clauses if one.property == "sort"]
    if by and by[-1] not in ORDERS:
        raise Invalid("query", f"order_by must be one of {', '.join(ORDERS)}")
    return (by[-1] if by else None), (direction[-1] if direction else "desc") != "asc"


def named_people(query: Query) -> frozenset[str]:
    """People whom somebody must look up: by number, address or name, without case."""
    properties = {*PEOPLE, "cc"}
    return frozenset(_name(one) for one in query.clauses if one.property in properties and _name(one) not in ("me", "none"))


def named_groups(query: Query) -> frozenset[str]:
    return frozenset(_name(one) for one in query.clauses if one.property == "group" and _name(one) != "none")


def named_organizations(query: Query) -> frozenset[str]:
    return frozenset(_name(one) for one in query.clauses if one.property == "organization" and _name(one) != "none")


def _name(clause: Clause) -> str:
    return clause.value.lower()


def compiled(query: Query, names: Names) -> Filter:
    """The tickets that a query asks for. Raises Invalid: a value that its property cannot have."""
    return _joined(query, lambda clause: _of_ticket(clause, names))


def compiled_people(query: Query, names: Names) -> Filter:
    """The people that a query asks for: nobody, if it names what only tickets have."""
    return _joined(query, lambda clause: _of_person(clause, names))


def _joined(query: Query, of: Callable[[Clause], Filter]) -> Filter:
    """Values of one property are alternatives, if they are said to be equal."""
    alternatives: dict[str, list[Filter]] = {}
    every: list[Filter] = []
    for clause in query.clauses:
        made = of(clause)
        if clause.negated:
            every.append(Without(made))
        elif clause.property is None or clause.operator != "=":
            every.append(made)
        else:
            alternatives.setdefault(clause.property, []).append(made)
    return Every((*every, *(one[0] if len(one) == 1 else Either(tuple(one)) for one in alternatives.values())))


def _of_ticket(clause: Clause, names: Names) -> Filter:
    name = clause.property
    if name is None:
        return _ticket_words(clause)
    if name in _MOMENTS:
        return _moment(clause, _MOMENTS[name], names.now_ms)
    if name in _ORDERED:
        return _ranked(clause, name)
    if name in PEOPLE:
        return _person(clause, PEOPLE[name], names)
    if name in _EXACT:
        return _exact(clause, _EXACT[name])
    return _other(clause, name, names)


def _other(clause: Clause, name: str, names: Names) -> Filter:
    match name:
        case "tags" | "tag":
            return _marked(clause, "tag")
        case "group":
            found = names.groups.get(_name(clause), ())
            return _none_or(clause, "group_id", tuple(Test("group_id", "=", one) for one in found))
        case "cc":
            who = (names.me,) if _name(clause) == "me" else names.people.get(_name(clause), ())
            return Either(tuple(Marked("follower", one) for one in who if one))
        case "id" | "ticket_id":
            return _numbered(clause)
        case "fieldvalue":
            return Marked("field", clause.value.lower().rstrip("*"), clause.value.endswith("*"))
        case "satisfaction" | "satisfaction_rating":
            return _score(clause)
        case "subject" | "description":
            return words(clause)
        case "comment":
            return words(clause, "said")
        case "organization":
            return _organized(clause, names)
        case _:
            field = _FIELD.match(name)
            return filters.NOTHING if field is None else _marked(clause, f"field:{field[1]}")


def _organized(clause: Clause, names: Names) -> Filter:
    """To which whoever asks belongs."""
    found = names.organizations.get(_name(clause), ())
    return _none_or(clause, "organization", tuple(Test("organization", "=", one) for one in found))


def _of_person(clause: Clause, names: Names) -> Filter:
    match clause.property:
        case None | "name":
            return _address_or_words(clause)
        case "email":
            return Marked("email", clause.value.lower().rstrip("*"), clause.value.endswith("*"))
        case "organization":
            return _organized(clause, names)
        case "tags" | "tag" if _name(clause) != "none":
            return _marked(clause, "tag")
        case "notes" | "details":
            return words(clause)
        case "phone":
            return Marked("phone", people.digits_of(clause.value), clause.value.endswith("*"))
        case "role":
            return Test("role", "=", clause.value.lower())
        case "external_id":
            return _exact(clause, "external_id")
        case "created" | "created_at":
            return _moment(clause, "created_ms", names.now_ms)
        case _:
            return filters.NOTHING


def _address_or_words(clause: Clause) -> Filter:
    if "@" in clause.value.strip("@"):
        return Marked("email", clause.value.lower().rstrip("*"), clause.value.endswith("*"))
    return words(clause)


def _ticket_words(clause: Clause) -> Filter:
    """In subject, description or comments, each word in any of them. A number alone may be a ticket's own."""
    if clause.quoted:
        found: Filter = Either((words(clause), words(clause, "said")))
    else:
        each = filters.words_of(clause.value)
        found = Every(tuple(Either((Marked("word", one, True), Marked("said", one, True))) for one in each)) if each else filters.NOTHING
    if clause.value.isascii() and clause.value.isdigit() and len(clause.value) < 19:
        return Either((Test("number", "=", int(clause.value)), found))
    return found


def words(clause: Clause, kind: Literal["word", "said"] = "word") -> Filter:
    """A phrase stands as it is written; other words may be the beginnings of those that are found."""
    found = filters.words_of(clause.value)
    if not found:
        return filters.NOTHING
    if clause.quoted and len(found) > 1:
        return Every((*(Marked(kind, word) for word in found), Phrase(" ".join(found), kind == "said")))
    return Every(tuple(Marked(kind, word, not clause.quoted) for word in found))


def _moment(clause: Clause, column: str, now_ms: int) -> Filter:
    if _name(clause) == "none" and clause.operator == "=":
        return Test(column, "=", None)
    first, after = span(clause.value if "T" in clause.value else clause.value.lower(), clause.property or column, now_ms)
    match clause.operator:
        case "=":
            return Every((Test(column, ">=", first), Test(column, "<", after)))
        case "<":
            return Test(column, "<", first)
        case "<=":
            return Test(column, "<", after)
        case ">":
            return Test(column, ">=", after)
        case ">=":
            return Test(column, ">=", first)


def _ranked(clause: Clause, name: str) -> Filter:
    ranks: Mapping[str, int] = cast(Mapping[str, int], _ORDERED[name])
    value = {"on-hold": "hold", "on_hold": "hold"}.get(_name(clause), _name(clause))
    if value == "none":
        return Test(name, "=", None)
    if value not in ranks:
        raise Invalid("query", f"{name} must be one of {', '.join(ranks)}")
    return Test(name, clause.operator, ranks[value])


def _person(clause: Clause, column: str, names: Names) -> Filter:
    if _name(clause) == "me":
        return filters.NOTHING if names.me is None else Test(column, "=", names.me)
    found = names.people.get(_name(clause), ())
    return _none_or(clause, column, tuple(Test(column, "=", one) for one in found))


def _none_or(clause: Clause, column: str, tests: tuple[Filter, ...]) -> Filter:
    if _name(clause) == "none":
        return Test(column, "=", None)
    return tests[0] if len(tests) == 1 else Either(tests)


def _exact(clause: Clause, column: str) -> Filter:
    if _name(clause) == "none":
        return Test(column, "=", None)
    value = _name(clause) if column in ("channel", "type") else clause.value
    return Test(column, clause.operator, value)


def _numbered(clause: Clause) -> Filter:
    if not (clause.value.isascii() and clause.value.isdigit() and len(clause.value) < 19):
        return filters.NOTHING
    return Test("number", clause.operator, int(clause.value))


def _marked(clause: Clause, kind: str) -> Filter:
    value = clause.value.lower()
    if value in ("none", "*"):
        present = Marked(kind, None)
        return present if value == "*" else Without(present)
    if kind == "tag" and clause.quoted and " " in value:
        return Every(tuple(Marked(kind, one) for one in value.split()))
    return Marked(kind, value.rstrip("*"), value.endswith("*"))


def _score(clause: Clause) -> Filter:
    value = _name(clause)
    if value.startswith(("good", "bad")):
        value = value.partition("with")[0]
    if value not in _SCORES:
        raise Invalid("query", f"satisfaction must be one of {', '.join(_SCORES)}")
    return Test("score", "=", value)
