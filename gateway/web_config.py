"""`GET /messaging/v1/integrations/{integrationId}/config`: what the widget may know of its integration before anybody has spoken.

Anybody can ask, so it holds looks, words and switches, and never who may answer, which pages are listed, or a secret.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import msgspec
from aiohttp import hdrs, web

from domain.directory import App, Integration
from domain.errors import Refused
from domain.integrations import WebSettings
from gateway.files.uploading import STORE
from gateway.help_pages.asking import ROOM
from gateway.help_pages.widget import address_of
from gateway.keys import LOOKUPS
from gateway.sessions import client_integration

#: For so long a browser need not ask again. A change of the settings is seen by then.
FRESH_S = 60

SWITCHES = ("canUserSeeConversationList", "canUserCreateMoreConversations", "attachmentsEnabled")
"""What the app and this server have a say in too."""
INNER = frozenset({"defaultResponderId", "originWhitelist"})


async def get_config(request: web.Request) -> web.StreamResponse:
    """Origin-checked as sessions are. With `If-None-Match`, 304 while nothing has changed."""
    integration = await client_integration(request, request.match_info["integrationId"])
    app = await request.app[LOOKUPS].app(integration.app_id)
    if app is None:
        raise Refused("integration_not_found", "Integration not found")
    store = request.app.get(STORE)
    told = config_of(app, integration, store.max_bytes if store is not None else 0)
    told["settings"]["helpCentreUrl"] = await address_of(request.app.get(ROOM), request, app.id)
    body = msgspec.json.encode(told)
    tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = {hdrs.ETAG: tag, hdrs.CACHE_CONTROL: f"public, max-age={FRESH_S}"}
    if tag in request.headers.get(hdrs.IF_NONE_MATCH, ""):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type="application/json", charset="utf-8", headers=headers)


def config_of(app: App, integration: Integration, max_bytes: int) -> dict[str, Any]:
    """The widget's settings, under the names that the API has for them, as far as they are set; and what else concerns it: of the app, and
    `max_bytes`, the size of a file that may be uploaded."""
    settings = integration.settings if isinstance(integration.settings, WebSettings) else WebSettings()
    shown = {name: value for name, value in msgspec.to_builtins(settings).items() if value is not None and name not in INNER}
    several = app.settings.multi_convo_enabled
    shown["canUserSeeConversationList"] = several and settings.can_user_see_conversation_list
    shown["canUserCreateMoreConversations"] = several and settings.can_user_create_more_conversations
    shown["attachmentsEnabled"] = settings.attachments_enabled and max_bytes > 0
    shown["attachmentMaxBytes"] = max_bytes
    shown["multiConvoEnabled"], shown["endSessionEnabled"] = several, app.settings.end_session_enabled
    return {"integration": {"id": integration.id, "type": integration.type}, "settings": shown}
