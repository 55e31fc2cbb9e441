"""The kind `bot` behind the runtime's port: releases are fetched before a turn, effects are encoded for who performs them."""

from __future__ import annotations

from typing import Any

import msgspec

from actors.bot import BotKind
from actors.kind import Outcome, replayed
from domain.bot import commands as cmd
from domain.bot import effects as fx
from domain.bot.release import Release
from domain.conversation import commands as conversation
from domain.switchboard import BotStart, Member
from storage.ports import ActorId, Count, EffectRow, EventRow
from storage.redaction import STUB_BYTES
from tests import bots
from tests.bots import flow, step

APP, ACTOR = "a" * 24, ActorId("bot", "a" * 24, "c" * 24)
HEIR = Member("e" * 24, "agentWorkspace", "agent")
RELEASE = bots.release(
    flow(
        step(
            "ask",
            "options",
            text="What?",
            options=[{"name": "call", "label": {"en": "Call"}}, {"name": "person", "label": {"en": "A person"}}],
            exits={"call": "look", "person": "people"},
        ),
        step("look", "call", url="https://x.example/", exits={"ok": "ask", "failed": "ask"}),
        step("people", "transfer", text="Soon"),
    )
).release


class Releases:
    """What the database has: one release of one app."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    async def load_release(self, app_id: str, number: int) -> Release | None:
        self.asked.append((app_id, number))
        return RELEASE if (app_id, number) == (APP, RELEASE.number) else None


class Told:
    """One bot, told one thing after the other as a host would."""

    def __init__(self) -> None:
        self.releases = Releases()
        self.kind = BotKind(self.releases)  # type: ignore[arg-type]
        self.state: Any = self.kind.born(ACTOR)
        self.rows: list[EventRow] = []

    async def tell(self, command: cmd.Command) -> Outcome:
        encoded = cmd.encode(command)
        await self.kind.prepare([(self.state, encoded)])
        outcome = self.kind.turn(self.state, encoded, 1_750_000_000_000, 7)
        rows = [
            EventRow(len(self.rows) + n, body, personal=personal)
            for n, (body, personal) in enumerate(zip(outcome.bodies, outcome.personal, strict=True), 1)
        ]
        self.rows += rows
        if outcome.redact_before:
            self.rows = [
                msgspec.structs.replace(row, body=row.body[:STUB_BYTES]) if row.personal and row.seq < outcome.redact_before else row
                for row in self.rows
            ]
        self.state = outcome.state
        return outcome

    async def hear(self, seq: int, text: str, number: int = RELEASE.number) -> Outcome:
        return await self.tell(cmd.Hear(1, seq, "message", "b" * 24, text, start=BotStart(number, "en"), heir=HEIR))

    def replay(self) -> Any:
        return replayed(self.kind, ACTOR, None, 0, self.rows)


def effects(outcome: Outcome) -> dict[str, Any]:
    return {one.target: one for one in outcome.effects}


def row(outcome: Outcome, target: str) -> EffectRow:
    one = effects(outcome)[target]
    return EffectRow(1, ACTOR, one.target, one.payload)


async def test_what_it_says_is_one_command_to_the_conversation() -> None:
    outcome = await Told().hear(2, "hi")
    said = conversation.decode(effects(outcome)["conversation"].payload)
    assert isinstance(said, conversation.Respond)
    assert (1, "stay", 1, ("bot",)) == (said.epoch, said.then, len(said.messages), said.author.subtypes)
    assert 0 == outcome.answers, "the event is the answer, by which a repeat is known"


async def test_control_is_handed_to_the_heir() -> None:
    told = Told()
    await told.hear(2, "hi")
    said = conversation.decode(effects(await told.hear(5, "a person"))["conversation"].payload)
    assert isinstance(said, conversation.Respond)
    assert ("next", HEIR) == (said.then, said.heir)


async def test_steps_are_counted_by_the_version_of_their_flow() -> None:
    outcome = await Told().hear(2, "hi")
    assert [Count("flow:main:1", "ask:entered", 1)] == outcome.counts


async def test_a_release_is_fetched_once_and_what_is_not_there_passes_on() -> None:
    told = Told()
    for seq in (2, 5):
        await told.hear(seq, "hi")
    assert [(APP, RELEASE.number)] == told.releases.asked
    said = conversation.decode(effects(await Told().hear(2, "hi", number=99))["conversation"].payload)
    assert isinstance(said, conversation.Respond) and said.then == "next"


async def test_replay_is_the_live_state() -> None:
    told = Told()
    for seq, text in ((2, "hi"), (5, "call"), (8, "what?")):
        await told.hear(seq, text)
        assert told.replay() == told.state
        assert told.kind.thaw(told.kind.freeze(told.state)) == told.state


async def test_a_timer_that_nobody_needs_any_more_is_taken_back() -> None:
    told = Told()
    first = await told.hear(2, "hi")
    last = await told.hear(5, "a person")
    assert ("timer" in effects(first), []) == (True, first.cancelled)
    assert ("timer" in effects(last), [("timer", "wake")]) == (False, last.cancelled)


async def test_an_effect_that_came_to_nothing_is_told_in_the_bots_words() -> None:
    told = Told()
    told_by = told.kind.rejected
    said = row(await told.hear(2, "hi"), "conversation")
    assert cmd.encode(cmd.Rejected(1, "not_in_control")) == told_by(said, "not_in_control")
    called = row(await told.hear(5, "call"), "http")
    assert cmd.encode(cmd.Called(told.state.n, error="unavailable")) == told_by(called, "unavailable")
    wish = EffectRow(1, ACTOR, "articles", msgspec.msgpack.encode(fx.Search(4, "q", "en")))
    assert cmd.encode(cmd.Found(4)) == told_by(wish, "unavailable")
    assert None is told_by(EffectRow(1, ACTOR, "user", b""), "not_found")


async def test_what_people_deleted_is_gone_from_the_bot_too() -> None:
    """Its journal keeps that there were turns; nothing that was said."""
    told = Told()
    await told.hear(2, "my card is 4242")
    await told.tell(cmd.Forget())
    assert (False, "", told.state) == (told.state.is_live, told.state.said, told.replay())
    assert not any(b"4242" in one.body for one in told.rows)
    assert b"4242" not in told.kind.freeze(told.state)
    assert [] == (await Told().tell(cmd.Forget())).bodies, "who has heard nothing has nothing to forget"
