"""Operations by which control of a conversation changes hands. Source: API contract, tag Switchboard Actions."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from domain.conversation import commands as cmd
from domain.decode import decode
from domain.directory import Reply
from domain.metadata import Metadata, check_metadata
from domain.switchboard import Switchboard
from gateway.responders import asker_of, no_board
from gateway.sc.conversations import live
from gateway.sc.operations import EMPTY, Call


class _Move(msgspec.Struct, rename="camel"):
    switchboard_integration: Annotated[str, Meta(min_length=1, max_length=128)]
    metadata: Any = None


class _Take(msgspec.Struct):
    metadata: Any = None


_move_body = msgspec.json.Decoder(_Move)
_take_body = msgspec.json.Decoder(_Take)


async def pass_control(call: Call) -> Reply:
    body = decode(_move_body, call.body, "")
    board, metadata = await _board(call), _metadata(body)
    return await _ask(call, cmd.PassControl(board, body.switchboard_integration, metadata, asker=_asker(call, board)))


async def offer_control(call: Call) -> Reply:
    body = decode(_move_body, call.body, "")
    board, metadata = await _board(call), _metadata(body)
    return await _ask(call, cmd.OfferControl(board, body.switchboard_integration, metadata, asker=_asker(call, board)))


async def accept_control(call: Call) -> Reply:
    body = decode(_take_body, call.body or b"{}", "")
    board, metadata = await _board(call), _metadata(body)
    return await _ask(call, cmd.AcceptControl(board, metadata, asker=_asker(call, board)))


async def release_control(call: Call) -> Reply:
    body = decode(_take_body, call.body or b"{}", "")
    board, metadata = await _board(call), _metadata(body)
    return await _ask(call, cmd.ReleaseControl(board, metadata, asker=_asker(call, board)))


async def _ask(call: Call, command: cmd.Command) -> Reply:
    await call.services.router.ask(call.actor(), command, sender=call.principal.sender)
    return EMPTY


def _metadata(body: _Move | _Take) -> Metadata | None:
    return check_metadata(body.metadata, "metadata") or None


def _asker(call: Call, board: Switchboard) -> str | None:
    return asker_of(board, call.principal.integration_id)


async def _board(call: Call) -> Switchboard:
    """Raises Refused: there is no such conversation, or no switchboard that is enabled."""
    board = await call.services.lookups.switchboard(call.app.id)
    if board is None:
        await live(call, call.actor())
        raise no_board()
    return board
