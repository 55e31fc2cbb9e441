"""Attachments: files that people and programs upload to send them in messages. What they may be called, and which a browser may open.

Pure. Source: API contract, tag Attachments. The content decides what a browser may show; the name, which its sender chose, decides nothing
but how the file is called.
"""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from collections.abc import Sequence
from typing import Literal
from urllib.parse import quote

import msgspec

Access = Literal["public", "private"]

MAX_NAME_BYTES = 120
MAX_PIXELS = 100_000_000
MAX_SIDE = 32_767
#: A file that is meant for a message, and in none by then, goes.
UNUSED_MS = 86_400_000
#: So long a signed link opens a private file.
LINK_MS = 3_600_000

UNKNOWN = "application/octet-stream"

#: What browsers show and cannot run. Everything else is downloaded, under the type `UNKNOWN`: also HTML, SVG and scripts.
SHOWN = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp", "image/heic", "image/heif"}
    | {"audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg", "audio/wav", "audio/flac", "audio/amr"}
    | {"video/mp4", "video/webm", "video/quicktime", "video/3gpp", "video/ogg"}
    | {"application/pdf"}
)
_ALIASES = {
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/x-flac": "audio/flac",
    "audio/x-m4a": "audio/mp4",
    "application/ogg": "audio/ogg",
    "image/x-ms-bmp": "image/bmp",
    "image/jpg": "image/jpeg",
    ".m4a": "audio/mp4",
    ".amr": "audio/amr",
}

KEY = re.compile(r"[0-9a-f]{32}\Z")

_SEPARATORS = re.compile(r"[/\\]")
_UNFIT = re.compile(r'[<>:"|?*;]')
_SPACES = re.compile(r"\s+")


class Attachment(msgspec.Struct, frozen=True):
    """A row. `key` is drawn, and is the file's name in the store and in its address. `sender` is whoever uploaded it.

    `for_message`: it goes with the message, conversation or user that has it. `used`: a message has it. `expires_ms`: when it goes by
    itself, if nothing has changed by then.
    """

    app_id: str
    id: str
    key: str
    name: str
    media_type: str
    size: int
    access: Access
    sender: str
    created_ms: int
    for_message: bool = False
    used: bool = False
    user_id: str | None = None
    conversation_id: str | None = None
    expires_ms: int | None = None
    width: int | None = None
    height: int | None = None

    @property
    def is_shown(self) -> bool:
        """Whether browsers may show it in place."""
        return self.media_type in SHOWN

    @property
    def path(self) -> str:
        """The path of its address. The name at its end is for people."""
        return f"/attachments/{self.app_id}/{self.key}/{quote(self.name, safe='')}"


def clean_name(given: str | None) -> str:
    """A name that is safe in folders, headers and pages: no path, no control or invisible character, not too long, never empty."""
    name = unicodedata.normalize("NFC", _SEPARATORS.split(given or "")[-1])
    name = "".join(character for character in name if unicodedata.category(character)[0] != "C" or character == "\t")
    name = _UNFIT.sub("_", _SPACES.sub(" ", name)).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if dot and stem and len(extension.encode()) <= 16:
        return _cut(stem, MAX_NAME_BYTES - len(extension.encode()) - 1) + "." + extension
    return _cut(name, MAX_NAME_BYTES) or "file"


def _cut(text: str, size: int) -> str:
    """At most so many bytes of UTF-8, and no half character."""
    return text.encode()[:size].decode(errors="ignore")


def media_type(found: Sequence[tuple[str, str, float]], name: str) -> str:
    """The type of a file: of what its content looks like (type, extension, confidence) the likeliest if browsers may show that; otherwise
    what its name says, if that claims nothing that browsers would show."""
    known = [(_ALIASES.get(kind or extension, kind), confidence) for kind, extension, confidence in found]
    known = [(kind, confidence) for kind, confidence in known if kind]
    best = max((confidence for _, confidence in known), default=0.0)
    likeliest = [kind for kind, confidence in known if confidence == best and kind in SHOWN]
    if likeliest:
        return min(likeliest, key=lambda kind: not kind.startswith("image/"))  # AVIF is a kind of MP4
    named = mimetypes.guess_type(name)[0] or UNKNOWN
    return UNKNOWN if named in SHOWN else named


def is_image(kind: str) -> bool:
    return kind.startswith("image/") and kind in SHOWN


def is_bomb(width: int, height: int) -> bool:
    """Whether an image would fill the memory of whoever looks at it."""
    return width * height > MAX_PIXELS or max(width, height) > MAX_SIDE


def response_headers(one: Attachment) -> dict[str, str]:
    """The headers under which its bytes go out: nothing that anybody uploads runs on our pages."""
    kind = "inline" if one.is_shown else "attachment"
    plain = one.name.encode("ascii", "replace").decode().replace('"', "_").replace("\\", "_").replace("?", "_")
    headers = {
        "Content-Type": one.media_type if one.is_shown else UNKNOWN,
        "Content-Disposition": f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(one.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
        "Referrer-Policy": "no-referrer",
        "Accept-Ranges": "bytes",
        "ETag": f'"{one.key}"',
        "Cache-Control": "public, max-age=900" if one.access == "public" else "private, max-age=300",
    }
    if one.media_type == "application/pdf":  # browsers' own viewers do not open in a sandbox
        headers["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
    return headers
