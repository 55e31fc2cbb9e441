"""What each kind of step says and asks, where it leads, and what it leaves behind."""

from __future__ import annotations

import json

import pytest

from domain.bot import commands as cmd
from domain.bot import effects as fx
from domain.bot.flow import KINDS
from domain.bot.release import Settings
from domain.bot.steps import enter
from domain.hours import Schedule
from tests import bots
from tests.bots import Bot, article, flow, step

END = step("end", "end")
VARIABLES = [{"name": "word"}, {"name": "number", "type": "number"}, {"name": "sure", "type": "boolean"}]


def bot(*steps: object, settings: Settings | None = None, **start: object) -> Bot:
    return Bot(bots.release(flow(*steps, END, variables=VARIABLES), settings=settings), **start)  # type: ignore[arg-type]


def test_every_kind_of_step_has_its_form() -> None:
    assert set(KINDS.values()) == set(enter._forms)


def test_message_is_said_in_the_customers_language() -> None:
    words = {"en": "Hello {{user.name|you}}", "fr": "Bonjour {{user.name|vous}}"}
    for locale, profile, expected in [("en-GB", {}, "Hello you"), ("fr-CA", {"name": "Zoé"}, "Bonjour Zoé"), ("de", {}, "Hello you")]:
        assert [expected] == bot(step("a", "message", text=words, exits="end"), locale=locale, profile=profile).arrive()


def test_message_may_have_an_image() -> None:
    one = bot(step("a", "message", text="Look", image="https://x.example/a.png", exits="end"))
    assert ["Look (https://x.example/a.png)"] == one.arrive()


OPTIONS = step(
    "a",
    "options",
    text="Which?",
    options=[{"name": "red", "label": {"en": "The red one"}}, {"name": "blue", "label": {"en": "The blue one"}}],
    variable="word",
    exits={"red": "r", "blue": "end"},
)


@pytest.mark.parametrize("answer", ["The red one", "the red noe", "1"])
def test_options_are_pressed_or_written(answer: str) -> None:
    one = bot(OPTIONS, step("r", "message", text="{{word}} it is", exits="end"))
    assert ["Which? [The red one] [The blue one]"] == one.arrive()
    assert ["red it is"] == (one.press(answer) if answer.startswith("The") else one.say(answer))


def test_options_have_a_way_for_other_words() -> None:
    other = {**OPTIONS, "exits": {"red": "end", "blue": "end", "other": "o"}}
    one = bot(other, step("o", "message", text="You said {{said}}", exits="end"))
    one.arrive()
    assert ["You said green"] == one.say("green")


def test_fixed_articles_are_shown_at_once() -> None:
    fixed = [{"title": {"en": "Returns"}, "url": "https://x.example/r", "description": {"en": "In 30 days."}}]
    assert ["Read this", "1. Returns In 30 days. Read: https://x.example/r"] == bot(
        step("a", "articles", text="Read this", articles=fixed, exits="end")
    ).arrive()


def test_articles_are_searched_for_and_shown() -> None:
    one = bot(step("a", "articles", text="Read this", limit=1, labels=["web"], exits={"next": "end", "none": "no"}), step("no", "solve"))
    one.say("my shoes")
    assert fx.Search(1, "my shoes", "en", 1, False, ("web",)) == one.asked(fx.Search)
    assert ["Read this", "1. About a All of a. Read: https://help.example/a"] == one.found(article("a"), article("b"))


def test_no_articles_is_a_way_of_its_own() -> None:
    one = bot(step("a", "articles", text="x", exits={"next": "end", "none": "no"}), step("no", "message", text="Nothing", exits="end"))
    one.say("my shoes")
    assert ["Nothing"] == one.found()
    assert ["Nothing"] == bot(
        step("a", "articles", text="x", exits={"next": "end", "none": "no"}), step("no", "message", text="Nothing", exits="end")
    ).arrive()


def test_a_search_that_never_answers_found_nothing() -> None:
    one = bot(step("a", "articles", text="x", exits={"next": "end", "none": "no"}), step("no", "message", text="Nothing", exits="end"))
    one.say("shoes")
    assert ["Nothing"] == one.ring()


def test_carousel_encodes_what_it_puts_into_addresses() -> None:
    panel = {"title": {"en": "Shoes"}, "links": [{"text": {"en": "See"}, "url": "https://x.example/s?q={{said}}"}]}
    one = bot(step("a", "carousel", text="Look:", panels=[panel], exits="end"))
    assert ["Look:", "1. Shoes See: https://x.example/s?q=a%2Fb%26c%3D%22"] == one.say('a/b&c="')


