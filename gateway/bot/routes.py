"""The table of contents of `/api/v2/bot`: which operation is where.

All are for API keys of an app or of the account, and for admins. The application that takes these routes sets the keys of
`gateway.keys` and of `gateway.bot.operations`, `LIMITS`, `AUTHENTICATOR` and `TOKENS` before it starts, and has the middlewares of
`gateway.middlewares`.
"""

from __future__ import annotations

from aiohttp import web

from gateway.bot import flows, previews, publishing, secret_values, templates
from gateway.bot.operations import Operation, collect_services, handler_of

PREFIX = "/api/v2/bot"

_FLOW = "/flows/{flow_id}"

OPERATIONS = (
    Operation("GET", "/flows", flows.list_flows),
    Operation("POST", "/flows", flows.create_flow),
    Operation("GET", _FLOW, flows.get_flow),
    Operation("PUT", _FLOW, flows.update_flow),
    Operation("DELETE", _FLOW, flows.delete_flow),
    Operation("POST", _FLOW + "/validate", flows.validate_flow),
    Operation("POST", _FLOW + "/publish", publishing.publish),
    Operation("POST", _FLOW + "/unpublish", publishing.unpublish),
    Operation("POST", _FLOW + "/rollback", publishing.rollback),
    Operation("GET", _FLOW + "/versions", flows.list_versions),
    Operation("GET", _FLOW + "/versions/{version}", flows.get_version),
    Operation("GET", _FLOW + "/compare", flows.compare_flow),
    Operation("GET", _FLOW + "/counts", flows.count_steps),
    Operation("GET", "/schema", flows.get_schema),
    Operation("GET", "/templates", templates.list_templates),
    Operation("GET", "/templates/{template}", templates.get_template),
    Operation("POST", "/templates/{template}/copy", templates.copy_template),
    Operation("GET", "/settings", publishing.get_settings),
    Operation("PUT", "/settings", publishing.update_settings),
    Operation("GET", "/releases", publishing.list_releases),
    Operation("POST", "/previews", previews.create_preview),
    Operation("GET", "/previews/{preview_id}", previews.get_preview),
    Operation("POST", "/previews/{preview_id}/events", previews.play_event),
    Operation("DELETE", "/previews/{preview_id}", previews.delete_preview),
    Operation("GET", "/secrets", secret_values.list_secrets),
    Operation("PUT", "/secrets/{name}", secret_values.put_secret),
    Operation("DELETE", "/secrets/{name}", secret_values.delete_secret),
)


def add_routes(app: web.Application) -> None:
    app.on_startup.append(collect_services)
    for one in OPERATIONS:
        app.router.add_route(one.method, PREFIX + one.path, handler_of(one))
