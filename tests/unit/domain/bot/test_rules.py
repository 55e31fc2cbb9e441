"""When a run begins, goes on, is over; what is late or repeated; what happens when nobody understands anybody."""

from __future__ import annotations

import pytest

from domain.bot import commands as cmd
from domain.bot import effects as fx
from domain.bot import events as ev
from domain.bot import rules
from domain.bot.release import Settings
from domain.bot.run import MAX_STEPS_A_TURN
from domain.bot.state import State
from domain.switchboard import BotStart
from tests import bots
from tests.bots import Bot, flow, step

MENU = step(
    "menu",
    "options",
    text="What?",
    options=[{"name": "order", "label": {"en": "Order"}}, {"name": "person", "label": {"en": "A person"}}],
    exits={"order": "to-order", "person": "people"},
)
GREETING = flow(
    step("hello", "message", text="Hello", exits="menu"),
    MENU,
    step("to-order", "link", flow="order"),
    step("people", "transfer", text="Soon"),
)
ORDER = flow(
    step(
        "ask",
        "details",
        text="Which?",
        fields=[{"name": "nr", "label": {"en": "Number"}, "kind": "integer", "variable": "nr"}],
        exits="look",
    ),
    step("look", "call", url="https://x.example/{{nr}}", exits={"ok": "tell", "failed": "tell"}),
    step("tell", "message", text="Order {{nr}}", exits="end"),
    step("end", "end"),
    id="order",
    name="Order",
    phrases={"en": ["where is my order"]},
    variables=[{"name": "nr", "type": "number"}],
)
RELEASE = bots.release(GREETING, ORDER)
SORRY = "I am not sure I understood that. Could you say it in other words?"
QUESTION = "What? [Order] [A person]"
BYE = "I am passing you on to a colleague."


def bot(settings: Settings | None = None, channel: str = "line") -> Bot:
    return Bot(bots.release(GREETING, ORDER, settings=settings) if settings else RELEASE, channel=channel)


def test_control_is_answered_by_the_entry_flow_in_one_event_and_one_command() -> None:
    one = bot()
    assert ["Hello", QUESTION] == one.arrive()
    assert (1, 1) == (len(one.bodies), sum(isinstance(effect, fx.Respond) for effect in one.effects))


def test_the_bot_speaks_by_its_name() -> None:
    one = bot(Settings(bot_name="Ada", avatar_url="https://x.example/ada.png"))
    one.arrive()
    assert ("Ada", "https://x.example/ada.png") == (one.respond.name, one.respond.avatar_url)


def test_the_entry_is_that_of_the_integration_or_the_channel() -> None:
    release = bots.release(GREETING, ORDER)
    entries = {"integrations": {"i1": "order"}, "channels": {"line": "order"}}
    of = type(release)(
        type(release.release)(number=1, flows=release.release.flows, entry=type(release.release.entry)(flow="main", **entries))
    )
    found = [
        of.entry(BotStart(1, channel=channel, integration_id=name)) for channel, name in (("web", None), ("web", "i1"), ("line", None))
    ]
    assert ["main", "order", "order"] == found


def test_a_first_text_that_means_a_flow_is_not_made_to_go_through_the_menu() -> None:
    one = bot()
    assert ["Which?", "Number"] == one.say("where's my ordr")
    told = ev.decode(one.bodies[0])[1]
    assert isinstance(told, ev.Stepped) and told.understood is not None
    assert ("order", "where is my order") == (told.understood.flow, told.understood.phrase)


@pytest.mark.parametrize("release", [None, bots.release(GREETING, ORDER, number=2)])
def test_without_its_release_the_bot_passes_on_at_once(release: object) -> None:
    heard = cmd.Hear(3, 7, "message", text="hi", start=BotStart(1), heir=bots.AGENTS)
    decision = rules.decide(release, State("c"), heard, 0)  # type: ignore[arg-type]
    assert (fx.Respond(3, then="next", heir=bots.AGENTS),) == decision.effects
    assert (ev.Ended(3, "no_release", 7),) == decision.events


def test_nothing_to_begin_with_passes_on_too() -> None:
    decision = rules.decide(RELEASE, State("c"), cmd.Hear(3, 7, "message", text="hi"), 0)
    assert (fx.Respond(3, then="next"),) == decision.effects


def test_a_run_that_lost_its_release_passes_on() -> None:
    one = bot()
    one.arrive()
    one.release = None  # type: ignore[assignment]
    one.say("hi")
    assert ("next", False, 1) == (one.respond.then, one.state.is_live, one.counts["menu", "dropped"])


def test_what_was_heard_before_or_belongs_to_an_older_epoch_changes_nothing() -> None:
    one = bot()
    one.epoch = 5
    one.say("hi")
    state = one.state
    for epoch, seq in ((5, 1), (5, 0), (4, 9)):
        assert rules.NOTHING == one.tell(cmd.Hear(epoch, seq, "message", text="Order", start=one.start))
    assert rules.NOTHING == one.tell(cmd.Hear(5, 9, "control", start=one.start)), "it has control already"
    assert state == one.state


