"""Every failure in the API's error format, `{"errors": [{"code", "title"}]}`: the outermost middleware. Tells nothing of a bug.

Message text and secrets are never logged: of an unexpected exception the log has its type and its frames, not its words.
"""

from __future__ import annotations

import math
import traceback
from collections.abc import Awaitable, Callable

import msgspec
import structlog
from aiohttp import web

from domain.errors import HTTP_STATUS, Refused, Unavailable
from gateway.counts import COUNTS

log = structlog.get_logger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_encode = msgspec.json.Encoder().encode

#: What aiohttp refuses by itself, in our words. Other 4xx are `bad_request`.
_CODES = {401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 410: "gone", 413: "payload_too_large"}
_TITLES = {404: "Resource not found", 405: "Method not allowed", 413: "Request body is too large"}


@web.middleware
async def errors_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await _answered(request, handler)
    if response.status == 401 and request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        # A browser would stop the whole page to ask for a password: for a picture in a message, of all things.
        response.headers.popall("WWW-Authenticate", None)
    return response


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refused as error:
        return refused(error)
    except Unavailable as error:
        return unavailable(error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _from_aiohttp(error)
    except web.RequestPayloadError:
        return error_response(400, "bad_request", "The body could not be read")
    except ConnectionError:
        raise  # nobody listens any more, which is no bug
    except Exception as error:
        return _bug(request, error)


def refused(error: Refused) -> web.Response:
    """The answer to what is the caller's fault."""
    response = error_response(HTTP_STATUS[error.code], error.code, error.title)
    if error.code == "unauthorized":
        response.headers["WWW-Authenticate"] = 'Basic realm="causerie", charset="UTF-8"'
    return response


def unavailable(error: Unavailable) -> web.Response:
    """The answer to what may be asked again."""
    response = error_response(HTTP_STATUS[error.code], error.code, error.title)
    response.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
    return response


def error_response(status: int, code: str, title: str) -> web.Response:
    COUNTS.refusals[code] += 1
    return web.Response(
        status=status, body=_encode({"errors": [{"code": code, "title": title}]}), content_type="application/json", charset="utf-8"
    )


def _from_aiohttp(error: web.HTTPException) -> web.Response:
    if error.status >= 500:
        return error_response(error.status, "internal_error", "Something went wrong on our end")
    code = _CODES.get(error.status, "bad_request")
    response = error_response(error.status, code, _TITLES.get(error.status, error.reason))
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def _bug(request: web.Request, error: Exception) -> web.Response:
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    resource = request.match_info.route.resource
    log.error("bug", method=request.method, route=resource.canonical if resource else "", error=type(error).__name__, frames=frames[-12:])
    if request.writer.output_size and request.transport is not None:  # the answer, or a WebSocket, has begun: it can only be broken off
        request.transport.close()
    return error_response(500, "internal_error", "Something went wrong on our end")
