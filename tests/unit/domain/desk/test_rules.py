"""Triggers, automations, queues, skills and macros: what fires, in which order, and how often."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.desk.building import automation_of, macro_of, trigger_of
from domain.desk.conditions import HOURS
from domain.desk.model import Conditions
from domain.desk.rules import Breach, Close, Due, Fired, fired, macro_changes, on_timer, queue_for, rung_with, service_levels, timers
from domain.errors import Invalid
from domain.ticket.commands import By, Change, Comment
from domain.ticket.model import Metrics, Ticket
from tests.desks import ANA, HOUR, PEOPLE, asks, automation, desk, policy, row, ticket, trigger, with_changes

AGENT = By("agent", ANA)


def fire(these: object, after: Ticket | None = None, event: str = "update", **more: object) -> tuple[Fired, ...]:
    given = {"before": ticket(), "by": AGENT, "now_ms": 2 * HOUR, "apply": with_changes} | more
    return fired(these, given.pop("before"), after or ticket(), given.pop("by"), given.pop("now_ms"), event, **given)  # type: ignore[arg-type]


class TestTriggers:
    def test_they_fire_in_order_and_on_what_others_did(self) -> None:
        these = desk(
            trigger(11, asks("priority", "is", "urgent"), actions={"group_id": "2"}, position=1),
            trigger(12, asks("current_tags", "includes", "vip"), actions={"priority": "urgent"}, position=2),
            trigger(13, asks("status", "is", "solved"), actions={"priority": "low"}, position=0),
        )
        done = fire(these, ticket(tags=("vip",)))
        assert ["trigger:12", "trigger:11"] == [one.rule for one in done]
        assert ("trigger:12", "trigger:11") == done[1].chain
        assert (Change("group_id", 2),) == done[1].changes

    def test_two_that_undo_each_other_fire_once_each(self) -> None:
        these = desk(
            trigger(11, asks("status", "is", "open"), actions={"status": "pending"}),
            trigger(12, asks("status", "is", "pending"), actions={"status": "open"}),
        )
        assert [11, 12] == [one.rule_id for one in fire(these)]

    def test_categories_come_one_after_the_other(self) -> None:
        these = desk(
            row("trigger_category", 31, 2, name="Late"),
            row("trigger_category", 32, 1, name="Early"),
            trigger(11, asks("status", "is", "open"), actions={"type": "task"}, position=0, category_id="31"),
            trigger(12, asks("status", "is", "open"), actions={"type": "task"}, position=1, category_id="32"),
            trigger(13, asks("status", "is", "open"), actions={"type": "task"}, position=2),
        )
        assert [13, 12, 11] == [one.rule_id for one in fire(these)]

    def test_one_that_is_off_does_not(self) -> None:
        these = desk(trigger(11, asks("status", "is", "open"), actions={"status": "pending"}, active=False))
        assert () == fire(these)

    def test_those_of_messaging_hear_their_own_event_alone(self) -> None:
        these = desk(
            trigger(
                11, asks("status", "is", "open"), actions={"send_message": "Hello {{ticket.requester.first_name}}"}, event="queue_added"
            ),
            trigger(12, asks("status", "is", "open"), actions={"priority": "low"}),
        )
        (hello,) = fire(these, event="queue_added", known={"ticket.requester.first_name": "Eve"})
        assert ["Hello Eve"] == [message.text for message in hello.messages]
        assert [12] == [one.rule_id for one in fire(these)]

    def test_a_note_is_for_agents_unless_it_says_otherwise(self) -> None:
        note, public = (
            fire(desk(trigger(11, asks("status", "is", "open"), actions={"comment_value": "{{current_user.name}}: {{nothing}}!"} | more)))
            for more in ({}, {"comment_mode_is_public": "true"})
        )
        assert (Comment("Ana Silva: !", public=False),) == note[0].comments
        assert public[0].comments[0].public

    def test_what_is_said_as_html_holds_no_markup_of_others(self) -> None:
        these = desk(trigger(11, asks("status", "is", "open"), actions={"comment_value_html": "<b>{{ticket.title}}</b><script>x</script>"}))
        (done,) = fire(these, ticket(subject="<img src=x>"))
        assert "<b>&lt;img src=x&gt;</b>" == done.comments[0].html
        assert "<img src=x>" == done.comments[0].body

    def test_surveys_channels_and_followers(self) -> None:
        actions = {
            "satisfaction_score": "offered",
            "set_routing_channel": "support",
            "follower": "current_user",
            "assignee_id": "current_user",
        }
        (done,) = fire(desk(trigger(11, asks("status", "is", "open"), actions=actions)))
        assert (True, "support") == (done.survey, done.channel)
        assert (Change("follower_ids", (ANA,)), Change("assignee_id", ANA)) == done.changes

    def test_nobody_is_made_an_agent(self) -> None:
        these = desk(trigger(11, asks("status", "is", "open"), actions={"assignee_id": "current_user"}))
        (done,) = fire(these, by=By("user", "somebody"))
        assert () == done.changes

    @given(st.lists(st.tuples(st.sampled_from(["open", "pending", "hold"]), st.sampled_from(["open", "pending", "hold"])), max_size=8))
    def test_whatever_they_do_each_fires_once_at_most_and_the_chain_says_why(self, moves: list[tuple[str, str]]) -> None:
        these = [trigger(11 + at, asks("status", "is", old), actions={"status": new}) for at, (old, new) in enumerate(moves)]
        done = fire(desk(*these))
        assert len({one.rule_id for one in done}) == len(done)
        assert [tuple(other.rule for other in done[: at + 1]) for at in range(len(done))] == [one.chain for one in done]
        last = with_changes(ticket(), tuple(change for one in done for change in one.changes))
        left = [one for one in these if one.number not in {each.rule_id for each in done}]
        assert not any(last.status == one.body.conditions.all[0].value for one in left)

    @pytest.mark.parametrize(
        ("actions", "path"),
        [
            ({}, "actions"),
            ({"fly": "1"}, "actions[0].field"),
            ({"share_ticket": "1"}, "actions[0].field"),
            ({"notification_user": "1"}, "actions[0].value"),
            ({"status": "done"}, "actions[0].value"),
            ({"group_id": "9"}, "actions[0].value"),
            ({"assignee_id": "73"}, "actions[0].value"),  # a customer
            ({"current_tags": " ".join(f"t{n}" for n in range(101))}, "actions[0].value"),
            ({"comment_value": " "}, "actions[0].value"),
            ({"comment_mode_is_public": "?"}, "actions[0].value"),
            ({"custom_fields_9": "1"}, "actions[0].field"),
        ],
    )
    def test_what_nobody_can_do_is_refused(self, actions: dict[str, str], path: str) -> None:
        with pytest.raises(Invalid) as refused:
            trigger_of(trigger(11, asks("status", "is", "open"), actions=actions), desk(), PEOPLE)
        assert path == refused.value.field

    def test_a_rule_whose_group_is_gone_is_named_and_left_out(self) -> None:
        these = desk(trigger(11, asks("group_id", "is", "9"), actions={"status": "pending"}))
        assert ((), 1) == (these.triggers, len(these.faults))
        assert these.faults[0].startswith("trigger 11: conditions.all[0].value")


class TestAutomations:
    DAY = automation(21, asks("SOLVED", "greater_than", 24), asks("priority", "is_not", "urgent"), actions={"current_tags": "old"})
    SOLVED = ticket(status="solved", metrics=Metrics(solved_ms=10 * HOUR, status_ms=10 * HOUR))

    def test_it_is_due_to_the_millisecond(self) -> None:
        these = desk(self.DAY)
        (close, due) = timers(these, self.SOLVED, 11 * HOUR)
        assert ("close", 10 * HOUR + 4 * 24 * HOUR) == (close.name, close.due_ms)
        assert ("automation", 34 * HOUR) == (due.name, due.due_ms)
        assert None is on_timer(these, self.SOLVED, due.name, due.key, 34 * HOUR - 1)
        done = on_timer(these, self.SOLVED, due.name, due.key, 34 * HOUR)
        assert isinstance(done, Fired)
        assert (("automation:21",), (Change("additional_tags", ("old",)),)) == (done.chain, done.changes)

    def test_it_fires_once(self) -> None:
        these = desk(self.DAY)
        due = timers(these, self.SOLVED, 11 * HOUR)[1]
        after = replace(self.SOLVED, rung=rung_with((), due.key))
        assert ["close"] == [one.name for one in timers(these, after, 40 * HOUR)]
        assert None is on_timer(these, after, due.name, due.key, 40 * HOUR)

    def test_it_fires_anew_when_a_person_has_started_its_clock_again(self) -> None:
        these = desk(self.DAY)
        due = timers(these, self.SOLVED, 11 * HOUR)[1]
        rung = rung_with((), due.key)
        by_rule = replace(self.SOLVED, rung=rung, metrics=Metrics(solved_ms=50 * HOUR, status_ms=50 * HOUR))
        assert ["close"] == [one.name for one in timers(these, by_rule, 51 * HOUR)]
        by_person = replace(by_rule, metrics=replace(by_rule.metrics, assignee_ms=50 * HOUR))
        assert 74 * HOUR == timers(these, by_person, 51 * HOUR)[1].due_ms
        assert 1 == len(rung_with(rung, timers(these, by_person, 51 * HOUR)[1].key))

    def test_it_is_not_due_while_its_other_conditions_do_not_hold(self) -> None:
        assert ["close"] == [one.name for one in timers(desk(self.DAY), replace(self.SOLVED, priority="urgent"), 11 * HOUR)]

    @pytest.mark.parametrize(
        ("operator", "now", "expected"),
        [("is", 0, 3), ("is", 3.5, 3), ("is", 4, None), ("less_than", 1, 0), ("less_than", 3, None), ("greater_than", 90, 3)],
    )
    def test_hours(self, operator: str, now: float, expected: int | None) -> None:
        these = desk(automation(21, asks("NEW", operator, 3), actions={"priority": "high"}))
        found = timers(these, ticket(created_ms=HOUR), int((now + 1) * HOUR))
        assert expected == (found[0].due_ms // HOUR - 1 if found else None)

    @pytest.mark.parametrize(("operator", "expected"), [("is", 7), ("less_than", 7), ("greater_than", 0)])
    def test_hours_until(self, operator: str, expected: int) -> None:
        these = desk(automation(21, asks("until_due_date", operator, 3), actions={"priority": "high"}))
        (due,) = timers(these, ticket(due_ms=10 * HOUR), HOUR)
        assert expected * HOUR == due.due_ms

    def test_business_hours(self) -> None:
        week = row("schedule", 41, name="Office", time_zone="UTC", intervals=[{"start_time": 4 * 1440 + 540, "end_time": 4 * 1440 + 1020}])
        these = desk(week, automation(21, asks("NEW", "greater_than_business_hours", 4), actions={"priority": "high"}))
        (due,) = timers(these, ticket(created_ms=15 * HOUR), 15 * HOUR)  # Thursday, the first of January 1970: two hours are left of it
        assert (7 * 24 + 11) * HOUR == due.due_ms

    @pytest.mark.parametrize("tests", [[asks("status", "is", "open")], [asks("NEW", "is", "1.5")], [asks("NEW", "is", "-1")]])
    def test_what_waits_for_nothing_is_refused(self, tests: list[dict[str, object]]) -> None:
        with pytest.raises(Invalid):
            automation_of(automation(21, *tests, actions={"priority": "high"}), desk(), PEOPLE)

    @given(
        st.lists(st.sampled_from(["open", "pending", "solved"]), min_size=2, max_size=2, unique=True), st.integers(0, 3), st.integers(0, 3)
    )
    def test_no_two_set_each_other_off_for_ever(self, pair: list[str], one: int, other: int) -> None:
        first, second = pair
        names = {"open": "OPEN", "pending": "PENDING", "solved": "SOLVED"}
        these = desk(
            automation(21, asks(names[first], "greater_than", one), actions={"status": second}),
            automation(22, asks(names[second], "greater_than", other), actions={"status": first}),
            row("settings", 50, tickets={"close_after_s": 0}),
        )
        now, subject, count = HOUR, ticket(status=first), 0
        while dues := timers(these, subject, now):
            now = max(now, dues[0].due_ms)
            done = on_timer(these, subject, dues[0].name, dues[0].key, now)
            assert isinstance(done, Fired)
            changed = with_changes(subject, done.changes)
            subject = replace(
                changed, rung=rung_with(subject.rung, done.key), updated_ms=now, metrics=Metrics(status_ms=now, solved_ms=now)
            )
            count += 1
            assert count <= 2


class TestTimers:
    def test_a_solved_ticket_closes(self) -> None:
        solved = ticket(status="solved", metrics=Metrics(solved_ms=HOUR))
        (due,) = timers(desk(), solved, HOUR)
        assert Due("close", str(HOUR), HOUR + 96 * HOUR) == due
        assert isinstance(on_timer(desk(), solved, due.name, due.key, due.due_ms), Close)
        assert None is on_timer(desk(), ticket(), due.name, due.key, due.due_ms)
        assert () == timers(desk(row("settings", 1, tickets={"close_after_s": 0})), solved, HOUR)

    def test_a_deleted_one_waits_for_nothing(self) -> None:
        assert () == timers(desk(), ticket(status="solved", metrics=Metrics(solved_ms=HOUR), deleted=True), HOUR)

    def test_a_service_level_is_missed_to_the_second(self) -> None:
        these = desk(policy(61, ("first_reply_time", 60), ("total_resolution_time", 120)))
        subject = ticket()
        subject = replace(subject, levels=service_levels(these, None, subject, HOUR))
        (due,) = timers(these, subject, HOUR)
        assert ("level", HOUR + 60_000) == (due.name, due.due_ms)
        breach = on_timer(these, subject, due.name, due.key, due.due_ms)
        assert isinstance(breach, Breach) and "first_reply_time" == breach.metric
        (then,) = timers(these, replace(subject, levels=breach.levels), due.due_ms)
        assert HOUR + 120_000 == then.due_ms

    FIELDS = ("NEW", "OPEN", "PENDING", "SOLVED", "updated_at", "due_date", "until_due_date")

    @given(
        st.lists(st.tuples(st.sampled_from(FIELDS), st.sampled_from(HOURS), st.integers(0, 30)), max_size=4),
        st.sampled_from(["new", "open", "pending", "solved"]),
        st.lists(st.integers(0, 60), min_size=4, max_size=4),
        st.integers(0, 90),
    )
    def test_whatever_waits_fires_when_it_is_due_and_nothing_before(
        self, waits: list[tuple[str, str, int]], status: str, instants: list[int], now: int
    ) -> None:
        office = row("schedule", 41, name="Office", time_zone="UTC", intervals=[{"start_time": 600, "end_time": 7 * 1440}])
        rules = [automation(21 + at, asks(*wait), actions={"priority": "high"}) for at, wait in enumerate(waits)]
        these = desk(office, policy(61, ("total_resolution_time", 7_200)), *rules)
        created, entered, updated, due = (HOUR * (1 + one) for one in instants)
        metrics = Metrics(status_ms=entered, solved_ms=entered if status == "solved" else 0)
        subject = ticket(status=status, created_ms=created, updated_ms=updated, due_ms=due, metrics=metrics)
        subject = replace(subject, levels=service_levels(these, None, subject, now * HOUR))
        for one in timers(these, subject, now * HOUR):
            rings = max(one.due_ms, now * HOUR)
            assert None is not on_timer(these, subject, one.name, one.key, rings)
            if now * HOUR < one.due_ms:
                assert None is on_timer(these, subject, one.name, one.key, one.due_ms - 1)
            assert None is on_timer(these, subject, one.name, one.key + "0", rings)


class TestQueues:
    def test_the_first_whose_conditions_hold(self) -> None:
        def queue(number: int, position: int, value: str) -> object:
            definition = {"all": [asks("priority", "is", value)]}
            return row("queue", number, position, name=f"Queue {number}", definition=definition, primary_groups_id=[2])

        these = desk(queue(71, 2, "urgent"), queue(72, 1, "urgent"), queue(73, 0, "low"))  # type: ignore[arg-type]
        choice = queue_for(these, ticket(priority="urgent", group_id=2), HOUR)
        assert (72, 2, 3) == (choice.queue, choice.group, choice.priority)

    def test_else_the_standard_one_of_the_group_or_of_the_default_group(self) -> None:
        assert (0, 2) == (queue_for(desk(), ticket(group_id=2), HOUR).queue, queue_for(desk(), ticket(group_id=2), HOUR).group)
        assert 1 == queue_for(desk(), ticket(), HOUR).group
        assert 1 == queue_for(desk(), ticket(group_id=99), HOUR).group

    def test_skills_that_it_needs(self) -> None:
        french = row("skill", 81, name="French", attribute=80, conditions={"all": [asks("current_tags", "includes", "fr")]})
        plain = row("skill", 82, name="Hats", attribute=80)
        assert (81,) == queue_for(desk(french, plain), ticket(tags=("fr",)), HOUR).skills
        assert () == queue_for(desk(french, plain), ticket(), HOUR).skills


class TestMacros:
    def test_a_macro_speaks_in_public_with_placeholders(self) -> None:
        given = [
            {"field": "comment_value", "value": "Hi {{ticket.requester.first_name}}, {{current_user.first_name}} here on #{{ ticket.id }}"}
        ]
        body = row("macro", 91, title="Hello", actions=[*given, {"field": "status", "value": "pending"}])
        macro = macro_of(body, desk(), PEOPLE)
        changes, comment = macro_changes(macro, ticket(), ANA, desk(), {"ticket.requester.first_name": "Eve"})
        assert ((Change("status", "pending"),), Comment("Hi Eve, Ana here on #5")) == (changes, comment)

    @pytest.mark.parametrize("action", [{"field": "status", "value": "closed"}, {"field": "send_message", "value": "x"}])
    def test_it_closes_nothing_and_says_no_message(self, action: dict[str, str]) -> None:
        with pytest.raises(Invalid):
            macro_of(row("macro", 91, title="No", actions=[action]), desk(), PEOPLE)


def test_a_desk_without_rows_works() -> None:
    from domain.desk.building import build

    empty = build("a" * 24, 0, (), (), {})
    assert Conditions() == Conditions()
    assert (0, None) == (queue_for(empty, ticket(), HOUR).queue, queue_for(empty, ticket(), HOUR).group)
    assert {"messaging": 5, "support": 20} == empty.capacity_rules[0].limits
