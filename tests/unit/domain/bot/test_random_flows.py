"""Any flow that passes the checks, told anything in any order: it never gets stuck, keeps its bounds, and replays to the live state."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.bot import commands as cmd
from domain.bot import effects as fx
from domain.bot import graph, rules
from domain.bot.anatomy import all_exits_of
from domain.bot.checks import check_flow, errors
from domain.bot.flow import KINDS, Flow, Loop
from domain.bot.release import Settings
from domain.bot.run import MAX_MESSAGES_A_TURN, MAX_STEPS_A_TURN
from domain.bot.state import encode
from tests import bots
from tests.bots import Bot, article, flow

TEXT = {"en": "{{said|x}} {{word}}"}
CONDITION = {"op": "is", "variable": "number", "test": "at_least", "value": 2}
OPTION = {"name": "o1", "label": {"en": "One"}}
PARTS: dict[str, dict[str, Any]] = {
    "message": {"text": TEXT},
    "options": {"text": TEXT, "options": [OPTION, {"name": "o2", "label": {"en": "Two"}}], "variable": "word"},
    "articles": {"text": TEXT},
    "carousel": {"panels": [{"title": TEXT, "links": [{"text": TEXT, "url": "https://x.example/{{said}}"}]}]},
    "details": {
        "text": TEXT,
        "fields": [{"name": "n", "label": TEXT, "kind": "integer", "variable": "number", "ticket_field": "1"}],
        "tries": 2,
    },
    "ask_resolved": {"text": TEXT, "patience_s": 60},
    "call": {"url": "https://x.example/{{word}}", "body": {"a": "{{number}}"}, "results": {"number": "$.n"}},
    "transfer": {"fields": {"2": "{{word}}"}},
    "branch": {"cases": [{"name": "c1", "when": CONDITION}]},
    "business_hours": {"schedule": "none"},
    "link": {"flow": "other"},
    "set": {"variable": "number", "value": 3},
    "wait": {"seconds": 60},
    "loop": {"max": 3},
    "subflow": {"flow": "other"},
    "satisfaction": {"text": TEXT, "comment": TEXT, "variable": "number"},
    "answer": {},
    "solve": {},
    "end": {},
}
VARIABLES = [{"name": "word"}, {"name": "number", "type": "number"}]
OTHER = flow(
    {"id": "o", "type": "options", "text": TEXT, "options": [OPTION], "exits": {"o1": "e"}},
    {"id": "e", "type": "end"},
    id="other",
    name="Other",
    phrases={"en": ["something else"]},
    variables=VARIABLES,
)


def test_every_kind_is_tried() -> None:
    assert set(PARTS) == set(KINDS)


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """A flow that is whole: each exit leads somewhere, mostly on, and each step is come to. It may go round for ever."""
    kinds = draw(st.lists(st.sampled_from(sorted(PARTS)), min_size=1, max_size=8))
    steps = [{"id": f"s{i}", "type": kind, **PARTS[kind]} for i, kind in enumerate(kinds)]
    steps.append({"id": f"s{len(kinds)}", "type": "end"})
    bare = flow(*steps, variables=VARIABLES)
    for i, one in enumerate(bare.steps):
        exits = all_exits_of(one)
        names = [*exits.required, *draw(st.sets(st.sampled_from(exits.optional)) if exits.optional else st.just(set()))]
        first = 0 if draw(st.booleans()) else i + 1
        steps[i]["exits"] = {name: f"s{draw(st.integers(min(first, len(kinds)), len(kinds)))}" for name in names}
    reached = graph.reachable(flow(*steps))
    return flow(*(one for one in steps if one["id"] in reached), variables=VARIABLES, phrases={"en": ["start over"]})


#: What happens: the customer does something, the world answers, time goes by, something is late.
HAPPENINGS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from(["One", "7", "something else", "start over", "purple", "{{said}}"])),
        st.tuples(st.just("press"), st.integers(0, 5)),
        st.tuples(st.just("fill"), st.sampled_from(["1", "x"])),
        st.sampled_from(
            [
                ("arrive", 0),
                ("called", 0),
                ("failed", 0),
                ("found", 0),
                ("nothing", 0),
                ("ring", 0),
                ("late", 0),
                ("pass", 0),
                ("refuse", 0),
            ]
        ),
    ),
    min_size=3,
    max_size=14,
)


def happen(bot: Bot, what: str, detail: Any) -> None:
    match what:
        case "say":
            bot.say(detail)
        case "press" if bot.buttons:
            bot.press(bot.buttons[-1 - detail % len(bot.buttons)][0])
        case "fill":
            bot.fill(n=detail)
        case "called":
            bot.called(number=detail)
        case "failed":
            bot.called(error="timeout")
        case "found":
            bot.found(article("a"), answer="Yes.")
        case "nothing":
            bot.found()
        case "ring":
            bot.tell(cmd.Ring(bot.state.n))
        case "late":
            before = encode(bot.state)
            for late in (
                cmd.Called(bot.state.n - 1),
                cmd.Found(bot.state.n + 1),
                cmd.Ring(bot.state.n - 1),
                cmd.Hear(bot.epoch, bot.state.heard, "message", text="x"),
            ):
                assert rules.NOTHING == bot.tell(late)
            assert before == encode(bot.state)
        case "pass":
            bot.epoch += 1
            bot.arrive()
        case "refuse":
            bot.tell(cmd.Rejected(bot.epoch, "not_in_control"))
        case _:
            bot.arrive()


def check(bot: Bot) -> None:
    assert sum(isinstance(one, fx.Respond) for one in bot.effects) <= 1
    assert len(bot.respond.messages) <= MAX_MESSAGES_A_TURN + 3
    assert all(bot.counts[name, "entered"] >= bot.counts[name, "left"] + bot.counts[name, "dropped"] for name, _ in bot.counts)
    waiting = {frame.step for frame in bot.state.stack}
    open_ = {name for name, _ in bot.counts if bot.counts[name, "entered"] > bot.counts[name, "left"] + bot.counts[name, "dropped"]}
    assert waiting == open_, "a step that was entered was left, was given up, or waits"
    assert bot.state.is_live == (bot.state.awaits.kind != "nothing"), "who runs waits for something"
    assert len(encode(bot.state)) < 4096


def is_sound(one: Flow) -> bool:
    return not errors(check_flow(one, {"other": OTHER}))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(flows(), HAPPENINGS)
def test_whatever_happens_a_run_keeps_its_bounds_and_its_journal(one: Flow, happenings: list[tuple[str, Any]]) -> None:
    """Also of a flow that fails the checks: published or not, none takes its host down."""
    release = bots.release(one, OTHER, settings=Settings(answers=True, idle_minutes=1))
    bot, twin = Bot(release), Bot(release)
    sound = is_sound(one) and sum(isinstance(step, Loop) for step in one.steps) <= 1
    for what, detail in [("arrive", 0), *happenings]:
        happen(bot, what, detail)
        check(bot)
        assert bot.entered < MAX_STEPS_A_TURN if sound else bot.entered <= MAX_STEPS_A_TURN
        happen(twin, what, detail)
        assert bot.effects == twin.effects, "the same history, the same next step"
    bot.check_replay()
    assert bot.bodies == twin.bodies


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(flows(), st.lists(st.sampled_from(["One", "7", "yes", "3"]), min_size=1, max_size=6))
def test_a_flow_that_passes_the_checks_goes_on_until_it_waits_or_is_over(one: Flow, texts: list[str]) -> None:
    """The checks' promise: with the world answering, only a customer whom nobody understands is passed on for want of a way."""
    if not is_sound(one) or sum(isinstance(step, Loop) for step in one.steps) > 1:
        return
    bot = Bot(bots.release(one, OTHER, settings=Settings(misses=10, answers=True)))
    bot.arrive()
    for text in texts:
        assert bot.state.is_live == (bot.state.awaits.kind != "nothing")
        kind = bot.state.awaits.kind
        happen(
            bot, {"call": "called", "articles": "found", "timer": "ring"}.get(kind, "say"), text if kind in ("customer", "nothing") else 1
        )
        check(bot)
        assert bot.entered < MAX_STEPS_A_TURN
