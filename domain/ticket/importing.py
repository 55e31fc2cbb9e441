"""A ticket that was elsewhere before: made with its own times, and with all that was said on it. No rule hears of it. Pure."""

from __future__ import annotations

from domain.errors import Invalid, Refused
from domain.ticket import commands as cmd
from domain.ticket import events as ev
from domain.ticket.changes import check_comment
from domain.ticket.commands import Change
from domain.ticket.turn import Turn

MAX_COMMENTS = 500


def imported(command: cmd.Import, turn: Turn) -> None:
    """Raises Refused (`conflict`): it exists; Invalid."""
    if turn.state.life != "none":
        raise Refused("conflict", "The ticket exists already")
    if not 1 <= len(command.comments) <= MAX_COMMENTS:
        raise Invalid("comments", f"must be 1 to {MAX_COMMENTS}")
    for past in command.comments:
        check_comment(past.comment)
    first, *rest = sorted(command.comments, key=lambda one: one.at_ms)
    by = command.by
    given = (
        Change("requester_id", command.requester_id),
        Change("submitter_id", by.id or None),
        Change("channel", command.channel),
        Change("description", first.comment.body),
    )
    changes = turn.planned((*given, *command.changes), by, new=True)
    assert turn.at.number, "a new ticket is given a number before its turn"
    made_ms = min(command.created_ms or first.at_ms or turn.at.now_ms, turn.at.now_ms)
    turn.tell(ev.Created(_author(first, turn), changes, _said(first), number=turn.at.number, made_ms=made_ms, solved_ms=command.solved_ms))
    for past in rest:
        turn.tell(ev.Updated(_author(past, turn), comment=_said(past)))
    turn.finish(levels=False)


def _said(past: cmd.Past) -> ev.Said:
    one = past.comment
    return ev.Said(one.body, one.public, one.html, one.author_id, one.uploads, at_ms=past.at_ms)


def _author(past: cmd.Past, turn: Turn) -> ev.Who:
    author_id = past.comment.author_id or ""
    return ev.Who("agent" if author_id in turn.desk.agents else "user" if author_id else "system", author_id, "import")
