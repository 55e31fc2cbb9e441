"""What of an answer becomes values, where secrets go, and what key a call carries."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.bot.effects import Call
from domain.errors import Refused
from gateway.outward.calls import MAX_VALUE_BYTES, filled, key_of, values_in
from gateway.outward.paths import parse
from gateway.outward.requests import Answer

CALL = Call(1, "POST", "https://example.com/")


def found(body: bytes, *paths: str) -> object:
    return values_in(Answer(200, {}, body), {path: parse(path) for path in paths})


def test_only_small_scalars_become_values() -> None:
    body = b'{"s":"x","i":7,"f":1.5,"t":true,"n":null,"o":{},"l":[1],"big":%d,"long":"%s"}' % (2**60, b"x" * (MAX_VALUE_BYTES + 1))
    expected = {"$.s": "x", "$.i": 7, "$.f": 1.5, "$.t": True, "$.n": None, "$.o": None, "$.l": None, "$.big": str(2**60), "$.long": None}
    assert expected == found(body, *expected)


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"[" * 100_000, b'{"a":1'])
def test_an_answer_that_is_no_json_has_no_values(body: bytes) -> None:
    assert None is found(body, "$.a")


def test_a_secret_is_filled_in_by_name_and_escaped_in_json() -> None:
    known = {"KEY": 'a"b\\'}
    assert 'Bearer a"b\\' == filled("Bearer {{ secret.KEY }}", known)
    assert r'{"k":"a\"b\\"}' == filled('{"k":"{{secret.KEY}}"}', known, json=True)
    assert "{{name}}" == filled("{{name}}", known)


def test_what_a_secret_holds_is_not_filled_in_again() -> None:
    assert "{{secret.B}}" == filled("{{secret.A}}", {"A": "{{secret.B}}", "B": "hush"})


def test_a_secret_that_is_not_there_is_named() -> None:
    with pytest.raises(Refused) as caught:
        filled("{{secret.GONE}}", {})
    assert "secret_not_found" == caught.value.code


def test_the_key_is_that_of_one_effect() -> None:
    key = key_of(CALL, "app", 7)
    assert key == key_of(CALL, "app", 7)
    others = {key_of(CALL, "app", 8), key_of(CALL, "other", 7), key_of(replace(CALL, body="x"), "app", 7)}
    assert 4 == len({key, *others})
