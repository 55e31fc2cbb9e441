"""From untrusted JSON to checked values, or `Invalid` with the path of the field: the only place where msgspec's errors are read.

The model's types carry their limits as `msgspec.Meta`; this module turns a broken limit into words a caller can act on. It knows
nothing of messages.
"""

from __future__ import annotations

import re
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from domain.errors import Invalid

T = TypeVar("T")

#: Objects that we carry without reading them (a native template, an override).
JsonObject = dict[str, object]
MAX_OPAQUE_DEPTH = 32

# Space, quotes, angle brackets and backslash are in no valid URI, and are what breaks out of an HTML attribute. The classes are arranged so
# that a match never backtracks: a hostile URL costs its length and no more.
_URL = r"""^(?i:https?)://[^\s\x00-\x20\x7f"<>\\/?#][^\s\x00-\x20\x7f"<>\\]*\Z"""
# A button may open `tel:`, `mailto:` or an app's own scheme, but must never run code in the reader's page.
_URI = r"""^(?!(?i:javascript|vbscript|data|file|blob|about):)[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20\x7f"<>\\]+\Z"""
_EMAIL = r"""^[^@\s\x00-\x20\x7f"<>\\]+@[^@\s\x00-\x20\x7f"<>\\]+\Z"""
_CURRENCY = r"^[a-z]{3}\Z"

MediaUrl = Annotated[str, Meta(max_length=4096, pattern=_URL)]  # room for signed links to a store
ImageUrl = Annotated[str, Meta(max_length=2048, pattern=_URL)]
Uri = Annotated[str, Meta(max_length=2048, pattern=_URI)]
Email = Annotated[str, Meta(max_length=128, pattern=_EMAIL)]
Currency = Annotated[str, Meta(pattern=_CURRENCY)]

_PATTERN_WORDS = {
    _URL: "must be an absolute http or https URL",
    _URI: "must be an absolute URI of a scheme that is safe to open",
    _EMAIL: "must be an e-mail address",
    _CURRENCY: "must be an ISO 4217 currency code in lower case",
}
_PATH = re.compile(r"^(?P<problem>.*) - at (?:`key` in )?`\$(?P<path>[^`]*)`\Z", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<field>[^`]+)`\Z")
_MAX_PROBLEM = 200
_ESCAPED_NUL = b"\\u0000"


def decode(decoder: msgspec.json.Decoder[T], raw: bytes | msgspec.Raw, prefix: str) -> T:
    """The value of `raw`; `prefix` is the path of `raw` in the body ("" for the body itself).

    Raises Invalid: malformed JSON, text that is not Unicode, U+0000 (which PostgreSQL cannot store), a broken limit, a bottomless nesting.
    """
    data = raw if type(raw) is bytes else bytes(raw)
    try:
        value = decoder.decode(data)
    except msgspec.ValidationError as error:
        raise invalid(str(error), prefix) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Invalid(prefix, "is not valid JSON in UTF-8") from None
    except RecursionError:
        raise Invalid(prefix, "is nested too deeply") from None
    if _ESCAPED_NUL in data:
        _refuse_nul(data, prefix)
    return value


def convert(value: object, of: type[T], prefix: str) -> T:
    """As `decode`, for a value that is already decoded. Raises Invalid."""
    try:
        return msgspec.convert(value, of)
    except msgspec.ValidationError as error:
        raise invalid(str(error), prefix) from None
    except RecursionError:
        raise Invalid(prefix, "is nested too deeply") from None


def invalid(message: str, prefix: str) -> Invalid:
    """msgspec's message as a field path and a problem: "Expected `int` - at `$.a[2].b`" becomes `prefix.a[2].b`, "expected int"."""
    path, problem = "", message
    if found := _PATH.match(message):
        path, problem = found["path"].replace("[...]", ""), found["problem"]
    if missing := _MISSING.match(problem):
        return Invalid(join(prefix, f"{path}.{missing['field']}"), "is required")
    return Invalid(join(prefix, path), _words(problem))


def join(prefix: str, path: str) -> str:
    """`content` and `.items[2]` make `content.items[2]`; without a prefix there is no leading dot."""
    return prefix + path if prefix else path.removeprefix(".")


def _words(problem: str) -> str:
    for pattern, words in _PATTERN_WORDS.items():
        if problem.endswith(f"matching regex {pattern!r}"):
            return words
    plain = problem.replace("`", "")
    plain = plain[:1].lower() + plain[1:]
    # The message may quote a value of any length that the caller chose.
    return plain if len(plain) <= _MAX_PROBLEM else plain[:_MAX_PROBLEM] + "..."


def check_opaque(value: JsonObject, prefix: str) -> None:
    """Bounds the nesting of an object that is carried unread, so that nobody further on meets a bottomless one. Raises Invalid."""
    level: list[object] = [value]
    for _ in range(MAX_OPAQUE_DEPTH):
        level = [child for node in level for child in _children(node)]
        if not level:
            return
    raise Invalid(prefix, f"is nested more than {MAX_OPAQUE_DEPTH} levels deep")


def _children(node: object) -> list[object]:
    match node:
        case dict():
            return list(node.values())
        case list():
            return node
        case _:
            return []


def _refuse_nul(data: bytes, prefix: str) -> None:
    """The cold half of the search for U+0000: an escaped backslash before `u0000` looks the same in the bytes and is harmless."""
    try:
        root: object = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # in a part that the first reading had no use for
        raise Invalid(prefix, "is not valid JSON in UTF-8") from None
    pending = [("", root)]
    while pending:
        path, node = pending.pop()
        if isinstance(node, str) and "\0" in node:
            raise Invalid(join(prefix, path), "must not contain the character U+0000")
        if isinstance(node, dict):
            if any("\0" in key for key in node):
                raise Invalid(join(prefix, path), "must not have the character U+0000 in a key")
            pending.extend((f"{path}.{key}", child) for key, child in node.items())
        if isinstance(node, list):
            pending.extend((f"{path}[{i}]", child) for i, child in enumerate(node))
