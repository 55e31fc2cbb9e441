"""Articles as HTML that may be shown, and as the plain text that is searched. What comes in is never trusted. Pure."""

from __future__ import annotations

from functools import cache

import nh3
from markdown_it import MarkdownIt

from domain import plain

_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del", "details", "div", "dl", "dt", "em"),
    *("figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s"),
    *("samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var"),
}
_ATTRIBUTES = {
    "*": {"class", "dir", "id", "lang", "title"},
    "a": {"href", "name", "target"},
    "col": {"span"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def sanitised(html: str) -> str:
    """The HTML without anything that runs, loads or leaves the page by another way than a link or an image."""
    return nh3.clean(
        html.replace("\0", ""),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
        clean_content_tags={"script", "style"},
    ).strip()


def from_markdown(source: str) -> str:
    """A Markdown article (CommonMark, tables, HTML where it is harmless) as sanitised HTML."""
    return sanitised(str(_parser().render(source)))


def text_of(html: str) -> str:
    """The words of an article's HTML, a block a line."""
    lines = (plain.one_line(line) for line in plain.html_to_text(html).splitlines())
    return "\n".join(line for line in lines if line)
