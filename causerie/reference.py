"""Writes the pages of docs/reference that say what the code says already: `python -m causerie.reference`, from a checkout.

A unit test holds the pages to what this would write.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import typer
import yaml
from msgspec import Meta

from causerie import reference_rules
from causerie.contracts import asyncapi, openapi, typescript
from causerie.reference_rules import table
from causerie.settings import PREFIX, Settings
from domain.bot import flow
from domain.bot.checks import CODES
from domain.bot.condition import TESTS, Test
from domain.bot.names import FACTS
from domain.bot.words import WORDS
from domain.errors import HTTP_STATUS
from gateway.sc import routes
from gateway.sc.unbuilt import UNBUILT

ROOT = Path(__file__).parents[1]
FOLDER, TYPES = "docs/reference", "web/packages/api/src"
WRITTEN_HERE = "Written by `python -m causerie.reference`: change the code, not this page."
WRITTEN = f"<!-- {WRITTEN_HERE} -->"
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

OPTIONS = {"host": "--host", "port": "--port", "data": "--data", "ray_address": "--ray-address"}

#: What each code means to whoever gets it. The stream's `refused` and `bye` frames and the API's errors use the same ones.
MEANINGS = {
    "bad_request": "The input breaks a rule; the title names the field.",
    "switchboard_invalid_action": "Control cannot change hands in this way now: nothing was offered, or the app has no switchboard in use.",
    "switchboard_invalid_target": "The switchboard has no such integration, several of that name, or the one that has control already.",
    "too_many_switchboard_integrations": "The switchboard has its greatest number of integrations.",
    "unauthorized": "No credentials, or none that are valid (any more).",
    "forbidden": "Known, but not allowed to do this.",
    "forbidden_address": "The address lies inward, in a network that may not be called: see `CAUSERIE_OUTWARD_ALLOW`.",
    "not_found": "There is no such thing, or no such address.",
    "agent_not_found": "There is no such agent.",
    "app_not_found": "There is no such app.",
    "conversation_not_found": "There is no such conversation, or it is not yours, or it was deleted.",
    "flow_not_found": "The app has no such flow, or no such version of it.",
    "integration_not_found": "There is no such integration, or it is not active.",
    "key_not_found": "The app has no such key.",
    "message_not_found": "The conversation has no such message.",
    "participant_not_found": "The user does not take part in the conversation.",
    "switchboard_not_found": "The app has no such switchboard.",
    "switchboard_integration_not_found": "The switchboard has no such integration.",
    "preview_not_found": "There is no such preview of a flow, or it has expired.",
    "secret_not_found": "The app has no secret of this name.",
    "ticket_not_found": "The app has no such ticket, or it was deleted.",
    "user_not_found": "The app has no such user.",
    "method_not_allowed": "The address exists and has no such method; `Allow` names those that it has.",
    "conflict": "It exists already, or somebody else was quicker.",
    "queue_full": "So many tickets of the app wait or are assigned that it takes no more.",
    "conversation_ended": "The session was ended, and the app does not let customers open it again.",
    "id_reused": "This id or `Idempotency-Key` was used before, with other content.",
    "not_in_control": "Another member of the switchboard has control of the conversation.",
    "gone": "What this repeat asks about was done, and its content has been deleted since.",
    "payload_too_large": "The body is over the limit.",
    "flow_invalid": "The flow, or what would be live with it, has errors; `problems` in the answer names each with its step.",
    "ticket_closed": "A closed ticket is never changed again; make a follow-up.",
    "locked": "The conversation has reached the app's limit of messages.",
    "rate_limited": "Too many requests from this key, visitor or address.",
    "too_many_connections": "Too many open sockets, of all or of this address.",
    "internal_error": "A bug. The log has its place; the answer does not.",
    "not_implemented": "The operation is in the API's specification and not built yet.",
    "newer_version": "A later version of Causerie has written to this conversation, and this one does not understand it all. "
    "Nothing was changed; the later version will take it.",
    "out_of_order": "An earlier message of this socket to this conversation was refused for a while: that one first.",
    "overloaded": "Too much waits already.",
    "unavailable": "The database, or the conversation's host, does not answer. Whether the command took effect is not known.",
    "storage_full": "There is no room for more files. Nothing of the upload was kept.",
}

#: Codes that only the stream has: of frames that are refused with `retry_after`, and of `bye`.
BYES = {
    "unauthorized": "The token is not valid, has expired or was revoked, or no `hello` came. Get another.",
    "forbidden": "The page that opened the socket is none of those that may show this integration.",
    "resume": "The server goes away, or you read too slowly. Come back, with `after`: nothing is lost.",
    "bad_frame": "Something other than a text message came.",
}


def configuration() -> str:
    """The page of all settings."""
    hints = get_type_hints(Settings, include_extras=True)
    rows = [
        (
            f"`{PREFIX}{field.name.upper()}`",
            _option(field.name),
            _type(hints[field.name]),
            _default(field.default),
            _about(hints[field.name]),
        )
        for field in msgspec.structs.fields(Settings)
    ]
    return _page(
        "Configuration",
        "Everything is set by environment variables; a few have an option of `causerie serve`, which counts before the variable. "
        "An empty variable is as good as none. Lists are separated by commas. A value that cannot be read ends the start, with a "
        "word on which it is. `causerie doctor` shows what is set, without passwords, and warns of variables that look like ours "
        "and are none.",
        table(("Variable", "Option", "Type", "Default", "Meaning"), rows),
        "`CAUSERIE_PASSWORD` is read by `causerie tail` alone: the agent's password.",
    )


def errors() -> str:
    """The page of all codes."""
    rows = [(f"`{code}`", str(status), "yes" if status in (429, 503, 507) else "", MEANINGS[code]) for code, status in HTTP_STATUS.items()]
    byes = [(f"`{code}`", meaning) for code, meaning in BYES.items()]
    return _page(
        "Errors",
        'The API answers a failure with a status and `{"errors": [{"code", "title"}]}`; the stream answers a frame with `refused`, '
        "which has the same `code` and `title`. Codes are stable; titles are for people and may change. *Again* means that the same "
        "request may be sent again, after the seconds of `Retry-After` (API) or `retry_after` (stream); everything else stays as it is.",
        table(("Code", "Status", "Again", "Meaning"), rows),
        "## Codes of `bye`",
        "Before the server closes a stream it says why, if the client still reads.",
        table(("Code", "Meaning"), byes),
        "A first frame that is no `hello` or cannot be checked is answered by `bye` too, with the code of what was wrong.",
    )


def api() -> str:
    """The page of the operations of the API."""
    built = [(f"`{one.method}`", f"`{routes.PREFIX}{one.path}`", _scopes(one.scopes)) for one in sorted(routes.OPERATIONS, key=_place)]
    unbuilt = [(f"`{method}`", f"`{routes.PREFIX}{path}`", _scopes(scopes)) for method, path, scopes in UNBUILT]
    return _page(
        "The API",
        "The Sunshine Conversations v2 API, at `/sc/v2`: its official clients work with the host `https://<server>/sc`. Callers "
        "authenticate by Basic authentication with a key's id and secret, or by a JWT (HS256) that is signed with the secret, whose "
        "header has the key's id as `kid` and whose claims have its `scope`. *Scopes* says whose keys may call. Every POST takes an "
        "`Idempotency-Key`: the same request with the same key within 24 hours (for messages: ever) is done once and gets the first "
        "answer. [Errors](errors.md) and [limits](limits.md) have pages of their own.",
        table(("Method", "Path", "Scopes"), built),
        "## Not yet",
        "These are in the API's specification and answer `501 not_implemented`.",
        table(("Method", "Path", "Scopes"), unbuilt),
    )


def flow_steps() -> str:
    """The page of a flow's kinds of steps, and of what is looked for in them."""
    kinds = [(f"`{name}`", " ".join((kind.__doc__ or "").split())) for name, kind in flow.KINDS.items()]
    tests = [(kind, ", ".join(f"`{test}`" for test in get_args(Test) if test in known)) for kind, known in TESTS.items()]
    own = [(f"`{key}`", words["en"], words["fr"]) for key, words in WORDS.items()]
    return _page(
        "Steps of a flow",
        "The kinds of steps, the problems that `causerie flow check` finds, and the bot's own sentences. [Flows](flows.md) explains them "
        "with examples, [limits](limits.md) says how much of each there may be, and [the schema](flow.schema.json) says it to machines.",
        table(("Kind", "What it does"), kinds),
        "## Placeholders",
        "Besides the flow's variables: " + ", ".join(f"`{name}`" for name in FACTS) + ".",
        "## Tests of conditions",
        table(("Type of variable", "Tests"), tests),
        "## Problems",
        table(("Code", "Meaning"), [(f"`{code}`", meaning) for code, meaning in CODES.items()]),
        "## The bot's own sentences",
        "A release's settings may say them otherwise, and in more languages, by these keys of `words`.",
        table(("Key", "English", "French"), own),
    )


