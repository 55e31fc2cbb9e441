"""A dialogue is played as a conversation goes, and what differs can be seen line by line."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.bot.dialogue import play
from domain.bot.example import Dialogue
from tests import bots
from tests.bots import flow, step

FLOW = flow(
    step("a", "details", text="Hi", fields=[{"name": "n", "label": {"en": "Number"}, "kind": "integer", "variable": "n"}], exits="b"),
    step("b", "call", url="https://x.example/{{n}}", exits={"ok": "c", "failed": "b2"}, results={"word": "$"}),
    step("b2", "wait", seconds=60, exits="b"),
    step("c", "articles", text="See", query="{{word}}", exits={"next": "d", "none": "d"}),
    step("d", "ask_resolved", text="OK?", exits={"yes": "e", "no": "f"}),
    step("e", "solve", text="Bye"),
    step("f", "transfer"),
    variables=[{"name": "n", "type": "number"}, {"name": "word"}],
)


def played(*turns: dict[str, Any], **fields: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    dialogue = msgspec.convert({"name": "x", "turns": turns, **fields}, Dialogue)
    one = play(bots.release(FLOW), dialogue)
    assert one.is_as_expected == (one.expected == one.actual)
    return one.expected, one.actual


CALLS = [{"step": "b", "error": "timeout"}, {"step": "b", "values": {"word": "shoes"}}]
SEARCHES = [{"step": "c", "articles": [{"title": "Shoes", "url": "https://x.example/s"}]}]


def test_a_dialogue_goes_through_calls_timers_searches_and_buttons() -> None:
    expected, actual = played(
        {"expect": ["Hi {Number}"]},
        {"answers": {"n": "3"}, "expect": [], "variables": {"n": 3}},
        {"after_s": 59, "expect": []},
        {"after_s": 1, "expect": ["See", "1. Shoes Read: https://x.example/s", "OK? [Yes] [No]"]},
        {"press": "yes", "expect": ["Bye"], "then": "solve"},
        {"say": "again", "expect": ["Hi {Number}"]},
        calls=CALLS,
        searches=SEARCHES,
    )
    assert expected == actual


def test_what_differs_is_told() -> None:
    expected, actual = played({"expect": ["Hello"]}, {"press": "Gone", "expect": ["x"]}, {"say": "x", "metadata": {"a": 1}})
    assert ("> (arrives)", "Hello", "> [Gone]", "x", "> x", "  metadata a = 1") == expected
    assert ("> (arrives)", "Hi {Number}", "> [Gone]", "! there is no button Gone", "> x", "Number", "  metadata a = -") == actual


def test_a_call_without_an_answer_has_failed() -> None:
    _, actual = played({"answers": {"n": "3"}}, {"answers": {"n": "3"}})
    assert ("> n: 3", "Hi {Number}", "> n: 3") == actual
