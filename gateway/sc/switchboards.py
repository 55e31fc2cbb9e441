"""Operations on an app's switchboard and its integrations. Source: API contract, tags Switchboards, Switchboard Integrations.

`patienceSeconds` of an integration is ours.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from domain.decode import decode
from domain.directory import Reply, patched
from domain.errors import Invalid, Refused
from domain.switchboard_rows import (
    Board,
    HistoryCount,
    IntegrationType,
    MemberName,
    MemberRow,
    PatienceSeconds,
    SwitchboardRow,
    no_switchboard,
)
from gateway.sc.operations import EMPTY, Call, json_reply
from gateway.sc.views import member_view, switchboard_view


class _Update(msgspec.Struct, rename="camel"):
    enabled: bool | UnsetType = UNSET
    default_id: str | UnsetType = msgspec.field(default=UNSET, name="defaultSwitchboardIntegrationId")


class _Fields(msgspec.Struct, rename="camel"):
    """What a member may be told besides its name and what it stands for."""

    deliver_standby_events: bool | UnsetType = UNSET
    next_id: str | UnsetType | None = msgspec.field(default=UNSET, name="nextSwitchboardIntegrationId")
    history: HistoryCount | UnsetType | None = msgspec.field(default=UNSET, name="messageHistoryCount")
    patience_s: PatienceSeconds | UnsetType | None = msgspec.field(default=UNSET, name="patienceSeconds")


class _MemberCreate(_Fields, rename="camel", kw_only=True):
    name: MemberName
    integration_id: str | None = None
    integration_type: IntegrationType | None = None


class _MemberUpdate(_Fields, rename="camel", kw_only=True):
    name: MemberName | UnsetType = UNSET
    integration_id: str | None = None
    integration_type: IntegrationType | None = None


_update_body = msgspec.json.Decoder(_Update)
_member_body = msgspec.json.Decoder(_MemberCreate)
_member_update_body = msgspec.json.Decoder(_MemberUpdate)


async def create_switchboard(call: Call) -> Reply:
    row = SwitchboardRow(call.app.id, call.services.router.new_id())
    await call.services.directory.switchboards.create(row)
    return _changed(call, {"switchboard": switchboard_view(row)}, 201)


async def list_switchboards(call: Call) -> Reply:
    board = await call.services.directory.switchboards.of_app(call.app.id)
    return json_reply({"switchboards": [] if board is None else [switchboard_view(board.row)]})


async def update_switchboard(call: Call) -> Reply:
    body = decode(_update_body, call.body, "")
    row = await call.services.directory.switchboards.change(call.app.id, _switchboard_id(call), lambda row: patched(row, body))
    return _changed(call, {"switchboard": switchboard_view(row)})


async def delete_switchboard(call: Call) -> Reply:
    await call.services.directory.switchboards.delete(call.app.id, _switchboard_id(call))
    call.services.lookups.forget_switchboard(call.app.id)
    return EMPTY


async def create_member(call: Call) -> Reply:
    body = decode(_member_body, call.body, "")
    if (body.integration_id is None) == (body.integration_type is None):
        raise Invalid("", "must have either integrationId or integrationType")
    integration_id, kind = await _stands_for(call, body)
    new = MemberRow(call.app.id, _switchboard_id(call), call.services.router.new_id(), body.name, integration_id, kind)
    made = await call.services.directory.switchboards.add(patched(new, _fields(body)))
    return _changed(call, {"switchboardIntegration": member_view(made)}, 201)


async def list_members(call: Call) -> Reply:
    board = await _board(call)
    return json_reply({"switchboardIntegrations": [member_view(one) for one in board.members]})


async def update_member(call: Call) -> Reply:
    body = decode(_member_update_body, call.body, "")
    if body.integration_id is not None and body.integration_type is not None:
        raise Invalid("", "must not have both integrationId and integrationType")
    stands_for = None if body.integration_id is body.integration_type else await _stands_for(call, body)

    def change(row: MemberRow) -> MemberRow:
        row = patched(patched(row, _fields(body)), _Name(body.name))
        return row if stands_for is None else replace(row, integration_id=stands_for[0], integration_type=stands_for[1])

    boards = call.services.directory.switchboards
    after = await boards.change_member(call.app.id, _switchboard_id(call), _member_id(call), change)
    return _changed(call, {"switchboardIntegration": member_view(after)})


async def delete_member(call: Call) -> Reply:
    await call.services.directory.switchboards.remove(call.app.id, _switchboard_id(call), _member_id(call))
    call.services.lookups.forget_switchboard(call.app.id)
    return EMPTY


class _Name(msgspec.Struct):
    name: str | UnsetType


def _fields(body: _Fields) -> _Fields:
    return _Fields(body.deliver_standby_events, body.next_id, body.history, body.patience_s)


async def _stands_for(call: Call, body: _MemberCreate | _MemberUpdate) -> tuple[str, str]:
    """(id, type) of the integration behind a member. For a type alone the id is a fresh one, in case there is none yet."""
    if body.integration_id is None:
        assert body.integration_type is not None, "one of the two was given"
        return call.services.router.new_id(), body.integration_type
    found = await call.services.lookups.integration(body.integration_id)
    if found is None or found.app_id != call.app.id:
        raise Refused("integration_not_found", "Integration not found")
    return found.id, found.type


async def _board(call: Call) -> Board:
    board = await call.services.directory.switchboards.of_app(call.app.id)
    if board is None or board.row.id != _switchboard_id(call):
        raise no_switchboard()
    return board


def _switchboard_id(call: Call) -> str:
    return call.id_in_path("switchboardId", "switchboard_not_found", "Switchboard")


def _member_id(call: Call) -> str:
    return call.id_in_path("switchboardIntegrationId", "switchboard_integration_not_found", "SwitchboardIntegration")


def _changed(call: Call, view: dict[str, Any], status: int = 200) -> Reply:
    call.services.lookups.forget_switchboard(call.app.id)
    return json_reply(view, status)
