"""What is counted of conversations, by day: how many began, and what became of those that a bot took up."""

from __future__ import annotations

from collections.abc import Sequence

from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.switchboard import AGENTS_TYPE, BOT_TYPE

#: Under what an app's days are counted: `<day>:<what>`.
SUBJECT = "days"
_SILENT = frozenset({ev.MessagePosted, ev.NotePosted})


def counted(command: cmd.Command, active: ev.MemberRef | None, events: Sequence[ev.Event]) -> list[str]:
    """`began`, `bot` (it got control), `solved` (by the bot), `handed_over` (by the bot to the agents). `active` had control before."""
    found: list[str] = []
    for event in events:
        if type(event) in _SILENT:
            continue  # the many: none of the forms below is tried
        match event:
            case ev.ConversationCreated():
                found.append("began")
                active = _moved(None, event.conversation.active_switchboard_integration, found)
            case ev.StatusChanged(status="solved") if isinstance(command, cmd.Respond):
                found.append("solved")
            case ev.ControlPassed() | ev.ControlAccepted() | ev.ControlReleased() | ev.ResponderAssigned():
                active = _moved(active, event.conversation.active_switchboard_integration, found)
            case _:
                pass
    return found


def _moved(before: ev.MemberRef | None, after: ev.MemberRef | None, found: list[str]) -> ev.MemberRef | None:
    if _is(after, BOT_TYPE) and not _is(before, BOT_TYPE):
        found.append("bot")
    elif _is(before, BOT_TYPE) and _is(after, AGENTS_TYPE):
        found.append("handed_over")
    return after


def _is(member: ev.MemberRef | None, integration_type: str) -> bool:
    return member is not None and member.integration_type == integration_type
