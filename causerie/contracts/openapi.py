"""OpenAPI of our own routes: from the tables of operations, what is described beside them, and what their functions say of themselves.

`/sc/v2` is not ours, and not in it; pages are for people.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from causerie.contracts.naming import identifier, path_of, summary, tag
from causerie.contracts.schemas import Json, Schemas
from domain.errors import HTTP_STATUS
from gateway.bot.described import TABLE as OF_BOTS
from gateway.bot.routes import OPERATIONS as BOTS
from gateway.bot.routes import PREFIX as BOT_PREFIX
from gateway.described import QUERY, Described, Fields, File, Id, Refusal, Table
from gateway.desk.described import TABLE as OF_DESK
from gateway.desk.routes import OPERATIONS as DESK
from gateway.help.described import TABLE as OF_HELP
from gateway.help.routes import OPERATIONS as HELP
from gateway.routes import OF_ARTICLES, OF_FILES, ROUTES
from gateway.routing.described import TABLE as OF_ROUTING
from gateway.routing.routes import OPERATIONS as ROUTING
from gateway.support.described import REPORTS, TALKS, TICKETS, USERS
from gateway.support.routes import OPERATIONS as SUPPORT
from gateway.zendesk.operations import PREFIX, Right

VERSION = "3.1.0"
_ABOUT = (
    "What is Causerie's own: sessions, visitors' conversations and attachments; `/api/v2` (tickets, people, the desk, routing, the help "
    "centre, bots, reports), where each address that is not one of bots may end in `.json`; health. The Sunshine Conversations API at "
    "`/sc/v2` has its own contract; the stream is in asyncapi.yaml. Answers may get more fields in later versions. Of an object without "
    "properties no more is said here: flows are in flow.schema.json."
)
_WHO: dict[Right, str] = {
    "read": "For whoever may read the help centre.",
    "vote": "For visitors, agents and keys.",
    "write": "For agents and keys.",
    "admin": "For admins and keys.",
}
_TAGS = {
    "messaging": "Visitors: sessions, conversations, attachments.",
    "agents": "Agents and programs: sessions and attachments.",
    "tickets": "Tickets, comments, audits, searches, jobs.",
    "people": "Agents, end users, organizations.",
    "desk": "What an app has set up: groups, fields, views, macros, rules, webhooks, hours, queues.",
    "routing": "Who is there, what waits.",
    "help centre": "Articles and their translations, sections, categories, votes.",
    "bots": "Flows, releases, previews.",
    "reports": "Figures.",
    "server": "Health.",
}
_OFTEN = ("app_id", "page", "per_page", "page[size]", "page[after]", "page[before]", "include", "sort", "sort_by", "sort_order", "locale")
_LICENSE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
_SECURITY: list[dict[str, list[str]]] = [{"key": []}, {"token": []}]


@dataclass(frozen=True, slots=True)
class Operation:
    """One, whichever table it is from."""

    method: str
    path: str
    handle: Callable[..., Awaitable[Any]]
    who: str
    described: Described
    is_open: bool = False
    is_ours: bool = True
    """Fails in the house's form, not in Zendesk's."""
    has_locale: bool = False


def operations() -> Iterator[Operation]:
    """All of our routes. Raises KeyError: one is not described."""
    for route in (*ROUTES, *OF_FILES, *OF_ARTICLES):
        is_open = route.who not in ("visitors", "agents and programs")
        yield Operation(route.method, route.path, route.handler, f"For {route.who}.", route.described, is_open)
    for table, described in ((HELP, OF_HELP), (SUPPORT, {**TICKETS, **USERS, **TALKS, **REPORTS}), (DESK, OF_DESK), (ROUTING, OF_ROUTING)):
        for one in table:
            told = _described(described, one.method, one.path)
            is_open = one.right == "read"
            where = PREFIX + one.path.replace("/[locale]", "").replace("(locale)", "{locale}")
            yield Operation(one.method, where, one.handle, _WHO[one.right], told, is_open, False, "/[locale]" in one.path)
    for flow in BOTS:
        told = _described(OF_BOTS, flow.method, flow.path)
        yield Operation(flow.method, BOT_PREFIX + flow.path, flow.handle, "For keys of an app or of the account, and for admins.", told)


def _described(table: Table, method: str, path: str) -> Described:
    return table[f"{method} {re.sub(':[^{}]*({[^{}]*})*[^{}]*}', '}', path)}"]


def document() -> Json:
    schemas = Schemas()
    paths: dict[str, Json] = {}
    for one in sorted(operations(), key=lambda each: (each.path, each.method)):
        if one.method != "HEAD":  # which every GET of a file has
            paths.setdefault(path_of(one.path), {})[one.method.lower()] = _operation(one, schemas)
    refused, failed = schemas.told(_REFUSED), schemas.told(_FAILED)
    return {
        "openapi": VERSION,
        "info": {"title": "Causerie", "version": "0.1.0", "description": _ABOUT, "license": _LICENSE},
        "servers": [{"url": "http://127.0.0.1:8080"}],
        "tags": [{"name": name, "description": words} for name, words in _TAGS.items()],
        "security": _SECURITY,
        "paths": paths,
        "components": {
            "securitySchemes": _schemes(),
            "parameters": {_key(name): _parameter(name, schemas) for name in _OFTEN},
            "responses": {
                "Refused": _response("What was asked for is refused, or cannot be done now. errors.md has the codes.", refused),
                "Failed": _response("The same, in the form of Zendesk's APIs.", failed),
            },
            "schemas": dict(sorted(schemas.named.items())),
        },
    }


_REFUSED = Fields({"errors": list[Refusal]}, {"problems": list[dict[str, Any]]})
_FAILED = Fields({"error": str, "description": str}, {"details": dict[str, list[dict[str, Any]]]})


def _schemes() -> Json:
    basic = "By a key's id and secret; under /api/v2 also by an agent's address and password, or `<address>/token` and a key's secret."
    return {
        "key": {"type": "http", "scheme": "basic", "description": basic},
        "token": {"type": "http", "scheme": "bearer", "description": "The token of a session."},
    }


def _operation(one: Operation, schemas: Schemas) -> Json:
    told = one.described
    words = [" ".join((one.handle.__doc__ or "").split()), one.who]
    if one.has_locale:
        words.append(f"Also at `{path_of(one.path).replace('/help_center/', '/help_center/{locale}/', 1)}`.")
    made: Json = {
        "operationId": identifier(one.method, one.path),
        "summary": summary(one.method, one.path, one.handle),
        "description": " ".join(word for word in words if word),
        "tags": [tag(one.path)],
    }
    if one.is_open:
        made["security"] = [{}, *_SECURITY]
    parameters = [*_in_path(one, schemas), *_in_query(one, schemas)]
    made |= {"parameters": parameters} if parameters else {}
    if told.takes is not None:
        made["requestBody"] = {"required": not told.optional, "content": _content(told.takes, schemas.taken(told.takes))}
    answers = {str(status): _answer(status, form, told.csv, schemas) for status, form in told.answers.items()}
    failure = "Refused" if one.is_ours else "Failed"
    house = {} if one.is_ours else {"500": {"$ref": "#/components/responses/Refused"}}
    return made | {"responses": {**answers, **house, "default": {"$ref": f"#/components/responses/{failure}"}}}


def _answer(status: int, form: Any, csv: bool, schemas: Schemas) -> Json:
    words = _STATUS.get(status, "Done.")
    if form is None:
        return {"description": words}
    found = _response(words, schemas.told(form), _media(form))
    if csv:
        found["content"]["text/csv"] = {"schema": {"type": "string"}}
    return found


_STATUS = {101: "The socket is open.", 201: "Made.", 204: "Done; there is nothing to say.", 206: "A part of it."}
_STATUS |= {304: "It has not changed.", HTTP_STATUS["unavailable"]: "Not now."}


def _response(words: str, schema: Json, media: str = "application/json") -> Json:
    return {"description": words, "content": {media: {"schema": schema}}}


def _content(form: Any, schema: Json) -> Json:
    is_multipart = getattr(form, "__name__", "") == "Form"
    return {"multipart/form-data" if is_multipart else _media(form): {"schema": schema}}


def _media(form: Any) -> str:
    return form.media_type if isinstance(form, File) else "application/json"


def _in_path(one: Operation, schemas: Schemas) -> Iterable[Json]:
    for name, pattern in re.findall(r"{(\w+)(?::((?:[^{}]|{[^{}]*})*))?}", one.path):
        yield {"name": name, "in": "path", "required": True, "schema": _path_schema(one, name, pattern, schemas)}


def _path_schema(one: Operation, name: str, pattern: str, schemas: Schemas) -> Json:
    if pattern:
        return {"type": "string", "pattern": f"^{pattern}$"}
    if name in ("key", "name", "locale", "template", "flow_id") or name == "preview_id":
        return {"type": "string"}
    return schemas.taken(Id) if one.is_ours and name != "version" else {"type": "integer", "minimum": 0}


def _in_query(one: Operation, schemas: Schemas) -> Iterable[Json]:
    names = [*one.described.query]
    if one.has_locale and "locale" not in names:
        names.append("locale")
    if one.path.startswith(PREFIX):
        names.append("app_id")
    for name in names:
        yield {"$ref": f"#/components/parameters/{_key(name)}"} if name in _OFTEN else _parameter(name, schemas)


def _parameter(name: str, schemas: Schemas) -> Json:
    kind, words = QUERY.get(name, (str, ""))
    schema = schemas.taken(kind)
    return {"name": name, "in": "query", **({"description": words} if words else {}), "schema": schema}


def _key(name: str) -> str:
    return name.replace("[", "_").replace("]", "")
