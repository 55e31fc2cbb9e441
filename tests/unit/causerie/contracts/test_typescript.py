"""Schemas of our files as types of TypeScript."""

from __future__ import annotations

from typing import Any

import pytest

from causerie.contracts import typescript


def written(schema: Any) -> str:
    found = typescript.stream({"components": {"schemas": {"X": schema}, "messages": {}}, "operations": {}})
    return " ".join(found.partition("*/\n")[2].split())


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "string"}, "string"),
        ({"type": ["integer", "null"]}, "number | null"),
        ({"type": ["integer", "number"]}, "number"),
        ({"const": "a"}, '"a"'),
        ({"enum": ["a", 1, None]}, '"a" | 1 | null'),
        ({"type": "array", "items": {"type": "string"}}, "string[]"),
        ({"type": "array", "items": {"type": ["string", "null"]}}, "(string | null)[]"),
        ({"$ref": "#/components/schemas/Y"}, "Y"),
        ({"anyOf": [{"$ref": "#/components/schemas/Y"}, {"type": "null"}]}, "Y | null"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "Record<string, number>"),
        ({"type": "object", "properties": {}, "additionalProperties": False}, "Record<string, never>"),
        ({"type": "object"}, "Record<string, unknown>"),
        ({}, "unknown"),
    ],
)
def test_a_schema_is_a_type(schema: Any, kind: str) -> None:
    assert f"export type X = {kind};" == written(schema)


def test_an_object_is_an_interface_and_one_on_top_of_another_is_both() -> None:
    plain = {"type": "object", "properties": {"a": {"type": "string"}, "b-c": {"type": "boolean"}}, "required": ["a"]}
    assert 'export interface X { a: string; "b-c"?: boolean; }' == written(plain)
    assert 'export interface X { a: string; "b-c"?: boolean; [other: string]: unknown; }' == written(plain | {"additionalProperties": True})
    assert 'export type X = Y & { a: string; "b-c"?: boolean; };' == written({"allOf": [{"$ref": "#/components/schemas/Y"}], **plain})


def test_an_operation_has_what_it_takes_and_answers() -> None:
    name = {"name": "id", "in": "path", "schema": {"type": "integer"}}
    answers = {"200": {"content": {"application/json": {"schema": {"type": "string"}}}}, "204": {}, "default": {}}
    document = {"components": {"schemas": {}}, "paths": {"/a/{id}": {"get": {"parameters": [name], "responses": answers}}}}
    found = " ".join(typescript.operations(document).split())
    assert found.endswith('export interface Operations { "GET /a/{id}": { path: { id: number; }; answer: string | null; }; }')


def test_what_is_no_schema_of_ours_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        written({"type": "date"})
