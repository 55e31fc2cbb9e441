"""The port of answers drawn from the help centre: a passage, and the articles that it is from. A hosted model is an adapter away."""

from __future__ import annotations

from typing import Protocol

import msgspec

from domain.help.model import Hit


class Answered(msgspec.Struct, frozen=True):
    """`sources` are the articles that the passage is drawn from, best first; never empty."""

    passage: str
    sources: tuple[Hit, ...]


class Answers(Protocol):
    """Answers a question from what everybody may read, or not at all: None is better than something made up."""

    async def answer(self, app_id: str, question: str, locale: str, labels: tuple[str, ...]) -> Answered | None: ...
