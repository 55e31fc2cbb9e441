"""Webhooks: what rules of the app may call. What they show at the door is not shown here again.

Source: Zendesk's Webhooks API.
"""

from __future__ import annotations

from yarl import URL

from domain.desk.bodies import Row, WebhookBody
from domain.desk.model import Desk
from domain.desk.notices import WEBHOOKS as ACTIONS
from domain.errors import Invalid
from gateway.desk.resources import Json, Resource, refuse_while
from gateway.outward.requests import check_headers
from storage.sql.desk import Draft

_NEEDED = {"basic_auth": {"username", "password"}, "bearer_token": {"token"}, "api_key": {"name", "value"}}


def _check_webhook(row: Row, draft: Draft) -> None:
    body: WebhookBody = row.body
    if any(one.body.name.casefold() == body.name.casefold() for one in draft.rows("webhook") if one.number != row.number):
        raise Invalid("name", "is that of another webhook")
    _check_address(body.endpoint)
    check_headers(body.custom_headers)
    shown = body.authentication
    if shown is not None:
        if set(shown.data) != _NEEDED[shown.type]:
            raise Invalid("authentication.data", f"must have {' and '.join(sorted(_NEEDED[shown.type]))}")
        named = {shown.data["name"]: shown.data["value"]} if shown.type == "api_key" else {"Authorization": "".join(shown.data.values())}
        check_headers(named)


def _check_address(endpoint: str) -> None:
    """What can be said without asking anybody: where it leads is looked at whenever it is called."""
    try:
        url = URL(endpoint)
    except ValueError:
        raise Invalid("endpoint", "must be a web address") from None
    if url.scheme not in ("https", "http") or not url.host or url.user is not None or url.password is not None or "{{" in endpoint:
        raise Invalid("endpoint", "must be a web address with a host, without user, password and placeholders")


def _show_webhook(row: Row, desk: Desk) -> Json:
    body: WebhookBody = row.body
    return {
        "id": str(row.number),
        "name": body.name,
        "description": body.description,
        "endpoint": body.endpoint,
        "http_method": body.http_method,
        "request_format": body.request_format,
        "status": body.status,
        "subscriptions": ["conditional_ticket_events"],
        "authentication": None if body.authentication is None else {"type": body.authentication.type, "add_position": "header"},
        "custom_headers": sorted(body.custom_headers),
    }


def _free_webhook(row: Row, draft: Draft) -> None:
    for kind in ("trigger", "automation"):
        for one in draft.rows(kind):
            used = any(each.field in ACTIONS and each.value and str(each.value[0]) == str(row.number) for each in one.body.actions)
            refuse_while(used, f"The {kind} {one.body.title} calls it")


WEBHOOKS = Resource("webhook", "webhook", "webhooks", "/webhooks", check=_check_webhook, show=_show_webhook, free=_free_webhook)
