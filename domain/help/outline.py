"""An article's HTML as a page shows it: headings that can be pointed at, and the list of them. Pure.

It reads only what `markup.sanitised` has written, whose form is always the same: attributes in double quotes, tags closed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from domain.help.markup import sanitised, text_of
from domain.help.query import slug

FROM_HEADINGS = 3
"""An article with fewer headings is no long one, and needs no list of them."""
MAX_HEADINGS = 60
OWN = "hc-"
"""What the page's own ids begin with. Those of an article may not."""

_ATTRIBUTES = r'((?:\s+[a-z]+="[^"]*")*)'
_HEADING = re.compile(rf"<h([1-6]){_ATTRIBUTES}>(.*?)</h\1>", re.DOTALL)
_ID = re.compile(r'\sid="([^"]*)"')
_OPENED = re.compile(rf"<(table|pre|img){_ATTRIBUTES}>")


class Entry(msgspec.Struct, frozen=True):
    """A heading. `level` is 2 for those that stand highest in the article, 3 for those below."""

    anchor: str
    title: str
    level: int


class Shaped(msgspec.Struct, frozen=True):
    html: str
    entries: tuple[Entry, ...]


def shaped(body: str) -> Shaped:
    """`body` is sanitised once more: what a page shows as HTML has passed by here, whoever wrote it into the database.

    The title of the page is its only `h1`, so headings begin at `h2`.
    """
    html = _ID.sub(lambda found: "" if found[1].startswith(OWN) else found[0], sanitised(body))
    levels = sorted({int(found[1]) for found in _HEADING.finditer(html)})
    taken, entries = {found[1] for found in _ID.finditer(html)}, list[Entry]()
    html = _HEADING.sub(_headed(levels, taken, entries), html)
    html = _OPENED.sub(_opened, html).replace("</table>", "</table></div>")
    return Shaped(html, tuple(entries) if len(entries) >= FROM_HEADINGS else ())


def _headed(levels: list[int], taken: set[str], entries: list[Entry]) -> Callable[[re.Match[str]], str]:
    def replaced(found: re.Match[str]) -> str:
        level, attributes, inner = min(6, 2 + levels.index(int(found[1]))), found[2], found[3]
        title, own = " ".join(text_of(inner).split()), _ID.search(attributes)
        anchor = own[1] if own is not None else _free(slug(title) or "part", taken)
        if title and level <= 3 and len(entries) < MAX_HEADINGS:
            entries.append(Entry(anchor, title, level))
        given = "" if own is not None else f' id="{anchor}"'
        return f"<h{level}{attributes}{given}>{inner}</h{level}>"

    return replaced


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken or name.startswith(OWN):
        number += 1
        name = f"{wanted.removeprefix(OWN)}-{number}"
    taken.add(name)
    return name


def _opened(found: re.Match[str]) -> str:
    """What is too wide for a telephone moves by itself, by keys too; pictures wait until they are near."""
    tag, attributes = found[1], found[2]
    if tag == "table":
        return f'<div class="wide" tabindex="0"><table{attributes}>'
    if tag == "pre":
        return f'<pre{attributes} tabindex="0">'
    return f'<img{attributes} loading="lazy">'
