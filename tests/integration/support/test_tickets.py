"""Tickets under `/api/v2` as programs see them."""

from __future__ import annotations

from tests.support_server import SupportServer


class TestOneTicket:
    async def test_it_is_read_as_it_was_made(self, server: SupportServer) -> None:
        given = {"tags": ["VIP", "late"], "priority": "high", "type": "question", "external_id": "x-1", "due_at": "2026-12-01T10:00:00Z"}
        requester = {"name": "Amy Day", "email": "amy@example.org"}
        status, answer = await server.call(
            "POST", "/tickets.json", {"ticket": {"comment": {"body": "Where is it?\nTell me"}, "requester": requester, **given}}
        )
        ticket = answer["ticket"]
        assert (201, "Where is it?", "new", ["vip", "late"], "high") == (
            status,
            ticket["subject"],
            ticket["status"],
            ticket["tags"],
            ticket["priority"],
        )
        assert ("2026-12-01T10:00:00Z", "x-1", "Where is it?\nTell me") == (ticket["due_at"], ticket["external_id"], ticket["description"])
        assert "Create" in {event["type"] for event in answer["audit"]["events"]}
        read = await server.get(f"/tickets/{ticket['id']}.json", include="users")
        assert ticket == read["ticket"]
        names = {one["id"]: one["name"] for one in read["users"]}
        assert ("Amy Day", "Ada") == (names[ticket["requester_id"]], names[ticket["submitter_id"]])
