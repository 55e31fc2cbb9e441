"""What a command is told of the switchboard: who the person is, and as whom a program speaks."""

from __future__ import annotations

import msgspec

from domain.conversation import events as ev
from domain.directory import Profile, User
from domain.switchboard import Member, Switchboard
from gateway.lookups import Lookups
from gateway.responders import asker_of, board_for, responder_of
from tests import conversations as talk
from tests.boards import BoardsTwin

ADA = User("app", "u", "c", "ada-1", Profile(given_name="Ada", email="ada@example.org", locale="fr"))
WEB = ev.Source("web", "i" * 24)


def lookups(board: Switchboard | None) -> Lookups:
    return BoardsTwin(board)  # type: ignore[return-value]


async def test_a_bot_is_told_whom_it_meets() -> None:
    told = await board_for(lookups(talk.board()), "app", ADA, WEB)
    assert told is not None and told.bot is not None
    assert (3, "fr", "web", WEB.integration_id) == (told.bot.release, told.bot.locale, told.bot.channel, told.bot.integration_id)
    assert {"name": "Ada", "email": "ada@example.org", "externalId": "ada-1"} == told.bot.profile


async def test_where_there_is_no_bot_nobody_is_introduced() -> None:
    silent = msgspec.structs.replace(talk.board(), bot=None)
    assert silent is await board_for(lookups(silent), "app", ADA, WEB)
    assert None is await board_for(lookups(None), "app", ADA, WEB)


async def test_a_program_speaks_as_its_member() -> None:
    twin = BoardsTwin(talk.board())
    assert talk.PROGRAM.id == await responder_of(twin, "app", twin.board, "e" * 24)  # type: ignore[arg-type]
    assert [talk.PROGRAM.id] == twin.answered_by
    for board, integration in ((twin.board, None), (twin.board, "0" * 24), (None, "e" * 24)):
        assert None is await responder_of(twin, "app", board, integration)  # type: ignore[arg-type]


def test_who_asks_for_control() -> None:
    """A key of an app is nobody in particular, a program is its member or a stranger."""
    board = talk.board(talk.BOT, Member("0" * 24, "other", "program", "9" * 24, "custom"))
    assert [None, "0" * 24, ""] == [asker_of(board, each) for each in (None, "9" * 24, "8" * 24)]
