"""Plain words for rich content: what a channel shows that knows only text, and what a list of conversations previews. Pure.

Rough on purpose: for reading only. Nothing here makes HTML safe to display.
"""

from __future__ import annotations

import html
import re
from urllib.parse import unquote, urlsplit

from domain.actions import Action, Link, Webview

MAX_ALT_TEXT = 128

# Tags end before the next "<", so a text of many "<" costs its length and no more.
_TAG = re.compile(r"<(/?[A-Za-z][A-Za-z0-9]*|!--)[^<>]*>")
_UNSEEN = {"script", "style", "head", "title"}
_BREAKS = {"br", "p", "div", "li", "tr", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"}
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_MARKDOWN_MARK = re.compile(r"(?m)^ {0,3}(?:#{1,6} |> ?)|\*+|__|~~|`+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def one_line(text: str) -> str:
    return " ".join(text.split())


def html_to_text(source: str) -> str:
    """The text of an HTML fragment: tags dropped, blocks on lines of their own, entities read, scripts and styles left out."""
    pieces = _TAG.split(source)  # text, tag, text, tag, ... text
    out, hidden = [pieces[0]], ""
    for tag, text in zip(pieces[1::2], pieces[2::2], strict=True):
        name = tag.lower()
        if hidden:
            hidden = "" if name == "/" + hidden else hidden
        elif name in _UNSEEN:
            hidden = name
        if name.removeprefix("/") in _BREAKS:
            out.append("\n")
        if not hidden:
            out.append(text)
    return _BLANK_LINES.sub("\n", html.unescape("".join(out)).replace("\0", "")).strip()


def markdown_to_text(source: str) -> str:
    """The text of a Markdown fragment: the commonest marks dropped, links by their words."""
    return _MARKDOWN_MARK.sub("", _MARKDOWN_LINK.sub(r"\1", source)).strip()


def file_name(url: str) -> str:
    """The last part of a URL's path, readable, cut to the length of an alternative text; "" if there is none."""
    try:
        path = urlsplit(url).path
    except ValueError:  # an unbalanced bracket in the host
        return ""
    return _CONTROL.sub("", unquote(path.rpartition("/")[2]))[:MAX_ALT_TEXT]


def links_text(actions: tuple[Action, ...]) -> list[str]:
    """One line for each action that a reader of plain text can follow; postbacks and purchases cannot be."""
    lines = []
    for action in actions:
        if isinstance(action, Link):
            lines.append(f"{action.text}: {action.uri}")
        elif isinstance(action, Webview):
            lines.append(f"{action.text}: {action.fallback}")
    return lines


def location_text(lat: float, long: float, name: str | None, address: str | None) -> str:
    """What is known of the place, then a link to it on a map."""
    link = f"https://maps.google.com/maps?q={_degrees(lat)},{_degrees(long)}"
    return "\n".join([part for part in (name, address) if part] + [link])


def _degrees(value: float) -> str:
    # Never scientific notation, which maps do not read. Seven decimals are a centimetre.
    return f"{value:.7f}".rstrip("0").rstrip(".")
