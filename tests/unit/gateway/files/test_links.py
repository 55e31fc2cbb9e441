"""Which addresses are ours, and which open a private file."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace

from domain.attachments import LINK_MS, Attachment
from gateway.files.links import Signer, place_of

ONE = Attachment("a" * 24, "b" * 24, "c" * 32, "cat.png", "image/png", 7, "private", "key:x", 0)
HOSTS = {"chat.example", "localhost:8080"}
SIGNER = Signer(b"s" * 32)


@pytest.mark.parametrize("base", ["https://chat.example", "http://localhost:8080", "https://chat.example/below"])
def test_ours_is_known_by_host_and_path(base: str) -> None:
    assert (ONE.app_id, ONE.key) == place_of(base + ONE.path, HOSTS)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example" + ONE.path,
        "https://chat.example:8443" + ONE.path,
        "https://chat.example@evil.example" + ONE.path,
        "ftp://chat.example" + ONE.path,
        "https://chat.example/attachments/" + "a" * 24,
        "https://chat.example" + ONE.path + "/more",
        "https://chat.example" + ONE.path.replace("c" * 32, "C" * 32),
        "https://[::1" + ONE.path,
        "",
    ],
)
def test_others_are_not(url: str) -> None:
    assert None is place_of(url, HOSTS)


def signed(one: Attachment, now_ms: int) -> tuple[str, str]:
    query = parse_qs(urlsplit(SIGNER.signed(one, "https://chat.example", now_ms)[0]).query)
    return query["expires"][0], query["signature"][0]


def test_a_signed_link_opens_its_file_and_no_other_until_its_time() -> None:
    expires, signature = signed(ONE, 1_000_000)
    assert SIGNER.holds(ONE, expires, signature, 1_000_000 + LINK_MS - 1)
    assert not SIGNER.holds(ONE, expires, signature, 1_000_000 + LINK_MS)
    for other in (replace(ONE, key="d" * 32), replace(ONE, app_id="d" * 24)):
        assert not SIGNER.holds(other, expires, signature, 1_000_000)
    assert not SIGNER.holds(ONE, str(int(expires) + 1), signature, 1_000_000)
    assert not Signer(b"t" * 32).holds(ONE, expires, signature, 1_000_000)


@pytest.mark.parametrize(("expires", "signature"), [("", ""), ("x", "y"), ("9" * 13, "z"), ("²", "é"), ("-1", "a")])
def test_what_is_no_signature_opens_nothing(expires: str, signature: str) -> None:
    assert not SIGNER.holds(ONE, expires, signature, 0)


def test_the_secret_is_not_shown() -> None:
    assert "sss" not in repr(SIGNER)
