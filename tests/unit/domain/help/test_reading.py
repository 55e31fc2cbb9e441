"""What a reader is shown, and in which language."""

from __future__ import annotations

import pytest

from domain.help.model import Article, Audience
from domain.help.reading import is_open, nearest, parts


@pytest.mark.parametrize(
    ("there", "wished", "found"),
    [
        (["en-us", "fr"], ["fr-ca"], "fr"),
        (["en-us", "fr-ca", "fr"], ["fr-ca"], "fr-ca"),
        (["en-us", "fr-ca", "fr"], ["fr-ch"], "fr"),
        (["en-us", "fr-ca"], ["fr"], "fr-ca"),
        (["en-us", "fr"], ["de", "fr"], "fr"),
        (["en-us", "fr"], ["de"], "en-us"),
        (["de"], [], "de"),
    ],
)
def test_the_nearest_language(there: list[str], wished: list[str], found: str) -> None:
    assert found == nearest(there, wished, "en")


def test_who_may_read() -> None:
    agents, archived = Article("a", 1, 1, "en", audience=Audience.AGENTS), Article("a", 1, 1, "en", archived_ms=1)
    assert [False, True] == [is_open(agents, one) for one in (Audience.SIGNED_IN, Audience.AGENTS)]
    assert not is_open(archived, Audience.AGENTS)


def test_a_snippet_in_pieces() -> None:
    assert [("… a ", False), ("<b>", True), (" & c", False)] == parts("… a <em>&lt;b&gt;</em> &amp; c")
