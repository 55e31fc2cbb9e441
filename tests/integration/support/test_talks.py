"""What the workspace shows at the side of a conversation: its person, its tickets, what else they talked about, how long there is time."""

from __future__ import annotations

import pytest

from domain.conversation import commands as cmd
from domain.directory import Profile, User
from gateway.support import talks
from storage.ports import ActorId
from tests import conversations as talk
from tests.integration.support.test_tickets import changed, other_app
from tests.support_server import SupportServer


async def talking(server: SupportServer) -> tuple[User, str]:
    """A customer who waits for people, and where."""
    amy = User(server.app_id, "a" * 24, "c" * 24, profile=Profile(given_name="Amy"))
    await server.directory.create_user(amy)
    await said(server, amy, amy.default_conversation_id)
    return amy, amy.default_conversation_id


async def said(server: SupportServer, user: User, conversation: str) -> None:
    actor, board = ActorId("conversation", server.app_id, conversation), talk.board()
    await server.router.ask(actor, talk.create(user.id, switchboard=board), sender="x")
    server.router.clock.ahead_ms += 2_000
    await server.router.ask(actor, talk.post(user.id, "I want a person", switchboard=board), sender="x")
    await server.router.ask(actor, cmd.PassControl(board, talk.PEOPLE.id), sender="x")


async def test_a_conversation_is_shown_with_its_person_and_its_tickets(server: SupportServer) -> None:
    amy, conversation = await talking(server)
    await server.ticket(requester={"name": "Amy", "email": "amy@example.org"})  # another one of no conversation
    first = (await server.get(f"/desk/conversations/{conversation}"))["ticket"]
    await changed(server, first["id"], status="closed")
    server.router.clock.ahead_ms += 2_000
    board = talk.board()
    actor = ActorId("conversation", server.app_id, conversation)
    await server.router.ask(actor, talk.post(amy.id, "One thing more", switchboard=board), sender="x")
    await server.router.ask(actor, cmd.PassControl(board, talk.PEOPLE.id), sender="x")
    shown = await server.get(f"/desk/conversations/{conversation}")
    assert ("Amy", amy.id, conversation) == (shown["person"]["name"], shown["person"]["messaging_id"], shown["conversation"]["id"])
    assert [(shown["ticket"]["id"], "new"), (first["id"], "closed")] == [(one["id"], one["status"]) for one in shown["tickets"]]
    assert {"Amy"} == {one["name"] for one in shown["users"]}
    missing, others = f"/desk/conversations/{'d' * 24}", await other_app(server)
    assert [404, 404] == [
        (await server.call("GET", missing))[0],
        (await server.call("GET", f"/desk/conversations/{conversation}", headers=others))[0],
    ]


async def test_a_persons_conversations_are_listed_and_found_by_the_streams_ids(server: SupportServer) -> None:
    amy, first = await talking(server)
    server.router.clock.ahead_ms += 2_000
    second = server.router.new_id()
    await said(server, amy, second)
    (found,) = (await server.get("/users/show_many", messaging_ids=f"{amy.id},nobody"))["users"]
    assert amy.id == found["messaging_id"]
    listed = await server.get(f"/desk/users/{found['id']}/conversations")
    assert [second, first] == [one["id"] for one in listed["conversations"]], "what was last said in comes first"
    me = (await server.get("/users/me"))["user"]
    assert [] == (await server.get(f"/desk/users/{me['id']}/conversations"))["conversations"], "agents have none of their own"
    agents = (await server.get("/desk/agents"))["agents"]
    assert me["messaging_id"] in [one["account_id"] for one in agents]


async def test_all_conversations_are_listed_the_newest_first(server: SupportServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talks, "PAGE", 2)
    amy, first = await talking(server)
    second, third = server.router.new_id(), server.router.new_id()
    for one in (second, third):
        await said(server, amy, one)
    page = await server.get("/desk/conversations")
    assert ([third, second], second) == ([one["id"] for one in page["conversations"]], page["after"])
    assert [amy.id] == [one["userId"] for one in page["conversations"][0]["participants"]]
    page = await server.get("/desk/conversations", after=second)
    assert ([first], None) == ([one["id"] for one in page["conversations"]], page["after"])
    for nobody in ("d" * 24, "x"):
        assert 422 == (await server.call("GET", f"/desk/conversations?after={nobody}"))[0]
    others = await other_app(server)
    assert 422 == (await server.call("GET", f"/desk/conversations?after={second}", headers=others))[0]
    code, answer = await server.call("GET", "/desk/conversations", headers=others)
    assert (200, []) == (code, answer["conversations"])


async def test_what_was_last_said_in_each_is_told(server: SupportServer) -> None:
    amy, first = await talking(server)
    server.router.clock.ahead_ms += 2_000
    second = server.router.new_id()
    await said(server, amy, second)
    await server.router.ask(
        ActorId("conversation", server.app_id, second), talk.post(amy.id, "Hello?", switchboard=talk.board()), sender="x"
    )
    listed = (await server.get("/desk/last_messages", ids=f"{first},{second},{'d' * 24},nonsense,{first}"))["last_messages"]
    told = {one["conversation_id"]: one["event"]["payload"]["message"]["content"]["text"] for one in listed}
    assert {first: "I want a person", second: "Hello?"} == told
    assert [] == (await server.get("/desk/last_messages"))["last_messages"]
    too_many = ",".join(f"{number:024x}" for number in range(51))
    assert 422 == (await server.call("GET", f"/desk/last_messages?ids={too_many}"))[0]
    others = await other_app(server)
    code, answer = await server.call("GET", f"/desk/last_messages?ids={first}", headers=others)
    assert (200, []) == (code, answer["last_messages"])


async def test_service_levels_are_brought_along(server: SupportServer) -> None:
    metric = {"priority": "high", "metric": "total_resolution_time", "target": 60}
    policy = {
        "title": "Urgent ones",
        "filter": {"all": [{"field": "priority", "operator": "is", "value": "high"}]},
        "policy_metrics": [metric],
    }
    assert 201 == (await server.call("POST", "/slas/policies", {"sla_policy": policy}))[0]
    ticket = await server.ticket(priority="high")
    assert "slas" not in ticket
    (level,) = (await server.get(f"/tickets/{ticket['id']}", include="slas"))["ticket"]["slas"]["policy_metrics"]
    assert ("total_resolution_time", "active", 60) == (level["metric"], level["stage"], level["target_minutes"])
    assert level["breach_at"] > ticket["created_at"]
    await changed(server, ticket["id"], status="solved")
    (level,) = (await server.get(f"/tickets/{ticket['id']}", include="slas"))["ticket"]["slas"]["policy_metrics"]
    assert "achieved" == level["stage"]
    plain = await server.ticket(priority="low")
    assert [] == (await server.get(f"/tickets/{plain['id']}", include="slas"))["ticket"]["slas"]["policy_metrics"]