FIELDS = [
    {"name": "who", "label": {"en": "Name"}, "variable": "word", "profile": "givenName"},
    {"name": "mail", "label": {"en": "E-mail"}, "kind": "email", "profile": "email"},
    {"name": "count", "label": {"en": "How many"}, "kind": "integer", "variable": "number", "ticket_field": "7"},
    {
        "name": "colour",
        "label": {"en": "Colour"},
        "kind": "select",
        "choices": [{"name": "r", "label": {"en": "Red"}}, {"name": "b/1", "label": {"en": "Blue"}}],
        "ticket_field": "8",
    },
]
DETAILS = step("a", "details", text="Tell me", fields=FIELDS, exits={"next": "t"})
TRANSFER = step("t", "transfer", text="Thanks {{user.name}}, {{number}}")


def test_details_are_a_form_where_there_are_forms() -> None:
    one = bot(DETAILS, TRANSFER)
    assert ["Tell me {Name} {E-mail} {How many} {Colour}"] == one.arrive()
    assert ["Thanks Ann, 3"] == one.fill(who="Ann", mail="ann@x.example", count="3", colour="b/1")
    assert {"dataCapture.ticketField.7": 3, "dataCapture.ticketField.8": "b/1"} == one.respond.metadata
    assert fx.Remember("ann", {"givenName": "Ann", "email": "ann@x.example"}) == one.asked(fx.Remember)
    assert {"word": "Ann", "number": 3} == one.state.variables


def test_details_are_questions_where_there_are_none() -> None:
    one = bot(DETAILS, TRANSFER, channel="whatsapp")
    assert ["Tell me", "Name"] == one.arrive()
    assert ["E-mail"] == one.say("Ann")
    assert ["I cannot use that answer. Please try again.", "E-mail"] == one.say("not one")
    assert ["How many"] == one.say("ann@x.example")
    assert ["Colour [Red] [Blue]"] == one.say("3")
    assert ["Thanks Ann, 3"] == one.press("Blue")
    assert "b/1" == one.respond.metadata["dataCapture.ticketField.8"]


def test_who_writes_instead_of_filling_in_the_form_is_asked_by_questions() -> None:
    one = bot(DETAILS, TRANSFER)
    one.arrive()
    assert ["Name"] == one.say("what?")


def test_what_a_form_lacks_is_asked_for() -> None:
    one = bot(DETAILS, TRANSFER)
    one.arrive()
    assert ["E-mail"] == one.fill(who="Ann", mail="ann", count="3")


def test_a_choice_that_was_offered_for_another_question_is_no_answer() -> None:
    fields = [FIELDS[3], {"name": "more", "label": {"en": "More"}}]
    one = bot(step("a", "details", text="x", fields=fields, exits="end"), channel="line")
    one.arrive()
    one.press("Red")
    assert ["I cannot use that answer. Please try again.", "More"] == one.press("Blue")


@pytest.mark.parametrize("exits", [{"next": "end"}, {"next": "end", "failed": "f"}])
def test_details_give_up_after_some_tries(exits: dict[str, str]) -> None:
    one = bot(
        step("a", "details", text="x", fields=[FIELDS[1]], tries=2, exits=exits),
        step("f", "message", text="Well", exits="end"),
        channel="line",
    )
    one.arrive()
    one.say("no")
    expected = (["Well"], "stay") if "failed" in exits else (["I am passing you on to a colleague."], "next")
    assert expected == (one.say("no"), one.respond.then)


def test_ask_resolved_knows_yes_and_no_in_the_customers_language() -> None:
    steps = step("a", "ask_resolved", text={"en": "OK?", "fr": "Bon ?"}, exits={"yes": "y", "no": "end"}), step("y", "solve", text="Good")
    one = bot(*steps, locale="fr")
    assert ["Bon ? [Oui] [Non]"] == one.arrive()
    assert (["Good"], "solve") == (one.say("oui"), one.respond.then)


CALL = step(
    "a",
    "call",
    method="POST",
    url="https://x.example/o/{{word|none}}",
    headers={"Authorization": "Bearer {{secret.shop}}", "X-Said": "{{said}}"},
    body={"n": "{{number}}", "text": "I said: {{said}}", "key": "{{secret.key}}", "list": [True, "{{sure}}"]},
    results={"word": "$.word", "number": "$.items[0].n", "sure": "$.sure"},
    exits={"ok": "o", "failed": "f"},
)
OK, FAILED = step("o", "message", text="{{word}} {{number}} {{sure|-}}", exits="end"), step("f", "message", text="Broken", exits="end")


