"""Pages of what is in memory already: small lists, and journals that were read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from gateway.zendesk import paging
from gateway.zendesk.operations import Call

T = TypeVar("T")


def paged(call: Call, every: Sequence[T], place: Callable[[T], int]) -> tuple[list[T], dict[str, Any]]:
    """A page of a list, which is in the order of its places or, by `sort_order=desc`, in the other."""
    page, query = call.page(), call.request.query
    descending = query.get("sort_order") == "desc" or query.get("sort", "").startswith("-")
    ordered = list(every)[:: -1 if descending else 1]
    shown, more = _part(ordered, page, place, descending)
    around = paging.around(page, call.url, query, len(ordered), [(place(one), place(one)) for one in shown], more)
    return shown, around


def _part(ordered: list[T], page: paging.Page, place: Callable[[T], int], descending: bool) -> tuple[list[T], bool]:
    sign = -1 if descending else 1
    if page.after is not None:
        ordered = [one for one in ordered if sign * place(one) > sign * page.after[1]]
    if page.before is not None:
        ordered = [one for one in ordered if sign * place(one) < sign * page.before[1]]
        return ordered[-page.size :], len(ordered) > page.size
    ordered = ordered[page.offset :]
    return ordered[: page.size], len(ordered) > page.size
