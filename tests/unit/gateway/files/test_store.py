"""What a file is, by its beginning."""

from __future__ import annotations

import pytest

from domain.attachments import UNKNOWN
from domain.errors import Refused
from gateway.files.store import looked_at
from tests.pictures import HTML, PDF, png

GIF = b"GIF89a\x0a\x00\x14\x00\x00\x00\x00;"
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x11\x08\x00\x14\x00\x0a\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xd9"
)
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00\x30\x01\x00\x9d\x01\x2a\x0a\x00\x14\x00"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (png(7, 9), ("image/png", 7, 9)),
        (GIF, ("image/gif", 10, 20)),
        (JPEG, ("image/jpeg", 10, 20)),
        (WEBP, ("image/webp", 10, 20)),
        (PDF, ("application/pdf", None, None)),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41", ("video/mp4", None, None)),
        (b"ID3\x03\x00\x00\x00\x00\x00\x00", ("audio/mpeg", None, None)),
        (b"OggS\x00\x02" + bytes(22) + b"OpusHead", ("audio/ogg", None, None)),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", ("audio/wav", None, None)),
    ],
)
def test_what_browsers_show_is_known_whatever_its_name(head: bytes, expected: tuple[str, int | None, int | None]) -> None:
    assert expected == looked_at(head, "page.html")


NO_IMAGES = [HTML, b"MZ\x90\x00", b"\x89PNG\r\n\x1a\n", png()[:20], JPEG[:20], b"hello", b"\0", b"<svg onload=alert(1)>"]


@pytest.mark.parametrize("head", NO_IMAGES)
def test_what_is_no_image_is_none_by_its_name(head: bytes) -> None:
    assert (UNKNOWN, None, None) == looked_at(head, "cat.png")


def test_a_bomb_is_refused() -> None:
    with pytest.raises(Refused, match="payload_too_large"):
        looked_at(png(65_535, 65_535), "cat.png")


@pytest.mark.parametrize("head", [b"\xff\xd8" + b"\xff\xe1\x00\x02" * 20_000, b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\xff" * 50_000])
def test_a_header_without_an_end_costs_its_length(head: bytes) -> None:
    assert (UNKNOWN, None, None) == looked_at(head, "cat.jpg")
