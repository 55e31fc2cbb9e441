"""The table of contents of what is set up under `/api/v2`: which operation is where, and who may call it. Agents read, admins write."""

from __future__ import annotations

from gateway.desk import fields, groups, hours, macros, routing, rules, settings
from gateway.desk.resources import delete_of, list_of, operations_of, show_of, update_of
from gateway.zendesk.operations import Operation

_OPTIONS = "/ticket_fields/{id}/options"
_HOLIDAYS = "/business_hours/schedules/{id}/holidays"
_VALUES = "/routing/attributes/{attribute_id}/values"

OPERATIONS = (
    Operation("GET", "/groups/assignable", "write", list_of(groups.GROUPS)),
    *operations_of(groups.GROUPS, many=False),
    Operation("GET", "/groups/{group_id}/users", "write", groups.list_users_of_group),
    Operation("GET", "/groups/{group_id}/memberships", "write", groups.list_memberships),
    Operation("GET", "/groups/{group_id}/memberships/assignable", "write", groups.list_memberships),
    Operation("GET", "/users/{user_id}/groups", "write", groups.list_groups_of_user),
    Operation("GET", "/users/{user_id}/group_memberships", "write", groups.list_memberships),
    Operation("GET", "/users/{user_id}/group_memberships/{id}", "write", groups.show_membership_of_user),
    Operation("PUT", "/users/{user_id}/group_memberships/{id}/make_default", "admin", groups.make_default),
    Operation("GET", "/group_memberships/assignable", "write", groups.list_memberships),
    *operations_of(groups.MEMBERSHIPS, lists=groups.list_memberships),
    *operations_of(fields.FIELDS, order="ticket_field_ids"),
    Operation("GET", _OPTIONS, "write", fields.list_options),
    Operation("POST", _OPTIONS, "admin", fields.put_option),
    Operation("GET", f"{_OPTIONS}/{{option_id}}", "write", fields.show_option),
    Operation("DELETE", f"{_OPTIONS}/{{option_id}}", "admin", fields.delete_option),
    Operation("GET", "/macros/active", "write", list_of(rules.MACROS, lambda row: row.body.active)),
    Operation("GET", "/macros/search", "write", list_of(rules.MACROS)),
    *operations_of(rules.MACROS),
    Operation("GET", "/macros/{id}/apply", "write", macros.apply),
    Operation("GET", "/tickets/{ticket_id}/macros/{id}/apply", "write", macros.apply_to_ticket),
    Operation("GET", "/views/active", "write", list_of(rules.VIEWS, lambda row: row.body.active)),
    Operation("GET", "/views/compact", "write", list_of(rules.VIEWS, lambda row: row.body.active)),
    *operations_of(rules.VIEWS),
    Operation("GET", "/triggers/active", "write", list_of(rules.TRIGGERS, lambda row: row.body.active)),
    Operation("GET", "/triggers/search", "write", list_of(rules.TRIGGERS)),
    *operations_of(rules.TRIGGERS, order="trigger_ids"),
    *operations_of(rules.CATEGORIES),
    Operation("GET", "/automations/active", "write", list_of(rules.AUTOMATIONS, lambda row: row.body.active)),
    Operation("GET", "/automations/search", "write", list_of(rules.AUTOMATIONS)),
    *operations_of(rules.AUTOMATIONS),
    *operations_of(rules.POLICIES, order="sla_policy_ids", many=False),
    *operations_of(hours.SCHEDULES, many=False),
    Operation("PUT", "/business_hours/schedules/{id}/workweek", "admin", hours.set_workweek),
    Operation("GET", _HOLIDAYS, "write", hours.list_holidays),
    Operation("POST", _HOLIDAYS, "admin", hours.create_holiday),
    Operation("GET", f"{_HOLIDAYS}/{{holiday_id}}", "write", hours.show_holiday),
    Operation("PUT", f"{_HOLIDAYS}/{{holiday_id}}", "admin", hours.update_holiday),
    Operation("DELETE", f"{_HOLIDAYS}/{{holiday_id}}", "admin", hours.delete_holiday),
    *operations_of(routing.ATTRIBUTES, many=False),
    Operation("GET", _VALUES, "write", routing.list_skills_of_attribute),
    Operation("POST", _VALUES, "admin", routing.create_skill),
    Operation("GET", f"{_VALUES}/{{id}}", "write", routing.within_attribute(show_of(routing.SKILLS))),
    Operation("PATCH", f"{_VALUES}/{{id}}", "admin", routing.within_attribute(update_of(routing.SKILLS))),
    Operation("DELETE", f"{_VALUES}/{{id}}", "admin", routing.within_attribute(delete_of(routing.SKILLS))),
    Operation("GET", "/routing/agents/{user_id}/instance_values", "write", routing.list_skills_of_agent),
    Operation("POST", "/routing/agents/{user_id}/instance_values", "admin", routing.set_skills_of_agent),
    Operation("GET", "/routing/tickets/{id}/instance_values", "write", routing.list_skills_of_ticket),
    *operations_of(routing.CAPACITY, many=False),
    *operations_of(routing.QUEUES, order="queue_ids", many=False),
    *operations_of(routing.STATUSES, many=False),
    Operation("GET", "/desk/agents", "write", routing.list_agents),
    Operation("GET", "/desk/agents/{user_id}", "write", routing.show_agent),
    Operation("PUT", "/desk/agents/{user_id}", "admin", routing.update_agent),
    Operation("GET", "/desk/settings", "write", settings.show_settings),
    Operation("PUT", "/desk/settings", "admin", settings.update_settings),
    Operation("GET", "/audit_logs", "admin", settings.list_log),
)