def flow_schema() -> str:
    """The JSON Schema of a flow."""
    return msgspec.json.format(msgspec.json.encode(flow.json_schema()), indent=2).decode() + "\n"


def openapi_file() -> str:
    """Our own routes, for machines."""
    return _yaml(openapi.document())


def asyncapi_file() -> str:
    """The stream, for machines."""
    return _yaml(asyncapi.document())


#: All pages and files, by their places in the checkout.
PAGES: Mapping[str, Callable[[], str]] = {
    f"{FOLDER}/configuration.md": configuration,
    f"{FOLDER}/errors.md": errors,
    f"{FOLDER}/api.md": api,
    f"{FOLDER}/flow-steps.md": flow_steps,
    f"{FOLDER}/flow.schema.json": flow_schema,
    f"{FOLDER}/rules.md": lambda: _page("Rules", *reference_rules.rules()),
    f"{FOLDER}/desk-api.md": lambda: _page("The API of the desk", *reference_rules.desk_api()),
    f"{FOLDER}/openapi.yaml": openapi_file,
    f"{FOLDER}/asyncapi.yaml": asyncapi_file,
    f"{TYPES}/operations.ts": lambda: typescript.operations(openapi.document()),
    f"{TYPES}/stream.ts": lambda: typescript.stream(asyncapi.document()),
}


