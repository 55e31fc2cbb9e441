"""Operations of the contract that are not built yet: they answer 501, after looking at who asks. To build one, take its line out."""

from __future__ import annotations

from typing import NoReturn

from domain.directory import Scope
from domain.errors import Refused
from gateway.sc.operations import EVERY, INTEGRATION, WEBHOOKS, Call

_APP = "/v2/apps/{appId}"
_CONVERSATION = _APP + "/conversations/{conversationId}"
_INTEGRATION = _APP + "/integrations/{integrationId}"
_USER = _APP + "/users/{userIdOrExternalId}"

#: (method, path, who may). None: anybody, as for the pages of OAuth.
UNBUILT: tuple[tuple[str, str, frozenset[Scope] | None], ...] = (
    ("POST", _CONVERSATION + "/download", EVERY),
    ("POST", _CONVERSATION + "/conversionEvents", EVERY),
    ("POST", _INTEGRATION + "/webhooks", WEBHOOKS),
    ("GET", _INTEGRATION + "/webhooks", WEBHOOKS),
    ("GET", _INTEGRATION + "/webhooks/{webhookId}", WEBHOOKS),
    ("PATCH", _INTEGRATION + "/webhooks/{webhookId}", WEBHOOKS),
    ("DELETE", _INTEGRATION + "/webhooks/{webhookId}", WEBHOOKS),
    ("POST", _USER + "/clients", EVERY),
    ("GET", _USER + "/clients", EVERY),
    ("DELETE", _USER + "/clients/{clientId}", EVERY),
    ("GET", _USER + "/devices", EVERY),
    ("GET", _USER + "/devices/{deviceId}", EVERY),
    ("POST", _APP + "/users/{zendeskId}/sync", EVERY),
    ("GET", "/oauth/authorize", None),
    ("POST", "/oauth/token", None),
    ("DELETE", "/oauth/authorization", INTEGRATION),
)


async def not_built(call: Call) -> NoReturn:
    raise refusal()


def refusal() -> Refused:
    return Refused("not_implemented", "This operation is not available yet")
