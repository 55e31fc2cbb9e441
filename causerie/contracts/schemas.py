"""JSON Schemas of the types by which the code reads and writes, each named once, tidied for people and for other languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from gateway.described import Fields, File, Form, Loose, Mixed

Json = dict[str, Any]
_REF = "#/components/schemas/"
_NULL = {"type": "null"}
_NOISE: tuple[tuple[str, Any], ...] = (("default", None), ("required", []))
#: What Python writes for "the end, and no newline".
_ENDS = re.compile(r"\\Z|\$\(\?!\\n\)")

#: Where two things have one name, one of them gets another.
RENAMED = {
    "domain.assignment.events.StatusChanged": "AgentStatusChanged",
    "domain.conversation.events.Postback": "PressedPostback",
}


class Schemas:
    """`named` fills as forms are asked for. The same name for two things is a mistake."""

    def __init__(self) -> None:
        self.named: dict[str, Json] = {}

    def taken(self, form: Form) -> Json:
        """The schema of what clients send."""
        return self._schema(form, is_told=False)

    def told(self, form: Form) -> Json:
        """The schema of what the server writes: all fields that are always there are required."""
        return self._schema(form, is_told=True)

    def inline(self, kind: Any, is_told: bool) -> Json:
        """The schema of an object itself, which gets no name."""
        components = dict(_made(kind, is_told)[1])
        found: Json = deepcopy(components.pop(kind.__name__))
        self._name(components)
        return found

    def _schema(self, form: Form, is_told: bool) -> Json:
        match form:
            case Fields():
                return self._fields(form, is_told)
            case Mixed():
                kinds = {"anyOf": [self._schema(one, is_told) for one in form.kinds]}
                return kinds if form.is_one else {"type": "array", "items": kinds}
            case File():
                return {}
            case Loose():
                return self._loose(form.kind)
            case [inner]:
                return {"type": "array", "items": self._schema(inner, is_told)}
            case _:
                return self._typed(form, is_told)

    def _fields(self, form: Fields, is_told: bool) -> Json:
        every = {**form.always, **form.sometimes}
        found: Json = {"type": "object", "properties": {name: self._schema(kind, is_told) for name, kind in every.items()}}
        if form.base is not None:
            found = {"allOf": [self._schema(form.base, is_told)], **found}
        if form.is_open or not every:
            found["additionalProperties"] = form.is_open
        return found | ({"required": list(form.always)} if form.always else {})

    def _loose(self, kind: type) -> Json:
        components = dict(_made(kind, is_told=False)[1])
        shape = components.pop(kind.__name__)
        loose = {each: _nullable(schema) for each, schema in shape["properties"].items()}
        components[f"Desk{kind.__name__}"] = {**{key: value for key, value in shape.items() if key != "required"}, "properties": loose}
        self._name(components)
        return {"$ref": f"{_REF}Desk{kind.__name__}"}

    def _typed(self, kind: Any, is_told: bool) -> Json:
        schema, components = _made(kind, is_told)
        self._name(components)
        return schema

    def _name(self, components: Mapping[str, Json]) -> None:
        for name, schema in components.items():
            if "." in name or self.named.setdefault(name, deepcopy(schema)) != schema:
                raise ValueError(f"there are two schemas of the name {name}")


@cache
def _made(kind: Any, is_told: bool) -> tuple[Json, dict[str, Json]]:
    """A type's schema, and those that it refers to."""
    (schema,), components = msgspec.json.schema_components([kind], ref_template=_REF + "{name}", schema_hook=_anything)
    structs = {one.__name__: one for one in _structs(inspect.type_info(kind))}
    made = {}
    for name, component in components.items():
        made[name.lstrip("_")] = tidied = _tidied(component)
        if name in structs:
            _as_written(tidied, structs[name], is_told)
    for kind_name, struct in structs.items():
        other = RENAMED.get(f"{struct.__module__}.{kind_name}")
        if other is not None:
            made = {other if name == kind_name else name: _referring(one, kind_name, other) for name, one in made.items()}
            schema = _referring(schema, kind_name, other)
    return _tidied(schema), made


def _anything(kind: type) -> Json:
    """`object`: JSON of which no more is known."""
    if kind is not object:
        raise NotImplementedError  # msgspec's word for a type that its own rules are to tell
    return {"title": "anything"}  # which is tidied away: msgspec takes an empty one for none


