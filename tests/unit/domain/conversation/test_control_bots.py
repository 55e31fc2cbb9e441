"""What a bot says in a turn, and what is asked of it. By example."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from actors.kind import Outcome
from domain.bot import commands as bot
from domain.bot.effects import Said
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from tests import conversations as talk
from tests.controls import BOARD, BOT_AUTHOR, active, begun, code, heard, passed, types
from tests.conversations import PEOPLE, PROGRAM, Conversation

# What a bot says.


def respond(one: Conversation, *words: str, **fields: Any) -> Outcome:
    said = tuple(Said(talk.text(each), {"n": n}) for n, each in enumerate(words))
    return one.tell(cmd.Respond(one.state.control.epoch, BOT_AUTHOR, said, **fields))


def test_a_bot_says_all_of_one_turn_at_once() -> None:
    one = begun()
    outcome = respond(one, "a", "b")
    assert ([2, 3], 0, "bot") == ([row.seq for row in one.rows[1:]], outcome.answers, active(one))
    last = one.told[-1]
    assert isinstance(last, ev.MessagePosted)
    assert (talk.text("b"), {"n": 1}, BOT_AUTHOR) == (bytes(last.message.content), last.message.metadata, last.message.author)
    assert last.message.id.endswith("00000003") and [] == respond(one).bodies


def test_what_is_drawn_from_sources_says_so() -> None:
    one = begun()
    sources = b'[{"uri":"https://example.org/a"}]'
    one.tell(cmd.Respond(1, BOT_AUTHOR, (Said(talk.text("from an article"), None, sources, True), Said(talk.text("written")))))
    told = [event.message for event in one.told[1:] if isinstance(event, ev.MessagePosted)]
    assert [("AI", "bot"), ("bot",)] == [message.author.subtypes for message in told]
    assert sources == bytes(told[0].references)  # type: ignore[arg-type]


def test_all_or_nothing_at_the_limit_of_messages() -> None:
    one = begun()
    assert "locked" == code(one, cmd.Respond(1, BOT_AUTHOR, (Said(talk.text("a")), Said(talk.text("b"))), limit=1))


@pytest.mark.parametrize(
    ("then", "told", "who"),
    [
        ({"then": "next", "heir": PEOPLE, "metadata": {"order": 7}}, ["passControl"], "people"),
        ({"then": "next"}, ["releaseControl"], None),
        ({"then": "release"}, ["releaseControl"], None),
        ({"then": "solve"}, ["causerie:status:change", "releaseControl"], None),
    ],
)
def test_a_bot_leaves_with_its_last_words(then: dict[str, Any], told: list[str], who: str | None) -> None:
    one = begun()
    outcome = respond(one, "bye", **then)
    assert (["conversation:message", *told], who, 2) == (types(one, outcome), active(one), one.state.control.epoch)
    assert "not_in_control" == code(one, cmd.Respond(1, BOT_AUTHOR, (Said(talk.text("late")),)))


def test_a_bot_solves_what_is_solved_already() -> None:
    one = begun()
    one.tell(cmd.ChangeStatus("solved"))
    one.tell(cmd.PassControl(BOARD, "bot"))
    assert ["releaseControl"] == types(one, respond(one, then="solve"))


# What a bot hears.


def test_a_bot_hears_what_the_customer_does() -> None:
    one = begun()
    said = one.tell(talk.post("ann", switchboard=BOARD))
    assert [bot.Hear(1, 2, "message", "ann", "hello", start=BOARD.bot, heir=PROGRAM)] == heard(said)
    pressed = one.tell(cmd.SendPostback("ann", "m", "yes", talk.WEB, switchboard=BOARD))
    assert [bot.Hear(1, 3, "postback", "ann", payload="yes", start=BOARD.bot, heir=PROGRAM)] == heard(pressed)


def test_a_bot_hears_the_payload_of_a_reply_and_the_answers_of_a_form() -> None:
    one = begun()
    reply = b'{"type":"text","text":"Yes,\\nplease","payload":"YES"}'
    form = (
        b'{"type":"formResponse","fields":[{"type":"email","name":"mail","label":"Mail","email":"a@example.org"},'
        b'{"type":"select","name":"colour","label":"C","select":[{"name":"r","label":"Red"}]}]}'
    )
    told = [heard(one.tell(msgspec.structs.replace(talk.post("ann", switchboard=BOARD), content=each)))[0] for each in (reply, form)]
    assert ("Yes,\nplease", "YES", None) == (told[0].text, told[0].payload, told[0].fields)
    assert {"mail": "a@example.org", "colour": "r"} == told[1].fields


def test_a_bot_hears_that_control_came_to_it() -> None:
    """Once, and not when it came with a message."""
    created = Conversation()
    assert [bot.Hear(1, 1, "control", "ann", start=BOARD.bot, heir=PROGRAM)] == heard(created.tell(talk.create("ann", switchboard=BOARD)))
    one = passed(PEOPLE)
    assert ["control"] == [each.what for each in heard(one.tell(cmd.PassControl(BOARD, "bot")))]
    one.tell(cmd.ReleaseControl(BOARD))
    assert [(5, "message")] == [(each.epoch, each.what) for each in heard(one.tell(talk.post("ann", switchboard=BOARD)))]


def test_a_bot_hears_no_notes_no_silent_messages_and_nobody_but_the_customer() -> None:
    one = begun()
    for command in (
        talk.post("ann", switchboard=BOARD, internal=True),
        talk.post("ann", switchboard=BOARD, destination=bytes(ev.SILENT)),
        talk.post(None, switchboard=BOARD),
        talk.read("ann"),
    ):
        assert [] == heard(one.tell(command))


def test_a_bot_without_control_hears_nothing() -> None:
    one = passed(PEOPLE)
    assert [] == heard(one.tell(talk.post("ann", switchboard=BOARD)))
