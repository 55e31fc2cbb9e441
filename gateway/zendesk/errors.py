"""Failures under `/api/v2` in Zendesk's form, `{"error", "description", "details"}`: a middleware inside the one of all errors.

Source: Zendesk's "Introduction to the API", Response format; Help Center API. Bugs go on to the outer middleware.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from domain.errors import HTTP_STATUS, Invalid, Refused, Unavailable
from gateway.counts import COUNTS

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PREFIX = "/api/v2/"
HOUSE = "/api/v2/bot/"
"""What is not Zendesk's has the house's own form of failures."""

_ERRORS = {
    "unauthorized": "Couldn't authenticate you",
    "forbidden": "Forbidden",
    "not_found": "RecordNotFound",
    "agent_not_found": "RecordNotFound",
    "app_not_found": "RecordNotFound",
    "ticket_not_found": "RecordNotFound",
    "method_not_allowed": "MethodNotAllowed",
    "conflict": "DatabaseConflict",
    "id_reused": "IdempotentRequestError",
    "payload_too_large": "PayloadTooLarge",
    "rate_limited": "APIRateLimitExceeded",
}
_FIELDS = {"ticket_closed": "status"}
_encode = msgspec.json.Encoder().encode


@web.middleware
async def zendesk_errors_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    if not request.path.startswith(PREFIX) or request.path.startswith(HOUSE):
        return await handler(request)
    try:
        return await handler(request)
    except Invalid as error:
        return _invalid(error)
    except Refused as error:
        return _refused(error)
    except Unavailable as error:
        response = _told(HTTP_STATUS[error.code], error.code, _ERRORS.get(error.code, "ServiceUnavailable"), error.title)
        response.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
        return response
    except web.HTTPNotFound:
        return _told(404, "not_found", "InvalidEndpoint", "Not found")
    except web.HTTPMethodNotAllowed as error:
        response = _told(405, "method_not_allowed", "MethodNotAllowed", "Method not allowed")
        response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
        return response


def _invalid(error: Invalid) -> web.Response:
    """A body that cannot be read is a bad request; one that says what may not be is a record that is not valid."""
    if not error.field:
        return _told(400, error.code, "BadRequest", error.title)
    problem = error.title.removeprefix(f"{error.field}: ")
    field = error.field.rpartition(".")[2]
    kind = "BlankValue" if problem == "is required" else "InvalidValue"
    entry = {"description": f"{field.capitalize().replace('_', ' ')}: {problem}", "error": kind}
    details = {field: [entry if field == error.field else entry | {"path": error.field}]}
    return _told(422, error.code, "RecordInvalid", "Record validation errors", details)


def _refused(error: Refused) -> web.Response:
    if error.code in ("bad_request", "ticket_closed"):
        details = {_FIELDS.get(error.code, "base"): [{"description": error.title, "error": "InvalidValue"}]}
        return _told(422, error.code, "RecordInvalid", "Record validation errors", details)
    status = HTTP_STATUS[error.code]
    response = _told(status, error.code, _ERRORS.get(error.code, error.code), "Not found" if status == 404 else error.title)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="causerie", charset="UTF-8"'
    return response


def _told(status: int, code: str, error: str, description: str, details: dict[str, Any] | None = None) -> web.Response:
    COUNTS.refusals[code] += 1
    body = {"error": error, "description": description} | ({"details": details} if details else {})
    return web.Response(status=status, body=_encode(body), content_type="application/json", charset="utf-8")
