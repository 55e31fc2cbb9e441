"""Holds what a running server answers and tells against the files that describe it, docs/reference/openapi.yaml and asyncapi.yaml.

Nothing of the product is imported here. `watched` goes around an application in the tests' own process, which then fails; `tracing` goes
into a client session: whoever reads an answer that is not as the file says gets `NotInTheContract` in its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import aiohttp
import jsonschema_rs
import yaml
from aiohttp import web

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
Json = dict[str, Any]

_OURS = ("/messaging/v1/", "/agent/v1/", "/api/v2/", "/attachments/", "/healthz", "/readyz", "/metrics")
#: Clients of Zendesk's, which send parameters that nobody here knows.
_STRANGERS = ("Zenpy", "python-requests")
_LOCALE = re.compile(r"^(/api/v2/help_center)/[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*/(?=(articles|sections|categories)(/|$))")
_JSON = re.compile(r"\.json$")


class NotInTheContract(AssertionError):
    """An answer, or a frame, is not as the file says. Not one of aiohttp's errors, which clients may take for the network's."""


@cache
def openapi() -> Json:
    return _read("openapi.yaml")


@cache
def asyncapi() -> Json:
    return _read("asyncapi.yaml")


def _read(name: str) -> Json:
    found: Json = yaml.load((REFERENCE / name).read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return found


# Answers.


def check_answer(method: str, path: str, status: int, media: str, body: bytes, *, query: Any = (), sent: bytes = b"") -> None:
    """Raises NotInTheContract. What is not of our own routes passes. Of what was done, the request is held against the file too."""
    if not path.startswith(_OURS) or method == "HEAD":
        return
    found = operation_of(method, path)
    if found is None:
        if status not in (404, 405, 429) and method != "OPTIONS":
            raise NotInTheContract(f"{method} {path} answers {status} and is not in openapi.yaml")
        return
    where, operation = found
    if 200 <= status < 300:
        _check_request(where, operation, query, sent)
    _check_body(where, operation, status, media, body)


def operation_of(method: str, path: str) -> tuple[str, Json] | None:
    """(method and path as the file has them, the operation)."""
    plain = _LOCALE.sub(r"\1/", path)
    if plain.startswith("/api/v2/") and not plain.startswith("/api/v2/bot/"):
        plain = _JSON.sub("", plain)
    for pattern, where, operation in _patterns(method):
        if pattern.fullmatch(plain):
            return f"{method} {where}", operation
    return None


@cache
def _patterns(method: str) -> list[tuple[re.Pattern[str], str, Json]]:
    """Those with the fewest parameters first, as routes that say more are meant before others."""
    those = [(path, item[method.lower()]) for path, item in openapi()["paths"].items() if method.lower() in item]
    those.sort(key=lambda one: one[0].count("{"))
    return [(re.compile(_pattern(path, operation)), path, operation) for path, operation in those]


def _pattern(path: str, operation: Json) -> str:
    kinds = {one["name"]: one["schema"]["type"] for one in operation.get("parameters", ()) if one.get("in") == "path"}
    parts = re.split(r"{(\w+)}", path)
    return "".join(("[0-9]+" if kinds[part] == "integer" else "[^/]+") if at % 2 else re.escape(part) for at, part in enumerate(parts))


def _check_request(where: str, operation: Json, query: Any, sent: bytes) -> None:
    known = {_resolved(one)["name"] for one in operation.get("parameters", ())}
    unknown = {unquote(name) for name in query} - known
    if unknown:
        raise NotInTheContract(f"{where} takes {sorted(unknown)}, which openapi.yaml does not name")
    content = operation.get("requestBody", {}).get("content", {})
    if sent and "application/json" in content:
        _validate(f"{where} (its request)", _validator("request", where), json.loads(sent))


def _check_body(where: str, operation: Json, status: int, media: str, body: bytes) -> None:
    answers = operation["responses"]
    if str(status) not in answers and status < 400:
        raise NotInTheContract(f"{where} answers {status}, and openapi.yaml has {sorted(answers)}")
    name = str(status) if str(status) in answers else "default"
    content = _resolved(answers[name]).get("content")
    if content is None:
        if body and status != 101:
            raise NotInTheContract(f"{where} answers {len(body)} bytes with {status}, and openapi.yaml has none")
    elif "application/octet-stream" not in content and media not in content:
        raise NotInTheContract(f"{where} answers {media}, and openapi.yaml has {sorted(content)}")
    elif media == "application/json":
        _validate(f"{where} {status}", _validator(name, where), json.loads(body))


@cache
def _validator(name: str, where: str) -> Any:
    """Of an operation's answer, or of its request."""
    method, _, path = where.partition(" ")
    operation = openapi()["paths"][path][method.lower()]
    if name == "request":
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        return _compiled(schema, openapi()["components"]["schemas"])
    schema = _resolved(operation["responses"][name])["content"]["application/json"]["schema"]
    return _compiled(closed(schema), _closed_components())


