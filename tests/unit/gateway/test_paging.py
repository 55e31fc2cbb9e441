"""Cursors and filters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from gateway.sc.paging import Page, around, cut, deep_object, parse_page

A, B = "a" * 24, "b" * 24


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, Page()),
        ({"page[size]": "100"}, Page(size=100)),
        ({"page[after]": A}, Page(after=A)),
        ({"page[before]": A, "page[size]": "1"}, Page(before=A, size=1)),
        ({"page": '{"after": "' + A + '", "size": 3}'}, Page(after=A, size=3)),
    ],
)
def test_both_forms_are_read(query: dict[str, str], expected: Page) -> None:
    assert expected == parse_page(query)


@pytest.mark.parametrize(
    "query",
    [
        {"page[after]": A, "page[before]": B},
        {"page[after]": "x"},
        {"page[after]": A + "\n"},
        {"page[before]": "../../etc/passwd"},
        {"page[size]": "0"},
        {"page[size]": "101"},
        {"page[size]": "-1"},
        {"page[size]": "1.5"},
        {"page[size]": "٣"},
        {"page[size]": "9" * 5000},
        {"page": "{"},
        {"page": "[]"},
        {"page": '{"size": true}'},
        {"page": '{"after": 7}'},
    ],
)
def test_what_is_no_page_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        parse_page(query)


def test_filters() -> None:
    assert {"userId": "u", "identities.email": "a@b"} == deep_object({"filter[userId]": "u", "filter[identities.email]": "a@b"}, "filter")


@given(count=st.integers(0, 30), size=st.integers(1, 7), backwards=st.booleans())
def test_walking_along_the_cursors_visits_everything_once_and_comes_back(count: int, size: int, backwards: bool) -> None:
    """There and back, whatever the size, in lists that begin at either end."""
    everything = [f"{number:024x}" for number in range(1, count + 1)]

    def fetch(page: Page) -> list[str]:
        if page.before or (backwards and not page.after):
            return [one for one in everything if not page.before or one < page.before][-page.size - 1 :]
        return [one for one in everything if one > page.after][: page.size + 1]

    def walk(page: Page, ahead: bool) -> list[list[str]]:
        pages = []
        while True:
            shown, found = cut(fetch(page), page, str, backwards)
            assert len(shown) <= size
            pages.append(shown)
            cursor = found.after_cursor if ahead else found.before_cursor
            assert found.has_more == bool(cursor)
            if not cursor:
                return pages
            page = Page(after=cursor, size=size) if ahead else Page(before=cursor, size=size)

    pages = walk(Page(size=size), ahead=not backwards)
    seen = [one for page in (reversed(pages) if backwards else pages) for one in page]
    assert everything == seen
    if len(pages) > 1:
        last = pages[-1]
        back = walk(Page(after=last[-1], size=size) if backwards else Page(before=last[0], size=size), ahead=backwards)
        assert sorted(one for page in back for one in page) == [one for one in everything if one not in last]


def test_links_are_whole_and_keep_the_filter() -> None:
    page = Page(after=A, size=1)
    _, found = cut([B, "c" * 24], page, str)
    shown = around(found, "https://example.org/sc/v2/x", {"filter[userId]": "u&v", "page[after]": A, "page[size]": "1"})
    base = "https://example.org/sc/v2/x?filter%5BuserId%5D=u%26v&page%5Bsize%5D=1&"
    assert {
        "meta": {"hasMore": True, "afterCursor": B, "beforeCursor": B},
        "links": {"next": f"{base}page%5Bafter%5D={B}", "prev": f"{base}page%5Bbefore%5D={B}"},
    } == shown
