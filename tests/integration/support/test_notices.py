"""Webhooks and e-mails of rules, as an app sets them up."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.desk.model import Notice
from tests.support_server import SupportServer

HOOK = {
    "name": "Billing",
    "endpoint": "https://example.org/hook",
    "authentication": {"type": "bearer_token", "data": {"token": "top-secret"}},
}


def trigger(*action: Any) -> dict[str, Any]:
    conditions = {"all": [{"field": "update_type", "operator": "is", "value": "Create"}]}
    return {"trigger": {"title": "Tell", "conditions": conditions, "actions": [{"field": action[0], "value": action[1]}]}}


async def test_a_rule_calls_a_webhook(server: SupportServer) -> None:
    status, answer = await server.call("POST", "/webhooks.json", {"webhook": HOOK})
    hook = answer["webhook"]
    assert (201, {"type": "bearer_token", "add_position": "header"}) == (status, hook["authentication"])
    assert "top-secret" not in str([answer, await server.get("/webhooks.json"), await server.get("/audit_logs.json")])
    status, answer = await server.call("POST", "/triggers.json", trigger("notification_webhook", [hook["id"], '{"id": "{{ticket.id}}"}']))
    assert 201 == status, answer
    ticket = await server.ticket()
    (sent,) = server.router.sent
    assert Notice("webhook", hook["id"], f'{{"id": "{ticket["id"]}"}}') == msgspec.msgpack.decode(sent.payload, type=Notice)
    audits = (await server.get(f"/tickets/{ticket['id']}/audits.json"))["audits"]
    assert [hook["id"]] == [part["resource"] for one in audits for part in one["events"] if part["type"] == "External"]
    assert 409 == (await server.call("DELETE", f"/webhooks/{hook['id']}.json"))[0], "a trigger calls it"
    status, answer = await server.call("PATCH", f"/webhooks/{hook['id']}.json", {"webhook": {"status": "inactive"}})
    assert (200, "inactive") == (status, answer["webhook"]["status"])
    assert 403 == (await server.call("POST", "/webhooks.json", {"webhook": HOOK}, headers=server.agent))[0]


async def test_what_is_no_webhook_is_refused(server: SupportServer) -> None:
    for wrong in (
        {"endpoint": "ftp://example.org"},
        {"endpoint": "https://user:pw@example.org/"},
        {"endpoint": "https://example.org/{{ticket.id}}"},
        {"custom_headers": {"Host": "x"}},
        {"authentication": {"type": "basic_auth", "data": {"token": "x"}}},
    ):
        assert 422 == (await server.call("POST", "/webhooks.json", {"webhook": HOOK | wrong}))[0], wrong
    assert 422 == (await server.call("POST", "/triggers.json", trigger("notification_webhook", ["1", "{}"])))[0]


async def test_without_a_mail_server_rules_write_no_emails(server: SupportServer) -> None:
    for field in ("notification_user", "notification_group"):
        status, answer = await server.call("POST", "/triggers.json", trigger(field, ["requester_id", "Subject", "Text"]))
        assert 422 == status
        assert "mail server" in str(answer)
