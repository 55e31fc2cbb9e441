"""`GET /api/v2/readiness`: what the app still needs before customers come."""

from __future__ import annotations

from aiohttp import web

from domain.readiness import findings
from gateway.zendesk.operations import Call, answer


async def show_readiness(call: Call) -> web.Response:
    facts = await call.services.rooms.facts(call.app.id, call.services.settings.public_url)
    found = findings(facts)
    missing = [one for one in found if not one.met and one.level == "requirement"]
    return answer({"readiness": {"ready": not missing, "checks": found}})
