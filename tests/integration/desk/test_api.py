"""What admins set up, over HTTP: names, forms, refusals, and what goes along with what."""

from __future__ import annotations

from typing import Any

from tests.support_server import SupportServer

OPEN = {"field": "status", "operator": "is", "value": "open"}
SOLVE = {"field": "status", "value": "solved"}


async def make(server: SupportServer, path: str, name: str, /, **fields: Any) -> Any:
    status, answer = await server.call("POST", path, {name: fields})
    assert 201 == status, answer
    return answer[name]


async def put(server: SupportServer, path: str, name: str, /, **fields: Any) -> Any:
    status, answer = await server.call("PUT", path, {name: fields})
    assert 200 == status, answer
    return answer[name]


async def refused(server: SupportServer, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, str]:
    status, answer = await server.call(method, path, body, **options)
    return status, next(iter(answer.get("details", {"": 0}))) if status == 422 else answer["error"]


RESOURCES: list[tuple[str, str, str, dict[str, Any], dict[str, Any]]] = [
    ("/groups", "group", "groups", {"name": "Billing"}, {"name": "Invoices"}),
    ("/ticket_fields", "ticket_field", "ticket_fields", {"title": "Order", "type": "text"}, {"title": "Order number"}),
    ("/macros", "macro", "macros", {"title": "Close", "actions": [SOLVE]}, {"title": "Done", "active": False}),
    ("/views", "view", "views", {"title": "Open", "all": [OPEN], "output": {"columns": ["status"]}}, {"title": "Mine"}),
    ("/triggers", "trigger", "triggers", {"title": "T", "conditions": {"all": [OPEN]}, "actions": [SOLVE]}, {"active": False}),
    ("/trigger_categories", "trigger_category", "trigger_categories", {"name": "Routing"}, {"name": "Mail"}),
    (
        "/automations", "automation", "automations",
        {"title": "A", "all": [{"field": "SOLVED", "operator": "greater_than", "value": "24"}], "actions": [SOLVE | {"value": "closed"}]},
        {"title": "B"},
    ),
    (
        "/slas/policies", "sla_policy", "sla_policies",
        {"title": "S", "filter": {"all": [OPEN]}, "policy_metrics": [{"priority": "low", "metric": "first_reply_time", "target": 60}]},
        {"description": "All"},
    ),
    ("/business_hours/schedules", "schedule", "schedules", {"name": "Paris", "time_zone": "Europe/Paris"}, {"name": "Lyon"}),
    ("/routing/attributes", "attribute", "attributes", {"name": "Language"}, {"name": "Tongue"}),
    ("/capacity/rules", "capacity_rule", "capacity_rules", {"name": "Calm", "limits": {"messaging": 2}}, {"weights": {"messaging": 0.5}}),
    ("/desk/agent_statuses", "agent_status", "agent_statuses", {"name": "Lunch", "channels": {"messaging": "away"}}, {"name": "Break"}),
]  # fmt: skip


async def test_a_thing_is_made_read_listed_changed_and_deleted(server: SupportServer) -> None:
    """One server for all of them: each is of a kind of its own."""
    for path, one, many, new, change in RESOURCES:
        await live_and_die(server, path, one, many, new, change)


async def live_and_die(server: SupportServer, path: str, one: str, many: str, new: dict[str, Any], change: dict[str, Any]) -> None:
    made = await make(server, path, one, **new)
    address = f"{path}/{made['id']}"
    assert made["url"].endswith(f"/api/v2{address}.json")
    assert {one: made} == await server.get(f"{address}.json")
    listed = await server.get(path)
    assert made in listed[many]
    assert listed["count"] == len(listed[many])
    by_cursor = await server.get(path, **{"page[size]": "1"})
    assert (1, by_cursor["meta"]["has_more"]) == (len(by_cursor[many]), len(listed[many]) > 1)
    changed = await put(server, address, one, **change)
    assert made | change | {"updated_at": changed["updated_at"]} | _derived(changed, change) == changed
    assert (403, "Forbidden") == await refused(server, "DELETE", address, headers=server.agent)
    assert (403, "Forbidden") == await refused(server, "PUT", address, {one: change}, headers=server.agent)
    assert 200 == (await server.call("GET", address, headers=server.agent))[0]
    assert (401, "Couldn't authenticate you") == await refused(server, "GET", address, headers={})
    if one != "capacity_rule":  # the first is the default one
        assert 204 == (await server.call("DELETE", address))[0]
        assert (404, "RecordNotFound") == await refused(server, "GET", address)
        assert (404, "RecordNotFound") == await refused(server, "DELETE", address)


