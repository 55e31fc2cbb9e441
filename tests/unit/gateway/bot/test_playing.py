"""A draft is played by the real interpreter, and time passes only when its author lets it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from domain.bot import commands as cmd
from domain.bot.example import CallAnswer
from domain.bot.flow import parse_flow
from domain.bot.release import Compiled, Entry, Published, Release
from domain.errors import Invalid
from domain.switchboard import BotStart
from gateway.bot import playing
from gateway.bot.playing import Play

START_MS = 1_750_000_000_000


def text(words: str) -> dict[str, str]:
    return {"en": words}


STEPS: list[dict[str, Any]] = [
    {
        "type": "options",
        "id": "ask",
        "text": text("What is it about?"),
        "options": [{"name": "order", "label": text("My order")}, {"name": "person", "label": text("A person")}],
        "exits": {"order": "call", "person": "transfer"},
    },
    {
        "type": "call",
        "id": "call",
        "url": "https://api.example.com/orders",
        "headers": {"Authorization": "Bearer {{secret.KEY}}"},
        "results": {"state": "$.state"},
        "exits": {"ok": "tell", "failed": "sorry"},
    },
    {"type": "message", "id": "tell", "text": text("It is {{state}}."), "exits": {"next": "wait"}},
    {"type": "wait", "id": "wait", "seconds": 3600, "exits": {"next": "later"}},
    {"type": "message", "id": "later", "text": text("Still there?"), "exits": {"next": "end"}},
    {"type": "message", "id": "sorry", "text": text("Not now."), "exits": {"next": "end"}},
    {"type": "transfer", "id": "transfer", "text": text("One moment.")},
    {"type": "end", "id": "end"},
]


def compiled() -> Compiled:
    flow = {"id": "hello", "name": "Hello", "language": "en", "start": "ask", "steps": STEPS, "variables": [{"name": "state"}]}
    parsed = parse_flow(msgspec.json.encode(flow))
    return Compiled(Release(number=playing.RELEASE, flows={"hello": Published(version=0, flow=parsed)}, entry=Entry(flow="hello")))


RELEASE = compiled()


def begun(**fields: Any) -> Play:
    play = playing.begin("p" * 24, BotStart(playing.RELEASE, "en"), START_MS)
    return playing.hear(RELEASE, replace(play, **fields), "control")


def said(play: Play) -> list[str]:
    return [line.text or msgspec.json.decode(line.content)["text"] for line in play.lines]


def test_the_bot_greets_and_a_button_is_pressed_by_its_words() -> None:
    play = playing.press(RELEASE, begun(), "My order")
    assert ["What is it about?", "My order"] == said(play)
    assert ("hello", "call") == playing.place_of(play)
    assert None is not play.asked


def test_a_button_that_was_not_shown_is_not_pressed() -> None:
    with pytest.raises(Invalid):
        playing.press(RELEASE, begun(), "My mind")


def test_the_authors_answer_to_a_call_is_that_of_its_step() -> None:
    play = playing.press(RELEASE, begun(calls={"call": CallAnswer(step="call", values={"state": "sent", "other": 1})}), "My order")
    result = playing.given(play)
    assert cmd.Called(play.state.n, 200, {"state": "sent"}) == result
    assert result is not None
    play = playing.answer(RELEASE, play, result)
    assert "It is sent." == said(play)[-1]
    assert [("call", "https://api.example.com/orders", 200, None, False)] == [
        (one.step, one.url, one.status, one.error, one.made) for one in play.called
    ]


def test_without_one_there_is_none() -> None:
    play = playing.press(RELEASE, begun(), "My order")
    assert None is playing.given(play)
    play = playing.answer(RELEASE, play, cmd.Called(play.state.n, error="not_called"))
    assert "Not now." == said(play)[-1]


def test_time_passes_when_it_is_told_to() -> None:
    play = playing.press(RELEASE, begun(calls={"call": CallAnswer(step="call", values={"state": "sent"})}), "My order")
    result = playing.given(play)
    assert result is not None
    play = playing.answer(RELEASE, play, result)
    assert ("It is sent.", START_MS + 3_600_000) == (said(play)[-1], play.wake[1] if play.wake else 0)
    play = playing.wait(RELEASE, play, 3_599)
    assert ("It is sent.", START_MS + 3_599_000) == (said(play)[-1], play.at_ms)
    play = playing.wait(RELEASE, play, 1)
    assert "Still there?" == said(play)[-1]


def test_after_a_hand_over_the_bot_begins_anew_when_it_is_spoken_to() -> None:
    play = playing.press(RELEASE, begun(), "A person")
    assert ("agents", "handover", 1) == (play.control, play.ended, play.epoch)
    play = playing.hear(RELEASE, play, "message", "Hello?")
    assert ("bot", 2, "What is it about?") == (play.control, play.epoch, said(play)[-1])


def test_a_play_goes_into_a_row_and_comes_back() -> None:
    play = playing.press(RELEASE, begun(), "My order")
    assert play == playing.decode(playing.encode(play))
