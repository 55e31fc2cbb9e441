"""An app's switchboard as the directory keeps it: what may be written, and the snapshot that conversations are told.

Pure. Source: API contract, tags Switchboards, Switchboard Integrations. Patience, silences and passing over are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from domain.errors import Invalid, Refused
from domain.switchboard import AGENTS_TYPE, BOT_TYPE, BotStart, HandBack, Member, Switchboard, kind_of

MAX_MEMBERS = 10
#: After so many silences in a row, wherever in the app, a program is passed over for so long.
MAX_SILENCES = 5
PASSED_OVER_S = 60

MemberName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,128}\Z")]
IntegrationType = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_:.-]{1,128}\Z")]
HistoryCount = Annotated[int, Meta(ge=1, le=10)]
PatienceSeconds = Annotated[int, Meta(ge=1, le=86_400)]


class SwitchboardRow(msgspec.Struct, frozen=True):
    """An app has one at most. `default_id` is the member that comes first."""

    app_id: str
    id: str
    enabled: bool = False
    default_id: str | None = None


class MemberRow(msgspec.Struct, frozen=True):
    """A switchboard integration. `silences` is how often in a row it let a customer wait longer than `patience_s`."""

    app_id: str
    switchboard_id: str
    id: str
    name: str
    integration_id: str
    integration_type: str
    deliver_standby_events: bool = True
    next_id: str | None = None
    history: int | None = None
    patience_s: int | None = None
    silences: int = 0
    passed_over_until_ms: int = 0


class Board(msgspec.Struct, frozen=True):
    """All rows of an app's switchboard, the members in the order in which they were made."""

    row: SwitchboardRow
    members: tuple[MemberRow, ...] = ()

    def member(self, identifier: str | None) -> MemberRow | None:
        return next((one for one in self.members if one.id == identifier), None)


# What may be written. Each of these looks at the board as it would be.


def no_switchboard() -> Refused:
    return Refused("switchboard_not_found", "Switchboard not found")


def no_member() -> Refused:
    return Refused("switchboard_integration_not_found", "SwitchboardIntegration not found")


def check_row(new: SwitchboardRow, members: Sequence[MemberRow]) -> SwitchboardRow:
    """Raises Refused: a default that is no member, or none where one is needed."""
    if new.default_id is not None and all(one.id != new.default_id for one in members):
        raise no_member()
    if new.enabled and new.default_id is None:
        raise Refused("switchboard_integration_not_found", "Enabled switchboard must have an associated default switchboardIntegration")
    return new


def with_member(board: Board, new: MemberRow) -> Board:
    """The board with one member more, or changed. Raises Refused."""
    others = tuple(one for one in board.members if one.id != new.id)
    if len(others) >= MAX_MEMBERS:
        title = f"Switchboard has reached the max number of switchboard integrations ({MAX_MEMBERS})"
        raise Refused("too_many_switchboard_integrations", title)
    if any(one.name == new.name for one in others):
        raise Refused("conflict", "The switchboard has an integration of this name already")
    if new.next_id == new.id:
        raise Invalid("nextSwitchboardIntegrationId", "must be another one")
    if new.next_id is not None and all(one.id != new.next_id for one in others):
        raise no_member()
    return replace(board, members=(*others, new))


def check_removal(board: Board, member_id: str) -> None:
    """Raises Refused: it is not there, or something refers to it."""
    if board.member(member_id) is None:
        raise no_member()
    if board.row.default_id == member_id:
        raise Refused("bad_request", "The default switchboard integration cannot be deleted: choose another default first")
    if any(one.next_id == member_id for one in board.members):
        raise Refused("bad_request", "The switchboard integration is the next one of another, and cannot be deleted")


def silent_once_more(one: MemberRow, now_ms: int) -> MemberRow:
    """The member after it let a customer wait. In a row that is full, each one more passes it over anew, until it answers."""
    silences = min(one.silences + 1, MAX_SILENCES)
    until_ms = now_ms + PASSED_OVER_S * 1000 if silences == MAX_SILENCES else one.passed_over_until_ms
    return replace(one, silences=silences, passed_over_until_ms=until_ms)


def first_board(app_id: str, ids: Sequence[str], integration_ids: tuple[str, str]) -> Board:
    """What the first run makes: the bot comes first and passes to the people. `ids`: of the switchboard, the bot and the people."""
    board_id, bot, people = ids
    return Board(
        SwitchboardRow(app_id, board_id, True, bot),
        (
            MemberRow(app_id, board_id, bot, "answerBot", integration_ids[0], BOT_TYPE, next_id=people),
            MemberRow(app_id, board_id, people, "agentWorkspace", integration_ids[1], AGENTS_TYPE),
        ),
    )


# What conversations are told.


def snapshot(
    board: Board | None, hand_back: HandBack, idle_s: int | None, release: int | None, now_ms: int, default_id: str | None = None
) -> Switchboard | None:
    """The switchboard as commands carry it; None without an enabled one. `release` is the bot's that is live, `default_id` a
    channel's own first member, which counts if there is such a one.

    Where control comes by itself, who cannot answer is passed over: a bot without a release, a program that was silent too often.
    """
    if board is None or not board.row.enabled:
        return None
    first = _usable(board, default_id, release, now_ms) if board.member(default_id) else None
    first = first or _usable(board, board.row.default_id, release, now_ms)
    members = tuple(_member(one, _usable(board, one.next_id, release, now_ms, one.id)) for one in board.members)
    bot = None if release is None else BotStart(release)
    return Switchboard(first or "", members, bot, hand_back, idle_s)


def _usable(board: Board, wanted: str | None, release: int | None, now_ms: int, but: str | None = None) -> str | None:
    """The member, or the first of those that come next who can answer. Never `but`: nobody passes control to themselves."""
    seen = {but}
    while wanted not in seen and (one := board.member(wanted)) is not None:
        if not (kind_of(one.integration_type) == "bot" and release is None) and now_ms >= one.passed_over_until_ms:
            return one.id
        seen.add(wanted)
        wanted = one.next_id
    return None


def _member(one: MemberRow, next_id: str | None) -> Member:
    kind = kind_of(one.integration_type)
    return Member(one.id, one.name, kind, one.integration_id, one.integration_type, next_id, one.history, one.patience_s)
