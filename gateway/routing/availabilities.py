"""`/api/v2/agent_availabilities`: who is there, with how much work, and how that is changed.

Source: Zendesk's Agent Availability API and Unified Agent Status API. Its documents are JSON:API's.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from actors.router import bytes_digest
from domain.assignment import commands as cmd
from domain.assignment.eligible import STATUSES, Seat, presence, seat_of
from domain.assignment.rows import AgentRow
from domain.assignment.rules import SUPERVISORS
from domain.assignment.state import Agent as State
from domain.decode import decode
from domain.desk.model import Agent, Desk
from domain.errors import Invalid, Refused
from gateway.presence import routing_of
from gateway.zendesk import paging
from gateway.zendesk.operations import Call, answer, instant, not_found
from storage.sql.routing import Load

Json = dict[str, Any]

#: Zendesk's numbers of the statuses that every desk has.
NUMBERS = {"offline": 2, "online": 3, "away": 4, "transfers_only": 5}
_NAMES = {number: name for name, number in NUMBERS.items()}
_ABOUT = {
    "offline": "Can't receive work",
    "online": "Can receive work",
    "away": "Can only receive email tickets",
    "transfers_only": "Can only receive work from other agents",
}
assert set(NUMBERS) == set(STATUSES), "every status has a number"


class StatusBody(msgspec.Struct, frozen=True):
    """The number of a status, a default one or one of the app's own."""

    id: Annotated[int, Meta(ge=1, le=2**63 - 1)]


_status_body = msgspec.json.Decoder(StatusBody)


async def list_availabilities(call: Call) -> web.Response:
    """Agents by their numbers; `filter[agent_ids]` (by commas), `filter[group_ids]` and `filter[agent_status_id]` narrow it down."""
    desk, page = await call.services.rooms.desks.current(call.app.id), call.page()
    if page.number:
        page = paging.Page(page.size, 0)
    found = sorted((agent for agent in desk.agents.values() if _is_wanted(call, agent)), key=lambda agent: agent.number)
    states = await _states(call, found)
    wanted = call.request.query.get("filter[agent_status_id]")
    if wanted is not None:
        found = [agent for agent in found if str(_status_number(states[agent.id].status)) == wanted]
    behind = [agent for agent in found if page.after is None or agent.number > page.after[1]]
    if page.before is not None:
        behind = [agent for agent in found if agent.number < page.before[1]][-page.size :]
    shown = behind[: page.size]
    more = len(behind) > page.size
    loads = await call.services.rooms.routings.loads(call.app.id, [agent.id for agent in shown])
    data = [_availability(call, desk, agent, states[agent.id]) for agent in shown]
    included = [one for agent in shown for one in _channels(desk, agent, states[agent.id], loads)]
    around = paging.around(page, call.url.partition("?")[0], call.request.query, 0, [("", agent.number) for agent in shown], more)
    return answer({"data": data, "included": included, **around})


async def show_availability(call: Call) -> web.Response:
    desk = await call.services.rooms.desks.current(call.app.id)
    return await _shown(call, desk, _agent(desk, call.number("agent_id")))


async def show_own(call: Call) -> web.Response:
    desk = await call.services.rooms.desks.current(call.app.id)
    return await _shown(call, desk, _own(call, desk))


async def list_statuses(call: Call) -> web.Response:
    """The statuses that an agent may have. There are few: all on one page."""
    desk = await call.services.rooms.desks.current(call.app.id)
    default = [
        {"id": number, "type": "agent_status", "attributes": {"name": name, "description": _ABOUT[name]}}
        for name, number in sorted(NUMBERS.items())
    ]
    custom = [
        {"id": one.id, "type": "agent_status", "attributes": {"name": one.name, "channels": one.channels}}
        for one in sorted(desk.statuses.values(), key=lambda one: one.name)
    ]
    return answer({"default": default, "custom": custom, "meta": {"has_more": False}, "links": {"prev": None, "next": None}})


async def set_status(call: Call) -> web.Response:
    """Of any agent, by those who supervise and by keys."""
    desk = await call.services.rooms.desks.current(call.app.id)
    return await _set(call, desk, _agent(desk, call.number("agent_id")))


async def set_own_status(call: Call) -> web.Response:
    desk = await call.services.rooms.desks.current(call.app.id)
    return await _set(call, desk, _own(call, desk))


