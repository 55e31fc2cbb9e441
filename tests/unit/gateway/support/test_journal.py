"""The numbers of audits and comments, which are read off their places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.ticket.model import Ticket
from gateway.support.journal import number_at, place_of


@given(st.integers(1, 2**32), st.integers(1, 2**20), st.booleans())
def test_a_number_leads_back_to_its_place(number: int, seq: int, in_conversation: bool) -> None:
    ticket = Ticket("a" * 24, "b" * 24, number)
    assert (seq, in_conversation) == place_of(ticket, number_at(ticket, seq, in_conversation))
    assert number_at(ticket, seq, in_conversation) < 2**53, "programs in JavaScript read it whole"
