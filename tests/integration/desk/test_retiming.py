"""What is set up later reaches the tickets that there are: also those to which nothing happens any more."""

from __future__ import annotations

from typing import Any

from domain.ticket.state import State
from storage.ports import ActorId
from tests.people import eventually
from tests.support_server import SupportServer


async def test_an_automation_that_is_made_later_has_its_timers(server: SupportServer) -> None:
    """By a job. What makes no difference to a ticket makes no job."""
    ticket = await server.ticket(status="open")
    assert [] == await jobs(server)
    given: dict[str, Any] = {"title": "Late", "all": [{"field": "OPEN", "operator": "greater_than", "value": "1"}]}
    given["all"].append({"field": "status", "operator": "is", "value": "open"})
    given["actions"] = [{"field": "current_tags", "value": "late"}]
    status, answer = await server.call("POST", "/automations", {"automation": given})
    assert 201 == status, answer
    found = await server.rooms.tickets.by_numbers(server.app_id, [ticket["id"]])
    actor = ActorId("ticket", server.app_id, found[ticket["id"]].id)

    async def is_done() -> bool:
        return "automation" in await timers(server, actor) and ["completed"] == await jobs(server)

    await eventually(is_done, 5, 0.01)
    status, _ = await server.call("POST", "/macros", {"macro": {"title": "Close", "actions": [{"field": "status", "value": "solved"}]}})
    assert (201, ["completed"]) == (status, await jobs(server))


async def jobs(server: SupportServer) -> list[str]:
    answer = await server.get("/job_statuses")
    return [job["status"] for job in answer["job_statuses"]]


async def timers(server: SupportServer, actor: ActorId) -> list[str]:
    found = await server.router.load(actor)
    assert found is not None
    state: State = found[1]
    return [one.name for one in state.timers]
