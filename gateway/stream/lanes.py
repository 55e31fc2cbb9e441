"""Order for one socket and one conversation: nothing overtakes a message that was refused for a while.

After a retryable refusal, every later message of that lane is refused (`out_of_order`) until the first one comes again. Those
that were sent already and not answered are given up at the same moment, so that no resending can put them before it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from domain.errors import Unavailable


def out_of_order() -> Unavailable:
    return Unavailable("out_of_order", "An earlier message was refused for a while: send that one first", 0.5)


class Lane:
    """The messages of one socket to one conversation that are on their way, in order."""

    __slots__ = ("_numbers", "blocked_by", "pending")

    def __init__(self) -> None:
        self.blocked_by: str | None = None
        self.pending: dict[int, tuple[str, Callable[[], None]]] = {}
        self._numbers = count()

    @property
    def idle(self) -> bool:
        return self.blocked_by is None and not self.pending

    def check(self, identifier: str) -> None:
        """Raise `Unavailable` (`out_of_order`) unless the message may go now."""
        if self.blocked_by is not None and identifier != self.blocked_by:
            raise out_of_order()

    def refuse(self, identifier: str) -> None:
        """The message was refused for a while before it was sent on."""
        if self.blocked_by is None:
            self.blocked_by = identifier

    def begin(self, identifier: str) -> int:
        """The message goes. Returns its number in the lane."""
        if self.blocked_by == identifier:
            self.blocked_by = None
        number = next(self._numbers)
        self.pending[number] = (identifier, _nothing)
        return number

    def sent(self, number: int, cancel: Callable[[], None]) -> None:
        """How to give the message up."""
        if number in self.pending:
            self.pending[number] = (self.pending[number][0], cancel)

    def failed(self, number: int) -> list[str]:
        """The message was not answered: it blocks the lane. Returns the ids of all later ones, which are given up."""
        identifier, _ = self.pending.pop(number)
        self.blocked_by = identifier
        later = [(n, *entry) for n, entry in self.pending.items() if n > number]
        for n, _, cancel in later:
            del self.pending[n]
            cancel()
        return [given_up for _, given_up, _ in later]


def _nothing() -> None:
    """There is nothing to cancel yet."""
