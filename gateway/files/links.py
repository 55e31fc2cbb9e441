"""Addresses of attachments: which are ours, and signed ones that open a private file for a while. Pure, but for the clock that is given."""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection
from hashlib import sha256
from urllib.parse import urlsplit

import msgspec

from domain.attachments import LINK_MS, Attachment

#: Text without it has no address of ours.
MARK = b"/attachments/"

_PATH = re.compile(r"/attachments/(?P<app>[0-9a-f]{24})/(?P<key>[0-9a-f]{32})/[^/]*\Z")


class Signer(msgspec.Struct, frozen=True):
    """Signs by a secret of the installation."""

    secret: bytes

    def __repr__(self) -> str:
        return "Signer()"

    def signed(self, one: Attachment, base_url: str, now_ms: int) -> tuple[str, int]:
        """(an address that opens it, until when in Unix milliseconds). For whoever has it: it names nobody."""
        expires_s = (now_ms + LINK_MS) // 1000
        return f"{base_url}{one.path}?expires={expires_s}&signature={self._signature(one, str(expires_s))}", expires_s * 1000

    def holds(self, one: Attachment, expires: str, signature: str, now_ms: int) -> bool:
        if not (expires.isascii() and expires.isdigit() and len(expires) <= 12):
            return False
        return hmac.compare_digest(signature.encode(), self._signature(one, expires).encode()) and now_ms < int(expires) * 1000

    def _signature(self, one: Attachment, expires: str) -> str:
        return hmac.new(self.secret, f"attachment {one.app_id} {one.key} {expires}".encode(), sha256).hexdigest()


def place_of(url: str, hosts: Collection[str]) -> tuple[str, str] | None:
    """(app, key) that an address of ours names; None for any other. `hosts`: those under which we are reached."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    found = _PATH.search(parts.path) if parts.netloc in hosts and parts.scheme in ("http", "https") else None
    return (found["app"], found["key"]) if found else None
