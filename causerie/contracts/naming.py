"""What operations are called: their paths without what only aiohttp needs, their ids, their summaries."""

from __future__ import annotations

import re
from typing import Any

_PARAMETER = re.compile(r"{(\w+)(?::(?:[^{}]|{[^{}]*})*)?}")
_VERBS = {"GET": "show", "POST": "create", "PUT": "change", "PATCH": "change", "DELETE": "delete"}
#: What the functions that operations are made by call what they make.
_MADE = {
    "list_all": "list",
    "create": "create",
    "show": "show",
    "change": "change",
    "delete": "delete",
    "count": "count",
    "create_many": "create many",
    "change_many": "change many",
    "delete_many": "delete many",
    "reorder": "reorder",
    "definitions": "show definitions of",
    "checked": "",
}
_ROOMS = frozenset({"api", "v1", "v2", "bot", "help_center", "guide", "messaging", "agent", "routing", "desk", "incremental", "imports"})
_OF_ONE = frozenset({"create", "show", "change", "delete", ""})
_TAGS = (
    ("/messaging/", "messaging"),
    ("/agent/", "agents"),
    ("/attachments/", "messaging"),
    ("/api/v2/bot/", "bots"),
    ("/api/v2/help_center/", "help centre"),
    ("/api/v2/guide/", "help centre"),
    ("/api/v2/reports/", "reports"),
    ("/api/v2/agent_availabilities", "routing"),
    ("/api/v2/routing/lines", "routing"),
    ("/api/v2/users", "people"),
    ("/api/v2/deleted_users", "people"),
    ("/api/v2/incremental/users", "people"),
    ("/api/v2/organization", "people"),
)
_OF_DESK = (
    "group", "ticket_field", "macro", "view", "trigger", "automation", "slas", "business", "routing", "capacity", "queues",
    "webhook", "desk",
)  # fmt: skip


def path_of(path: str) -> str:
    """As OpenAPI writes it: without regular expressions, and without the language where it may be left out."""
    return _PARAMETER.sub(r"{\1}", path.replace("/[locale]", "").replace("(locale)", "{locale}"))


def identifier(method: str, path: str) -> str:
    """Of the method and the path, so that it is unique and stays when functions are renamed."""
    words = []
    for part in path_of(path).removeprefix("/api/v2").replace("/v1", "").strip("/").split("/"):
        parameter = _PARAMETER.fullmatch(part)
        words.append("By" + _camel(parameter[1]) if parameter else _camel(part))
    return method.lower() + "".join(words)


def summary(method: str, path: str, handle: Any) -> str:
    """The name of the function, in words; where many have the same, what it is about."""
    name = handle.__name__
    verb = _MADE.get(name)
    if verb is None:
        words, about = name.replace("_", " "), _about(path)
        return str(words if _singular(about.rpartition(" ")[2]) in words else f"{words} ({about})").capitalize()
    verb = verb or _VERBS[method]
    noun = _noun(path)
    return f"{verb} {_singular(noun) if verb in _OF_ONE else noun}".capitalize()


def tag(path: str) -> str:
    for start, name in _TAGS:
        if path.startswith(start):
            return name
    if not path.startswith("/api/v2/"):
        return "server"
    return "desk" if path.removeprefix("/api/v2/").startswith((*_OF_DESK, "audit_logs", "readiness")) else "tickets"


def _noun(path: str) -> str:
    """The last part of a path that names things."""
    parts = [part for part in path_of(path).split("/") if part and "{" not in part]
    things = [part for part in parts if part not in ("count", "create_many", "update_many", "destroy_many", "reorder", "definitions")]
    return things[-1].replace("_", " ")


def _about(path: str) -> str:
    """The first part of a path that names things."""
    parts = [part for part in path_of(path).split("/") if part and "{" not in part]
    return next((part for part in parts if part not in _ROOMS), parts[-1]).replace("_", " ")


def _singular(noun: str) -> str:
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-2] if noun.endswith("statuses") else noun.removesuffix("s")


def _camel(words: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[_.\-]", words))
