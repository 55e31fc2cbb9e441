"""Checks answers against the schemas of the API's contract, which is read from beside the checkout and is no part of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

SPECIFICATION = Path(__file__).parents[2] / "shared" / "specs" / "sunshine-conversations-17.12.1.yaml"
MISSING = f"the API's contract is not at {SPECIFICATION}"


class NotInTheContract(Exception):
    """An answer has a field, or a status, that the contract does not name."""


@cache
def contract() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(SPECIFICATION.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


def operations() -> dict[tuple[str, str], dict[str, Any]]:
    """Every (method, path) of the contract."""
    methods = ("get", "post", "put", "patch", "delete")
    return {
        (method.upper(), path): operation
        for path, item in contract()["paths"].items()
        for method, operation in item.items()
        if method in methods
    }


def schema_of(method: str, path: str, status: int) -> dict[str, Any]:
    """The schema of an operation's answer. Raises NotInTheContract."""
    responses = operations()[method, path]["responses"]
    if str(status) not in responses:
        if status >= 400:
            return {"$ref": "#/components/schemas/errorResponse"}
        raise NotInTheContract(f"{method} {path} answers {sorted(responses)}, not {status}")
    found: dict[str, Any] = responses[str(status)]["content"]["application/json"]["schema"]
    return found


def check(method: str, path: str, status: int, body: Any) -> None:
    """Raises jsonschema.ValidationError or NotInTheContract."""
    schema = schema_of(method, path, status)
    jsonschema.validate(body, {**_json_schema(schema), "components": _components()})
    _check_names(schema, body, f"{method} {path}")


@cache
def _components() -> dict[str, Any]:
    return {"schemas": {name: _json_schema(schema) for name, schema in contract()["components"]["schemas"].items()}}


def _json_schema(node: Any) -> Any:
    """OpenAPI 3.0's dialect as JSON Schema: `nullable`, and discriminators in place of the ambiguity of `oneOf`."""
    if isinstance(node, list):
        return [_json_schema(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {name: _json_schema(value) for name, value in node.items() if name not in ("example", "examples", "description", "nullable")}
    if isinstance(made.get("required"), bool):
        del made["required"]
    if "oneOf" in made:
        made["anyOf"] = made.pop("oneOf")
    if node.get("nullable") is True:
        made = {"anyOf": [made, {"type": "null"}]}
    return made


def _check_names(schema: dict[str, Any], body: Any, where: str) -> None:
    """Every field of an answer is one that the contract names; typing mistakes would pass otherwise."""
    schema = _told_apart(schema, body)
    if isinstance(body, list):
        for one in body:
            _check_names(_items(schema), one, where)
    elif isinstance(body, dict):
        named, is_open = _properties(schema)
        for name, value in body.items():
            if name in named:
                _check_names(named[name], value, f"{where}.{name}")
            elif not is_open:
                raise NotInTheContract(f"{where}.{name}")


def _told_apart(schema: dict[str, Any], body: Any) -> dict[str, Any]:
    """Of a schema that only names its kinds by a discriminator, the one of this kind; the body is held against it."""
    base = _resolved(schema)
    if not isinstance(body, dict) or "discriminator" not in base or "properties" not in base:
        return schema
    kind = {"$ref": base["discriminator"]["mapping"][body[base["discriminator"]["propertyName"]]]}
    jsonschema.validate(body, {**_json_schema(kind), "components": _components()})
    return kind


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        node: Any = contract()
        for part in schema["$ref"].removeprefix("#/").split("/"):
            node = node[part]
        schema = node
    return schema


def _items(schema: dict[str, Any]) -> dict[str, Any]:
    schema = _resolved(schema)
    parts = [_items(one) for kind in ("allOf", "oneOf", "anyOf") for one in schema.get(kind, ())]
    found = [one for one in (schema.get("items"), *parts) if one]
    return found[0] if len(found) == 1 else {"anyOf": found}


def _properties(schema: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """(the fields by name, whether there may be others)."""
    schema = _resolved(schema)
    named: dict[str, Any] = dict(schema.get("properties", {}))
    parts = [one for kind in ("allOf", "oneOf", "anyOf") for one in schema.get(kind, ())]
    is_open = bool(schema.get("additionalProperties")) or (schema.get("type") == "object" and not named and not parts)
    for one in parts:
        inner, inner_open = _properties(one)
        is_open = is_open or inner_open
        for name, value in inner.items():
            named[name] = {"anyOf": [named[name], value]} if name in named else value
    return named, is_open