@cache
def _closed_components() -> Json:
    return {name: schema if name == "Page" else closed(schema) for name, schema in openapi()["components"]["schemas"].items()}


def closed(schema: Any) -> Any:
    """The same schema, with no fields but those that it names: what is misspelt would pass otherwise."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        made["unevaluatedProperties" if "allOf" in schema else "additionalProperties"] = False
    return made


def _resolved(node: Json) -> Json:
    while "$ref" in node:
        found: Any = openapi()
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def _compiled(schema: Json, components: Json) -> Any:
    return jsonschema_rs.Draft202012Validator({**schema, "components": {"schemas": components}}, validate_formats=True)


def _validate(where: str, validator: Any, value: Any) -> None:
    problems = [f"{'/'.join(map(str, one.instance_path))}: {one.message[:300]}" for one in validator.iter_errors(value)]
    if problems:
        raise NotInTheContract(f"{where}: {'; '.join(problems[:5])}")


def watched(app: web.Application) -> web.Application:
    """The application, with all that it answers checked, whoever asks."""
    app.middlewares.insert(0, _watch)
    return app


@web.middleware
async def _watch(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
    answer = await handler(request)
    if isinstance(answer, web.Response):
        body = answer.body if isinstance(answer.body, bytes) else b""
        sent = await request.read() if request.content_type == "application/json" else b""
        query = () if request.headers.get("User-Agent", "").startswith(_STRANGERS) else request.query
        try:
            check_answer(request.method, request.path, answer.status, answer.content_type, body, query=query, sent=sent)
        except NotInTheContract as wrong:  # the reason is what clients tell of
            raise web.HTTPInternalServerError(reason=str(wrong).replace("\n", " ")[:500]) from wrong
    return answer


def tracing() -> aiohttp.TraceConfig:
    """For `trace_configs` of a client session: what it reads is checked."""
    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(_begun)
    trace.on_request_chunk_sent.append(_sent)
    trace.on_request_end.append(_answered)
    trace.on_response_chunk_received.append(_read_whole)
    return trace


async def _begun(session: Any, context: SimpleNamespace, told: aiohttp.TraceRequestStartParams) -> None:
    context.sent = b""


async def _sent(session: Any, context: SimpleNamespace, told: aiohttp.TraceRequestChunkSentParams) -> None:
    context.sent += told.chunk


async def _answered(session: Any, context: SimpleNamespace, told: aiohttp.TraceRequestEndParams) -> None:
    context.response = told.response


async def _read_whole(session: Any, context: SimpleNamespace, told: aiohttp.TraceResponseChunkReceivedParams) -> None:
    """aiohttp tells of a body when all of it was read."""
    answer = context.response
    url = answer.url
    check_answer(answer.method, url.path, answer.status, answer.content_type, told.chunk, query=url.query, sent=context.sent)


# Frames.


def check_frame(frame: Json) -> None:
    """A frame to a client. Raises NotInTheContract."""
    _check(frame, "routingAck" if frame.get("type") == "ack" and "seq" not in frame else str(frame.get("type")), "Hears")


def check_said(frame: Json) -> None:
    """A frame of one of our own pages to the server. Raises NotInTheContract."""
    _check(frame, str(frame.get("type")), "Says")


def _check(frame: Json, name: str, way: str) -> None:
    if name not in _frames(way):
        raise NotInTheContract(f"a frame of the type {name}, which asyncapi.yaml has not")
    _validate(f"the frame {name}", _frames(way)[name], frame)


@cache
def _frames(way: str) -> dict[str, Any]:
    spec = asyncapi()
    those = [spec["operations"][who + way]["messages"] for who in ("visitor", "agent")]
    names = {one["$ref"].rpartition("/")[2] for messages in those for one in messages}
    components = {name: closed(schema) for name, schema in spec["components"]["schemas"].items()}
    return {name: _compiled(closed(spec["components"]["messages"][name]["payload"]), components) for name in names}
