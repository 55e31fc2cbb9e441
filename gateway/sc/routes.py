"""The table of contents of `/sc/v2`: which operation is where, and who may call it.

The application that takes these routes sets the keys of `gateway.keys` and `LIMITS` before it starts, and has the middlewares
of `gateway.middlewares`.
"""

from __future__ import annotations

from typing import NoReturn

from aiohttp import web

from gateway.sc import apps, attachments, control, conversations, integrations, integrations_keys, messages, switchboards, users
from gateway.sc.operations import ACCOUNT, APP, EVERY, Operation, collect_services, handler_of
from gateway.sc.unbuilt import UNBUILT, not_built, refusal

PREFIX = "/sc"

_APP = "/v2/apps/{appId}"
_USER = _APP + "/users/{userIdOrExternalId}"
_CONVERSATION = _APP + "/conversations/{conversationId}"
_INTEGRATIONS = _APP + "/integrations"
_INTEGRATION = _INTEGRATIONS + "/{integrationId}"
_SWITCHBOARDS = _APP + "/switchboards"
_SWITCHBOARD = _SWITCHBOARDS + "/{switchboardId}"
_MEMBERS = _SWITCHBOARD + "/switchboardIntegrations"
_MEMBER = _MEMBERS + "/{switchboardIntegrationId}"
_MESSAGES = _CONVERSATION + "/messages"

#: aiohttp tries routes in this order: the busiest first.
OPERATIONS = (
    Operation("POST", _MESSAGES, EVERY, messages.post_message, journaled=True),
    Operation("GET", _MESSAGES, EVERY, messages.list_messages),
    Operation("DELETE", _MESSAGES, EVERY, messages.delete_messages),
    Operation("POST", _CONVERSATION + "/activity", EVERY, messages.post_activity),
    Operation("GET", _CONVERSATION, EVERY, conversations.get_conversation),
    Operation("PATCH", _CONVERSATION, EVERY, conversations.update_conversation),
    Operation("DELETE", _CONVERSATION, EVERY, conversations.delete_conversation),
    Operation("POST", _APP + "/conversations", EVERY, conversations.create_conversation),
    Operation("GET", _APP + "/conversations", EVERY, conversations.list_conversations),
    Operation("GET", _USER, EVERY, users.get_user),
    Operation("PATCH", _USER, EVERY, users.update_user),
    Operation("DELETE", _USER, EVERY, users.delete_user),
    Operation("POST", _APP + "/users", EVERY, users.create_user),
    Operation("GET", _APP + "/users", EVERY, users.list_users),
    Operation("GET", _CONVERSATION + "/participants", EVERY, conversations.list_participants),
    Operation("POST", _CONVERSATION + "/join", EVERY, conversations.join_conversation),
    Operation("POST", _CONVERSATION + "/leave", EVERY, conversations.leave_conversation),
    Operation("POST", _CONVERSATION + "/passControl", EVERY, control.pass_control),
    Operation("POST", _CONVERSATION + "/offerControl", EVERY, control.offer_control),
    Operation("POST", _CONVERSATION + "/acceptControl", EVERY, control.accept_control),
    Operation("POST", _CONVERSATION + "/releaseControl", EVERY, control.release_control),
    Operation("DELETE", _MESSAGES + "/{messageId}", EVERY, messages.delete_message),
    Operation("DELETE", _USER + "/personalinformation", EVERY, users.delete_personal_information),
    Operation("POST", _APP + "/attachments", EVERY, attachments.upload_attachment, streamed=True),
    Operation("POST", _APP + "/attachments/remove", EVERY, attachments.remove_attachment),
    Operation("POST", _SWITCHBOARDS, APP, switchboards.create_switchboard),
    Operation("GET", _SWITCHBOARDS, APP, switchboards.list_switchboards),
    Operation("PATCH", _SWITCHBOARD, APP, switchboards.update_switchboard),
    Operation("DELETE", _SWITCHBOARD, APP, switchboards.delete_switchboard),
    Operation("POST", _MEMBERS, APP, switchboards.create_member),
    Operation("GET", _MEMBERS, APP, switchboards.list_members),
    Operation("PATCH", _MEMBER, APP, switchboards.update_member),
    Operation("DELETE", _MEMBER, APP, switchboards.delete_member),
    Operation("POST", _INTEGRATIONS, APP, integrations.create_integration),
    Operation("GET", _INTEGRATIONS, APP, integrations.list_integrations),
    Operation("GET", _INTEGRATION, APP, integrations.get_integration),
    Operation("PATCH", _INTEGRATION, APP, integrations.update_integration),
    Operation("DELETE", _INTEGRATION, APP, integrations.delete_integration),
    Operation("POST", _INTEGRATION + "/keys", APP, integrations_keys.create_key),
    Operation("GET", _INTEGRATION + "/keys", APP, integrations_keys.list_keys),
    Operation("GET", _INTEGRATION + "/keys/{keyId}", APP, integrations_keys.get_key),
    Operation("DELETE", _INTEGRATION + "/keys/{keyId}", APP, integrations_keys.delete_key),
    Operation("POST", "/v2/apps", ACCOUNT, apps.create_app),
    Operation("GET", "/v2/apps", ACCOUNT, apps.list_apps),
    Operation("GET", _APP, APP, apps.get_app),
    Operation("PATCH", _APP, APP, apps.update_app),
    Operation("DELETE", _APP, ACCOUNT, apps.delete_app),
    Operation("POST", _APP + "/keys", ACCOUNT, apps.create_key),
    Operation("GET", _APP + "/keys", ACCOUNT, apps.list_keys),
    Operation("GET", _APP + "/keys/{keyId}", ACCOUNT, apps.get_key),
    Operation("DELETE", _APP + "/keys/{keyId}", ACCOUNT, apps.delete_key),
    Operation("GET", "/v2/tokenInfo", EVERY, apps.get_token_info),
)


def add_routes(app: web.Application) -> None:
    app.on_startup.append(collect_services)
    for one in OPERATIONS:
        app.router.add_route(one.method, PREFIX + one.path, handler_of(one))
    for method, path, scopes in UNBUILT:
        handler = _refuse if scopes is None else handler_of(Operation(method, path, scopes, not_built))
        app.router.add_route(method, PREFIX + path, handler)


async def _refuse(request: web.Request) -> NoReturn:
    raise refusal()
