"""From rows to a desk: schedules, fields, people, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from domain.desk.bodies import BODIES, LIMITS, FieldBody, ScheduleBody, SettingsBody, decode_body, encode_body
from domain.desk.building import build, check_field, check_settings, people_in, policy_of, queue_of, schedule_of
from domain.desk.model import Routing, Tickets
from domain.errors import Invalid
from tests.desks import ANA, APP, PEOPLE, asks, desk, policy, row, trigger


def schedule(**fields: Any) -> ScheduleBody:
    body: ScheduleBody = row("schedule", 1, **{"name": "S", "time_zone": "UTC"} | fields).body
    return body


def test_a_week_begins_on_sunday_and_an_interval_may_go_over_midnight() -> None:
    made = schedule_of(schedule(intervals=[{"start_time": 0, "end_time": 60}, {"start_time": 6 * 1440 + 1380, "end_time": 7 * 1440}]))
    assert {"sun": (("00:00", "01:00"),), "sat": (("23:00", "24:00"),)} == made.hours
    over = schedule_of(schedule(intervals=[{"start_time": 1440 + 1320, "end_time": 2 * 1440 + 120}]))
    assert {"mon": (("22:00", "24:00"),), "tue": (("00:00", "02:00"),)} == over.hours


def test_holidays_close_it() -> None:
    holiday = {"id": 1, "name": "Summer", "start_date": "2026-08-30", "end_date": "2026-09-01"}
    made = schedule_of(schedule(holidays=[holiday], country="FR"))
    assert (["2026-08-30", "2026-08-31", "2026-09-01"], "FR") == (sorted(made.days), made.country)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"time_zone": "Mars/Olympus"}, "schedule.timezone"),
        ({"country": "XX"}, "schedule.country"),
        ({"intervals": [{"start_time": 9, "end_time": 9}]}, "intervals[0].end_time"),
        ({"holidays": [{"id": 1, "name": "H", "start_date": "2026-02-30", "end_date": "2026-03-01"}]}, "holidays[0]"),
        ({"holidays": [{"id": 1, "name": "H", "start_date": "2026-02-03", "end_date": "2026-02-01"}]}, "holidays[0].end_date"),
        ({"holidays": [{"id": 1, "name": "H", "start_date": "2026-02-03", "end_date": "2028-02-01"}]}, "holidays[0].end_date"),
    ],
)
def test_a_schedule_that_is_none_is_refused(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        schedule_of(schedule(**fields))
    assert path == refused.value.field


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"type": "tagger"}, "custom_field_options"),
        ({"type": "text", "custom_field_options": [{"name": "A", "value": "a"}]}, "custom_field_options"),
        ({"type": "tagger", "custom_field_options": [{"name": "A", "value": "a"}, {"name": "B", "value": "a"}]}, "custom_field_options"),
        ({"type": "tagger", "custom_field_options": [{"name": "A", "value": "a b"}]}, "custom_field_options"),
        ({"type": "regexp"}, "regexp_for_validation"),
        ({"type": "regexp", "regexp_for_validation": "("}, "regexp_for_validation"),
        ({"type": "text", "regexp_for_validation": "a"}, "regexp_for_validation"),
    ],
)
def test_a_field_that_is_none_is_refused(fields: dict[str, Any], path: str) -> None:
    body: FieldBody = row("field", 1, title="F", **fields).body
    with pytest.raises(Invalid) as refused:
        check_field(body)
    assert path == refused.value.field


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (SettingsBody(routing=Routing(offer_s=-1)), "settings.routing.offer_s"),
        (SettingsBody(routing=Routing(schedule=9)), "settings.routing.schedule"),
        (SettingsBody(tickets=Tickets(close_after_s=10**9)), "settings.tickets.close_after_s"),
        (SettingsBody(tickets=Tickets(survey_scale=11)), "settings.tickets.survey_scale"),
        (SettingsBody(tickets=Tickets(survey_reasons=("",))), "settings.tickets.survey_reasons"),
        (SettingsBody(tickets=Tickets(survey_text="x" * 501)), "settings.tickets.survey_text"),
    ],
)
def test_settings_out_of_bounds_are_refused(given: SettingsBody, path: str) -> None:
    check_settings(SettingsBody(), desk())
    with pytest.raises(Invalid) as refused:
        check_settings(given, desk())
    assert path == refused.value.field


def test_a_policy_says_each_target_once() -> None:
    with pytest.raises(Invalid):
        policy_of(policy(1, ("first_reply_time", 5), ("first_reply_time", 6)), desk(), {})
    with pytest.raises(Invalid):
        policy_of(policy(1, ("first_reply_time", 5), schedule=9), desk(), {})


def test_a_queue_names_groups_that_there_are() -> None:
    for primary, secondary in (([9], []), ([1], [9]), ([], [])):
        body: dict[str, Any] = {"name": "Q", "definition": {"all": [asks("status", "is", "open")]}}
        with pytest.raises(Invalid):
            queue_of(row("queue", 1, **body, primary_groups_id=primary, secondary_groups_id=secondary), desk(), {})


def test_agents_have_groups_skills_and_capacity() -> None:
    made = desk(
        row("membership", 11, account=ANA, group=2, default=True),
        row("membership", 12, account=ANA, group=1),
        row("agent", 13, account=ANA, skills=[21], capacity_rule=31),
        row("skill", 21, name="French", attribute=20),
        row("capacity", 31, name="Calm", limits={"messaging": 1}),
        row("status", 41, name="Lunch", channels={"messaging": "away"}),
    )
    ana = made.agents[ANA]
    assert ((2, 1), 2, (21,), 31, 71) == (ana.groups, ana.default_group, ana.skills, ana.capacity_rule, ana.number)
    assert ({21: "French"}, [31], ["Lunch"]) == (made.skills, list(made.capacity_rules), [one.name for one in made.statuses.values()])


def test_rules_that_name_people_are_found() -> None:
    one = trigger(11, asks("assignee_id", "is", "71"), asks("requester_id", "is_not", "current_user"), actions={"follower": "72"})
    assert {71, 72} == people_in([one])


def test_a_broken_schedule_breaks_nothing_else() -> None:
    broken = row("schedule", 1, name="S", time_zone="Mars")
    made = build(APP, 1, [broken, row("group", 2, name="G")], (), PEOPLE)
    assert ({}, [2], ["schedule 1"]) == (made.schedules, list(made.groups), [one.partition(":")[0] for one in made.faults])


def test_bodies_survive_being_kept() -> None:
    assert BODIES.keys() == LIMITS.keys()
    one = trigger(11, asks("status", "is", "open"), actions={"status": "pending"})
    assert one.body == decode_body("trigger", encode_body(one.body))