def test_call_renders_everything_but_secrets() -> None:
    one = bot(CALL, OK, FAILED)
    one.say("{{secret.key}} and \n more")
    call = one.asked(fx.Call)
    assert ("POST", "https://x.example/o/none", {"word": "$.word", "number": "$.items[0].n", "sure": "$.sure"}) == (
        call.method,
        call.url,
        call.paths,
    )
    assert "Bearer {{secret.shop}}" == call.headers["Authorization"]
    assert "{{" not in call.headers["X-Said"] and "\n" not in call.headers["X-Said"], "what a customer writes names no secret"
    body = json.loads(call.body)
    assert (None, "{{secret.key}}", [True, None]) == (body["n"], body["key"], body["list"])
    assert "{{" not in body["text"]


def test_call_takes_what_it_found_as_far_as_types_allow() -> None:
    one = bot(CALL, OK, FAILED)
    one.arrive()
    assert ["12 3.5 true"] == one.called(word=12, number="3,5", sure="TRUE")
    assert {"word": "12", "number": 3.5, "sure": True} == one.state.variables


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 2**63, "not a number", True])
def test_call_takes_no_number_that_is_none(value: object) -> None:
    one = bot(CALL, OK, FAILED)
    one.arrive()
    one.called(number=value if not isinstance(value, int) or value < 2**63 else float(2**70))
    assert {} == one.state.variables
    one.check_replay()


def test_call_has_a_way_for_failure_and_for_silence() -> None:
    for answer in (lambda one: one.called(error="timeout"), Bot.ring):
        one = bot(CALL, OK, FAILED)
        one.arrive()
        assert ["Broken"] == answer(one)


def test_transfer_takes_along_what_was_learned() -> None:
    one = bot(
        step("s", "set", variable="number", value=7, exits="a"),
        step("a", "transfer", tags=["vip", "bot"], fields={"3": "{{number}} by {{channel}}"}),
    )
    assert ["I am passing you on to a colleague."] == one.arrive()
    assert ("next", bots.AGENTS) == (one.respond.then, one.respond.heir)
    assert {"dataCapture.systemField.tags": "vip,bot", "dataCapture.ticketField.3": "7 by web"} == one.respond.metadata


NEVER = Settings(schedules={"day": Schedule(timezone="Europe/Paris", hours={})})
ALWAYS = Settings(
    schedules={
        "day": Schedule(
            timezone="Asia/Tokyo", hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), (("00:00", "24:00"),))
        )
    }
)


def test_transfer_says_something_else_outside_of_business_hours() -> None:
    transfer = step("a", "transfer", text="Soon", text_closed={"en": "Tomorrow"}, schedule="day")
    assert (["Tomorrow"], ["Soon"]) == tuple(bot(transfer, settings=settings).arrive() for settings in (NEVER, ALWAYS))
    closed = {**transfer, "exits": {"closed": "c"}}
    assert ["Shut"] == bot(closed, step("c", "message", text="Shut", exits="end"), settings=NEVER).arrive()


def test_business_hours_lead_by_the_clock() -> None:
    steps = step("a", "business_hours", schedule="day", exits={"open": "o", "closed": "f"}), OK, FAILED
    assert (["Broken"], ["-"]) == tuple(bot(*steps, settings=settings).arrive() for settings in (NEVER, ALWAYS))


def test_branch_goes_by_the_first_case_that_holds() -> None:
    cases = [{"name": str(n), "when": {"op": "is", "variable": "number", "test": "more", "value": n}} for n in (5, 3)]
    steps = step("a", "branch", cases=cases, exits={"5": "o", "3": "f", "else": "end"}), OK, FAILED
    for value, expected in ((6, ["6 -"]), (4, ["Broken"]), (3, [])):
        assert expected == bot(step("s", "set", variable="number", value=value, exits="a"), *steps).arrive()


def test_set_fills_in_converts_and_takes_away() -> None:
    steps = [
        step("a", "set", variable="number", value=3, exits="b"),
        step("b", "set", variable="word", value="{{number}} apples", exits="c"),
        step("c", "set", variable="number", value=None, exits="d"),
        step("d", "message", text="{{word}}, {{number|no number}}", exits="end"),
    ]
    assert ["3 apples, no number"] == bot(*steps).arrive()


