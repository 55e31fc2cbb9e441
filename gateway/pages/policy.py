"""What a page of ours may do in a browser, said to the browser itself: nothing by default, and nothing that a message could bring along.

Scripts and styles come from our own files alone; scripts in the page, and text that becomes markup other than by the one sanitiser, are
refused by the browser. Pictures may come from elsewhere by TLS, since messages show those that the business names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_HOST = re.compile(r"[A-Za-z0-9._-]+(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?")
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")

_COMMON = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
)


def messenger(hosts: Iterable[str], pages: Iterable[str]) -> str:
    """The messenger's policy. `hosts`: under which the server is reached; `pages`: origins that may show it (`*`: any)."""
    return _joined(*_conversing(hosts), f"frame-ancestors {_ancestors(pages)}")


def workspace(hosts: Iterable[str], *, in_demo: bool = False) -> str:
    """The agents' pages: what the messenger may, and nobody shows them but, if `in_demo`, the sample shop."""
    return _joined(*_conversing(hosts), "frame-ancestors 'self'" if in_demo else "frame-ancestors 'none'")


def demo() -> str:
    """The sample shop's: it shows the widget, and nobody shows it."""
    return _joined("trusted-types 'none'", "connect-src 'self'", "img-src 'self' data:", "frame-src 'self'", "frame-ancestors 'none'")


def _conversing(hosts: Iterable[str]) -> tuple[str, ...]:
    """What a page needs that shows messages and speaks on the stream."""
    sockets = [f"{scheme}://{host}" for host in sorted(hosts) if _HOST.fullmatch(host) for scheme in ("ws", "wss")]
    return (
        "trusted-types dompurify",
        " ".join(["connect-src 'self'", *sockets]),
        "img-src 'self' blob: data: https:",
        "media-src 'self' blob:",
    )


def _ancestors(pages: Iterable[str]) -> str:
    listed = list(pages)
    if "*" in listed:
        return "*"
    return " ".join(["'self'", *(page for page in listed if _ORIGIN.fullmatch(page))])


def _joined(*more: str) -> str:
    return "; ".join((*_COMMON, *more))


def help_centre(style: str) -> str:
    """The help centre's: it shows the widget, sends its own forms, and takes the one style in the page whose digest this is."""
    kept = (one for one in _COMMON if not one.startswith(("style-src", "form-action")))
    return "; ".join(
        (
            *kept,
            f"style-src 'self' '{style}'",
            "form-action 'self'",
            "trusted-types 'none'",
            "connect-src 'self'",
            "img-src 'self' data: https:",
            "frame-src 'self'",
            "frame-ancestors 'none'",
        )
    )
