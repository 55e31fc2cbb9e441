"""The rules of metadata."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.metadata import MAX_INTEGER, MAX_METADATA_BYTES, Metadata, check_metadata, merge_metadata

SCALARS = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
)
KEYS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


def of_size(size: int) -> Metadata:
    return {"k": "x" * (size - len('{"k":""}'))}


def test_strings_numbers_and_booleans_are_kept() -> None:
    """Each of the allowed kinds of value passes as it is."""
    value = {"s": "é", "i": 1, "f": 1.5, "t": True, "": ""}
    assert check_metadata(value, "metadata") == value


def test_none_is_no_metadata() -> None:
    """The contract lets metadata be null."""
    assert check_metadata(None, "metadata") == {}


@pytest.mark.parametrize("value", [None, {}, [], {"a": 1}, math.nan, math.inf, "a\0b", b"x"])
def test_other_values_are_refused_at_their_key(value: object) -> None:
    """Metadata is flat, and holds nothing that JSON or PostgreSQL cannot."""
    with pytest.raises(Invalid) as refused:
        check_metadata({"ok": 1, "k": value}, "content.metadata")
    assert refused.value.field == "content.metadata.k"


@pytest.mark.parametrize("value", [[], "x", 1, {1: "x"}, {"a\0": 1}, {"a": "\ud800"}, {"\ud800": 1}, {"a": 10**5000}])
def test_what_is_no_json_object_is_refused_as_a_whole(value: object) -> None:
    """Metadata is an object that JSON can carry."""
    with pytest.raises(Invalid) as refused:
        check_metadata(value, "metadata")
    assert refused.value.field == "metadata"


def test_4096_bytes_pass_and_4097_do_not() -> None:
    """The limit is on the compact JSON."""
    assert check_metadata(of_size(MAX_METADATA_BYTES), "m") == of_size(MAX_METADATA_BYTES)
    with pytest.raises(Invalid) as refused:
        check_metadata(of_size(MAX_METADATA_BYTES + 1), "m")
    assert refused.value.field == "m"


def test_the_limit_counts_bytes_and_not_characters() -> None:
    """Two thousand and fifty characters of two bytes are too many."""
    with pytest.raises(Invalid):
        check_metadata({"k": "é" * 2050}, "m")


def test_a_huge_map_is_refused() -> None:
    """So many keys cannot fit, whatever they are."""
    with pytest.raises(Invalid):
        check_metadata({str(i): 0 for i in range(100_000)}, "m")


def test_a_patch_sets_removes_and_keeps() -> None:
    """A given key is set, a null removes, the rest stays; the old map is not touched."""
    old: Metadata = {"keep": 1, "set": 1, "remove": 1}
    assert merge_metadata(old, {"set": 2, "remove": None, "new": "x", "absent": None}) == {"keep": 1, "set": 2, "new": "x"}
    assert old == {"keep": 1, "set": 1, "remove": 1}


def test_a_null_patch_removes_everything() -> None:
    """Metadata that is set to null is no metadata."""
    assert merge_metadata({"a": 1}, None) == {}


def test_a_patch_must_not_make_the_sum_too_big() -> None:
    """Two maps that fit may not fit together; removing makes room in the same patch."""
    old = of_size(MAX_METADATA_BYTES)
    with pytest.raises(Invalid) as refused:
        merge_metadata(old, {"a": 1})
    assert refused.value.field == "metadata"
    assert merge_metadata(old, {"k": None, "a": 1}) == {"a": 1}


@pytest.mark.parametrize("patch", [[], "x", {"a": []}])
def test_a_patch_follows_the_same_rules(patch: object) -> None:
    """A patch is an object of scalars and nulls."""
    with pytest.raises(Invalid):
        merge_metadata({}, patch)


@given(st.dictionaries(KEYS, SCALARS, max_size=8))
def test_metadata_survives_json(value: Metadata) -> None:
    """What passes is equal after a trip through JSON, and a merge onto nothing is itself."""
    checked = check_metadata(value, "m")
    assert check_metadata(msgspec.json.decode(msgspec.json.encode(checked)), "m") == checked == merge_metadata({}, checked)


def test_integers_have_64_bits() -> None:
    """More would not survive the way to a host."""
    assert {"n": MAX_INTEGER} == check_metadata({"n": MAX_INTEGER}, "metadata")
    with pytest.raises(Invalid) as refusal:
        check_metadata({"n": MAX_INTEGER + 1}, "metadata")
    assert "metadata" == refusal.value.field
