"""What a reader is shown: whether at all, in which language, and which words of it were asked for. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from domain.help.model import Article, Audience
from domain.language import language_of

_MARK = re.compile("</?em>")


def nearest(there: Sequence[str], wished: Sequence[str], default: str) -> str:
    """One of `there`, which is not empty: the first wish that is there or has a sister there (`fr` for `fr-ca`, `fr-ca` for `fr`),
    or else the default language, or else the first."""
    for each in (*wished, default):
        sisters = [one for one in there if language_of(one) == language_of(each)]
        if sisters:
            return max(sisters, key=lambda one: (one == each, one == language_of(each)))
    return there[0]


def is_open(article: Article, audience: Audience) -> bool:
    """Whether these readers may read an article, as far as it has words for them."""
    return article.archived_ms is None and article.audience <= audience


def parts(marked: str) -> list[tuple[str, bool]]:
    """A snippet's text in pieces, each with whether it is a word of the question. For whoever makes no HTML of it."""
    found = [(unescape(piece), at % 2 == 1) for at, piece in enumerate(_MARK.split(marked))]
    return [one for one in found if one[0]]
