"""Failures, as the world sees them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from structlog.testing import capture_logs

from domain.errors import HTTP_STATUS, Invalid, Refused, Unavailable
from gateway.errors import errors_middleware


async def answer(error: BaseException, **headers: str) -> web.Response:
    async def handler(request: web.Request) -> web.StreamResponse:
        raise error

    response = await errors_middleware(make_mocked_request("GET", "/sc/v2/x", headers=headers), handler)
    assert isinstance(response, web.Response)
    return response


def body(response: web.Response) -> Any:
    assert isinstance(response.body, bytes)
    return json.loads(response.body)


@pytest.mark.parametrize("code", sorted(HTTP_STATUS))
async def test_each_code_has_its_status_and_the_one_form(code: str) -> None:
    response = await answer(Refused(code, "No."))
    assert (HTTP_STATUS[code], {"errors": [{"code": code, "title": "No."}]}) == (response.status, body(response))
    assert "application/json" == response.content_type


async def test_an_invalid_field_is_named() -> None:
    response = await answer(Invalid("content.text", "is required"))
    assert (400, "content.text: is required") == (response.status, body(response)["errors"][0]["title"])


@pytest.mark.parametrize(("retry_after_s", "expected"), [(0.01, "1"), (1.0, "1"), (2.3, "3")])
async def test_what_may_be_asked_again_says_when(retry_after_s: float, expected: str) -> None:
    for code, status in (("rate_limited", 429), ("unavailable", 503), ("overloaded", 503)):
        response = await answer(Unavailable(code, "Not now", retry_after_s))
        assert (status, expected) == (response.status, response.headers["Retry-After"])


async def test_nobody_is_told_how_to_authenticate() -> None:
    assert (await answer(Refused("unauthorized", "No."))).headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize(("mode", "asks"), [("navigate", True), ("no-cors", False), ("cors", False)])
async def test_what_a_page_loads_asks_nobody_for_a_password(mode: str, asks: bool) -> None:
    response = await answer(Refused("unauthorized", "No."), **{"Sec-Fetch-Mode": mode})
    assert (401, asks) == (response.status, "WWW-Authenticate" in response.headers)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (web.HTTPNotFound(), 404, "not_found"),
        (web.HTTPMethodNotAllowed("PUT", ["GET"]), 405, "method_not_allowed"),
        (web.HTTPRequestEntityTooLarge(1, 2), 413, "payload_too_large"),
        (web.HTTPBadRequest(text="secret"), 400, "bad_request"),
        (web.HTTPBadGateway(text="secret"), 502, "internal_error"),
    ],
)
async def test_what_aiohttp_refuses_has_our_form(error: web.HTTPException, status: int, code: str) -> None:
    response = await answer(error)
    assert (status, code) == (response.status, body(response)["errors"][0]["code"])
    assert "secret" not in str(body(response))
    assert ("Allow" in error.headers) == ("Allow" in response.headers)


async def test_a_redirect_is_no_failure() -> None:
    with pytest.raises(web.HTTPFound):
        await answer(web.HTTPFound("/elsewhere"))


async def test_a_bug_is_logged_without_its_words_and_told_without_details() -> None:
    with capture_logs() as logs:
        response = await answer(ValueError("the visitor wrote: my password is 1234"))
    assert (500, {"errors": [{"code": "internal_error", "title": "Something went wrong on our end"}]}) == (response.status, body(response))
    assert ("bug", "ValueError") == (logs[0]["event"], logs[0]["error"])
    assert "password" not in str(logs)
    assert any("handler" in frame for frame in logs[0]["frames"])
