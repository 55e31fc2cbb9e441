"""Operations on ready-made flows: they are looked at, and copied into drafts."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from domain.bot.flow import Flow, Name
from domain.bot.names import Id
from domain.directory import Reply
from domain.errors import Refused
from gateway.bot.flows import created
from gateway.bot.operations import Call
from gateway.sc.operations import json_reply


class _CopyBody(msgspec.Struct):
    id: Id | None = None
    name: Name | None = None


_copy_body = msgspec.json.Decoder(_CopyBody)


async def list_templates(call: Call) -> Reply:
    templates = call.services.templates
    return json_reply({"templates": [_shown(name, templates.load(name)) for name in templates.names()]})


async def get_template(call: Call) -> Reply:
    name, flow = _template(call)
    return json_reply({"template": {**_shown(name, flow), "flow": flow}})


async def copy_template(call: Call) -> Reply:
    """A draft like the template, under its own id or another."""
    _, flow = _template(call)
    body = call.decoded(_copy_body)
    return await created(call, replace(flow, id=body.id or flow.id, name=body.name or flow.name))


def _template(call: Call) -> tuple[str, Flow]:
    name = call.part("template")
    if name not in call.services.templates.names():
        raise Refused("flow_not_found", "There is no such template")
    return name, call.services.templates.load(name)


def _shown(name: str, flow: Flow) -> dict[str, object]:
    return {"template": name, "id": flow.id, "name": flow.name, "languages": list(dict.fromkeys((flow.language, *flow.languages)))}