def test_late_and_repeated_results_change_nothing() -> None:
    one = bot()
    one.say("where is my order")
    one.say("12")
    n, state = one.state.n, one.state
    for late in (cmd.Called(n - 1), cmd.Found(n), cmd.Ring(n - 1), cmd.Rejected(0, "not_in_control")):
        assert rules.NOTHING == one.tell(late)
    assert state == one.state
    assert ["Order 12"] == one.called()
    assert rules.NOTHING == one.tell(cmd.Called(n)), "the same once more"


def test_words_while_the_world_is_asked_are_kept_and_no_more() -> None:
    one = bot()
    one.say("where is my order")
    one.say("12")
    assert [] == one.say("hurry up")
    assert ("hurry up", "call") == (one.state.said, one.state.awaits.kind)
    assert ["Order 12"] == one.called()


def test_a_higher_epoch_begins_a_new_run_and_gives_up_the_old() -> None:
    one = bot()
    one.arrive()
    one.epoch = 4
    assert ["Hello", QUESTION] == one.arrive()
    assert (4, 1, 2) == (one.state.epoch, one.counts["menu", "dropped"], one.counts["menu", "entered"])


def test_what_the_last_run_knew_is_not_known_to_the_next() -> None:
    one = bot()
    one.say("where is my order")
    one.say("12")
    one.epoch = 2
    one.arrive()
    assert ({}, {}, "") == (one.state.variables, one.state.captured, one.state.said)


def test_after_the_end_the_next_text_begins_a_run_in_the_same_epoch() -> None:
    one = bot()
    one.say("where is my order")
    one.say("12")
    one.called()
    assert not one.state.is_live
    assert ["Which?", "Number"] == one.say("where is my order")
    two = bot()
    two.say("where is my order")
    two.say("12")
    two.called()
    two.tell(cmd.Hear(1, 9, "message", text="Hello again"))
    assert two.state.is_live, "also when nobody says with what: with what the last one began"


def test_a_rejection_ends_the_run() -> None:
    one = bot()
    one.arrive()
    one.tell(cmd.Rejected(1, "not_in_control"))
    assert (False, (), 1) == (one.state.is_live, one.effects, one.counts["menu", "dropped"])
    assert rules.NOTHING == one.tell(cmd.Rejected(1, "not_in_control"))


def test_after_it_gave_the_control_away_the_bot_is_still() -> None:
    """What was on its way meanwhile is for whoever has it now; unless nobody took it."""
    one = bot()
    one.arrive()
    assert ("next", False) == (one.press("A person") and one.respond.then, one.state.is_live)
    assert rules.NOTHING == one.tell(cmd.Hear(1, 8, "message", text="where is my order", start=one.start))
    one.tell(cmd.Rejected(1, "locked"))
    one.tell(cmd.Hear(1, 9, "message", text="where is my order", start=one.start))
    assert (["Which?", "Number"], 9) == (one.said, one.state.heard)


def test_who_is_not_understood_is_asked_again_and_in_the_end_passed_on() -> None:
    one = bot()
    one.arrive()
    assert [SORRY, QUESTION] == one.say("purple") == one.say("green")
    assert ([BYE], "next", bots.AGENTS) == (one.say("blue"), one.respond.then, one.respond.heir)


def test_being_understood_forgives_what_was_not() -> None:
    one = bot()
    one.arrive()
    one.say("purple")
    one.say("green")
    one.press("Order")
    assert 0 == one.state.misses


def test_a_picture_is_not_taken_for_what_was_said_before() -> None:
    one = bot()
    one.say("where is my order")
    assert ["I cannot use that answer. Please try again.", "Number"] == one._hear("message")


def test_the_fallback_flow_takes_what_is_not_understood() -> None:
    other = flow(
        step("f", "message", text="Not that: {{said}}", exits="m"),
        {**MENU, "id": "m"},
        step("to-order", "end"),
        step("people", "end"),
        id="fb",
        name="F",
    )
    one = Bot(bots.release(GREETING, ORDER, other, settings=Settings(fallback="fb", misses=1)))
    one.arrive()
    assert ["Not that: purple", QUESTION] == one.say("purple")
    assert [BYE] == one.say("green")
    two = Bot(bots.release(ORDER, other, settings=Settings(fallback="fb")), channel="line")
    two.say("where is my order")
    two.say("1")
    two.called()
    assert ["Not that: thanks", QUESTION] == two.say("thanks"), "who was served is not greeted anew"


def test_an_old_button_of_a_menu_leads_where_it_always_did() -> None:
    one = bot()
    one.arrive()
    one.press("Order")
    assert ["Soon"] == one.press("A person")
    assert {("ask", "left"): 1, ("menu", "entered"): 2, ("menu", "left"): 2} == {
        key: one.counts[key] for key in (("ask", "left"), ("menu", "entered"), ("menu", "left"))
    }


