"""What routing goes by: skills, capacity rules, queues, agents' statuses, and what is said of single agents.

Source: Zendesk's Support API, Skill Based Routing, Omnichannel Routing Queues. Capacity rules, statuses and agents are in our own form.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web
from msgspec.structs import replace

from domain.decode import convert
from domain.desk import building
from domain.desk.bodies import MAX_SKILLS, AgentBody, Body, Row
from domain.desk.facts import number_in
from domain.desk.model import Agent, Desk
from domain.desk.rules import queue_for
from domain.errors import Invalid
from gateway.desk.resources import (
    Given,
    Json,
    Resource,
    all_shown,
    created,
    desks,
    given_list,
    given_object,
    list_of,
    refuse_while,
    write,
)
from gateway.desk.rules import told_conditions
from gateway.zendesk.operations import PREFIX, Call, answer, not_found
from storage.sql.desk import Draft

# Skills: attributes, which are kinds of skill, and their values, which are the skills.


def _free_attribute(row: Row, draft: Draft) -> None:
    for value in [one for one in draft.rows("skill") if one.body.attribute == row.number]:
        _free_skill(value, draft)
        draft.drop(value)


def _free_skill(row: Row, draft: Draft) -> None:
    for one in draft.rows("agent"):
        if row.number in one.body.skills:
            draft.replace(one, replace(one.body, skills=tuple(skill for skill in one.body.skills if skill != row.number)))


def _show_attribute(row: Row, desk: Desk) -> Json:
    return {"id": str(row.number), "name": row.body.name}


def _read_skill(given: Given, before: Body | None, draft: Draft) -> Json:
    found = {name: given[name] for name in ("name", "conditions") if name in given}
    return found if before is not None else found | {"attribute": given.get("attribute")}


def _check_skill(row: Row, draft: Draft) -> None:
    building.skill_of(row, draft.desk, draft.people(row))


def _show_skill(row: Row, desk: Desk) -> Json:
    own = {"id": str(row.number), "name": row.body.name, "attribute_id": str(row.body.attribute)}
    return own | {"conditions": told_conditions(row.body.conditions)}


ATTRIBUTES = Resource("attribute", "attribute", "attributes", "/routing/attributes", show=_show_attribute, free=_free_attribute)
SKILLS = Resource(
    "skill", "attribute_value", "attribute_values", "/routing/attributes", _read_skill, _check_skill, _show_skill, _free_skill,
    within=lambda row: f"/routing/attributes/{row.body.attribute}/values",
)  # fmt: skip


async def list_skills_of_attribute(call: Call) -> web.Response:
    attribute = await _attribute(call)
    return await list_of(SKILLS, lambda row: row.body.attribute == attribute)(call)


async def create_skill(call: Call) -> web.Response:
    attribute = await _attribute(call)
    given = given_object(call, "attribute_value") | {"attribute": attribute}
    row = await write(call, lambda draft: created(SKILLS, given, draft))
    return answer({"attribute_value": (await all_shown(call, SKILLS, [row]))[0]}, 201)


async def _attribute(call: Call) -> int:
    if await desks(call).get(call.app.id, "attribute", call.number("attribute_id")) is None:
        raise not_found()
    return call.number("attribute_id")


def within_attribute(handle: Any) -> Any:
    """The operations on a value, under its attribute's address: of another attribute it is not found."""

    async def checked(call: Call) -> web.Response:
        row = await desks(call).get(call.app.id, "skill", call.number())
        if row is None or row.body.attribute != call.number("attribute_id"):
            raise not_found()
        response: web.Response = await handle(call)
        return response

    return checked


async def list_skills_of_agent(call: Call) -> web.Response:
    desk = await desks(call).current(call.app.id)
    return await _answer_skills(call, _agent(call, desk).skills)


async def set_skills_of_agent(call: Call) -> web.Response:
    """All the skills that the agent has from now on."""
    wanted = given_list(call, "attribute_value_ids", MAX_SKILLS)

    def work(draft: Draft) -> tuple[int, ...]:
        skills = [number_in(one) for one in wanted]
        if not set(skills) <= draft.desk.skills.keys():
            raise Invalid("attribute_value_ids", "must be ids of attribute values")
        return _said_of(call, draft, skills=list(dict.fromkeys(skills))).skills

    return await _answer_skills(call, await write(call, work))


async def list_skills_of_ticket(call: Call) -> web.Response:
    """What the rules of skills make of it now."""
    ticket = (await call.services.rooms.tickets.by_numbers(call.app.id, [call.number()])).get(call.number())
    if ticket is None:
        raise not_found()
    desk = await desks(call).current(call.app.id)
    return await _answer_skills(call, queue_for(desk, ticket, call.now_ms()).skills)


