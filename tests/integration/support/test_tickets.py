"""Tickets under `/api/v2` as programs see them."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from aiohttp import encode_basic_auth

from domain.conversation import commands as cmd
from domain.desk.bodies import FieldBody, OptionBody, OutputBody, RestrictionBody, ViewBody
from domain.desk.model import Condition, Conditions
from domain.directory import App, Profile, User
from domain.ticket import commands as ticket_cmd
from domain.ticket.commands import By
from gateway.support.jobs import LEASE_MS, RUNNER, Runner
from gateway.support.scene import derived_id
from gateway.zendesk.operations import SERVICES
from storage.ports import ActorId
from storage.sql.bootstrap import new_key
from storage.sql.support_jobs import Job
from tests import conversations as talk
from tests.support_server import SupportServer


async def changed(server: SupportServer, number: int, **fields: Any) -> dict[str, Any]:
    status, answer = await server.call("PUT", f"/tickets/{number}.json", {"ticket": fields})
    assert 200 == status, answer
    found: dict[str, Any] = answer["ticket"]
    return found


async def other_app(server: SupportServer) -> dict[str, str]:
    """What a program of another app shows at the door."""
    app = App(server.router.new_id(), "Other")
    key = new_key(server.router.new_id, "Other", "app", app.id)
    await server.directory.create_app(app)
    await server.directory.create_key(key)
    return {"Authorization": encode_basic_auth(key.id, key.secret)}


class TestOneTicket:
    async def test_it_is_read_as_it_was_made(self, server: SupportServer) -> None:
        given = {"tags": ["VIP", "late"], "priority": "high", "type": "question", "external_id": "x-1", "due_at": "2026-12-01T10:00:00Z"}
        requester = {"name": "Amy Day", "email": "amy@example.org"}
        status, answer = await server.call(
            "POST", "/tickets.json", {"ticket": {"comment": {"body": "Where is it?\nTell me"}, "requester": requester, **given}}
        )
        ticket = answer["ticket"]
        names = ("subject", "status", "tags", "priority", "due_at", "external_id", "description")
        expected = ["Where is it?", "new", ["vip", "late"], "high", "2026-12-01T10:00:00Z", "x-1", "Where is it?\nTell me"]
        assert (201, expected) == (status, [ticket[name] for name in names])
        read = await server.get(f"/tickets/{ticket['id']}.json", include="users,groups,metric_sets")
        assert ticket == read["ticket"]
        people = {one["id"]: one["name"] for one in read["users"]}
        assert ("Amy Day", "Ada") == (people[ticket["requester_id"]], people[ticket["submitter_id"]])
        assert [ticket["id"]] == [one["ticket_id"] for one in read["metric_sets"]]

    async def test_who_asks_by_an_address_is_one_person(self, server: SupportServer) -> None:
        requester = {"name": "Amy Day", "email": "amy@example.org"}
        first, second = [await server.ticket(requester=one) for one in (requester, {"email": "AMY@example.org"})]
        assert first["requester_id"] == second["requester_id"]
        assert 2 == (await server.get(f"/users/{first['requester_id']}/tickets/requested.json"))["count"]

    async def test_an_update_changes_what_it_names(self, server: SupportServer) -> None:
        ticket = await server.ticket(tags=["a"])
        ana = (await server.get("/users/search.json", query="ana"))["users"][0]["id"]
        after = await changed(server, ticket["id"], assignee_email="ana@example.org", additional_tags=["b"], follower_ids=[ana])
        assert (ana, "open", ["a", "b"], [ana]) == (after["assignee_id"], after["status"], after["tags"], after["follower_ids"])
        assert after["group_id"] is not None, "the agent's own"
        after = await changed(server, ticket["id"], followers=[{"user_id": ana, "action": "delete"}], assignee_id=None)
        assert ([], None) == (after["follower_ids"], after["assignee_id"])
        shown = await server.get(f"/users/{ana}/related.json")
        assert 0 == shown["user_related"]["assigned_tickets"]

    async def test_html_is_made_harmless_and_cards_are_masked(self, server: SupportServer) -> None:
        ticket = await server.ticket(comment={"html_body": "<p onclick='x()'>Pay <b>4111 1111 1111 1111</b></p><script>1</script>"})
        said = (await server.get(f"/tickets/{ticket['id']}/comments.json"))["comments"][0]
        assert ("<p>Pay <b>XXXX XXXX XXXX 1111</b></p>", "Pay XXXX XXXX XXXX 1111") == (said["html_body"], said["body"])

    async def test_the_same_key_makes_one_ticket(self, server: SupportServer) -> None:
        body = {"ticket": {"comment": {"body": "Once"}}}
        headers = server.admin | {"Idempotency-Key": "k-1"}
        first, second = [await server.call("POST", "/tickets.json", body, headers=headers) for _ in range(2)]
        assert (201, first[1]["ticket"]["id"]) == (second[0], second[1]["ticket"]["id"])
        other = {"ticket": {"comment": {"body": "Twice"}}}
        assert 409 == (await server.call("POST", "/tickets.json", other, headers=headers))[0]
        assert 1 == (await server.get("/tickets/count.json"))["count"]["value"]

    async def test_a_safe_update_comes_in_time_or_not_at_all(self, server: SupportServer) -> None:
        ticket = await server.ticket()
        server.router.clock.ahead_ms = 5_000
        after = await changed(server, ticket["id"], subject="Two", safe_update=True, updated_stamp=ticket["updated_at"])
        late = {"ticket": {"subject": "Three", "safe_update": True, "updated_stamp": ticket["updated_at"]}}
        status, answer = await server.call("PUT", f"/tickets/{ticket['id']}.json", late)
        assert (409, "DatabaseConflict", "Two") == (status, answer["error"], after["subject"])

    async def test_a_follow_up_of_a_closed_ticket(self, server: SupportServer) -> None:
        first = await server.ticket(status="closed")
        second = await server.ticket(via_followup_source_id=first["id"])
        assert first["id"] == second["via_followup_source_id"]
        status, answer = await server.call("PUT", f"/tickets/{first['id']}.json", {"ticket": {"subject": "New"}})
        assert (422, ["status"]) == (status, list(answer["details"]))

    async def test_problems_and_incidents(self, server: SupportServer) -> None:
        problem = await server.ticket(type="problem")
        incident = await server.ticket(type="incident", problem_id=problem["id"])
        assert [incident["id"]] == [one["id"] for one in (await server.get(f"/tickets/{problem['id']}/incidents.json"))["tickets"]]
        assert 1 == (await server.get(f"/tickets/{problem['id']}/related.json"))["ticket_related"]["incidents"]
        assert (await server.get(f"/tickets/{problem['id']}.json"))["ticket"]["has_incidents"]
        assert [problem["id"]] == [one["id"] for one in (await server.get("/problems.json"))["tickets"]]

    async def test_custom_fields_have_values_of_their_types(self, server: SupportServer) -> None:
        options = (OptionBody("Red", "red"), OptionBody("Blue", "blue"))
        bodies = [
            FieldBody("Colour", "tagger", custom_field_options=options),
            FieldBody("Pieces", "integer"),
            FieldBody("Gift", "checkbox"),
        ]
        rows = await server.rooms.desks.write(server.app_id, "x", 1, lambda draft: [draft.add("field", one) for one in bodies])
        colour, pieces, gift = [row.number for row in rows]
        given = [{"id": colour, "value": "red"}, {"id": pieces, "value": "3"}, {"id": gift, "value": True}]
        ticket = await server.ticket(custom_fields=given)
        assert {colour: "red", pieces: 3, gift: True} == {one["id"]: one["value"] for one in ticket["custom_fields"]}
        assert 1 == (await server.get("/search/count.json", query=f"custom_field_{colour}:red"))["count"]
        for wrong in ({"id": colour, "value": "pink"}, {"id": pieces, "value": "x"}, {"id": 1, "value": "x"}):
            status, answer = await server.call("PUT", f"/tickets/{ticket['id']}.json", {"ticket": {"custom_fields": [wrong]}})
            assert (422, "RecordInvalid") == (status, answer["error"]), wrong

    async def test_what_is_not_valid_is_told_by_field(self, server: SupportServer) -> None:
        wrong: dict[str, dict[str, Any]] = {
            "priority": {"priority": "enormous"},
            "assignee_id": {"assignee_id": 999_999},
            "comment": {"comment": None},
            "due_at": {"due_at": "soon"},
            "tags": {"tags": "x"},
        }
        for field, fields in wrong.items():
            given: dict[str, Any] = {"subject": "A", "comment": {"body": "B"}} | fields
            body = {"ticket": given}
            status, answer = await server.call("POST", "/tickets.json", body)
            assert (422, [field]) == (status, list(answer["details"])), answer
        assert 0 == (await server.get("/tickets.json"))["count"]


class TestLists:
    async def test_pages_by_number_and_by_cursor(self, server: SupportServer) -> None:
        made = [(await server.ticket(subject=f"Parcel {number}"))["id"] for number in range(5)]
        seen, url = list[int](), "/tickets.json?per_page=2&sort_by=created_at&sort_order=desc"
        while url:
            page = await server.get(url)
            seen += [one["id"] for one in page["tickets"]]
            url = page["next_page"]
        assert made[::-1] == seen
        first = await server.get("/tickets.json?page[size]=2&sort=-updated_at")
        second = await server.get(first["links"]["next"])
        back = await server.get(second["links"]["prev"])
        assert (made[::-1][:2], made[::-1][2:4]) == ([one["id"] for one in first["tickets"]], [one["id"] for one in second["tickets"]])
        assert first["tickets"] == back["tickets"]
        for query in ("page=0", "sort_by=taste", "sort_order=up", "page[size]=500"):
            assert 422 == (await server.call("GET", f"/tickets.json?{query}"))[0], query

    async def test_those_that_are_named(self, server: SupportServer) -> None:
        made = [(await server.ticket(external_id=f"x-{number}"))["id"] for number in range(3)]
        assert made[:2] == [one["id"] for one in (await server.get(f"/tickets/show_many.json?ids={made[0]},{made[1]},999"))["tickets"]]
        assert made[1:2] == [one["id"] for one in (await server.get("/tickets.json?external_id=x-1"))["tickets"]]
        assert made[1:] == [one["id"] for one in (await server.get("/tickets/show_many.json?external_ids=x-1,x-2"))["tickets"]]

    async def test_tags_of_all_tickets(self, server: SupportServer) -> None:
        for tags in (["a", "vip"], ["vip", "vital"]):
            await server.ticket(tags=tags)
        assert [("a", 1), ("vip", 2), ("vital", 1)] == [(one["name"], one["count"]) for one in (await server.get("/tags.json"))["tags"]]
        assert ["vip", "vital"] == (await server.get("/autocomplete/tags.json?name=vi"))["tags"]
        first = await server.get("/tags.json?page[size]=2")
        assert ["vital"] == [one["name"] for one in (await server.get(first["links"]["next"]))["tags"]]


class TestExports:
    async def test_no_page_ends_within_a_second_that_has_more_than_a_page(self, server: SupportServer) -> None:
        made = [(await server.ticket(subject=f"Parcel {number}"))["id"] for number in range(4)]
        server.router.clock.ahead_ms = 120_000
        page = await server.get("/incremental/tickets.json?start_time=1&per_page=1")
        seen = {one["id"] for one in page["tickets"]}
        for _ in range(8):
            if not page["end_of_stream"]:
                page = await server.get(page["next_page"])
                seen |= {one["id"] for one in page["tickets"]}
        assert (set(made), True) == (seen, page["end_of_stream"])

    async def test_what_changed_just_now_is_for_the_next_time(self, server: SupportServer) -> None:
        await server.ticket()
        page = await server.get("/incremental/tickets/cursor.json?start_time=1")
        assert ([], True) == (page["tickets"], page["end_of_stream"])
        server.router.clock.ahead_ms = 120_000
        assert 1 == len((await server.get(page["after_url"]))["tickets"])
        for query in ("start_time=x", "start_time=99999999999", "cursor=!"):
            assert 422 == (await server.call("GET", f"/incremental/tickets/cursor.json?{query}"))[0], query


class TestWhoMay:
    async def test_agents_read_and_write_and_admins_do_the_rest(self, server: SupportServer) -> None:
        ticket = await server.ticket()
        assert 200 == (await server.call("GET", "/tickets.json", headers=server.agent))[0]
        assert 401 == (await server.call("GET", "/tickets.json", headers={}))[0]
        for method, path in (("GET", "/incremental/tickets.json?start_time=1"), ("DELETE", f"/deleted_tickets/{ticket['id']}.json")):
            assert 403 == (await server.call(method, path, headers=server.agent))[0], path
        agent = {"user": {"name": "Eve", "email": "eve@example.org", "role": "agent"}}
        assert 403 == (await server.call("POST", "/users.json", agent, headers=server.agent))[0]
        assert 201 == (await server.call("POST", "/users.json", agent))[0]

    async def test_a_programs_ticket_names_who_asks(self, server: SupportServer) -> None:
        body: dict[str, Any] = {"ticket": {"comment": {"body": "From afar"}}}
        status, answer = await server.call("POST", "/tickets.json", body, headers=server.program)
        assert (422, ["requester_id"]) == (status, list(answer["details"]))
        body["ticket"]["requester"] = {"email": "amy@example.org"}
        status, answer = await server.call("POST", "/tickets.json", body, headers=server.program)
        assert (201, -1) == (status, answer["audit"]["author_id"])
        assert answer["ticket"]["submitter_id"] == answer["ticket"]["requester_id"]

    async def test_nothing_of_an_app_is_there_for_another(self, server: SupportServer) -> None:
        requester = {"name": "Amy Day", "email": "amy@example.org"}
        ticket = await server.ticket(requester=requester, tags=["vip"])
        job = await server.done(await server.call("PUT", f"/tickets/update_many.json?ids={ticket['id']}", {"ticket": {"type": "task"}}))
        view = ViewBody("All", Conditions((Condition("status", "less_than", "closed"),)))
        row = await server.rooms.desks.write(server.app_id, "x", 1, lambda draft: draft.add("view", view))
        headers = await other_app(server)
        number, person = ticket["id"], ticket["requester_id"]
        of_ticket = ("", "/comments", "/audits", "/metrics", "/tags", "/related", "/followers")
        gone = [*(f"/tickets/{number}{path}.json" for path in of_ticket), f"/users/{person}.json", f"/job_statuses/{job['id']}.json"]
        gone += [f"/views/{row.number}/tickets.json", f"/satisfaction_ratings/{number}.json"]
        for path in gone:
            assert 404 == (await server.call("GET", path, headers=headers))[0], path
        for path in ("/tickets.json", "/search.json?query=parcel", "/search.json?query=amy", f"/tickets/show_many.json?ids={number}"):
            assert 0 == (await server.call("GET", path, headers=headers))[1]["count"], path
        for path, name in (("/tags.json", "tags"), ("/job_statuses.json", "job_statuses"), ("/users.json?role=end-user", "users")):
            assert [] == (await server.call("GET", path, headers=headers))[1][name], path
        for fields in ({"requester_id": person}, {"follower_ids": [person]}):
            body = {"ticket": {"comment": {"body": "A"}, "requester": requester} | fields}
            assert 422 == (await server.call("POST", "/tickets.json", body, headers=headers))[0], fields
        assert 404 == (await server.call("PUT", f"/tickets/{number}.json", {"ticket": {"subject": "Mine"}}, headers=headers))[0]

    async def test_an_agents_password_is_set_by_an_admin(self, server: SupportServer) -> None:
        _, made = await server.call("POST", "/users.json", {"user": {"name": "Eve", "email": "eve@example.org", "role": "agent"}})
        path = f"/users/{made['user']['id']}/password.json"
        assert 403 == (await server.call("POST", path, {"password": "another long one"}, headers=server.agent))[0]
        assert 204 == (await server.call("POST", path, {"password": "another long one"}))[0]
        async with server.http.post("/agent/v1/sessions", json={"email": "eve@example.org", "password": "another long one"}) as response:
            assert 201 == response.status


class TestJobs:
    async def test_what_cannot_be_done_is_told_and_the_rest_is_done(self, server: SupportServer) -> None:
        one, two = await server.ticket(), await server.ticket()
        body = {"tickets": [{"id": one["id"], "status": "solved"}, {"id": 999, "status": "solved"}, {"id": two["id"], "status": "great"}]}
        job = await server.done(await server.call("PUT", "/tickets/update_many.json", body))
        assert [True, False, False] == [result["success"] for result in job["results"]]
        assert ("completed", ["TicketNotFound", "RecordInvalid"]) == (job["status"], [result["error"] for result in job["results"][1:]])
        assert "solved" == (await server.get(f"/tickets/{one['id']}.json"))["ticket"]["status"]

    async def test_all_alike(self, server: SupportServer) -> None:
        made = [(await server.ticket(external_id=f"x-{number}"))["id"] for number in range(3)]
        path = f"/tickets/update_many.json?ids={made[0]},{made[1]}"
        await server.done(await server.call("PUT", path, {"ticket": {"additional_tags": ["seen"]}}))
        await server.done(await server.call("PUT", "/tickets/update_many.json?external_ids=x-2", {"ticket": {"status": "hold"}}))
        shown = (await server.get("/tickets.json"))["tickets"]
        assert [["seen"], ["seen"], []] == [one["tags"] for one in shown]
        assert "hold" == shown[2]["status"]
        assert 2 == len((await server.get("/job_statuses.json"))["job_statuses"])

    async def test_a_job_that_a_server_has_left_is_finished_once(self, server: SupportServer) -> None:
        """As it is after a death: the first batch was done, and nobody wrote it down."""
        by = {"by": msgspec.to_builtins(By("key", "k")), "sender": "s", "account_id": None, "base": ""}
        requester = {"email": "amy@example.org"}
        work = [{"ticket": {"comment": {"body": f"Number {at}"}, "requester": requester}, "by": by} for at in range(3)]
        job = Job(server.app_id, "e" * 24, "create", work, "working", created_ms=server.router.now_ms())
        first = ticket_cmd.Create(By(), "f" * 24, comment=ticket_cmd.Comment("Number 0"))
        done_before = derived_id(server.app_id, f"job:{job.id}:0")
        await server.router.ask_encoded(ActorId("ticket", server.app_id, done_before), ticket_cmd.encode(first), 0, sender="other")
        await server.rooms.jobs.add(job)
        server.application[RUNNER].wake()
        told = await server.done(await server.call("GET", f"/job_statuses/{job.id}.json"))
        assert [True, True, True] == [result["success"] for result in told["results"]]
        assert 3 == (await server.get("/tickets.json"))["count"]

    async def test_a_server_that_ends_leaves_its_job_to_another(self, server: SupportServer) -> None:
        tickets = [{"comment": {"body": f"Number {at}"}, "subject": f"Parcel {at}"} for at in range(40)]
        status, told = await server.call("POST", "/tickets/create_many.json", {"tickets": tickets})
        assert 200 == status
        path = told["job_status"]["url"]
        async with asyncio.timeout(10):
            while not told["job_status"]["progress"]:
                await asyncio.sleep(0)
                told = await server.get(path)
        await server.application[RUNNER].stop()
        left = (await server.get(path))["job_status"]
        assert ("working", True) == (left["status"], 0 < left["progress"] < 40)
        other = Runner(server.application[SERVICES])
        server.router.clock.ahead_ms += LEASE_MS
        other.start()
        done = await server.done(await server.call("GET", path))
        await other.stop()
        assert ("completed", 40, 40) == (done["status"], done["progress"], len({result["id"] for result in done["results"]}))
        subjects = [one["subject"] for one in (await server.get("/tickets.json"))["tickets"]]
        assert sorted(subjects) == sorted(one["subject"] for one in tickets)

    async def test_what_is_erased_leaves_nothing(self, server: SupportServer) -> None:
        ticket = await server.ticket()
        assert 404 == (await server.call("DELETE", f"/deleted_tickets/{ticket['id']}.json"))[0], "it is not deleted yet"
        await server.call("DELETE", f"/tickets/{ticket['id']}.json")
        job = await server.done(await server.call("DELETE", f"/deleted_tickets/{ticket['id']}.json"))
        assert "completed" == job["status"]
        assert 0 == (await server.get("/deleted_tickets.json"))["count"]
        assert ticket["id"] + 1 == (await server.ticket())["id"], "its number is nobody's"


class TestConversations:
    async def test_messages_since_the_customer_waited_are_its_comments(self, server: SupportServer) -> None:
        amy = User(server.app_id, "a" * 24, "c" * 24, profile=Profile(given_name="Amy"))
        await server.directory.create_user(amy)
        actor, board = ActorId("conversation", server.app_id, amy.default_conversation_id), talk.board()
        ask = server.router.ask

        async def say(words: str, user: str | None = amy.id, **fields: Any) -> None:
            await ask(actor, talk.post(user, words, switchboard=board, **fields), sender="x")
            server.router.clock.ahead_ms += 2_000

        await ask(actor, talk.create(amy.id, switchboard=board), sender="x")
        await say("Hello bot")
        await ask(actor, talk.post(None, "Hello Amy", switchboard=board, responder=talk.BOT.id), sender="x")
        server.router.clock.ahead_ms += 2_000
        await say("I want a person")
        await ask(actor, cmd.PassControl(board, talk.PEOPLE.id), sender="x")
        listed = (await server.get("/tickets.json"))["tickets"]
        assert [("native_messaging", True)] == [(one["via"]["channel"], one["from_messaging_channel"]) for one in listed]
        number = listed[0]["id"]
        server.router.clock.ahead_ms += 2_000
        await changed(server, number, comment={"body": "Here I am"})
        server.router.clock.ahead_ms += 2_000
        await changed(server, number, comment={"body": "Seems nice", "public": False})
        server.router.clock.ahead_ms += 2_000
        await say("Oh good")
        shown = await server.get(f"/tickets/{number}/comments.json", include="users")
        said = [(one["body"], one["public"]) for one in shown["comments"]]
        assert [("I want a person", True), ("Here I am", True), ("Seems nice", False), ("Oh good", True)] == said
        names = {one["id"]: one["name"] for one in shown["users"]}
        assert ["Amy", "Ada", "Ada", "Amy"] == [names.get(one["author_id"], one["author_id"]) for one in shown["comments"]]
        await changed(server, number, status="closed")
        server.router.clock.ahead_ms += 2_000
        await say("One thing more")
        await ask(actor, cmd.PassControl(board, talk.PEOPLE.id), sender="x")
        assert 4 == (await server.get(f"/tickets/{number}/comments/count.json"))["count"]["value"], "what comes later is another ticket's"
        after = (await server.get(f"/tickets/{number + 1}/comments.json"))["comments"]
        assert ["Oh good", "One thing more"] == [one["body"] for one in after], "since when the customer waits"


class TestRatings:
    async def test_programs_rate_in_the_customers_name(self, server: SupportServer) -> None:
        ticket = await server.ticket()
        body = {"satisfaction_rating": {"score": "good", "comment": "Quick"}}
        path = f"/tickets/{ticket['id']}/satisfaction_rating.json"
        assert 403 == (await server.call("POST", path, body, headers=server.agent))[0]
        status, answer = await server.call("POST", path, body)
        assert (200, "good", "Quick", ticket["id"]) == (
            status,
            answer["satisfaction_rating"]["score"],
            answer["satisfaction_rating"]["comment"],
            answer["satisfaction_rating"]["ticket_id"],
        )
        await server.ticket()
        assert 1 == (await server.get("/satisfaction_ratings.json"))["count"]
        assert 0 == (await server.get("/satisfaction_ratings/count.json?score=bad"))["count"]["value"]
        assert 0 == (await server.get("/satisfaction_ratings.json?end_time=5"))["count"]


class TestViews:
    async def test_a_view_shows_and_counts_its_tickets(self, server: SupportServer) -> None:
        made = [
            (await server.ticket(subject=f"Parcel {number}", priority=priority))["id"]
            for number, priority in enumerate(("low", "high", "high"))
        ]
        exact = Conditions((Condition("priority", "is", "high"), Condition("status", "less_than", "solved")))
        wide = Conditions((Condition("subject_includes_word", "includes_string", "cel 2"),))
        bodies = [
            ViewBody("High", exact, OutputBody(("subject", "requester", "created"), sort_by="created", sort_order="desc")),
            ViewBody("Two", wide),
            ViewBody("Secret", exact, restriction=RestrictionBody("User", id=999)),
        ]
        rows = await server.rooms.desks.write(server.app_id, "x", 1, lambda draft: [draft.add("view", one) for one in bodies])
        high, two, secret = [row.number for row in rows]
        assert made[:0:-1] == [one["id"] for one in (await server.get(f"/views/{high}/tickets.json"))["tickets"]]
        executed = await server.get(f"/views/{high}/execute.json")
        assert [(made[2], "Parcel 2"), (made[1], "Parcel 1")] == [(row["ticket_id"], row["subject"]) for row in executed["rows"]]
        assert made[2:] == [one["id"] for one in (await server.get(f"/views/{two}/tickets.json"))["tickets"]]
        assert made[2:] == [one["id"] for one in (await server.get(f"/views/{two}/tickets.json?page[size]=10"))["tickets"]]
        counts = (await server.get(f"/views/count_many.json?ids={high},{two},99999"))["view_counts"]
        assert [(high, 2), (two, 1)] == [(one["view_id"], one["value"]) for one in counts]
        assert 404 == (await server.call("GET", f"/views/{secret}/tickets.json", headers=server.agent))[0]
        assert 200 == (await server.call("GET", f"/views/{secret}/count.json"))[0]
        first = await server.get(f"/views/{high}/tickets.json?page[size]=1")
        assert [made[1]] == [one["id"] for one in (await server.get(first["links"]["next"]))["tickets"]]


class TestSearch:
    async def test_pages_run_over_tickets_people_and_groups(self, server: SupportServer) -> None:
        for number in range(3):
            await server.ticket(subject=f"Bell {number}")
        seen, url = list[tuple[str, str]](), "/search.json?query=bell&per_page=2"
        while url:
            page = await server.get(url)
            assert 4 == page["count"]
            seen += [(one["result_type"], one.get("subject") or one["name"]) for one in page["results"]]
            url = page["next_page"]
        assert [("ticket", "Bell 2"), ("ticket", "Bell 1"), ("ticket", "Bell 0"), ("user", "Ana Bell")] == seen
        groups = (await server.get("/search.json", query="type:group support"))["results"]
        assert {"group"} == {one["result_type"] for one in groups}
        assert 0 == (await server.get("/search/count.json", query="type:organization bell"))["count"]

    async def test_names_stand_for_people(self, server: SupportServer) -> None:
        ticket = await server.ticket(assignee_email="ana@example.org")
        for query in (
            "assignee:ana",
            'assignee:"Ana Bell"',
            "assignee:ANA@example.org",
            f"assignee:{ticket['assignee_id']}",
            "requester:me",
        ):
            assert 1 == (await server.get("/search/count.json", query=f"type:ticket {query}"))["count"], query
        for query in ("assignee:eve", "assignee:none", "assignee:me"):
            assert 0 == (await server.get("/search/count.json", query=f"type:ticket {query}"))["count"], query

    async def test_what_is_no_query_is_refused(self, server: SupportServer) -> None:
        for path in (
            "/search.json",
            "/search.json?query=status:great",
            "/search/export.json?query=a",
            "/search.json?query=a&sort_by=taste",
        ):
            assert 422 == (await server.call("GET", path))[0], path


class TestAttachments:
    async def test_a_comment_has_the_files_that_were_uploaded_for_it(self, server: SupportServer) -> None:
        async def upload(name: str, **query: str) -> dict[str, Any]:
            given = {"filename": name, **query}
            async with server.http.post("/api/v2/uploads.json", data=b"hello", params=given, headers=server.admin) as response:
                assert 201 == response.status, await response.text()
                found: dict[str, Any] = (await response.json())["upload"]
                return found

        first = await upload("one.txt")
        both = await upload("two.txt", token=first["token"])
        assert ["two.txt", "one.txt"] == [one["file_name"] for one in both["attachments"]]
        ticket = await server.ticket(comment={"body": "See these", "uploads": [both["token"]]})
        shown = (await server.get(f"/tickets/{ticket['id']}/comments.json"))["comments"][0]["attachments"]
        assert ["one.txt", "two.txt"] == [one["file_name"] for one in shown]
        async with server.http.get(shown[0]["content_url"].removeprefix(server.url)) as response:
            assert b"hello" == await response.read()
        assert shown[0] == (await server.get(f"/attachments/{shown[0]['id']}.json"))["attachment"]
        assert 404 == (await server.call("DELETE", f"/uploads/{first['token']}.json"))[0], "a comment has it"
        spare = await upload("three.txt")
        assert 204 == (await server.call("DELETE", f"/uploads/{spare['token']}.json"))[0]
        for wrong in (spare["token"], "x", "a" * 24):
            body = {"ticket": {"comment": {"body": "A", "uploads": [wrong]}}}
            status, answer = await server.call("POST", "/tickets.json", body)
            assert (422, ["uploads"]) == (status, list(answer["details"])), wrong
