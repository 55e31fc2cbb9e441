"""Pages by number and by cursor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from gateway.zendesk import paging
from gateway.zendesk.operations import addresses


@given(st.dictionaries(st.sampled_from(["page", "per_page", "page[size]", "page[after]", "page[before]"]), st.text(max_size=12)))
def test_any_query_is_a_page_or_is_refused(query: dict[str, str]) -> None:
    try:
        page = paging.parse(query)
    except Invalid:
        return
    assert 1 <= page.size <= paging.MAX_SIZE
    assert 0 <= page.offset <= paging.MAX_OFFSET


@given(st.one_of(st.integers(0, 2**53), st.text(max_size=20)), st.integers(1, 2**53))
def test_a_cursor_leads_back_to_its_place(value: int | str, number: int) -> None:
    around = paging.around(paging.parse({"page[size]": "1"}), "u", {}, 0, [(value, number)], True)
    assert (value, number) == paging.parse({"page[after]": around["meta"]["after_cursor"]}).after


def test_numbers_of_pages() -> None:
    around = paging.around(paging.parse({"page": "2", "per_page": "2"}), "u", {"sort_by": "title", "page": "2"}, 5, [], True)
    assert ("u?sort_by=title&page=3&per_page=2", "u?sort_by=title&page=1&per_page=2") == (around["next_page"], around["previous_page"])
    with pytest.raises(Invalid):
        paging.parse({"page": "10000", "per_page": "100"})


def test_an_operation_has_an_address_with_and_without_a_language() -> None:
    assert 2 == len(addresses("/help_center/[locale]/articles/{id}"))
    assert 1 == len(addresses("/help_center/votes/{id}"))
