"""What is counted of conversations."""

from __future__ import annotations

from domain.bot.effects import Said
from domain.conversation import commands as cmd
from domain.conversation import rules, state
from domain.conversation.counting import counted
from domain.conversation.events import Author
from domain.conversation.rules import At
from tests import conversations as talk


def told(*commands: cmd.Command) -> list[list[str]]:
    """What each of these commands to one conversation counts for."""
    now, found = state.State("c" * 24), []
    for command in commands:
        decision = rules.decide(command, now, At(max(1, now.at_ms), 1))
        found.append(counted(command, now.control.active, decision.events))
        for event in decision.events:
            now = state.evolve(now, now.seq + 1, 1, event)
    return found


def said(then: str, heir: object = None) -> cmd.Respond:
    return cmd.Respond(1, Author("business", ("bot",)), (Said(talk.text("so")),), then, heir=heir)  # type: ignore[arg-type]


def begun() -> cmd.Command:
    return cmd.PostMessage(**{**_fields(talk.post("ann")), "create": talk.create("ann"), "switchboard": talk.board()})


def _fields(post: cmd.PostMessage) -> dict[str, object]:
    return {name: getattr(post, name) for name in post.__struct_fields__}


def test_a_bot_solves() -> None:
    assert [["began", "bot"], ["solved"]] == told(begun(), said("solve"))


def test_a_bot_hands_over() -> None:
    assert [["began", "bot"], ["handed_over"]] == told(begun(), said("next", talk.PEOPLE))


def test_what_is_only_said_counts_for_nothing() -> None:
    assert [["began", "bot"], [], []] == told(begun(), said("stay"), talk.post("ann", switchboard=talk.board()))


def test_agents_solve_without_the_bot() -> None:
    passed = cmd.PassControl(talk.board(), talk.PEOPLE.id)
    assert [["began", "bot"], ["handed_over"], []] == told(begun(), passed, cmd.ChangeStatus("solved"))
