"""What the build has made, as browsers get it."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import hdrs
from aiohttp.test_utils import make_mocked_request
from structlog.testing import capture_logs

from gateway.pages import built_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assets = tmp_path / "assets"
    assets.mkdir()
    (assets / "index-1a2b.js").write_bytes(b"plain")
    (assets / "index-1a2b.js.gz").write_bytes(b"zipped")
    (assets / "index-1a2b.js.br").write_bytes(b"brotli")
    (tmp_path / "messenger.html").write_bytes(b"<!doctype html>")
    return tmp_path


def got(folder: Path, path: str, **headers: str) -> tuple[int, object, str | None]:
    """(status, body, encoding) of a file for a browser that sends these headers."""
    file = built_files.read(folder).get(path)
    assert file is not None
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    response = built_files.answer(make_mocked_request("GET", "/" + path, headers=sent), file, {})
    return response.status, response.body, response.headers.get(hdrs.CONTENT_ENCODING)


@pytest.mark.parametrize(
    ("accepted", "body", "encoding"),
    [
        ("gzip, deflate, br", b"brotli", "br"),
        ("gzip", b"zipped", "gzip"),
        ("br;q=0, gzip;q=0.5", b"zipped", "gzip"),
        ("identity", b"plain", None),
        ("", b"plain", None),
    ],
)
def test_a_browser_gets_the_best_form_that_it_reads(folder: Path, accepted: str, body: bytes, encoding: str | None) -> None:
    assert (200, body, encoding) == got(folder, "assets/index-1a2b.js", Accept_Encoding=accepted)


def test_names_with_a_hash_are_kept_for_ever_and_others_asked_about(folder: Path) -> None:
    built = built_files.read(folder)
    asset, page = built.get("assets/index-1a2b.js"), built.get("messenger.html")
    assert asset is not None and "immutable" in asset.cache_control
    assert page is not None and page.cache_control == "no-cache"
    assert (304, None, None) == got(folder, "messenger.html", If_None_Match=page.tag)
    assert 200 == got(folder, "messenger.html", If_None_Match='"another"')[0]


def test_packed_forms_are_no_files_of_their_own(folder: Path) -> None:
    assert ["assets/index-1a2b.js", "messenger.html"] == built_files.read(folder).paths()
    assert built_files.read(folder).get("../messenger.html") is None


def test_without_a_build_the_log_says_so_once_and_how_to_build(tmp_path: Path) -> None:
    with capture_logs() as logs:
        built = built_files.read(tmp_path / "nothing")
    assert not built
    (line,) = logs
    assert ("pages_not_built", "warning", "make web") == (line["event"], line["log_level"], line["build"])
