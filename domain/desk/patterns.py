"""Regular expressions that people write: matched in time that grows with the text and no faster, whatever they wrote (RE2)."""

from __future__ import annotations

import functools
from typing import Any

import re2  # type: ignore[import-untyped]

from domain.errors import Invalid

MAX_PATTERN = 256
#: So much of a text is looked at.
MAX_TEXT = 65_536
_MAX_MEMORY = 1 << 20


def check_pattern(pattern: str, field: str) -> None:
    """Raises Invalid: too long, no pattern of RE2's (which has no back references and looks neither ahead nor behind), too large."""
    if not 1 <= len(pattern) <= MAX_PATTERN:
        raise Invalid(field, f"must have 1 to {MAX_PATTERN} characters")
    try:
        _compiled(pattern)
    except re2.error:
        raise Invalid(field, "is no regular expression that is understood here") from None


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text is as the pattern says, without regard to case."""
    return _compiled(pattern).fullmatch(text[:MAX_TEXT]) is not None


@functools.lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors, options.case_sensitive, options.dot_nl, options.max_mem = False, False, True, _MAX_MEMORY
    return re2.compile(pattern, options)