def _derived(changed: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """What is told of a title in other words, too."""
    words = ("raw_title", "title_in_portal", "raw_title_in_portal") if "title" in change else ()
    return {name: changed[name] for name in words if name in changed}


REFUSALS: list[tuple[str, Any, str]] = [
    ("/groups", {"group": {}}, "name"),
    ("/groups", {}, "group"),
    ("/groups", {"group": {"name": "support"}}, "name"),
    ("/ticket_fields", {"ticket_field": {"title": "S", "type": "status"}}, "type"),
    ("/ticket_fields", {"ticket_field": {"title": "S", "type": "tagger"}}, "custom_field_options"),
    ("/ticket_fields", {"ticket_field": {"title": "S", "type": "regexp", "regexp_for_validation": "("}}, "regexp_for_validation"),
    ("/macros", {"macro": {"title": "M", "actions": []}}, "actions"),
    ("/macros", {"macro": {"title": "M", "actions": [{"field": "fly", "value": 1}]}}, "field"),
    ("/views", {"view": {"title": "V"}}, "conditions"),
    ("/triggers", {"trigger": {"title": "T", "conditions": {"all": []}, "actions": [SOLVE]}}, "conditions"),
    ("/triggers", {"trigger": {"title": "T", "conditions": {"all": [OPEN | {"value": "?"}]}, "actions": [SOLVE]}}, "value"),
    ("/triggers", {"trigger": {"title": "T", "conditions": {"all": [OPEN]}, "actions": [SOLVE], "category_id": "9"}}, "category_id"),
    ("/automations", {"automation": {"title": "A", "all": [OPEN], "actions": [SOLVE]}}, "all"),
    ("/slas/policies", {"sla_policy": {"title": "S", "policy_metrics": [{"priority": "low", "metric": "first_reply_time"}]}}, "target"),
    ("/business_hours/schedules", {"schedule": {"name": "S", "time_zone": "Mars"}}, "timezone"),
    ("/queues", {"queue": {"name": "Q", "definition": {"all": [OPEN]}}}, "primary_groups_id"),
    ("/capacity/rules", {"capacity_rule": {"name": "C", "limits": {"messaging": -1}}}, "limits"),
    ("/groups", {"group": {"name": "A", "position": -1}}, "position"),
]


async def test_what_cannot_be_is_refused_by_name(server: SupportServer) -> None:
    for path, body, field in REFUSALS:
        before = await server.get(path)
        status, answer = await server.call("POST", path, body)
        assert (422, "RecordInvalid") == (status, answer["error"]), body
        assert [field] == [name.partition("[")[0] for name in answer["details"]], body
        assert before == await server.get(path)


class TestGroups:
    async def test_a_new_default_takes_the_place_of_the_old(self, server: SupportServer) -> None:
        (first,) = (await server.get("/groups"))["groups"]
        second = await make(server, "/groups", "group", name="Billing", default=True)
        assert {first["id"]: False, second["id"]: True} == {one["id"]: one["default"] for one in (await server.get("/groups"))["groups"]}
        assert (422, "default") == await refused(server, "PUT", f"/groups/{second['id']}", {"group": {"default": False}})
        assert (409, "DatabaseConflict") == await refused(server, "DELETE", f"/groups/{second['id']}")

    async def test_every_agent_is_in_a_group(self, server: SupportServer) -> None:
        (support,) = (await server.get("/groups"))["groups"]
        found = await server.get("/group_memberships", include="users,groups")
        assert {support["id"]} == {one["group_id"] for one in found["group_memberships"]}
        assert (2, [support]) == (len(found["users"]), found["groups"])
        mine = found["group_memberships"][0]
        assert (409, "DatabaseConflict") == await refused(server, "DELETE", f"/group_memberships/{mine['id']}")
        billing = await make(server, "/groups", "group", name="Billing")
        other = await make(server, "/group_memberships", "group_membership", user_id=mine["user_id"], group_id=billing["id"])
        assert not other["default"]
        again = {"group_membership": {"user_id": mine["user_id"], "group_id": billing["id"]}}
        assert (422, "user_id") == await refused(server, "POST", "/group_memberships", again)
        address = f"/users/{mine['user_id']}/group_memberships"
        made = await put(server, f"{address}/{other['id']}/make_default", "group_memberships")
        assert {mine["id"]: False, other["id"]: True} == {one["id"]: one["default"] for one in made}
        assert 204 == (await server.call("DELETE", f"/groups/{billing['id']}"))[0]
        assert [(mine["id"], True)] == [(one["id"], one["default"]) for one in (await server.get(address))["group_memberships"]]
        assert [support["id"]] == [one["id"] for one in (await server.get(f"/users/{mine['user_id']}/groups"))["groups"]]
        assert 2 == len((await server.get(f"/groups/{support['id']}/users"))["users"])


class TestFields:
    async def test_every_app_has_some(self, server: SupportServer) -> None:
        found = (await server.get("/ticket_fields"))["ticket_fields"]
        assert ["subject", "description", "status", "tickettype", "priority", "group", "assignee"] == [one["type"] for one in found]
        status = found[2]
        assert "hold" in [one["value"] for one in status["system_field_options"]]
        assert (403, "Forbidden") == await refused(server, "DELETE", f"/ticket_fields/{status['id']}")

    async def test_options(self, server: SupportServer) -> None:
        options = [{"name": "Shoe", "value": "shoe"}, {"name": "Hat", "value": "hat"}]
        field = await make(server, "/ticket_fields", "ticket_field", title="Product", type="tagger", custom_field_options=options)
        path = f"/ticket_fields/{field['id']}/options"
        status, answer = await server.call("POST", path, {"custom_field_option": {"name": "Sock", "value": "sock"}})
        sock = answer["custom_field_option"]
        assert (201, ["shoe", "hat", "sock"]) == (status, [one["value"] for one in (await server.get(path))["custom_field_options"]])
        status, _ = await server.call("POST", path, {"custom_field_option": sock | {"name": "Socks"}})
        assert (200, "Socks") == (status, (await server.get(f"{path}/{sock['id']}"))["custom_field_option"]["name"])
        assert 204 == (await server.call("DELETE", f"{path}/{sock['id']}"))[0]
        assert (404, "RecordNotFound") == await refused(server, "GET", f"{path}/{sock['id']}")
        assert (422, "custom_field_options") == await refused(server, "POST", path, {"custom_field_option": {"name": "S", "value": "shoe"}})

    async def test_one_that_a_rule_names_stays(self, server: SupportServer) -> None:
        field = await make(server, "/ticket_fields", "ticket_field", title="Order", type="text")
        test = {"field": f"custom_fields_{field['id']}", "operator": "present"}
        await make(server, "/triggers", "trigger", title="T", conditions={"all": [test]}, actions=[SOLVE])
        assert (409, "DatabaseConflict") == await refused(server, "DELETE", f"/ticket_fields/{field['id']}")


class TestRules:
    async def test_they_are_put_in_order(self, server: SupportServer) -> None:
        made = [await make(server, "/triggers", "trigger", title=name, conditions={"all": [OPEN]}, actions=[SOLVE]) for name in "abc"]
        numbers = [one["id"] for one in made]
        status, _ = await server.call("PUT", "/triggers/reorder", {"trigger_ids": numbers[::-1]})
        assert (200, ["c", "b", "a"]) == (status, [one["title"] for one in (await server.get("/triggers"))["triggers"]])
        assert (422, "trigger_ids") == await refused(server, "PUT", "/triggers/reorder", {"trigger_ids": [1]})
        moved = [{"id": numbers[0], "position": 0}, {"id": numbers[1], "active": False}]
        assert 200 == (await server.call("PUT", "/triggers/update_many", {"triggers": moved}))[0]
        assert ["a", "c"] == [one["title"] for one in (await server.get("/triggers/active"))["triggers"]]
        assert ["b"] == [one["title"] for one in (await server.get("/triggers", active="false"))["triggers"]]
        assert 204 == (await server.call("DELETE", f"/triggers/destroy_many?ids={numbers[0]},{numbers[1]}"))[0]
        assert {"value": 1} == {"value": (await server.get("/triggers/count"))["count"]["value"]}

    async def test_of_many_all_or_none_are_made(self, server: SupportServer) -> None:
        good, bad = {"title": "M", "actions": [SOLVE]}, {"title": "N", "actions": []}
        status, answer = await server.call("POST", "/macros/create_many", {"macros": [good, bad]})
        assert (422, "macros[1].actions") == (status, answer["details"]["actions"][0]["path"])
        assert [] == (await server.get("/macros"))["macros"]

    async def test_a_category_is_there_as_long_as_it_has_triggers(self, server: SupportServer) -> None:
        category = await make(server, "/trigger_categories", "trigger_category", name="Routing")
        trigger = await make(
            server, "/triggers", "trigger", title="T", conditions={"all": [OPEN]}, actions=[SOLVE], category_id=category["id"]
        )
        assert [trigger] == (await server.get("/triggers", category_id=category["id"]))["triggers"]
        assert (409, "DatabaseConflict") == await refused(server, "DELETE", f"/trigger_categories/{category['id']}")

    async def test_service_levels_are_told_in_minutes_and_seconds(self, server: SupportServer) -> None:
        metric = {"priority": "high", "metric": "next_reply_time", "target_in_seconds": 90}
        made = await make(server, "/slas/policies", "sla_policy", title="S", filter={"all": [OPEN]}, policy_metrics=[metric])
        assert [metric | {"target": 2, "business_hours": False}] == made["policy_metrics"]
        assert {"all": [OPEN], "any": []} == made["filter"]

    async def test_a_macro_is_shown_before_it_is_done(self, server: SupportServer) -> None:
        actions = [{"field": "current_tags", "value": "vip"}, {"field": "priority", "value": "high"}]
        actions.append(
            {"field": "comment_value", "value": "Hello {{ticket.requester.name}}, {{current_user.first_name}} on #{{ticket.id}}"}
        )
        actions.append({"field": "assignee_id", "value": "current_user"})
        macro = await make(server, "/macros", "macro", title="M", actions=actions)
        ticket = await server.ticket(tags=["late"])
        me = (await server.get("/users/me"))["user"]
        result = (await server.get(f"/tickets/{ticket['id']}/macros/{macro['id']}/apply"))["result"]
        assert (["late", "vip"], "high", me["id"]) == tuple(result["ticket"][name] for name in ("tags", "priority", "assignee_id"))
        assert (f"Hello Ada, Ada on #{ticket['id']}", True) == (result["comment"]["body"], result["comment"]["public"])
        assert {"tags": ["late"]} == {"tags": (await server.get(f"/tickets/{ticket['id']}"))["ticket"]["tags"]}
        result = (await server.get(f"/macros/{macro['id']}/apply"))["result"]
        assert {"tags": ["vip"], "priority": "high", "assignee_id": me["id"]} == result["ticket"]
        assert (404, "RecordNotFound") == await refused(server, "GET", f"/tickets/999/macros/{macro['id']}/apply")

    async def test_a_macro_is_for_some(self, server: SupportServer) -> None:
        billing = await make(server, "/groups", "group", name="Billing")
        restriction = {"type": "Group", "ids": [billing["id"]]}
        made = await make(server, "/macros", "macro", title="Money", actions=[SOLVE], restriction=restriction)
        assert restriction | {"id": None} == made["restriction"]
        assert [made] == (await server.get("/macros"))["macros"]
        assert [] == (await server.call("GET", "/macros", headers=server.agent))[1]["macros"]
        agent = next(one for one in (await server.get("/desk/agents"))["agents"] if one["role"] == "agent")
        await make(server, "/group_memberships", "group_membership", user_id=agent["user_id"], group_id=billing["id"])
        assert [made] == (await server.call("GET", "/macros", headers=server.agent))[1]["macros"]


class TestHours:
    async def test_week_and_holidays(self, server: SupportServer) -> None:
        made = await make(server, "/business_hours/schedules", "schedule", name="Paris", time_zone="Europe/Paris")
        assert {"start_time": 1980, "end_time": 2460} == made["intervals"][0]
        path = f"/business_hours/schedules/{made['id']}"
        week = {"intervals": [{"start_time": 0, "end_time": 60}]}
        assert week == await put(server, f"{path}/workweek", "workweek", **week)
        holiday = await make(server, f"{path}/holidays", "holiday", name="Summer", start_date="2026-08-01", end_date="2026-08-15")
        changed = await put(server, f"{path}/holidays/{holiday['id']}", "holiday", end_date="2026-08-20")
        assert [changed] == (await server.get(f"{path}/holidays"))["holidays"]
        assert {"holiday": changed} == await server.get(f"{path}/holidays/{holiday['id']}")
        assert (422, "end_date") == await refused(
            server, "PUT", f"{path}/holidays/{holiday['id']}", {"holiday": {"end_date": "2026-07-01"}}
        )
        assert 204 == (await server.call("DELETE", f"{path}/holidays/{holiday['id']}"))[0]
        assert (404, "RecordNotFound") == await refused(server, "DELETE", f"{path}/holidays/{holiday['id']}")


class TestRouting:
    async def test_skills(self, server: SupportServer) -> None:
        language = await make(server, "/routing/attributes", "attribute", name="Language")
        path = f"/routing/attributes/{language['id']}/values"
        conditions = {"all": [{"field": "current_tags", "operator": "includes", "value": "fr"}], "any": []}
        french = await make(server, path, "attribute_value", name="French", conditions=conditions)
        assert (conditions, language["id"]) == (french["conditions"], french["attribute_id"])
        assert [french] == (await server.get(path))["attribute_values"]
        assert {"attribute_value": french} == await server.get(french["url"])
        status, answer = await server.call("PATCH", f"{path}/{french['id']}", {"attribute_value": {"name": "Français"}})
        assert (200, "Français") == (status, answer["attribute_value"]["name"])
        me = (await server.get("/users/me"))["user"]["id"]
        status, answer = await server.call("POST", f"/routing/agents/{me}/instance_values", {"attribute_value_ids": [french["id"]]})
        assert (200, [french["id"]]) == (status, [one["id"] for one in answer["attribute_values"]])
        assert [french["id"]] == (await server.get(f"/desk/agents/{me}"))["agent"]["skill_ids"]
        assert (422, "attribute_value_ids") == await refused(
            server, "POST", f"/routing/agents/{me}/instance_values", {"attribute_value_ids": ["9"]}
        )
        ticket = await server.ticket(tags=["fr"])
        assert 1 == (await server.get(f"/routing/tickets/{ticket['id']}/instance_values"))["count"]
        assert 204 == (await server.call("DELETE", f"/routing/attributes/{language['id']}"))[0]
        assert [] == (await server.get(f"/desk/agents/{me}"))["agent"]["skill_ids"]

    async def test_capacity(self, server: SupportServer) -> None:
        first = await make(server, "/capacity/rules", "capacity_rule", name="Calm", limits={"messaging": 2})
        assert first["is_default"]
        second = await make(server, "/capacity/rules", "capacity_rule", name="Busy", limits={"messaging": 9})
        me = (await server.get("/users/me"))["user"]["id"]
        agent = await put(server, f"/desk/agents/{me}", "agent", capacity_rule_id=second["id"])
        assert second["id"] == agent["capacity_rule_id"]
        assert (422, "capacity_rule_id") == await refused(server, "PUT", f"/desk/agents/{me}", {"agent": {"capacity_rule_id": 1}})
        assert (409, "DatabaseConflict") == await refused(server, "DELETE", f"/capacity/rules/{first['id']}")
        assert 204 == (await server.call("DELETE", f"/capacity/rules/{second['id']}"))[0]
        assert None is (await server.get(f"/desk/agents/{me}"))["agent"]["capacity_rule_id"]

    async def test_queues(self, server: SupportServer) -> None:
        (support,) = (await server.get("/groups"))["groups"]
        new = {"name": "VIP", "definition": {"all": [OPEN], "any": []}, "priority": 90, "primary_groups_id": [support["id"]], "order": 4}
        made = await make(server, "/queues", "queue", **new)
        assert new == {name: made[name] for name in new}
        assert {"count": 1, "groups": [{"id": support["id"], "name": "Support"}]} == made["primary_groups"]
        changed = await put(server, f"/queues/{made['id']}", "queue", **made | {"priority": 10})
        assert (10, [support["id"]]) == (changed["priority"], changed["primary_groups_id"])
        billing = await make(server, "/groups", "group", name="Billing")
        await put(server, f"/queues/{made['id']}", "queue", secondary_groups_id=[billing["id"]])
        assert (409, "DatabaseConflict") == await refused(server, "DELETE", f"/groups/{billing['id']}")

    async def test_settings(self, server: SupportServer) -> None:
        before = (await server.get("/desk/settings"))["settings"]
        assert ("highest_spare_capacity", 345_600) == (before["routing"]["strategy"], before["tickets"]["close_after_s"])
        after = await put(server, "/desk/settings", "settings", routing={"strategy": "round_robin"}, tickets={"survey": "ended"})
        assert before["routing"] | {"strategy": "round_robin"} == after["routing"]
        assert {"settings": after} == await server.get("/desk/settings")
        for part, change, field in (
            ("routing", {"offer_s": -1}, "offer_s"),
            ("routing", {"stratgy": "x"}, "routing"),
            ("tickets", {"survey_scale": 1}, "survey_scale"),
            ("other", {"x": 1}, "settings"),
        ):
            assert (422, field) == await refused(server, "PUT", "/desk/settings", {"settings": {part: change}})


async def test_whoever_builds_a_form_is_told_what_there_is(server: SupportServer) -> None:
    for path in ("/triggers", "/automations", "/views", "/slas/policies", "/macros"):
        await told(server, path)


async def told(server: SupportServer, path: str) -> None:
    found = (await server.get(f"{path}/definitions"))["definitions"]
    conditions = found.get("conditions_all", found.get("all", []))
    for one in conditions:
        if one["subject"] == "status":
            assert {"value": "hold", "title": "Hold", "enabled": True} in one["values"]
    assert bool(conditions) != (path == "/macros")
    if path in ("/triggers", "/macros"):
        assert "Ada" in [value["title"] for one in found["actions"] if one["subject"] == "assignee_id" for value in one["values"]]


async def test_a_rule_that_lost_its_group_is_told(server: SupportServer) -> None:
    group = await make(server, "/groups", "group", name="Billing")
    test = {"field": "group_id", "operator": "is", "value": str(group["id"])}
    trigger = await make(server, "/triggers", "trigger", title="T", conditions={"all": [test]}, actions=[SOLVE])
    assert [] == (await server.get("/desk/faults"))["faults"]
    await server.call("DELETE", f"/groups/{group['id']}")
    (fault,) = (await server.get("/desk/faults"))["faults"]
    assert fault.startswith(f"trigger {trigger['id']}: conditions.all[0].value")


async def test_the_log_says_who_changed_what(server: SupportServer) -> None:
    group = await make(server, "/groups", "group", name="Billing")
    await put(server, f"/groups/{group['id']}", "group", name="Invoices")
    await server.call("DELETE", f"/groups/{group['id']}", headers=server.program)
    found = await server.get("/audit_logs")
    assert ["destroy", "update", "create"] == [one["action"] for one in found["audit_logs"]]
    assert ["API key", "Ada", "Ada"] == [one["actor_name"] for one in found["audit_logs"]]
    assert ("group", group["id"], "Changed: name") == tuple(
        found["audit_logs"][1][name] for name in ("source_type", "source_id", "change_description")
    )
    first = await server.get("/audit_logs", **{"page[size]": "2"})
    assert first["meta"]["has_more"]
    then = await server.get(first["links"]["next"])
    assert (["create"], False) == ([one["action"] for one in then["audit_logs"]], then["meta"]["has_more"])
    assert (403, "Forbidden") == await refused(server, "GET", "/audit_logs", headers=server.agent)


async def test_of_another_app_nothing_is_seen(server: SupportServer) -> None:
    from domain.directory import App
    from storage.sql.bootstrap import new_key

    group = await make(server, "/groups", "group", name="Billing")
    other = App(server.router.new_id(), "Other")
    key = new_key(server.router.new_id, "Key", "app", other.id)
    await server.directory.create_app(other)
    await server.directory.create_key(key)
    from aiohttp import encode_basic_auth

    theirs = {"Authorization": encode_basic_auth(key.id, key.secret)}
    assert (404, "RecordNotFound") == await refused(server, "GET", f"/groups/{group['id']}", headers=theirs)
    assert ["Support"] == [one["name"] for one in (await server.call("GET", "/groups", headers=theirs))[1]["groups"]]
