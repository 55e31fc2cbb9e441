"""What a command is told of the switchboard: the snapshot with the person in it, and as whom a program speaks or asks."""

from __future__ import annotations

from msgspec.structs import replace

from domain.conversation import events as ev
from domain.directory import User
from domain.errors import Refused
from domain.switchboard import Switchboard
from gateway.lookups import Lookups


async def board_for(lookups: Lookups, app_id: str, user: User | None, source: ev.Source) -> Switchboard | None:
    """The app's switchboard, for something that a user does by a channel (None: for something that nobody's bot will hear)."""
    board = await lookups.switchboard(app_id, source.integration_id)
    return board if board is None or user is None else introduced(board, user, source)


def introduced(board: Switchboard, user: User, source: ev.Source) -> Switchboard:
    """The snapshot with what a bot begins with: who it is, their language, and where they come from."""
    if board.bot is None:
        return board
    profile = user.profile
    known = {"name": user.display_name(), "email": profile.email, "externalId": user.external_id}
    told = {name: value for name, value in known.items() if value is not None}
    start = replace(board.bot, locale=profile.locale, channel=source.type, integration_id=source.integration_id, profile=told)
    return replace(board, bot=start)


async def responder_of(lookups: Lookups, app_id: str, board: Switchboard | None, integration_id: str | None) -> str | None:
    """The member that a program with an integration's key speaks as; None for one that is no member. That it speaks is noted."""
    member = None if board is None else board.member_of(integration_id)
    if member is None:
        return None
    await lookups.answered(app_id, member.id)
    return member.id


def asker_of(board: Switchboard, integration_id: str | None) -> str | None:
    """Who asks for control: nobody in particular (an app's key), a member, or "", a program that is none."""
    if integration_id is None:
        return None
    member = board.member_of(integration_id)
    return "" if member is None else member.id


def no_board() -> Refused:
    return Refused("switchboard_invalid_action", "The app has no enabled switchboard")
