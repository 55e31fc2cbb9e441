"""Values as the API shows them, by the contract's schemas `app`, `appKey`, `user`, `conversation`, `participant`, `switchboard`,
`switchboardIntegration`, `integration`. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.conversation.events import ConversationCreated, ParticipantRef
from domain.conversation.state import Participant, State
from domain.directory import ApiKey, App, Integration, User
from domain.ids import instant
from domain.integrations import CustomSettings, WebSettings
from domain.switchboard_rows import Board, MemberRow, SwitchboardRow

_OURS = {"messageLimit": None, "handBack": "solved", "handBackIdleSeconds": None, "sessionIdleSeconds": 600}


def app_view(app: App, subdomain: str | None = None) -> dict[str, Any]:
    settings = msgspec.to_builtins(app.settings)
    for name, usual in _OURS.items():  # the contract has no such setting, so only those see it who have changed it
        if settings[name] == usual:
            del settings[name]
    view = {"id": app.id, "displayName": app.display_name, "settings": settings, "metadata": app.metadata}
    return view | {"subdomain": subdomain} if subdomain else view


def key_view(key: ApiKey) -> dict[str, Any]:
    return {"id": key.id, "displayName": key.display_name, "secret": key.secret}


def user_view(user: User) -> dict[str, Any]:
    view: dict[str, Any] = {"id": user.id, "authenticated": user.authenticated}
    view |= _known(externalId=user.external_id, zendeskId=user.zendesk_id, brandId=user.brand_id)
    if user.signed_up_ms is not None:
        view["signedUpAt"] = instant(user.signed_up_ms)
    view["toBeRetained"] = user.to_be_retained
    return view | {"profile": user.profile, "metadata": user.metadata, "identities": user.identities}


def conversation_view(state: State) -> dict[str, Any]:
    view: dict[str, Any] = {"id": state.id, "type": state.type, "isDefault": state.is_default}
    view |= _known(metadata=state.metadata, displayName=state.display_name, description=state.description, iconUrl=state.icon_url)
    view |= _known(activeSwitchboardIntegration=state.control.active, pendingSwitchboardIntegration=state.control.pending)
    if state.business_last_read_ms:
        view["businessLastRead"] = instant(state.business_last_read_ms)
    view["lastUpdatedAt"] = instant(state.last_message_ms or state.created_ms)
    view["createdAt"] = instant(state.created_ms)
    return view


def created_view(event: ConversationCreated, at_ms: int) -> dict[str, Any]:
    """A conversation as it is at its birth."""
    told = event.conversation
    view: dict[str, Any] = {"id": told.id, "type": told.type, "isDefault": told.is_default}
    view |= _known(metadata=told.metadata, displayName=told.display_name, description=told.description, iconUrl=told.icon_url)
    view |= _known(activeSwitchboardIntegration=told.active_switchboard_integration)
    return view | {"lastUpdatedAt": instant(at_ms), "createdAt": instant(at_ms)}


def switchboard_view(row: SwitchboardRow) -> dict[str, Any]:
    return {"id": row.id, "enabled": row.enabled} | _known(defaultSwitchboardIntegrationId=row.default_id)


def member_view(one: MemberRow) -> dict[str, Any]:
    view: dict[str, Any] = {"id": one.id, "name": one.name, "integrationId": one.integration_id, "integrationType": one.integration_type}
    view["deliverStandbyEvents"] = one.deliver_standby_events
    return view | _known(nextSwitchboardIntegrationId=one.next_id, messageHistoryCount=one.history, patienceSeconds=one.patience_s)


def integration_view(one: Integration, board: Board | None) -> dict[str, Any]:
    """With the responder that comes first there, be it the integration's own or the switchboard's."""
    view: dict[str, Any] = {"id": one.id, "type": one.type, "status": one.status} | _known(displayName=one.display_name)
    settings: dict[str, Any] = msgspec.to_builtins(one.settings)
    settings.pop("defaultResponderId", None)
    match one.settings:
        case CustomSettings(webhooks=webhooks):
            return view | ({"webhooks": settings["webhooks"]} if webhooks else {})
        case WebSettings():
            view |= _known(**settings)
    return view | _known(defaultResponder=_responder_view(one.default_responder_id, board))


def _responder_view(own_id: str | None, board: Board | None) -> dict[str, Any] | None:
    if board is None:
        return None
    own = board.member(own_id)
    member = own or board.member(board.row.default_id)
    if member is None:
        return None
    view = {name: value for name, value in member_view(member).items() if name not in ("id", "patienceSeconds")}
    return view | {"inherited": own is None}


def participant_view(one: Participant) -> dict[str, Any]:
    view = _place(one.id, one.user_id, one.external_id, one.client_id)
    view["unreadCount"] = one.unread
    if one.last_read_ms:
        view["lastRead"] = instant(one.last_read_ms)
    return view


def joined_view(one: ParticipantRef) -> dict[str, Any]:
    return _place(one.id, one.user_id, one.user_external_id, one.client_id)


def _known(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _place(participant_id: str, user_id: str, external_id: str | None, client_id: str | None) -> dict[str, Any]:
    clients = [{"type": "sdk", "clientId": client_id}] if client_id is not None else []
    view: dict[str, Any] = {"id": participant_id, "userId": user_id, "unreadCount": 0, "clientAssociations": clients}
    return view | _known(userExternalId=external_id)
