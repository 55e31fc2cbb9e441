"""Entries for journals, as the suites of journals write them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from storage.ports import ActorId, Entry, EventRow, Journal

ANN = ActorId("conversation", "app_1", "c1")
BOB = ActorId("conversation", "app_1", "c2")

#: Makes one more journal over the same store, as another process has one.
Another = Callable[[], Journal]


def event(seq: int, command_key: int | None = None, **fields: Any) -> EventRow:
    return EventRow(seq=seq, body=b'{"n":%d}' % seq + b" " * 90, command_key=command_key, **fields)


def entry(actor: ActorId = ANN, key: int = 1, events: Sequence[EventRow] = (), **fields: Any) -> Entry:
    is_new = fields.pop("is_new", any(each.seq == 1 for each in events))
    return Entry(actor=actor, key=key, is_new=is_new, shard=fields.pop("shard", 0), events=list(events), **fields)
