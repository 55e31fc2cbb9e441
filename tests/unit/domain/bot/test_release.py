"""A release goes through JSON and back, and its settings are refused where they cannot work."""

from __future__ import annotations

import json

import pytest

from domain.bot.flow import parse_flow
from domain.bot.release import Compiled, Entry, Published, Release, Settings, decode_release, encode_release, parse_settings, words_of
from domain.bot.words import WORDS
from domain.errors import Invalid
from tests.unit.domain.bot.test_checks import READY_MADE


def test_a_release_is_written_and_read() -> None:
    flows = [parse_flow((READY_MADE / f"{name}.json").read_bytes()) for name in ("greeting", "order-status")]
    settings = parse_settings((READY_MADE / "settings.json").read_bytes())
    release = Release(
        number=7,
        flows={one.id: Published(version=n, flow=one) for n, one in enumerate(flows, 1)},
        entry=Entry(flow="greeting", channels={"web": "order-status"}),
        settings=settings,
    )
    assert release == decode_release(encode_release(release))
    compiled = Compiled(release)
    assert (1, 2, 0) == tuple(compiled.version(name) for name in ("greeting", "order-status", "gone"))
    compiled.warm()
    assert compiled.step("greeting", "menu") is not None and compiled.step("greeting", "gone") is None is compiled.step("gone", "menu")


@pytest.mark.parametrize(
    ("field", "settings"),
    [
        ("settings.threshold", {"threshold": 2}),
        ("settings.words.gone", {"words": {"gone": {"en": "x"}}}),
        ("settings.schedules.s.timezone", {"schedules": {"s": {"timezone": "Mars", "hours": {}}}}),
        ("settings.schedules.hours[0][0]", {"schedules": {"s": {"timezone": "UTC", "hours": {"mon": [["9", "10"]]}}}}),
        ("settings.drop_minutes", {"drop_minutes": 0}),
    ],
)
def test_settings_that_cannot_work_are_refused_with_their_place(field: str, settings: object) -> None:
    with pytest.raises(Invalid) as refused:
        parse_settings(json.dumps(settings).encode())
    assert field == refused.value.field


def test_own_sentences_are_replaced_language_by_language() -> None:
    settings = Settings(words={"yes": {"en": "Yep", "de": "Ja"}})
    assert {"en": "Yep", "fr": "Oui", "de": "Ja"} == words_of(settings, "yes")
    assert all({"en", "fr"} == set(words) for words in WORDS.values())