def test_an_old_button_of_a_menu_begins_a_run() -> None:
    one = bot()
    one.arrive()
    one.epoch = 2
    assert ["Which?", "Number"] == one.press("Order")


def test_an_old_button_of_a_question_is_told_so() -> None:
    steps = (
        step("q", "ask_resolved", text="OK?", exits={"yes": "m", "no": "m"}),
        {**MENU, "id": "m"},
        step("to-order", "end"),
        step("people", "end"),
    )
    one = Bot(bots.release(flow(*steps)))
    one.arrive()
    one.press("Yes")
    assert ["That question is closed. Here is where we are:", QUESTION] == one.press("No")


def test_a_button_of_a_step_that_there_is_no_more_counts_by_its_words() -> None:
    one = bot()
    one.arrive()
    one.buttons.append(("Order", "bot:main/gone/order"))
    assert ["Which?", "Number"] == one.press("Order")


def test_who_is_silent_is_asked_once_and_then_given_up() -> None:
    one = bot(Settings(idle_minutes=5, drop_minutes=60))
    one.arrive()
    assert bots.START_MS + 5 * 60_000 == one.wake.due_ms
    assert ["Are you still there?"] == one.ring()
    assert bots.START_MS + 60 * 60_000 == one.wake.due_ms
    assert [] == one.ring()
    assert (False, 1, ()) == (one.state.is_live, one.counts["menu", "dropped"], one.effects)


def test_a_step_may_have_a_way_for_silence() -> None:
    one = Bot(
        bots.release(
            flow(
                {**MENU, "patience_s": 30, "exits": {"order": "e", "person": "e", "silent": "s"}},
                step("s", "message", text="Bye", exits="e"),
                step("e", "end"),
            )
        )
    )
    one.arrive()
    assert bots.START_MS + 30_000 == one.wake.due_ms
    assert ["Bye"] == one.ring()


def test_a_turn_is_bounded_and_then_people_take_over() -> None:
    round_and_round = flow(
        step("a", "branch", cases=[{"name": "x", "when": {"op": "is", "variable": "said", "test": "known"}}], exits={"x": "a", "else": "a"})
    )
    one = Bot(bots.release(round_and_round))
    assert ([BYE], "next") == (one.arrive(), one.respond.then)
    assert MAX_STEPS_A_TURN == one.counts["a", "entered"] == one.counts["a", "left"]


def test_messages_and_depth_of_a_turn_are_bounded() -> None:
    chatter = Bot(bots.release(flow(step("a", "message", text="x", exits="a"))))
    assert (["x"] * 20 + [BYE], "next") == (chatter.arrive(), chatter.respond.then)
    deep = Bot(bots.release(flow(step("a", "subflow", flow="main", exits="a"))))
    assert [BYE] == deep.arrive()
    assert 8 == deep.counts["a", "entered"] == deep.counts["a", "left"]


@pytest.mark.parametrize(
    "broken", [step("a", "message", text="x"), step("a", "message", text="x", exits="gone"), step("a", "link", flow="gone")]
)
def test_a_way_that_leads_nowhere_leads_to_people(broken: dict[str, object]) -> None:
    one = Bot(bots.release(flow(broken)))
    one.arrive()
    assert ("next", 1, 1) == (one.respond.then, one.counts["a", "entered"], one.counts["a", "left"])


def test_what_goes_with_a_hand_over_fits_into_metadata() -> None:
    fields = {f"f{n}": "{{said}}" for n in range(20)}
    one = Bot(bots.release(flow(step("a", "transfer", fields=fields))))
    one.say("long " * 500)
    assert 5 < len(one.respond.metadata) < 20


def test_the_release_that_is_needed_is_the_runs_own() -> None:
    one = bot()
    hear = cmd.Hear(1, 1, "control", start=BotStart(7))
    assert (7, None, None) == tuple(rules.release_of(State("c"), each) for each in (hear, cmd.Hear(1, 1, "control"), cmd.Ring(1)))
    one.arrive()
    assert (1, 1, 7) == tuple(
        rules.release_of(one.state, each) for each in (cmd.Ring(1), cmd.Hear(1, 2, "message"), cmd.Hear(2, 2, "control", start=BotStart(7)))
    )


def test_a_text_of_the_release_is_said_in_place_of_our_own() -> None:
    one = bot(Settings(words={"fallback": {"en": "Pardon?"}}))
    one.arrive()
    assert ["Pardon?", QUESTION] == one.say("purple")


def test_the_journal_gives_the_live_state() -> None:
    one = bot()
    for text in ("purple", "where is my order", "12"):
        one.say(text)
        one.check_replay()
    one.called(error="timeout")
    one.check_replay()
