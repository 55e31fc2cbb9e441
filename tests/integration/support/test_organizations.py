"""Organizations under `/api/v2`, and by the client."""

from __future__ import annotations

from typing import Any

import pytest

from tests import zenpy_client
from tests.support_server import ADMIN, SupportServer
from tests.zenpy_client import run


async def test_people_and_tickets_of_an_organization(server: SupportServer) -> None:
    given = {"name": "Acme & Sons", "tags": ["VIP"], "details": "Big"}
    status, answer = await server.call("POST", "/organizations.json", {"organization": given})
    acme = answer["organization"]
    assert (201, "Acme & Sons", ["vip"]) == (status, acme["name"], acme["tags"])
    person = {"name": "Amy", "email": "amy@example.org", "organization_id": acme["id"]}
    _, answer = await server.call("POST", "/users.json", {"user": person})
    amy = answer["user"]
    assert acme["id"] == amy["organization_id"]
    ticket = await server.ticket(requester_id=amy["id"])
    other = await server.ticket()
    assert (acme["id"], None) == (ticket["organization_id"], other["organization_id"])
    asked = {'"acme & sons"': [ticket["id"]], str(acme["id"]): [ticket["id"]], "none": [other["id"]]}
    for name, found in asked.items():
        results = (await server.get("/search.json", query=f"organization:{name} type:ticket"))["results"]
        assert found == [one["id"] for one in results], name
    assert [acme["id"]] == [one["id"] for one in (await server.get("/search.json", query="acm type:organization"))["results"]]
    assert [ticket["id"]] == [one["id"] for one in (await server.get(f"/organizations/{acme['id']}/tickets.json"))["tickets"]]
    assert [amy["id"]] == [one["id"] for one in (await server.get(f"/organizations/{acme['id']}/users.json"))["users"]]
    assert {"tickets_count": 1, "users_count": 1} == (await server.get(f"/organizations/{acme['id']}/related.json"))["organization_related"]
    listed = await server.get("/tickets.json", include="organizations")
    assert [acme["id"]] == [one["id"] for one in listed["organizations"]]
    status, answer = await server.call("PUT", f"/organizations/{acme['id']}.json", {"organization": {"notes": "Pays late"}})
    assert (200, "Pays late", "Big") == (status, answer["organization"]["notes"], answer["organization"]["details"])
    assert 204 == (await server.call("DELETE", f"/organizations/{acme['id']}.json"))[0]
    assert (await server.get(f"/tickets/{ticket['id']}.json"))["ticket"]["organization_id"] is None
    assert 404 == (await server.call("GET", f"/organizations/{acme['id']}.json"))[0]


async def test_memberships(server: SupportServer) -> None:
    bodies = [{"organization": {"name": name}} for name in ("One", "Two")]
    numbers = [(await server.call("POST", "/organizations.json", body))[1]["organization"]["id"] for body in bodies]
    amy = (await server.call("POST", "/users.json", {"user": {"name": "Amy"}}))[1]["user"]["id"]
    joining = [{"organization_membership": {"user_id": amy, "organization_id": number}} for number in numbers]
    told = [await server.call("POST", "/organization_memberships.json", body) for body in joining]
    made: list[dict[str, Any]] = [answer["organization_membership"] for status, answer in told if status == 201]
    assert [True, False] == [one["default"] for one in made]
    await server.call("PUT", f"/users/{amy}/organization_memberships/{made[1]['id']}/make_default.json")
    assert numbers[1] == (await server.get(f"/users/{amy}.json"))["user"]["organization_id"]
    assert 204 == (await server.call("DELETE", f"/organization_memberships/{made[1]['id']}.json"))[0]
    assert numbers[:1] == [one["id"] for one in (await server.get(f"/users/{amy}/organizations.json"))["organizations"]]
    first = await server.get("/organizations.json", **{"page[size]": "1"})
    assert [numbers[1]] == [one["id"] for one in (await server.get(first["links"]["next"]))["organizations"]]


async def test_what_cannot_be(server: SupportServer) -> None:
    assert 422 == (await server.call("POST", "/organizations.json", {"organization": {"name": ""}}))[0]
    assert 422 == (await server.call("POST", "/users.json", {"user": {"name": "Amy", "organization_id": 99}}))[0]
    assert 403 == (await server.call("POST", "/organizations.json", {"organization": {"name": "A"}}, headers=server.agent))[0]


async def test_by_the_client(server: SupportServer) -> None:
    api = pytest.importorskip("zenpy.lib.api_objects")

    def work() -> None:
        desk = zenpy_client.client(server.url, ADMIN, server.token, disable_cache=True)
        acme = desk.organizations.create(api.Organization(name="Acme", external_id="x-1"))
        amy = desk.users.create(api.User(name="Amy Day", email="amy@example.org", organization_id=acme.id))
        assert ("Acme", acme.id) == (desk.organizations(id=acme.id).name, desk.users(id=amy.id).organization_id)
        assert [amy.id] == [one.id for one in desk.organizations.users(acme.id)]
        again = desk.organizations.create_or_update(api.Organization(name="Acme Ltd", external_id="x-1"))
        assert (acme.id, "Acme Ltd") == (again.id, again.name)
        assert [acme.id] == [one.id for one in desk.search("acme", type="organization")]
        assert [acme.id] == [one.organization_id for one in desk.organization_memberships()]
        desk.organizations.delete(again)
        assert [] == list(desk.organizations())

    await run(work)
