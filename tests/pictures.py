"""Files that people upload, as small as they can be."""

from __future__ import annotations

import struct
import zlib
from typing import Any

from aiohttp import FormData


def png(width: int = 2, height: int = 3) -> bytes:
    """An image that says that it has this size; of its pixels there are few."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 12)) + chunk(b"IEND", b"")


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
HTML = b"<!DOCTYPE html><script>alert(1)</script>"


def form(data: Any, name: str | None = "cat.png", part: str = "source", kind: str = "image/png") -> FormData:
    """The body of an upload. What it says of its type is not believed."""
    made = FormData(quote_fields=False)  # as browsers do it
    made.add_field(part, data, filename=name, content_type=kind)
    return made
