"""When to try again, and after how long. Pure: chance comes in as an argument."""

from __future__ import annotations

from gateway.outward.requests import Answer

MAX_RETRIES = 5
FIRST_S = 0.5
LONGEST_S = 8.0
MAX_RETRY_AFTER_S = 30.0


def is_passing(status: int) -> bool:
    """Whether a status speaks of a trouble that may be over the next time."""
    return status == 429 or status >= 500


def delay_s(attempt: int, chance: float) -> float:
    """Before the try after try `attempt` (0 is the first): doubled each time, of which chance (0 to 1) takes up to a half away."""
    return float(min(LONGEST_S, FIRST_S * 2**attempt) * (1 - chance / 2))


def asked_s(answer: Answer) -> float | None:
    """What `Retry-After` asks for in seconds, 0 without it; None when that is longer than anybody waits here.

    A date is not read: clocks differ, and who limits rates says seconds.
    """
    text = answer.headers.get("retry-after", "").strip()
    if not (text.isascii() and text.isdigit()):
        return 0.0
    seconds = float(text[:10])
    return seconds if seconds <= MAX_RETRY_AFTER_S else None
