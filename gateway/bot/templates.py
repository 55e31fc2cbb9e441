"""Operations on ready-made flows: they are looked at, and copied into drafts."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from domain.bot.flow import Flow, Name
from domain.bot.names import Id
from domain.directory import Reply
from domain.errors import Refused
from gateway.bot.flows import created, linked
from gateway.bot.operations import Call
from gateway.sc.operations import json_reply


class CopyBody(msgspec.Struct):
    """`linked`: also the templates that it leads to, as far as there are no such flows yet."""

    id: Id | None = None
    name: Name | None = None
    linked: bool = True


_copy_body = msgspec.json.Decoder(CopyBody)


async def list_templates(call: Call) -> Reply:
    """With the settings that go with them, for the author to take what they like."""
    templates = call.services.templates
    shown = [_shown(name, templates.load(name)) for name in templates.names()]
    return json_reply({"templates": shown, "settings": msgspec.Raw(templates.settings)})


async def get_template(call: Call) -> Reply:
    name, flow = _template(call)
    return json_reply({"template": {**_shown(name, flow), "flow": flow}})


async def copy_template(call: Call) -> Reply:
    """A draft like the template, under its own id or another."""
    _, flow = _template(call)
    body = call.decoded(_copy_body)
    reply = await created(call, replace(flow, id=body.id or flow.id, name=body.name or flow.name))
    for other in _led_to(call, flow) if body.linked else ():
        if await call.bots.get_flow(call.app.id, other.id) is None:
            await created(call, other)
    return reply


def _led_to(call: Call, flow: Flow) -> list[Flow]:
    """The templates to which one leads, directly or by another. Templates have the name of their flow's id."""
    templates, found = call.services.templates, {flow.id: flow}
    pending = [flow]
    while pending:
        for name in linked(pending.pop()) - set(found):
            if name in templates.names():
                found[name] = templates.load(name)
                pending.append(found[name])
    return [one for name, one in found.items() if name != flow.id]


def _template(call: Call) -> tuple[str, Flow]:
    name = call.part("template")
    if name not in call.services.templates.names():
        raise Refused("flow_not_found", "There is no such template")
    return name, call.services.templates.load(name)


def _shown(name: str, flow: Flow) -> dict[str, object]:
    return {"template": name, "id": flow.id, "name": flow.name, "languages": list(dict.fromkeys((flow.language, *flow.languages)))}
