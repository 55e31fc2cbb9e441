"""What customers who wait are told of the line: their place in it, and about how long it takes.

Only the first of a line are told, only what has changed, and a line at most every few seconds: else one that leaves would be news for all.
"""

from __future__ import annotations

from domain.assignment.effects import TellPosition
from domain.assignment.index import Told
from domain.assignment.state import State
from domain.assignment.turn import Turn

TOLD = 20
TELL_EVERY_MS = 5_000
LINES_AT_ONCE = 10
"""Of so many lines a turn tells; the others are told by the next."""


def tell_positions(turn: Turn) -> None:
    """Tell those whose place has changed, or see that it is done in time."""
    index = turn.index
    for line in list(index.stale)[:LINES_AT_ONCE]:
        del index.stale[line]
        told = index.told.get(line)
        if told is not None and turn.at_ms < told.at_ms + TELL_EVERY_MS:
            if not told.is_due:
                index.told[line] = Told(told.at_ms, told.positions, is_due=True)
                index.deadlines.add(told.at_ms + TELL_EVERY_MS, "line", line)
        else:
            _tell(turn, line, {} if told is None else told.positions)
    if index.stale:
        index.deadlines.add(turn.at_ms + TELL_EVERY_MS, "rest")


def _tell(turn: Turn, line: str, before: dict[str, int]) -> None:
    index = turn.index
    now = {ticket: at for at, ticket in enumerate(index.first(line, TOLD), 1)}
    for ticket, position in now.items():
        conversation = index.pieces[ticket].work.conversation_id
        if conversation is not None and before.get(ticket) != position:
            turn.effects.append(TellPosition(conversation, position, wait_s(turn.state, line, position)))
    if now:
        index.told[line] = Told(turn.at_ms, now)
    else:
        index.told.pop(line, None)


def wait_s(state: State, line: str, position: int) -> int:
    """How long whoever is at this position may have to wait, by the pace of the last assignments; 0 where there were not two."""
    pace = state.paces.get(line)
    return 0 if pace is None else position * pace.interval_ms // 1000
