"""What files are called, what they are, and how they go out."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.attachments import MAX_NAME_BYTES, SHOWN, UNKNOWN, Attachment, clean_name, is_bomb, media_type, response_headers

ONE = Attachment("a" * 24, "b" * 24, "c" * 32, "cat.png", "image/png", 7, "public", "key:x", 0)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("cat.png", "cat.png"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("..", "file"),
        ("", "file"),
        (None, "file"),
        (" . ", "file"),
        ("Bilan été  2031.pdf", "Bilan été 2031.pdf"),
        ("e\u0301te\u0301.txt", "été.txt"),
        ("猫.png", "猫.png"),
        ("a\0b\r\nSet-Cookie: x.txt", "abSet-Cookie_ x.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\ud800x.png", "x.png"),
        ('a"b<c>d|e?f*g;h.txt', "a_b_c_d_e_f_g_h.txt"),
        (".htaccess", "htaccess"),
    ],
)
def test_a_name_is_only_a_name(given: str | None, expected: str) -> None:
    assert expected == clean_name(given)


@pytest.mark.parametrize("letter", ["x", "é", "猫", "🐈"])
def test_a_long_name_keeps_its_extension_and_whole_characters(letter: str) -> None:
    name = clean_name(letter * 500 + ".tar.gz")
    assert name.endswith(".gz")
    assert len(name.encode()) <= MAX_NAME_BYTES
    assert set(name.removesuffix(".gz").removesuffix(".tar")) == {letter}


@pytest.mark.parametrize(
    ("found", "name", "expected"),
    [
        ([("image/png", ".png", 0.8)], "cat.png", "image/png"),
        ([("image/png", ".png", 0.8)], "page.html", "image/png"),
        ([("text/html", ".html", 0.8)], "cat.png", UNKNOWN),
        ([], "cat.png", UNKNOWN),
        ([], "notes.txt", "text/plain"),
        ([("image/svg+xml", ".svg", 0.5)], "cat.svg", "image/svg+xml"),
        ([("application/zip", ".zip", 0.4), ("application/x", ".docx", 0.4)], "a.docx", None),
        ([("video/mp4", ".mp4", 0.8), ("image/avif", ".avif", 0.8)], "x", "image/avif"),
        ([("", ".koz", 0.7), ("audio/mpeg", ".mp3", 0.5)], "x.mp3", "audio/mpeg"),
        ([("", ".m4a", 0.8)], "x", "audio/mp4"),
        ([("audio/wave", ".wav", 0.8), ("audio/x-wav", ".wav", 0.8)], "x", "audio/wav"),
        ([("video/x-matroska", ".mkv", 0.8), ("video/webm", ".webm", 0.4)], "x.webm", UNKNOWN),
        ([], "x", UNKNOWN),
    ],
)
def test_the_content_says_what_browsers_show_and_the_name_only_the_rest(
    found: list[tuple[str, str, float]], name: str, expected: str | None
) -> None:
    kind = media_type(found, name)
    assert expected in (kind, None)
    assert kind not in SHOWN or any(kind == one or one in ("", "audio/wave") for one, _, _ in found)


def test_what_browsers_show_is_shown_in_a_box() -> None:
    headers = response_headers(ONE)
    assert ("image/png", "nosniff") == (headers["Content-Type"], headers["X-Content-Type-Options"])
    assert headers["Content-Disposition"].startswith("inline;")
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "text/javascript", "application/xhtml+xml", "application/zip"])
def test_everything_else_is_downloaded_and_is_no_script(kind: str) -> None:
    headers = response_headers(replace(ONE, media_type=kind, name="x.html"))
    assert (UNKNOWN, True) == (headers["Content-Type"], headers["Content-Disposition"].startswith("attachment;"))


def test_a_name_does_not_break_out_of_its_header() -> None:
    told = response_headers(replace(ONE, name=clean_name('é"; x\r\nSet-Cookie: a=b.png')))["Content-Disposition"]
    assert told.isascii()
    assert not {"\r", "\n"} & set(told)
    assert 2 == told.count('"')


def test_a_private_one_is_kept_by_its_reader_alone() -> None:
    assert response_headers(replace(ONE, access="private"))["Cache-Control"].startswith("private")


def test_an_address_ends_with_a_readable_name() -> None:
    assert f"/attachments/{'a' * 24}/{'c' * 32}/%C3%A9%2Fx.png" == replace(ONE, name="é/x.png").path


@pytest.mark.parametrize(("size", "is_one"), [((10_000, 10_000), False), ((10_001, 10_000), True), ((32_768, 1), True), ((1, 1), False)])
def test_a_bomb_is_an_image_that_is_large_when_opened(size: tuple[int, int], is_one: bool) -> None:
    assert is_one == is_bomb(*size)