def _yaml(document: Any) -> str:
    """Each thing written out where it is: no references of YAML's own."""
    plain = json.loads(json.dumps(document))
    written = yaml.dump(plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=140, default_flow_style=None)
    return f"# {WRITTEN_HERE}\n{written}"


def _page(title: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", WRITTEN, *parts)) + "\n"


def _place(operation: Any) -> tuple[str, str]:
    return operation.path, operation.method


def _scopes(scopes: Iterable[str] | None) -> str:
    return "anybody" if scopes is None else ", ".join(scope for scope in ("account", "app", "integration") if scope in scopes)


def _option(name: str) -> str:
    return f"`{OPTIONS[name]}`" if name in OPTIONS else ""


def _metas(hint: Any) -> list[Meta]:
    return [each for each in get_args(hint)[1:] if isinstance(each, Meta)] if get_origin(hint) is Annotated else []


def _about(hint: Any) -> str:
    return next(meta.description for meta in _metas(hint) if meta.description)


def _type(hint: Any) -> str:
    """A setting's type in words, with its range."""
    inner = get_args(hint)[0]
    bounds = [
        f"{word} {limit:g}"
        for meta in _metas(hint)
        for word, limit in (("from", meta.ge), ("to", meta.le), ("over", meta.gt))
        if limit is not None
    ]
    choices = [inner, *get_args(inner)]
    if get_origin(inner) is Literal:
        word = (
            " or ".join(f"`{choice}`" for choice in get_args(inner))
            if len(get_args(inner)) < 3
            else ", ".join(f"`{each}`" for each in get_args(inner))
        )
    elif get_origin(inner) is tuple:
        word = "list"
    else:
        word = next(name for kind, name in ((Path, "path"), (int, "integer"), (float, "number"), (str, "text")) if kind in choices)
    return " ".join([word, *bounds])


def _default(value: object) -> str:
    return "" if value in (None, ()) else f"`{value}`"


def main() -> None:
    for name, page in PAGES.items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(page())
        typer.echo(name)


if __name__ == "__main__":
    main()
