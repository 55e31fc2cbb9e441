"""Values of an app's own fields, as tickets may have them. Source: Zendesk's Support API, "About custom field values". Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from domain.desk.model import Desk, FieldType, TicketField
from domain.desk.patterns import fits
from domain.errors import Invalid

MAX_TEXT, MAX_TEXTAREA = 255, 65_536
MAX_CHOSEN = 100

Read = Callable[[TicketField, Any], Any]
"""The value as it is kept. Raises ValueError with what is wrong."""


def checked(desk: Desk, values: Mapping[str, Any]) -> dict[str, Any]:
    """Raises Invalid: no field of the app, or a value that its type does not have. Null and the empty text are no value."""
    return {number: _checked(desk, number, value) for number, value in values.items()}


def _checked(desk: Desk, number: str, value: Any) -> Any:
    name = f"custom_fields.{number}"
    field = desk.fields.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 20 else None
    if field is None:
        raise Invalid(name, "is not a field of tickets")
    if value is None or value in ("", []):
        return None
    try:
        return _READ[field.type](field, value)
    except ValueError as error:
        raise Invalid(name, str(error)) from None


def _text(field: TicketField, value: Any) -> str:
    most = MAX_TEXTAREA if field.type == "textarea" else MAX_TEXT
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(f"must be a text of at most {most} characters")
    return value


def _pattern(field: TicketField, value: Any) -> str:
    text = _text(field, value)
    if field.pattern is not None and not fits(field.pattern, text):
        raise ValueError("is not as the field's pattern says")
    return text


def _checkbox(field: TicketField, value: Any) -> bool:
    if value not in (True, False, "true", "false", "1", "0"):
        raise ValueError("must be true or false")
    return value in (True, "true", "1")


def _integer(field: TicketField, value: Any) -> int:
    try:
        number = int(value) if isinstance(value, int | str) and not isinstance(value, bool) else None
    except ValueError:
        number = None
    if number is None or abs(number) >= 2**53:
        raise ValueError("must be a whole number")
    return number


def _decimal(field: TicketField, value: Any) -> float:
    try:
        number = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    except ValueError:
        number = None
    if number is None or not abs(number) < 2**53:
        raise ValueError("must be a number")
    return number


def _date(field: TicketField, value: Any) -> str:
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        raise ValueError("must be a date, as in 2026-01-31") from None


def _option(field: TicketField, value: Any) -> str:
    if not isinstance(value, str) or value not in field.options:
        raise ValueError("is none of the field's options")
    return value


def _options(field: TicketField, value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MAX_CHOSEN:
        raise ValueError(f"must be a list of at most {MAX_CHOSEN} options")
    return list(dict.fromkeys(_option(field, one) for one in value))


_READ: dict[FieldType, Read] = {
    "text": _text,
    "textarea": _text,
    "regexp": _pattern,
    "checkbox": _checkbox,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "tagger": _option,
    "multiselect": _options,
}