async def _answer_skills(call: Call, skills: tuple[int, ...]) -> web.Response:
    rows = [row for row in await desks(call).rows(call.app.id, "skill") if row.number in skills]
    return answer({"attribute_values": await all_shown(call, SKILLS, rows), "count": len(rows)})


# Agents, as the desk knows them.


def _agent(call: Call, desk: Desk) -> Agent:
    account = desk.numbers().get(call.number("user_id"))
    if account is None:
        raise not_found()
    return desk.agents[account]


def _said_of(call: Call, draft: Draft, **changes: Any) -> AgentBody:
    """What is said of the agent, after these changes."""
    account = _agent(call, draft.desk).id
    row = next((one for one in draft.rows("agent") if one.body.account == account), None)
    before = row.body if row is not None else AgentBody(account)
    given = {"account": account, "skills": list(before.skills), "capacity_rule": before.capacity_rule} | changes
    body = convert(given, AgentBody, "agent")
    if row is None:
        draft.add("agent", body)
    else:
        draft.replace(row, body)
    return body


async def list_agents(call: Call) -> web.Response:
    desk = await desks(call).current(call.app.id)
    agents = sorted(desk.agents.values(), key=lambda one: one.number)
    return answer({"agents": [_show_agent(call, one) for one in agents], "count": len(agents), "next_page": None, "previous_page": None})


async def show_agent(call: Call) -> web.Response:
    desk = await desks(call).current(call.app.id)
    return answer({"agent": _show_agent(call, _agent(call, desk))})


async def update_agent(call: Call) -> web.Response:
    """The capacity rule: null for the default one. Groups and skills have addresses of their own."""
    given = given_object(call, "agent")

    def work(draft: Draft) -> None:
        number = given.get("capacity_rule_id")
        if number is not None and draft.get("capacity", number_in(number) or 0) is None:
            raise Invalid("capacity_rule_id", "is the number of no capacity rule")
        _said_of(call, draft, capacity_rule=number)

    await write(call, work)
    return await show_agent(call)


def _show_agent(call: Call, agent: Agent) -> Json:
    who = {"user_id": agent.number, "account_id": agent.id, "name": agent.name}
    own = who | {"role": agent.role, "url": f"{call.base}{PREFIX}/desk/agents/{agent.number}.json"}
    more = {"group_ids": list(agent.groups), "default_group_id": agent.default_group, "skill_ids": list(map(str, agent.skills))}
    return own | more | {"capacity_rule_id": agent.capacity_rule}


# Capacity rules.


def _check_capacity(row: Row, draft: Draft) -> None:
    """The first rule is the default one; a new default takes the place of the old."""
    others = [one for one in draft.rows("capacity") if one.number != row.number]
    if row.body.is_default:
        for one in others:
            draft.replace(one, replace(one.body, is_default=False))
    elif not any(one.body.is_default for one in others):
        draft.replace(row, replace(row.body, is_default=True))


def _free_capacity(row: Row, draft: Draft) -> None:
    others = [one for one in draft.rows("capacity") if one.number != row.number]
    refuse_while(row.body.is_default and bool(others), "The default capacity rule cannot be deleted: make another one the default first")
    for one in draft.rows("agent"):
        if one.body.capacity_rule == row.number:
            draft.replace(one, replace(one.body, capacity_rule=None))


CAPACITY = Resource("capacity", "capacity_rule", "capacity_rules", "/capacity/rules", check=_check_capacity, free=_free_capacity)

# Queues and statuses.


def _check_queue(row: Row, draft: Draft) -> None:
    building.queue_of(row, draft.desk, draft.people(row))


def _show_queue(row: Row, desk: Desk) -> Json:
    body = row.body
    own = {"name": body.name, "description": body.description, "priority": body.priority, "order": row.position}
    sides = {"primary_groups": _groups(body.primary_groups_id, desk), "secondary_groups": _groups(body.secondary_groups_id, desk)}
    numbers = {"primary_groups_id": list(body.primary_groups_id), "secondary_groups_id": list(body.secondary_groups_id)}
    return own | {"definition": told_conditions(body.definition)} | sides | numbers | {"overflow_after_s": body.overflow_after_s}


def _groups(numbers: tuple[int, ...], desk: Desk) -> Json:
    found = [{"id": number, "name": desk.groups[number].name} for number in numbers if number in desk.groups]
    return {"count": len(found), "groups": found}


QUEUES = Resource("queue", "queue", "queues", "/queues", check=_check_queue, show=_show_queue)
STATUSES = Resource("status", "agent_status", "agent_statuses", "/desk/agent_statuses")
