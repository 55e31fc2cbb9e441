"""What may be written of a switchboard, and the snapshot of it: who comes first, and who is passed over."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from domain.errors import Refused
from domain.switchboard import BotStart, Switchboard
from domain.switchboard_rows import (
    MAX_MEMBERS,
    MAX_SILENCES,
    PASSED_OVER_S,
    Board,
    MemberRow,
    SwitchboardRow,
    check_removal,
    check_row,
    first_board,
    silent_once_more,
    snapshot,
    with_member,
)

NOW_MS = 1_750_000_000_000
BOARD = first_board("app", ["s", "bot", "people"], ("i1", "i2"))


def member(identifier: str, **fields: Any) -> MemberRow:
    given = {"integration_id": "i9", "integration_type": "custom", **fields}
    return MemberRow("app", "s", identifier, fields.pop("name", identifier), **{k: v for k, v in given.items() if k != "name"})


def seen(board: Board | None = BOARD, release: int | None = 4, **options: Any) -> Switchboard | None:
    return snapshot(board, "solved", None, release, options.pop("now_ms", NOW_MS), **options)


def code(function: Any, *args: Any) -> str:
    with pytest.raises(Refused) as refused:
        function(*args)
    return refused.value.code


class TestTheSnapshot:
    def test_the_first_run_begins_with_the_bot(self) -> None:
        told = seen()
        assert told is not None and ("bot", BotStart(4)) == (told.first, told.bot)
        assert [("answerBot", "bot", "people"), ("agentWorkspace", "agent", None)] == [(m.name, m.kind, m.next_id) for m in told.members]

    def test_a_bot_with_nothing_to_say_is_passed_over(self) -> None:
        told = seen(release=None)
        assert told is not None and ("people", None) == (told.first, told.bot)
        back = replace(BOARD, members=(BOARD.members[0], replace(BOARD.members[1], next_id="bot")))
        there = seen(back, None)
        assert there is not None and [None if m.next_id == m.id else m.next_id for m in there.members] == ["people", None]

    def test_what_is_not_enabled_is_none(self) -> None:
        assert None is seen(None) is seen(replace(BOARD, row=replace(BOARD.row, enabled=False)))

    def test_a_program_that_was_silent_is_passed_over_for_a_while(self) -> None:
        board = Board(
            SwitchboardRow("app", "s", True, "one"), (member("one", next_id="two", passed_over_until_ms=NOW_MS + 1), member("two"))
        )
        during, after = seen(board), seen(board, now_ms=NOW_MS + 1)
        assert during is not None and after is not None and ("two", "one") == (during.first, after.first)

    def test_where_everybody_is_passed_over_nobody_comes_first(self) -> None:
        board = Board(SwitchboardRow("app", "s", True, "one"), (member("one", next_id="one", passed_over_until_ms=NOW_MS + 1),))
        told = seen(board)
        assert told is not None and ("", None) == (told.first, told.members[0].next_id)

    def test_a_channel_has_its_own_first_member(self) -> None:
        told, unknown = seen(default_id="people"), seen(default_id="gone")
        assert told is not None and unknown is not None and ("people", "bot") == (told.first, unknown.first)


class TestWhatMayBeWritten:
    def test_there_are_ten_members_of_different_names(self) -> None:
        board = BOARD
        for n in range(MAX_MEMBERS - 2):
            board = with_member(board, member(f"m{n}"))
        assert "too_many_switchboard_integrations" == code(with_member, board, member("one more"))
        assert MAX_MEMBERS == len(with_member(board, member("m0", next_id="bot")).members), "a change is not one more"
        assert "conflict" == code(with_member, BOARD, member("x", name="answerBot"))

    def test_next_is_another_member(self) -> None:
        assert "bad_request" == code(with_member, BOARD, member("x", next_id="x"))
        assert "switchboard_integration_not_found" == code(with_member, BOARD, member("x", next_id="y"))

    def test_an_enabled_one_has_a_default(self) -> None:
        """Source: API contract, UpdateSwitchboardIntegration."""
        assert "switchboard_integration_not_found" == code(check_row, SwitchboardRow("app", "s", True), BOARD.members)
        assert "switchboard_integration_not_found" == code(check_row, SwitchboardRow("app", "s", False, "gone"), BOARD.members)
        assert BOARD.row == check_row(BOARD.row, BOARD.members)

    def test_what_is_referred_to_stays(self) -> None:
        """Source: API contract, DeleteSwitchboardIntegration."""
        board = with_member(BOARD, member("x"))
        check_removal(board, "x")
        assert ["bad_request", "bad_request", "switchboard_integration_not_found"] == [
            code(check_removal, board, which) for which in ("bot", "people", "gone")
        ]


def test_a_row_of_silences_passes_over_until_somebody_speaks() -> None:
    one = member("one")
    for n in range(1, MAX_SILENCES):
        one = silent_once_more(one, NOW_MS)
        assert (n, 0) == (one.silences, one.passed_over_until_ms)
    for later_ms in (NOW_MS, NOW_MS + 999_999):
        one = silent_once_more(one, later_ms)
        assert (MAX_SILENCES, later_ms + PASSED_OVER_S * 1000) == (one.silences, one.passed_over_until_ms)
