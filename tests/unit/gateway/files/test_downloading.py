"""Ranges. Source: RFC 9110, section 14."""

from __future__ import annotations

import pytest

from gateway.files.downloading import wanted


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, (0, 100, 200)),
        ("bytes=0-9", (0, 10, 206)),
        ("bytes=90-", (90, 10, 206)),
        ("bytes=90-1000", (90, 10, 206)),
        ("bytes=-10", (90, 10, 206)),
        ("bytes=-1000", (0, 100, 206)),
        ("bytes=99-99", (99, 1, 206)),
        ("bytes=100-", (0, 0, 416)),
        ("bytes=-0", (0, 0, 416)),
        ("bytes=9-8", (0, 0, 416)),
        ("bytes=-", (0, 100, 200)),
        ("bytes=0-1,5-6", (0, 100, 200)),
        ("lines=0-1", (0, 100, 200)),
        ("bytes=x-", (0, 100, 200)),
    ],
)
def test_a_range_is_answered_in_part(given: str | None, expected: tuple[int, int, int]) -> None:
    assert expected == wanted(given, None, '"tag"', 100)


def test_a_range_of_another_file_is_all_of_this_one() -> None:
    assert (0, 100, 200) == wanted("bytes=0-9", '"earlier"', '"tag"', 100)
    assert (0, 10, 206) == wanted("bytes=0-9", '"tag"', '"tag"', 100)