def test_wait_goes_on_by_the_clock_or_when_the_customer_speaks() -> None:
    wait = step("a", "wait", seconds=60, exits={"next": "o", "spoke": "f"})
    one = bot(wait, OK, FAILED)
    one.arrive()
    assert bots.START_MS + 60_000 == one.wake.due_ms
    assert ["-"] == one.ring()
    other = bot(wait, OK, FAILED)
    other.arrive()
    assert ["Broken"] == other.say("hello?")


def test_wait_without_a_way_for_words_goes_on_waiting() -> None:
    one = bot(step("a", "wait", seconds=60, exits="f"), FAILED)
    one.arrive()
    wake = one.wake
    assert [] == one.say("hello?")
    one.effects = (wake,)
    assert ["Broken"] == one.ring()


def test_loop_is_entered_so_often_and_begins_anew() -> None:
    steps = step("a", "loop", max=2, exits={"again": "m", "done": "o"}), step("m", "message", text="Again", exits="a"), OK
    assert ["Again", "Again", "-"] == bot(*steps).arrive()
    cond = {"op": "is", "variable": "word", "test": "known"}
    assert ["-"] == bot({**steps[0], "while": cond}, *steps[1:]).arrive()


def test_subflow_comes_back_and_link_does_not() -> None:
    sub = flow(step("s", "message", text="Sub", exits="e"), step("e", "end"), id="sub", name="Sub")
    main = flow(step("a", "subflow", flow="sub", exits="b"), step("b", "link", flow="sub"), step("x", "message", text="never"))
    one = Bot(bots.release(main, sub))
    assert ["Sub", "Sub"] == one.arrive()
    assert not one.state.is_live
    assert {("a", "entered"): 1, ("a", "left"): 1, ("s", "entered"): 2} == {
        key: one.counts[key] for key in [("a", "entered"), ("a", "left"), ("s", "entered")]
    }


def test_satisfaction_asks_for_a_rating_and_a_comment() -> None:
    one = bot(
        step("a", "satisfaction", text="How?", comment="Why?", variable="number", comment_variable="word", exits="s"), step("s", "solve")
    )
    assert ["How? [1] [2] [3] [4] [5]"] == one.arrive()
    assert ["I am not sure I understood that. Could you say it in other words?", "How? [1] [2] [3] [4] [5]"] == one.say("so so")
    assert ["Why?"] == one.press("4")
    assert ([], "solve") == (one.say("quick"), one.respond.then)
    assert {"satisfaction.rating": 4, "satisfaction.comment": "quick"} == one.respond.metadata
    assert {"number": 4, "word": "quick"} == one.state.variables


ANSWER = step("a", "answer", exits={"answered": "end", "none": "f"}), FAILED


def test_answer_quotes_the_passage_with_its_sources() -> None:
    one = bot(*ANSWER, settings=Settings(answers=True))
    one.say("how long")
    assert one.asked(fx.Search).answer
    assert ["Thirty days."] == one.found(article("a"), article("b"), answer="Thirty days.")
    said = one.respond.messages[0]
    assert said.ai and said.references is not None
    assert {"uri": "https://help.example/a", "title": "About a", "description": "All of a."} == json.loads(said.references)[0]


def test_answer_is_off_by_default_and_may_find_none() -> None:
    assert ["Broken"] == bot(*ANSWER).say("how long")
    one = bot(*ANSWER, settings=Settings(answers=True))
    one.say("how long")
    assert ["Broken"] == one.found(article("a"))


def test_nothing_that_is_said_outgrows_the_model() -> None:
    """Values are cut, texts are cut, and a button without words shows its name."""
    one = bot(
        step("a", "message", text="{{said}} " * 400, exits="b"),
        step("b", "options", text="", options=[{"name": "x", "label": {"en": "{{word}}"}}], exits={"x": "end"}),
    )
    assert ["[x]"] == one.say("long " * 2000)[1:]


def test_what_the_world_answers_cannot_make_a_message_that_is_none() -> None:
    odd = [
        cmd.Article("a", "T\0" * 200, "https://x.example/a", "s" * 999),
        cmd.Article("b", "", "javascript:x"),
        cmd.Article("c", "", "https://x.example/c"),
    ]
    one = bot(step("a", "articles", text="x", exits={"next": "end", "none": "end"}))
    one.say("shoes")
    assert ["x", f"1. {'T' * 128} {'s' * 128} Read: https://x.example/a 2. Read Read: https://x.example/c"] == one.found(*odd)
    two = bot(*ANSWER, settings=Settings(answers=True))
    two.say("shoes")
    assert ["y" * 4096] == two.found(*odd, answer="\0y" * 9999)
    assert 2 == len(json.loads(two.respond.messages[0].references or b""))
