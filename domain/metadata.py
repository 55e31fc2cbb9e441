"""Metadata: the flat map of custom properties that a message, an item, an action, a conversation or a user carries. Pure.

Rules (API contract, schema `metadata`): values are strings, numbers or booleans; the whole is at most 4 kB.
"""

from __future__ import annotations

import math

import msgspec

from domain.decode import join
from domain.errors import Invalid

Metadata = dict[str, str | int | float | bool]

#: Measured as UTF-8 on the compact JSON form.
MAX_METADATA_BYTES = 4096
#: Links and snapshots carry integers of 64 bits.
MAX_INTEGER = 2**63 - 1
# A cheap first bound: no map that passes has more, as `"":0,` takes five bytes. It keeps a huge one from being walked.
_MAX_KEYS = MAX_METADATA_BYTES // 5 + 1

_encoder = msgspec.json.Encoder()


def check_metadata(value: object, prefix: str) -> Metadata:
    """The metadata of an already decoded JSON value; None means none. `prefix` is its path in the body.

    Raises Invalid: not an object, a value that is not a string, a finite number or a boolean, more than 4096 bytes.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Invalid(prefix, "must be an object")
    if len(value) > _MAX_KEYS:
        raise _too_big(prefix)
    metadata: Metadata = {}
    for key, item in value.items():
        if not isinstance(key, str) or "\0" in key:
            raise Invalid(prefix, "must have keys that are strings without the character U+0000")
        metadata[key] = _scalar(item, join(prefix, f".{key}"))
    return check_size(metadata, prefix)


def check_size(metadata: Metadata, prefix: str) -> Metadata:
    """The same metadata if its compact JSON fits in 4096 bytes; for metadata whose types a decoder has already checked. Raises Invalid."""
    try:
        size = len(_encoder.encode(metadata))
    except (UnicodeEncodeError, ValueError):  # a lone surrogate; an integer with more digits than Python will print
        raise Invalid(prefix, "has a value that JSON cannot carry") from None
    if size > MAX_METADATA_BYTES:
        raise _too_big(prefix)
    if any(isinstance(item, int) and not -MAX_INTEGER <= item <= MAX_INTEGER for item in metadata.values()):
        raise Invalid(prefix, "has an integer of more than 64 bits")
    return metadata


def merge_metadata(old: Metadata, patch: object, prefix: str = "metadata") -> Metadata:
    """`old` after a PATCH: given keys are set, a key given as null is removed, others stay; a patch of null removes everything.

    Neither argument is changed. Raises Invalid as `check_metadata` does, and also if the sum is too big.
    """
    if patch is None:
        return {}
    if not isinstance(patch, dict):
        raise Invalid(prefix, "must be an object")
    changes = check_metadata({key: item for key, item in patch.items() if item is not None}, prefix)
    kept = {key: item for key, item in old.items() if key not in patch}
    return check_size(kept | changes, prefix)


def _scalar(item: object, path: str) -> str | int | float | bool:
    if isinstance(item, str):
        if "\0" in item:
            raise Invalid(path, "must not contain the character U+0000")
        return item
    # bool is an int. JSON has no NaN and no infinity.
    if isinstance(item, int) or (isinstance(item, float) and math.isfinite(item)):
        return item
    raise Invalid(path, "must be a string, a number or a boolean")


def _too_big(prefix: str) -> Invalid:
    return Invalid(prefix, f"must be at most {MAX_METADATA_BYTES} bytes as compact JSON")
