"""Operations on drafts and their versions: list, create, read, change, delete, validate, compare, count."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from domain.bot.compare import compare
from domain.bot.flow import MAX_FLOW_BYTES, Flow, LinkTo, Subflow, encode_flow, json_schema, kind_of, parse_flow
from domain.bot.names import Id
from domain.directory import Reply
from domain.errors import Invalid, Refused
from gateway.bot import checking
from gateway.bot.operations import Call, page_of, paged
from gateway.bot.views import draft_view, version_view
from gateway.sc.operations import EMPTY, json_reply
from storage.sql.bots import MAX_FLOWS
from storage.sql.bots_rows import Draft, Version

Others = Annotated[list[Id], Meta(max_length=MAX_FLOWS)]
"""Other flows whose drafts are published at the same time: two that lead to each other can only go live together."""

Number = Annotated[int, Meta(ge=0, le=2**31 - 1)]
"""Of a revision or a version."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")


class DraftBody(msgspec.Struct):
    flow: msgspec.Raw
    revision: Number | None = None


class ValidateBody(msgspec.Struct):
    flow: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)
    others: Others = msgspec.field(default_factory=list, name="with")


_draft_body = msgspec.json.Decoder(DraftBody)
_validate_body = msgspec.json.Decoder(ValidateBody)


async def list_flows(call: Call) -> Reply:
    page = page_of(call)
    found = await call.bots.list_flows(call.app.id, page.after, page.size + 1)
    _, live = await call.bots.live_flows(call.app.id)
    return paged(call, page, "flows", found, lambda one: draft_view(one, live.get(one.id)), lambda one: one.id)


async def create_flow(call: Call) -> Reply:
    return await created(call, parsed(call.decoded(_draft_body).flow))


async def created(call: Call, flow: Flow) -> Reply:
    """A draft of a flow that is not there yet. Raises Refused (`conflict`)."""
    now_ms = call.now_ms()
    await call.bots.create_flow(Draft(call.app.id, flow.id, flow.name, encode_flow(flow), now_ms, now_ms, call.by))
    return await _shown(call, flow.id, 201)


async def get_flow(call: Call) -> Reply:
    return await _shown(call, (await draft_of(call)).id)


async def update_flow(call: Call) -> Reply:
    body = call.decoded(_draft_body)
    before, flow = await draft_of(call), parsed(body.flow)
    if flow.id != before.id:
        raise Invalid("flow.id", "must be the one in the path: other flows name it")
    changed = msgspec.structs.replace(
        before,
        name=flow.name,
        definition=encode_flow(flow),
        revision=call.revision(body.revision),
        updated_ms=call.now_ms(),
        updated_by=call.by,
    )
    await call.bots.change_flow(changed)
    return await _shown(call, flow.id)


async def delete_flow(call: Call) -> Reply:
    draft = await draft_of(call)
    await call.bots.delete_flow(call.app.id, draft.id)
    return EMPTY


async def validate_flow(call: Call) -> Reply:
    """What is wrong with a draft, or with the flow that the body brings, beside the flows that are live and the drafts in `with`."""
    body = call.decoded(_validate_body)
    flow = parsed(bytes(body.flow) or (await draft_of(call)).definition)
    others = [parsed(one.definition) for one in await drafts_of(call, body.others)]
    problems = await checking.of_flow(call, flow, others)
    return json_reply({"valid": not any(checking.is_error(one) for one in problems), "problems": problems})


async def list_versions(call: Call) -> Reply:
    draft, page = await draft_of(call), page_of(call)
    found = await call.bots.list_versions(call.app.id, draft.id, page.before_number, page.size + 1)
    _, live = await call.bots.live_flows(call.app.id)
    return paged(call, page, "versions", found, lambda one: version_view(one, live.get(one.flow_id)), lambda one: one.number)


async def get_version(call: Call) -> Reply:
    version = await version_of(call, call.number_in_path("version", "flow_not_found", "Version"))
    _, live = await call.bots.live_flows(call.app.id)
    return json_reply({"version": version_view(version, live.get(version.flow_id))})


