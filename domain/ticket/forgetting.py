"""What a ticket forgets: words that were said on it, one comment or all of them, and a person. Pure.

An old event is written anew without what is to go, in the transaction of the event that tells of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from domain.desk.model import Desk
from domain.errors import Refused
from domain.ticket import commands as cmd
from domain.ticket import events as ev
from domain.ticket.decision import NOTHING, Decision, Rewritten
from domain.ticket.model import Ticket
from domain.ticket.state import State
from domain.ticket.turn import At, Turn

MARK = "\u2587"
"""Stands for each letter that was taken out."""
_FREE_TEXTS = frozenset({"text", "textarea", "regexp"})


def forget(state: State, at: At) -> Decision:
    """What was said goes; that there was a ticket, and how it went, stays."""
    return NOTHING if state.life != "live" else _forgotten(state, at, state.ticket.fields)


def forget_person(command: cmd.ForgetPerson, desk: Desk, state: State, at: At) -> Decision:
    """Of the person's own ticket everything goes that may hold words of theirs; of another's, what they said and that they follow it."""
    ticket = state.ticket
    if state.life != "live":
        return NOTHING
    if ticket.requester_id == command.user_id:
        kept = {number: value for number, value in ticket.fields.items() if not _is_free(desk, number, value)}
        return _forgotten(state, at, kept)
    changes: tuple[ev.Changed, ...] = ()
    if command.user_id in ticket.follower_ids:
        left = [one for one in ticket.follower_ids if one != command.user_id]
        changes = (ev.Changed("follower_ids", left, list(ticket.follower_ids)),)
    turn = Turn(desk, state, at)
    return _rewritten(turn, cmd.By(via="departure"), _removed(at, command.seqs), changes)


def redact(command: cmd.Redact, desk: Desk, state: State, at: At) -> Decision:
    """Raises Refused: there is no such comment, or nothing of it is what is named."""
    if state.life != "live" or state.ticket.deleted:
        raise Refused("ticket_not_found", "Ticket not found")
    old = at.old.get(command.seq)
    if old is None or old.event.comment is None:
        raise Refused("not_found", "There is no such comment")
    said = old.event.comment
    after = replace(said, public=False, was_public=said.public or said.was_public) if command.private else _without(said, command)
    if after == said:
        return NOTHING
    changes = _description(state.ticket, old.event, said, after)
    return _rewritten(Turn(desk, state, at), command.by, [_with(command.seq, old, after)], changes, command.private)


def taken_out(body: str, texts: Iterable[str]) -> str:
    """The text with a mark for each letter of these."""
    for text in texts:
        body = body.replace(text, MARK * len(text)) if text else body
    return body


def _without(said: ev.Said, command: cmd.Redact) -> ev.Said:
    uploads = tuple(one for one in said.uploads if one not in command.uploads)
    html = None if said.html is None else taken_out(said.html, command.texts)
    return replace(said, body=taken_out(said.body, command.texts), html=html, uploads=uploads)


def _description(ticket: Ticket, event: ev.Event, said: ev.Said, after: ev.Said) -> tuple[ev.Changed, ...]:
    """What was said first is the description, too. What it was is not told again."""
    if not isinstance(event, ev.Created) or ticket.description != said.body or after.body == said.body:
        return ()
    return (ev.Changed("description", after.body),)


def _removed(at: At, seqs: Iterable[int]) -> list[Rewritten]:
    found = []
    for seq in seqs:
        old = at.old.get(seq)
        said = None if old is None else old.event.comment
        if old is not None and said is not None and (said.body or said.html or said.uploads):
            found.append(_with(seq, old, replace(said, body="", html=None, uploads=())))
    return found


def _with(seq: int, old: ev.Old, after: ev.Said) -> Rewritten:
    """The event with another comment, and without what it told of the words before."""
    words = {"description": after.body}
    changes = tuple(replace(one, value=words[one.field]) if one.field in words else one for one in old.event.changes)
    return Rewritten(seq, old.id, old.at_ms, replace(old.event, comment=after, changes=changes))


def _rewritten(turn: Turn, by: cmd.By, rewritten: list[Rewritten], changes: tuple[ev.Changed, ...], private: bool = False) -> Decision:
    if not rewritten and not changes:
        return NOTHING
    seqs = tuple(one.seq for one in rewritten)
    turn.tell(ev.Redacted(ev.Who(by.kind, by.id, by.via, by.rule), changes, seqs=seqs, private=private))
    turn.finish()
    return Decision(tuple(turn.events), rewritten=tuple(rewritten))


def _forgotten(state: State, at: At, fields: dict[str, Any]) -> Decision:
    rating = replace(state.ticket.rating, comment=None)
    left = replace(state.ticket, subject="", description="", rating=rating, fields=fields, updated_ms=at.now_ms)
    event = ev.Forgotten(
        heard=state.heard,
        timers=state.timers,
        wish=state.wish,
        epoch=state.epoch,
        lane=state.lane,
        ticket=left,
        agents=state.agents,
        locale=state.locale,
        merging=state.merging,
    )
    return Decision((event,), redact_before=state.seq + 1)


def _is_free(desk: Desk, number: str, value: Any) -> bool:
    """Whether a field may hold a person's words: what is not known any more may."""
    field = desk.fields.get(int(number))
    return isinstance(value, str) and (field is None or field.type in _FREE_TEXTS)
