"""Types for the pages, in TypeScript, of the two files. Only what those files hold is known here; anything else is a mistake."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

Json = Mapping[str, Any]

_WRITTEN = "/* Written by `python -m causerie.reference`: change the code, not this file. */\n"
_WORD = re.compile(r"[A-Za-z_$][\w$]*\Z")
_METHODS = ("get", "post", "put", "patch", "delete")
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def operations(document: Json) -> str:
    """The types of `openapi.yaml`, and `Operations`: what each takes and answers, by method and path."""
    parts = [_WRITTEN, *_named(document["components"]["schemas"])]
    rows = [
        _indented(f"{json.dumps(f'{method.upper()} {path}')}: {_operation(item[method], document)};")
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item
    ]
    return "\n".join([*parts, "export interface Operations {", *rows, "}", ""])


def stream(document: Json) -> str:
    """The types of `asyncapi.yaml`: a frame each, and who says and hears which."""
    messages = document["components"]["messages"]
    frames = [_declared(_frame(name), each["payload"], each["summary"]) for name, each in messages.items()]
    unions = [
        f"export type {name[:1].upper()}{name[1:]} = {' | '.join(_frame(_last(one['$ref'])) for one in each['messages'])};\n"
        for name, each in document["operations"].items()
    ]
    return "\n".join([_WRITTEN, *_named(document["components"]["schemas"]), *frames, *unions])


def _frame(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}Frame"


def _named(schemas: Json) -> Iterable[str]:
    return (_declared(name, schema, schema.get("description", "")) for name, schema in schemas.items())


def _declared(name: str, schema: Json, words: str) -> str:
    comment = f"/** {words.replace('*/', '* /')} */\n" if words else ""
    is_plain = schema.get("type") == "object" and bool(schema.get("properties")) and "allOf" not in schema
    kind = _type(schema)
    return comment + (f"export interface {name} {kind}\n" if is_plain else f"export type {name} = {kind};\n")


def _operation(one: Json, document: Json) -> str:
    parts = [_resolved(each, document) for each in one.get("parameters", ())]
    found = []
    for place in ("path", "query"):
        given = {each["name"]: each["schema"] for each in parts if each["in"] == place}
        if given:
            found.append(f"{place}: {_object({'properties': given, 'required': list(given) if place == 'path' else []})}")
    if "requestBody" in one:
        (content,) = one["requestBody"]["content"].items()
        found.append(f"body: {_type(content[1]['schema']) if content[0] == 'application/json' else 'Blob'}")
    answers = [_answered(each) for status, each in one["responses"].items() if status.startswith("2")]
    found.append(f"answer: {' | '.join(dict.fromkeys(answers)) or 'never'}")
    return _block(found)


def _answered(response: Json) -> str:
    content = response.get("content")
    if content is None:
        return "null"
    return _type(content["application/json"]["schema"]) if "application/json" in content else "string"


def _resolved(node: Json, document: Json) -> Json:
    while "$ref" in node:
        found: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def _type(schema: Json) -> str:
    match schema:
        case {"$ref": str(reference)}:
            return _last(reference)
        case {"const": value}:
            return json.dumps(value)
        case {"enum": [*values]}:
            return " | ".join(json.dumps(value) for value in values)
        case {"allOf": [*parts]}:
            rest = {key: value for key, value in schema.items() if key != "allOf"}
            return " & ".join(_type(one) for one in (*parts, rest))
        case {"anyOf": [*kinds]}:
            return " | ".join(dict.fromkeys(_type(one) for one in kinds))
        case {"type": [*kinds]}:
            return " | ".join(dict.fromkeys(_type({**schema, "type": kind}) for kind in kinds))
        case {"type": "array"}:
            return _list(schema.get("items", {}))
        case {"type": "object"}:
            return _object(schema)
        case {"type": str(kind)}:
            return _PLAIN[kind]
        case _:
            return "unknown"


def _list(items: Json) -> str:
    kind = _type(items)
    return f"({kind})[]" if " | " in kind or " & " in kind else f"{kind}[]"


def _object(schema: Json) -> str:
    fields, required = schema.get("properties", {}), schema.get("required", ())
    if not fields:
        inner = schema.get("additionalProperties", {})
        return "Record<string, never>" if inner is False else f"Record<string, {_type(inner)}>"
    rows = [f"{_key(name)}{'' if name in required else '?'}: {_type(each)}" for name, each in fields.items()]
    return _block([*rows, "[other: string]: unknown"] if schema.get("additionalProperties") is True else rows)


def _block(rows: Iterable[str]) -> str:
    return "{\n" + "\n".join(_indented(f"{row};") for row in rows) + "\n}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))


def _key(name: str) -> str:
    return name if _WORD.match(name) else json.dumps(name)


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]