async def _set(call: Call, desk: Desk, agent: Agent) -> web.Response:
    account = call.caller.account
    if account is not None and account.id != agent.id and account.role not in SUPERVISORS:
        raise Refused("forbidden", "Only who supervises sets the status of others")
    number = decode(_status_body, call.body, "").id
    if number not in _NAMES and number not in desk.statuses:
        raise Invalid("id", "is no status")
    status = _NAMES.get(number, str(number))
    told = cmd.encode(cmd.SetStatus(agent.id, status, "PUBLIC_API", call.caller.author_id))
    await call.services.router.ask_encoded(routing_of(call.app.id), told, bytes_digest(told), sender=call.caller.name)
    attributes = {"agent_id": agent.number, "agent_status": {"id": number, "name": _status_name(desk, status)}}
    return answer({"data": {"id": _name(agent), "type": "agent_availabilities", "attributes": attributes}})


# -- how they are told


async def _shown(call: Call, desk: Desk, agent: Agent) -> web.Response:
    state = (await _states(call, [agent]))[agent.id]
    loads = await call.services.rooms.routings.loads(call.app.id, [agent.id])
    return answer({"data": _availability(call, desk, agent, state), "included": _channels(desk, agent, state, loads)})


async def _states(call: Call, agents: list[Agent]) -> dict[str, AgentRow]:
    """How they are; those of whom nothing is known are offline."""
    ids = tuple(agent.id for agent in agents)
    found = {row.id: row for row in await call.services.rooms.routings.agents(call.app.id, "", len(ids), ids)}
    return {name: found.get(name) or AgentRow(name, "offline", "UNKNOWN", 0, False) for name in ids}


def _availability(call: Call, desk: Desk, agent: Agent, row: AgentRow) -> Json:
    status = {
        "id": _status_number(row.status),
        "name": _status_name(desk, row.status),
        "reason": row.reason or "UNKNOWN",
        "updated_at": instant(row.since_ms),
    }
    seat = seat_of(desk, agent.id)
    names = [] if seat is None else _of_channels(seat)
    return {
        "id": _name(agent),
        "type": "agent_availabilities",
        "attributes": {
            "agent_id": agent.number,
            "agent_status": status,
            "group_ids": list(agent.groups),
            "skills": [{"id": str(skill)} for skill in agent.skills],
            "connected": row.connected,
            "version": row.since_ms,
        },
        "links": {"self": f"{call.base}/api/v2/agent_availabilities/{agent.number}"},
        "relationships": {"channels": {"data": [{"id": f"{_name(agent)}|channels|{name}", "type": "channels"} for name in names]}},
    }


def _channels(desk: Desk, agent: Agent, row: AgentRow, loads: list[Load]) -> list[Json]:
    seat = seat_of(desk, agent.id)
    if seat is None:
        return []
    counts = {load.channel: load.assigned for load in loads if load.agent_id == agent.id}
    state = State(agent.id, row.status, channels=row.channels)
    return [
        {
            "id": f"{_name(agent)}|channels|{name}",
            "type": "channels",
            "attributes": {
                "name": name,
                "status": presence(state, name),
                "max_capacity": int(seat.limit(name)),
                "work_item_count": counts.get(name, 0),
                "updated_at": instant(row.since_ms),
            },
        }
        for name in dict.fromkeys((*_of_channels(seat), *sorted(counts)))
    ]


def _of_channels(seat: Seat) -> list[str]:
    return sorted({"messaging", "email", *seat.rule.limits})


def _name(agent: Agent) -> str:
    return f"agent_availabilities|{agent.number}"


def _status_number(status: str) -> int:
    return NUMBERS[status] if status in NUMBERS else int(status)


def _status_name(desk: Desk, status: str) -> str:
    if status in NUMBERS:
        return status
    custom = desk.statuses.get(int(status))
    return status if custom is None else custom.name


# -- who is meant


def _agent(desk: Desk, number: int) -> Agent:
    found = next((agent for agent in desk.agents.values() if agent.number == number), None)
    if found is None:
        raise not_found()
    return found


def _own(call: Call, desk: Desk) -> Agent:
    found = desk.agents.get(call.caller.author_id or "")
    if found is None:
        raise not_found()
    return found


def _is_wanted(call: Call, agent: Agent) -> bool:
    query = call.request.query
    agents, groups = query.get("filter[agent_ids]"), query.get("filter[group_ids]")
    if agents is not None and str(agent.number) not in agents.split(","):
        return False
    return groups is None or any(str(group) in groups.split(",") for group in agent.groups)
