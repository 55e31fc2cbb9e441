"""What a client that nobody here wrote makes of it: PyPI `zenpy`, for all of the desk that it knows."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import requests

from tests.support_server import ADMIN, HOST, SupportServer, ToServer

zenpy = pytest.importorskip("zenpy")
api = pytest.importorskip("zenpy.lib.api_objects")

OPEN = {"field": "status", "operator": "is", "value": "open"}
SOLVE = {"field": "status", "value": "solved"}


def client(server: SupportServer) -> Any:
    session = requests.Session()
    session.mount(HOST, ToServer(server.url))
    return zenpy.Zenpy(subdomain="brindille", email=ADMIN, token=server.token, session=session)


async def test_groups_and_who_is_in_them(server: SupportServer) -> None:
    def work() -> None:
        z = client(server)
        group = z.groups.create(api.Group(name="Billing", description="Money"))
        assert ("Billing", False) == (group.name, group.default)
        group.name = "Invoices"
        assert "Invoices" == z.groups.update(group).name
        assert {"Support", "Invoices"} == {one.name for one in z.groups()} == {one.name for one in z.groups.assignable()}
        me = z.users.me()
        membership = z.group_memberships.create(api.GroupMembership(user_id=me.id, group_id=group.id))
        assert group.id == membership.group.id
        assert {me.id} == {one.user.id for one in z.groups.memberships(group)}
        assert [me.id] == [one.id for one in z.groups.users(group)]
        z.group_memberships.make_default(me, membership)
        assert [True] == [one.default for one in z.group_memberships() if one.id == membership.id]
        assert {"Support", "Invoices"} == {one.name for one in z.users.groups(me)}
        z.group_memberships.delete(membership)
        z.groups.delete(group)
        assert ["Support"] == [one.name for one in z.groups()]

    await asyncio.to_thread(work)


async def test_ticket_fields_and_options(server: SupportServer) -> None:
    def work() -> None:
        z = client(server)
        options = [{"name": "Shoe", "value": "shoe"}]
        field = z.ticket_fields.create(api.TicketField(title="Product", type="tagger", custom_field_options=options))
        option = z.ticket_fields.options.create_or_update(field, api.CustomFieldOption(name="Hat", value="hat"))
        fresh = client(server)  # which has kept no answer
        assert ["shoe", "hat"] == [one.value for one in fresh.ticket_fields(id=field.id).custom_field_options]
        z.ticket_fields.options.delete(field, option)
        field.title = "Thing"
        assert "Thing" == z.ticket_fields.update(field).title
        assert "Thing" in [one.title for one in z.ticket_fields()]
        z.ticket_fields.delete(field)

    await asyncio.to_thread(work)


async def test_macros(server: SupportServer) -> None:
    ticket = await server.ticket()

    def work() -> None:
        z = client(server)
        macro = z.macros.create(api.Macro(title="Close", actions=[SOLVE, {"field": "comment_value", "value": "Bye"}]))
        assert "solved" == z.macros.apply(macro).ticket.status
        shown = z.tickets.show_macro_effect(ticket["id"], macro)
        assert ("solved", ticket["id"]) == (shown.ticket.status, shown.ticket.id)
        macro.active = False
        assert not z.macros.update(macro).active
        assert ["Close"] == [one.title for one in z.macros()]
        z.macros.delete(macro)

    await asyncio.to_thread(work)


async def test_views(server: SupportServer) -> None:
    def work() -> None:
        z = client(server)
        view = z.views.create(api.View(title="Open", all=[OPEN], output={"columns": ["status", "subject"]}))
        assert ["Open"] == [one.title for one in z.views.active()] == [one.title for one in z.views.compact()]
        assert {"all": [OPEN], "any": []} == z.views(id=view.id).conditions.to_dict()
        z.views.delete(view)

    await asyncio.to_thread(work)


async def test_triggers_and_automations(server: SupportServer) -> None:
    def work() -> None:
        z = client(server)
        trigger = z.triggers.create(api.Trigger(title="T", conditions={"all": [OPEN], "any": []}, actions=[SOLVE]))
        trigger.title = "Solve"
        assert "Solve" == z.triggers.update(trigger).title
        assert ["Solve"] == [one.title for one in z.triggers()]
        z.triggers.delete(trigger)
        since = {"field": "SOLVED", "operator": "greater_than", "value": "24"}
        automation = z.automations.create(api.Automation(title="A", all=[since], actions=[{"field": "status", "value": "closed"}]))
        assert [since] == z.automations(id=automation.id).conditions.to_dict()["all"]
        z.automations.delete(automation)

    await asyncio.to_thread(work)


async def test_service_levels(server: SupportServer) -> None:
    def work() -> None:
        z = client(server)
        metrics = [{"priority": "low", "metric": "first_reply_time", "target": 60, "business_hours": False}]
        z.sla_policies.create(api.SlaPolicy(title="S", filter={"all": [OPEN], "any": []}, policy_metrics=metrics, position=3))
        (policy,) = z.sla_policies()
        assert ("S", 60) == (policy.title, policy.policy_metrics[0].target)
        z.sla_policies.delete(policy)

    await asyncio.to_thread(work)