async def compare_flow(call: Call) -> Reply:
    """`from` and `to`: a version's number, `live` or `draft`; by default from what is live to the draft."""
    query = call.request.query
    before, after = [await _state(call, query.get(name, default), name) for name, default in (("from", "live"), ("to", "draft"))]
    return json_reply({"comparison": {"identical": before == after, **msgspec.to_builtins(compare(before, after))}})


async def count_steps(call: Call) -> Reply:
    """How often each step of a version was entered, left, and where runs ended."""
    query, (_, live) = call.request.query, await call.bots.live_flows(call.app.id)
    flow_id = flow_id_of(call)
    number = _number(query["version"], "version") if "version" in query else live.get(flow_id)
    if number is None:
        raise Invalid("version", "is required: the flow is not live")
    flow = parsed((await version_of(call, number)).definition)
    counted = await call.services.tallies(call.app.id, f"flow:{flow_id}:{number}")
    steps = [{"id": step.id, "type": kind_of(step), **_counts(counted, step.id)} for step in flow.steps]
    return json_reply({"counts": {"flow_id": flow_id, "version": number, "steps": steps}})


async def get_schema(call: Call) -> Reply:
    return json_reply(json_schema())


def flow_id_of(call: Call) -> str:
    """The flow that the path names. Raises Refused for what cannot be an id."""
    found = call.part("flow_id")
    if not _ID.match(found):
        raise _no_flow()
    return found


async def draft_of(call: Call) -> Draft:
    """Raises Refused (`flow_not_found`)."""
    found = await call.bots.get_flow(call.app.id, flow_id_of(call))
    if found is None:
        raise _no_flow()
    return found


async def drafts_of(call: Call, flow_ids: list[str]) -> list[Draft]:
    """Raises Refused (`flow_not_found`)."""
    found = [await call.bots.get_flow(call.app.id, one) for one in dict.fromkeys(flow_ids)]
    if None in found:
        raise _no_flow()
    return [one for one in found if one is not None]


async def version_of(call: Call, number: int) -> Version:
    """Raises Refused (`flow_not_found`)."""
    found = await call.bots.get_version(call.app.id, flow_id_of(call), number)
    if found is None:
        raise Refused("flow_not_found", "The flow has no such version")
    return found


def parsed(raw: msgspec.Raw | bytes) -> Flow:
    """A flow from outside, or as it was stored. Raises Invalid."""
    data = bytes(raw)
    if len(data) > MAX_FLOW_BYTES:
        raise Invalid("flow", f"must have at most {MAX_FLOW_BYTES} bytes")
    return parse_flow(data)


def linked(flow: Flow) -> set[str]:
    """The flows to which a flow leads."""
    return {step.flow for step in flow.steps if isinstance(step, LinkTo | Subflow)}


async def _shown(call: Call, flow_id: str, status: int = 200) -> Reply:
    draft = await call.bots.get_flow(call.app.id, flow_id)
    if draft is None:
        raise _no_flow()
    _, live = await call.bots.live_flows(call.app.id)
    return json_reply({"flow": draft_view(draft, live.get(flow_id))}, status)


async def _state(call: Call, which: str, field: str) -> Flow:
    if which == "draft":
        return parsed((await draft_of(call)).definition)
    if which == "live":
        _, live = await call.bots.live_flows(call.app.id)
        number = live.get(flow_id_of(call))
        if number is None:
            raise Invalid(field, "is required: the flow is not live")
    else:
        number = _number(which, field)
    return parsed((await version_of(call, number)).definition)


def _number(text: str, field: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid(field, "must be the number of a version")
    return int(text)


_Count = Literal["entered", "left", "dropped"]


def _counts(counted: Any, step: str) -> dict[_Count, int]:
    names: tuple[_Count, ...] = ("entered", "left", "dropped")
    return {name: counted.get(f"{step}:{name}", 0) for name in names}


def _no_flow() -> Refused:
    return Refused("flow_not_found", "Flow not found")
