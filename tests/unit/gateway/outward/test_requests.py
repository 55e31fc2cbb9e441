"""A request is looked at before anything is resolved, and tells nothing of its secrets."""

from __future__ import annotations

import pytest

from domain.errors import Invalid, Refused
from gateway.outward.addresses import Reach
from gateway.outward.requests import MAX_BODY_BYTES, MAX_HEADERS, MAX_URL, Answer, Request, check, check_url, is_numeric

STRICT, PLAIN = Reach(), Reach(http=True)


def test_a_plain_https_address_is_taken_without_its_fragment() -> None:
    assert "https://api.example.com/orders?id=7" == str(check(Request("GET", "https://api.example.com/orders?id=7#top"), STRICT))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//example.com/",
        "/orders",
        "https://",
        "https://user:word@example.com/",
        "https://user@example.com/",
        "https://exa mple.com/",
        "https://example.com/{{secret.KEY}}",
        "https://example.com/\r\nX: y",
        "https://example.com\\@127.0.0.1/",
        "https://example.com:99999/",
        "https://[::1/",
        "https://example.com/" + "a" * MAX_URL,
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        check_url(url, STRICT)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0x7f000001", "017700000001", "[::1]", "[::ffff:7f00:1]"])
def test_an_inward_address_is_refused_in_every_form_of_its_number(host: str) -> None:
    with pytest.raises(Refused) as caught:
        check_url(f"http://{host}:8080/", PLAIN)
    assert "forbidden_address" == caught.value.code


def test_wide_digits_are_digits() -> None:
    with pytest.raises(Refused):
        check_url("http://１２７.０.０.１/", PLAIN)


@pytest.mark.parametrize(("host", "numeric"), [("example.com", False), ("1.example.com", False), ("a.123", True), ("127.0.0.1.", True)])
def test_a_name_does_not_end_in_a_number(host: str, numeric: bool) -> None:
    assert numeric == is_numeric(host)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "inner"},
        {"content-length": "1"},
        {"Transfer-Encoding": "chunked"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Proxy-Authorization": "x"},
        {"bad name": "x"},
        {"": "x"},
        {"X-Key": "a\r\nHost: b"},
        {"X-Key": "a\0"},
        {"X-Key": "a" * 20_000},
        {f"X-{n}": "a" for n in range(MAX_HEADERS + 1)},
    ],
)
def test_headers_that_would_reframe_or_flood_the_request_are_refused(headers: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        check(Request("GET", "https://example.com/", headers), STRICT)


def test_a_body_has_a_limit() -> None:
    check(Request("POST", "https://example.com/", body=b"x" * MAX_BODY_BYTES), STRICT)
    with pytest.raises(Invalid):
        check(Request("POST", "https://example.com/", body=b"x" * (MAX_BODY_BYTES + 1)), STRICT)


def test_neither_request_nor_answer_shows_its_secrets() -> None:
    request = Request("GET", "https://example.com/path?key=hush", {"Authorization": "hush"}, b"hush")
    assert "Request(GET example.com:443)" == repr(request)
    assert "hush" not in repr(Answer(200, {"set-cookie": "hush"}, b"hush"))