def _referring(node: Any, name: str, other: str) -> Any:
    """With references to one name turned to another."""
    if isinstance(node, list):
        return [_referring(one, name, other) for one in node]
    if not isinstance(node, dict):
        return _REF + other if node == _REF + name else node
    return {key: _referring(value, name, other) for key, value in node.items()}


def _as_written(schema: Json, kind: type[msgspec.Struct], is_told: bool) -> None:
    """A struct's fields as they are written: all, or, of structs that leave defaults out, those that are not null."""
    if kind.__struct_config__.omit_defaults:
        for field in msgspec.structs.fields(kind):
            if field.default is None:
                schema["properties"][field.encode_name] = _not_null(schema["properties"][field.encode_name])
    elif is_told:
        schema["required"] = list(schema["properties"])


def _structs(kind: inspect.Type, seen: frozenset[type] = frozenset()) -> Iterator[type[msgspec.Struct]]:
    """Every struct in a type."""
    match kind:
        case inspect.StructType() if kind.cls not in seen:
            yield kind.cls
            for field in kind.fields:
                yield from _structs(field.type, seen | {kind.cls})
        case inspect.TypedDictType() if kind.cls not in seen:
            for field in kind.fields:
                yield from _structs(field.type, seen | {kind.cls})
        case inspect.UnionType():
            for one in kind.types:
                yield from _structs(one, seen)
        case inspect.ListType() | inspect.VarTupleType():
            yield from _structs(kind.item_type, seen)
        case inspect.DictType():
            yield from _structs(kind.value_type, seen)
        case inspect.Metadata():
            yield from _structs(kind.type, seen)


def _tidied(node: Any) -> Any:
    """Without titles and nulls by default, in regular expressions that every language has, and short where null is one of two."""
    if isinstance(node, list):
        return [_tidied(one) for one in node]
    if not isinstance(node, dict):
        return node
    noise = {key for key, value in node.items() if (key == "title" and isinstance(value, str)) or (key, value) in _NOISE}
    made = {key: _tidied(value) for key, value in node.items() if key not in noise}
    if isinstance(made.get("pattern"), str):
        made["pattern"] = _ENDS.sub("$", made["pattern"])
    if isinstance(made.get("description"), str):
        made["description"] = " ".join(made["description"].split())
    if isinstance(made.get("$ref"), str):
        made["$ref"] = made["$ref"].replace(_REF + "_", _REF)
    if len(made.get("enum", ())) == 1:
        made = {"const": made.pop("enum")[0], **made}
    return _short(made)


def _short(schema: Json) -> Json:
    """`anyOf` of what is plain, or of something plain and null, is one schema."""
    kinds = schema.get("anyOf")
    if not isinstance(kinds, list):
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    if all(set(one) == {"type"} and isinstance(one["type"], str) for one in kinds):
        names = [one["type"] for one in kinds]
        return {"type": [name for name in names if name != "integer" or "number" not in names], **rest}
    if len(kinds) != 2 or _NULL not in kinds:
        return schema
    other = next(one for one in kinds if one != _NULL)
    if "enum" in other:
        return {**other, "enum": [*other["enum"], None], **rest}
    return {**other, "type": [other["type"], "null"], **rest} if isinstance(other.get("type"), str) else schema


def _nullable(schema: Json) -> Json:
    if "type" in schema and isinstance(schema["type"], list) and "null" in schema["type"]:
        return schema
    if None in schema.get("enum", ()):
        return schema
    kinds = [one for one in schema.get("anyOf", ()) if one != _NULL]
    return _short({"anyOf": [*(kinds or [schema]), _NULL]})


def _not_null(schema: Json) -> Json:
    made = dict(schema)
    if isinstance(made.get("type"), list):
        kinds = [one for one in made["type"] if one != "null"]
        made["type"] = kinds[0] if len(kinds) == 1 else kinds
    if "enum" in made:
        made["enum"] = [one for one in made["enum"] if one is not None]
    if "anyOf" in made:
        kinds = [one for one in made.pop("anyOf") if one != _NULL]
        made = {**(kinds[0] if len(kinds) == 1 else {"anyOf": kinds}), **made}
    return made
