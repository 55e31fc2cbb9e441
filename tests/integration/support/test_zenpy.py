"""The Support API by PyPI `zenpy`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests import zenpy_client
from tests.support_server import ADMIN, SupportServer
from tests.zenpy_client import run

api = pytest.importorskip("zenpy.lib.api_objects")
failures = pytest.importorskip("zenpy.lib.exception")


def client(server: SupportServer) -> Any:
    return zenpy_client.client(server.url, ADMIN, server.token, disable_cache=True)


def ticket(**fields: Any) -> Any:
    return api.Ticket(**{"subject": "Late parcel", "comment": api.Comment(body="Where is it?")} | fields)


async def test_a_tickets_life(server: SupportServer) -> None:
    def work() -> None:
        desk = client(server)
        me = desk.users.me()
        assert (ADMIN, "admin") == (me.email, me.role)
        made = desk.tickets.create(ticket(requester=api.User(name="Amy Day", email="amy@example.org"), tags=["late"]))
        assert "Comment" in {event["type"] for event in made.audit.events}
        one = desk.tickets(id=made.ticket.id)
        assert ("Late parcel", "new", "Amy Day") == (one.subject, one.status, one.requester.name)
        one.status, one.assignee, one.comment = "pending", me, api.Comment(body="We look for it", public=False)
        told = desk.tickets.update(one)
        assert ("pending", me.id) == (told.ticket.status, told.ticket.assignee_id)
        assert ["Where is it?", "We look for it"] == [said.body for said in desk.tickets.comments(one.id)]
        assert [True, False] == [said.public for said in desk.tickets.comments(one.id)]
        audits = list(desk.tickets.audits(one.id))
        assert 2 == len(audits)
        assert {"status", "assignee_id"} <= {event["field_name"] for event in audits[1].events if event["type"] == "Change"}
        assert 1 == desk.tickets.metrics(one.id).assignee_stations
        assert {"late", "vip"} == set(desk.tickets.add_tags(one.id, ["vip"]))
        assert ["vip"] == list(desk.tickets.delete_tags(one.id, ["late"]))
        assert ["new"] == list(desk.tickets.set_tags(one.id, ["new"]))
        assert ["new"] == [tag.name for tag in desk.tags()]
        desk.tickets.delete(one)
        assert [one.id] == [gone.id for gone in desk.tickets.deleted()]
        desk.tickets.restore(one.id)
        assert "pending" == desk.tickets(id=one.id).status

    await run(work)


async def test_many_at_once(server: SupportServer) -> None:
    def work() -> None:
        desk = client(server)

        def done(job: Any) -> Any:
            while job.status in ("queued", "working"):
                job = desk.job_status(id=job.id)
            return job

        job = done(desk.tickets.create([ticket(subject=f"Parcel {number}") for number in range(12)]))
        assert ("completed", 12, 12) == (job.status, job.progress, job.total)
        found = {one.id: one for one in desk.tickets(ids=[result.id for result in job.results])}
        assert [f"Parcel {result.index}" for result in job.results] == [found[result.id].subject for result in job.results]
        made = [found[number] for number in sorted(found)]
        for one in made[:3]:
            one.priority = "high"
        assert all(result.success for result in done(desk.tickets.update(made[:3])).results)
        assert {made[0].id, made[1].id, made[2].id} == {one.id for one in desk.search(type="ticket", priority="high")}
        done(desk.tickets.delete(made[6:]))
        assert [one.id for one in made[:6]] == [one.id for one in desk.tickets()]
        done(desk.tickets.merge(made[0].id, [made[1].id, made[2].id], target_comment="Both the same", source_comment="See the other"))
        assert ["closed", "closed"] == [desk.tickets(id=one.id).status for one in made[1:3]]
        assert "Both the same" in [said.body for said in desk.tickets.comments(made[0].id)]

    await run(work)


async def test_lists_and_searches(server: SupportServer) -> None:
    def work() -> None:
        desk = client(server)
        amy = desk.users.create(api.User(name="Amy Day", email="amy@example.org"))
        for number in range(5):
            desk.tickets.create(ticket(subject=f"Parcel {number}", requester_id=amy.id, priority="low" if number % 2 else "high"))
        every = [one.id for one in desk.tickets()]
        assert every == [one.id for one in desk.tickets(cursor_pagination=2)]
        assert every == [one.id for one in desk.users.requested(amy)]
        assert [1, 3] == [
            every.index(one.id) for one in desk.search("parcel", priority="low", type="ticket", sort_by="created", sort_order="asc")
        ]
        assert 5 == desk.search.count("requester:amy@example.org status<solved", type="ticket")
        assert every == [one.id for one in desk.search_export("parcel", type="ticket", cursor_pagination=2)]
        assert ["Amy Day"] == [one.name for one in desk.search("amy", type="user")]
        since = datetime.now(UTC) - timedelta(days=10_000)
        assert 5 == len(list(desk.search(created_between=[since, datetime.now(UTC)], type="ticket")))

    await run(work)


async def test_people(server: SupportServer) -> None:
    def work() -> None:
        desk = client(server)
        amy = desk.users.create_or_update(api.User(name="Amy Day", email="amy@example.org", external_id="a-1"))
        again = desk.users.create_or_update(api.User(name="Amy Night", email="AMY@example.org"))
        assert (amy.id, "Amy Night", "a-1") == (again.id, again.name, again.external_id)
        max_ = desk.users.create(api.User(name="Max Bell", email="max@example.org", role="agent"))
        assert {"Ada", "Ana Bell", "Max Bell"} == {one.name for one in desk.users(role=["admin", "agent"])}
        assert ["Amy Night"] == [one.name for one in desk.users(role="end-user")]
        assert 4 == len(list(desk.users()))
        assert ["max@example.org"] == [one.value for one in desk.users.identities(id=max_.id)]
        assert [max_.id] == [one.id for one in desk.users.search(query="max")]
        assert [amy.id] == [one.id for one in desk.users.search(external_id="a-1")]
        desk.users.delete(again)
        assert 3 == len(list(desk.users()))

    await run(work)


async def test_views_that_the_client_has_made(server: SupportServer) -> None:
    def work() -> None:
        desk = client(server)
        made = [desk.tickets.create(ticket(subject=f"Parcel {number}", tags=["late"] if number else [])).ticket.id for number in range(3)]
        conditions = [{"field": "current_tags", "operator": "includes", "value": "late"}]
        view = desk.views.create(api.View(title="Late", all=conditions, output={"columns": ["subject"]}))
        assert sorted(made[1:]) == sorted(one.id for one in desk.views.tickets(view))
        assert 2 == desk.views.count(view).value
        assert [2] == [one.value for one in desk.views.count_many([view.id])]
        group = desk.groups.create(api.Group(name="Returns"))
        one = desk.tickets(id=made[0])
        one.group_id = group.id
        assert "Returns" == desk.tickets.update(one).ticket.group.name
        assert [made[0]] == [each.id for each in desk.search(type="ticket", group="Returns")]

    await run(work)


async def test_exports_go_on_where_they_ended(server: SupportServer) -> None:
    def work() -> None:
        desk = client(server)
        made = [desk.tickets.create(ticket(subject=f"Parcel {number}")).ticket.id for number in range(3)]
        server.router.clock.ahead_ms = 120_000  # exports hold back the last minute
        assert made == [one.id for one in desk.tickets.incremental(start_time=1, per_page=2)]
        assert made == [one.id for one in desk.tickets.incremental(start_time=1, paginate_by_time=True)]

    await run(work)


async def test_what_is_wrong_is_told(server: SupportServer) -> None:
    def work() -> None:
        desk = client(server)
        with pytest.raises(failures.RecordNotFoundException):
            desk.tickets(id=999)
        with pytest.raises(failures.APIException, match="RecordInvalid"):
            desk.tickets.create(ticket(priority="enormous"))
        made = desk.tickets.create(ticket(status="closed")).ticket
        made.comment = api.Comment(body="More")
        with pytest.raises(failures.APIException, match="closed"):
            desk.tickets.update(made)

    await run(work)
