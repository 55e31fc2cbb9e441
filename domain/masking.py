"""Masks card numbers in what people write, before anything is stored. Pure; the app's setting decides whether it is done.

A card number has 13 to 19 digits, single spaces or hyphens between them, and a correct check digit (ISO/IEC 7812, Luhn).
All but its last four digits become `X`.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

_MIN_DIGITS, _MAX_DIGITS, _KEPT = 13, 19, 4

# A whole run of digits, or none of it: twenty digits are no card, and neither is the tail of a word.
_CANDIDATE = re.compile(r"(?<![0-9A-Za-z])(?<![0-9][ -])[0-9](?:[ -]?[0-9]){12,18}(?![0-9A-Za-z])(?![ -][0-9])")
_SUSPECT = re.compile(rb"[0-9](?:[ -]?[0-9]){12}")

#: Fields of content that people read. Addresses, payloads and ids stay as they are, or they would not work any more.
_READ = frozenset(
    {"text", "htmlText", "markdownText", "textFallback", "title", "description", "altText", "label", "placeholder", "address"}
)


def mask_text(text: str) -> str:
    """`text` with its card numbers masked."""
    return _CANDIDATE.sub(_masked, text)


def mask_content(content: bytes) -> bytes:
    """The same for a message's content as JSON; the very same bytes when nothing in it looks like a card number."""
    if not _SUSPECT.search(content):
        return content
    before = msgspec.json.decode(content)
    after = _walk(before)
    return content if after == before else msgspec.json.encode(after)


def _walk(node: Any) -> Any:
    match node:
        case dict():
            return {name: mask_text(value) if name in _READ and isinstance(value, str) else _walk(value) for name, value in node.items()}
        case list():
            return [_walk(value) for value in node]
        case _:
            return node


def _masked(found: re.Match[str]) -> str:
    digits = [int(character) for character in found[0] if character.isdigit()]
    assert _MIN_DIGITS <= len(digits) <= _MAX_DIGITS, "the pattern counts"
    if not _is_luhn(digits) or len(set(digits)) == 1:
        return found[0]
    masked, left = [], len(digits) - _KEPT
    for character in found[0]:
        hidden = character.isdigit() and left > 0
        left -= character.isdigit()
        masked.append("X" if hidden else character)
    return "".join(masked)


def _is_luhn(digits: list[int]) -> bool:
    doubled = [digit if at % 2 == 0 else digit * 2 - 9 * (digit > 4) for at, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0
