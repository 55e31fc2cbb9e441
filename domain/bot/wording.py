"""Texts for one customer: the language they read, and placeholders filled in as plain text.

A placeholder is `{{name}}` or `{{name|what stands there otherwise}}`. What a customer wrote is never read as a placeholder, however
many braces it has: it is put in once, and where a performer fills in secrets afterwards, its braces are parted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from domain.bot.condition import Scalar
from domain.bot.names import MAX_TEXT

_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z][A-Za-z0-9_.]*)\s*(?:\|([^{}]*))?\}\}")
SECRET = "secret."  # noqa: S105 - the beginning of a reference to one

Values = Mapping[str, Scalar]


def pick(text: Mapping[str, str], locale: str, default: str) -> str:
    """The text in the language that comes nearest: `fr-CA`, then `fr`, then any other French, then the flow's own language."""
    if exact := text.get(locale):
        return exact
    wanted = {key.lower(): value for key, value in text.items() if value}
    tag = locale.replace("_", "-").lower()
    while tag:
        if tag in wanted:
            return wanted[tag]
        tag = tag.rpartition("-")[0]
    base = locale.replace("_", "-").split("-")[0].lower()
    kin = next((value for key, value in wanted.items() if key.split("-")[0] == base), None)
    return kin or wanted.get(default.lower(), "")


def references(template: str) -> set[str]:
    """The names that a template's placeholders use."""
    return {found[1] for found in _PLACEHOLDER.finditer(template)}


def fill(template: str, values: Values, limit: int = MAX_TEXT) -> str:
    """A text with its placeholders filled in, cut to a length."""
    return _filled(template, values, str)[:limit].strip()


def fill_url(template: str, values: Values) -> str:
    """An address with its placeholders filled in, percent-encoded: a value never adds a host, a path or a parameter."""
    return _filled(template, values, lambda value: quote(value, safe=""))


def fill_header(template: str, values: Values) -> str:
    """A header with its placeholders filled in; references to secrets stay for the performer."""
    return _filled(template, values, lambda value: parted(" ".join(value.split())))[:MAX_TEXT]


def fill_json(body: Any, values: Values) -> Any:
    """JSON with the placeholders in its texts filled in. A text that is one placeholder takes the value as it is, null if there is none."""
    match body:
        case dict():
            return {key: fill_json(value, values) for key, value in body.items()}
        case list():
            return [fill_json(value, values) for value in body]
        case str():
            whole = _PLACEHOLDER.fullmatch(body)
            if whole is not None and whole[2] is None and not whole[1].startswith(SECRET):
                value = values.get(whole[1])
                return parted(value) if isinstance(value, str) else value
            return _filled(body, values, parted)
        case _:
            return body


def parted(value: str) -> str:
    """The value with spaces where its braces could make a placeholder, by themselves or with what stands beside them."""
    inner = re.sub(r"\{(?=\{)|\}(?=\})", r"\g<0> ", value)
    return re.sub(r"^(?=[{}])|(?<=[{}])$", " ", inner)


def worded(value: Scalar) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e15 and value == int(value) else str(value)


def _filled(template: str, values: Values, escape: Callable[[str], str]) -> str:
    def put(found: re.Match[str]) -> str:
        if found[1].startswith(SECRET):
            return f"{{{{{found[1]}}}}}"
        value = values.get(found[1])
        return (found[2] or "") if value is None or value == "" else escape(worded(value))

    return _PLACEHOLDER.sub(put, template)
