"""Trees of tests (`domain.finding.filters`) as conditions of SQL, over whatever table has the facts and whichever has the marks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Table, and_, exists, false, not_, or_, select, true
from sqlalchemy.sql.expression import ColumnElement

from domain.finding.filters import Either, Every, Filter, Marked, Phrase, Test, Value, Without

MAX_DEPTH = 20


class Said(msgspec.Struct, frozen=True):
    """Where lies what was said: (app, word, id) rows of `words`, and (app, id, text) rows of `texts`."""

    words: Table
    texts: Table


class Shelf(msgspec.Struct, frozen=True):
    """Where things lie. `facts` are the columns by the names of the facts, `marks` a table of (app, kind, value, id) rows.

    `values` turn the value of a test into what its column holds. `text` is the column of phrases; without it they are marks of that
    kind.
    """

    table: Table
    marks: Table
    facts: Mapping[str, ColumnElement[Any]]
    values: Mapping[str, Callable[[Value], Any]] = {}
    text: ColumnElement[str] | None = None
    said: Said | None = None


def condition(asked: Filter, shelf: Shelf, app: str, depth: int = 0) -> ColumnElement[bool]:
    """What `domain.finding.filters.meets` says, in two values: what is unknown is false, and so its opposite is true."""
    assert depth <= MAX_DEPTH, "queries and views are flatter"
    match asked:
        case Test():
            return _test(asked, shelf)
        case Marked("said", value, prefix):
            return false() if shelf.said is None or value is None else _said(shelf.table, shelf.said, app, value, prefix)
        case Marked(kind, value, prefix):
            return _marked(shelf, app, kind, value, prefix)
        case Phrase(text, said=True):
            return false() if shelf.said is None else _said_phrase(shelf.table, shelf.said, app, f" {text} ")
        case Phrase(text):
            return _phrase(shelf, f" {text} ")
        case Every(of):
            return and_(true(), *(condition(one, shelf, app, depth + 1) for one in of))
        case Either(of):
            return or_(false(), *(condition(one, shelf, app, depth + 1) for one in of))
        case Without(of):
            return not_(condition(of, shelf, app, depth + 1))


def _test(asked: Test, shelf: Shelf) -> ColumnElement[bool]:
    column = shelf.facts.get(asked.column)
    if column is None:
        return true() if asked.operator == "=" and asked.value is None else false()
    if asked.value is None:
        return column.is_(None) if asked.operator == "=" else false()
    value = shelf.values.get(asked.column, _same)(asked.value)
    compared: dict[str, ColumnElement[bool]] = {
        "=": column == value,
        "<": column < value,
        "<=": column <= value,
        ">": column > value,
        ">=": column >= value,
    }
    return and_(column.is_not(None), compared[asked.operator])


def _phrase(shelf: Shelf, text: str) -> ColumnElement[bool]:
    if shelf.text is not None:
        return shelf.text.contains(text, autoescape=True)
    marks, table = shelf.marks.c, shelf.table.c
    these = marks.app_id == table.app_id, marks.id == table.id, marks.kind == "text"
    return exists().where(*these, marks.value.contains(text, autoescape=True)).correlate(shelf.table)


def _marked(shelf: Shelf, app: str, kind: str, value: str | None, prefix: bool) -> ColumnElement[bool]:
    """What begins so is looked up once for the whole query, anything else for each row."""
    marks, table = shelf.marks.c, shelf.table.c
    if value is not None and prefix:
        these = marks.app_id == app, marks.kind == kind, marks.value >= value, marks.value < value + "\U0010ffff"
        return table.id.in_(select(marks.id).where(*these))
    exact = [marks.app_id == table.app_id, marks.id == table.id, marks.kind == kind]
    if value is not None:
        exact.append(marks.value == value)
    return exists().where(*exact).correlate(shelf.table)


def _said(table: Table, said: Said, app: str, value: str, prefix: bool) -> ColumnElement[bool]:
    """Looked up once for the whole query, not for each row: the words of all tickets are many."""
    words = said.words.c
    found = and_(words.word >= value, words.word < value + "\U0010ffff") if prefix else words.word == value
    return table.c.id.in_(select(words.id).where(words.app_id == app, found))


def _said_phrase(table: Table, said: Said, app: str, text: str) -> ColumnElement[bool]:
    texts = said.texts.c
    these = texts.app_id == app, texts.id == table.c.id, texts.text.contains(text, autoescape=True)
    return exists().where(*these).correlate(table)


def _same(value: Value) -> Any:
    return value
