"""Markdown as HTML: CommonMark, in which HTML written by hand stays text, so that nothing but what CommonMark makes comes out. Pure."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True})


def to_html(source: str) -> str:
    """The HTML of a Markdown text."""
    return str(_parser().render(source)).strip()
