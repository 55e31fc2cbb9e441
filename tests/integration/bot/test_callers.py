"""Who may work on bots: keys of an app for their app, keys of the account and admins for all."""

from __future__ import annotations

from msgspec.structs import replace

from domain.directory import Account, App
from storage.sql.bootstrap import new_key
from tests.bot_server import BotServer, a_key, flow
from tests.integration.bot.test_flows import code

OTHER = App("b" * 24, "Other")
ADMIN = Account("c" * 24, "admin@example.com", "hash", "admin", "Admin")


async def test_a_stranger_is_nobody(server: BotServer) -> None:
    for auth in ({}, {"Authorization": "Bearer agent_x"}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic eDp5"}):
        assert (401, "unauthorized") == code(await server.call("GET", "/flows", auth=auth or {"X": "y"}))


async def test_a_key_of_an_app_works_in_its_app_alone(server: BotServer) -> None:
    await server.directory.create_app(OTHER)
    assert 201 == (await server.call("POST", "/flows", {"flow": flow()}))[0]
    assert (403, "forbidden") == code(await server.call("GET", "/flows", params={"app_id": OTHER.id}))
    other = await a_key(server.directory, new_key(lambda: "d" * 24, "Key", "app", OTHER.id))
    assert [] == (await server.call("GET", "/flows", auth=other))[1]["flows"]
    assert (404, "flow_not_found") == code(await server.call("GET", "/flows/hello", auth=other))


async def test_a_key_of_an_integration_may_not(server: BotServer) -> None:
    key = replace(new_key(lambda: "d" * 24, "Key", "integration", server.app.id), integration_id="e" * 24)
    assert (403, "forbidden") == code(await server.call("GET", "/flows", auth=await a_key(server.directory, key)))


async def test_a_key_of_the_account_names_the_app_where_there_are_several(server: BotServer) -> None:
    assert 200 == (await server.call("GET", "/flows", auth=server.owner))[0]
    await server.directory.create_app(OTHER)
    assert (400, "bad_request") == code(await server.call("GET", "/flows", auth=server.owner))
    assert 201 == (await server.call("POST", "/flows", {"flow": flow()}, auth=server.owner, params={"app_id": OTHER.id}))[0]
    assert (404, "app_not_found") == code(await server.call("GET", "/flows", auth=server.owner, params={"app_id": "f" * 24}))
    assert [] == (await server.call("GET", "/flows"))[1]["flows"]


async def test_an_admin_may_and_is_named(server: BotServer) -> None:
    await server.directory.create_app(OTHER)
    await server.directory.create_account(ADMIN)
    auth = await server.session(ADMIN)
    _, answer = await server.call("POST", "/flows", {"flow": flow()}, auth=auth)
    assert f"agent:{ADMIN.id}" == answer["flow"]["updated_by"]
    assert [] == (await server.call("GET", "/flows", auth=auth, params={"app_id": OTHER.id}))[1]["flows"]


async def test_an_admin_of_one_app_and_an_agent_may_not_elsewhere(server: BotServer) -> None:
    await server.directory.create_app(OTHER)
    await server.directory.create_account(replace(ADMIN, app_id=server.app.id))
    auth = await server.session(replace(ADMIN, app_id=server.app.id))
    assert 200 == (await server.call("GET", "/flows", auth=auth))[0]
    assert (403, "forbidden") == code(await server.call("GET", "/flows", auth=auth, params={"app_id": OTHER.id}))
    agent = replace(ADMIN, id="d" * 24, email="agent@example.com", role="agent")
    await server.directory.create_account(agent)
    assert (403, "forbidden") == code(await server.call("GET", "/flows", auth=await server.session(agent)))
