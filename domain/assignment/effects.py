"""What a turn of the routing asks of others, as values."""

from __future__ import annotations

import msgspec

from domain.assignment.events import How


class TellAssigned(msgspec.Struct, frozen=True):
    """To the ticket: an agent has it."""

    ticket_id: str
    epoch: int
    agent_id: str
    group_id: int | None
    how: How


class TellUnassigned(msgspec.Struct, frozen=True):
    """To the ticket: nobody has it, by no wish of its own."""

    ticket_id: str
    epoch: int
    reason: str


class TellPosition(msgspec.Struct, frozen=True):
    """To the conversation: the customer's place in the line, from 1, and about how long it takes (0: nobody knows)."""

    conversation_id: str
    position: int
    wait_s: int


class Wake(msgspec.Struct, frozen=True):
    """Ring at an instant, and not at the one that was asked for before."""

    due_ms: int


Effect = TellAssigned | TellUnassigned | TellPosition | Wake
