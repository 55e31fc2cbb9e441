"""What a ticket forgets: words that were said on it, one comment or all of them, and a person. Pure.

An old event is written anew without what is to go, in the transaction of the event that tells of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    return _decided(turn, cmd.By(via="departure"), _removed(at, command.seqs), changes)


def redact(command: cmd.Redact, desk: Desk, state: State, at: At) -> Decision:
    """Raises Refused: there is no such comment, or nothing of it is what is named."""
    if state.life != "live" or state.ticket.deleted:
        raise Refused("ticket_not_found", "Ticket not found")
    old = at.old.get(command.seq)
    if old is None or (old.event.comment is None and not isinstance(old.event, ev.Created)):
        raise Refused("not_found", "There is no such comment")
    event = _rewritten_event(old.event, command)
    if event == old.event:
        return NOTHING
    changes = _first_words(state.ticket, old.event, event)
    rewritten = [Rewritten(command.seq, old.id, old.at_ms, event)]
    return _decided(Turn(desk, state, at), command.by, rewritten, changes, command.private, _retold(command, state, at))


def _retold(command: cmd.Redact, state: State, at: At) -> Iterator[Rewritten]:
    """Events that told what the first words were, after something else had been taken out of them."""
    for seq in state.retold:
        old = at.old.get(seq)
        if old is not None:
            changes = tuple(replace(one, value=taken_out(one.value or "", command.texts)) for one in old.event.changes)
            if changes != old.event.changes:
                yield Rewritten(seq, old.id, old.at_ms, replace(old.event, changes=changes))


def _rewritten_event(event: ev.Event, command: cmd.Redact) -> ev.Event:
    """What was said first stands in the first event twice. Where a conversation opened the ticket, the subject is the customer's, too."""
    said, after = event.comment, event.comment
    if said is not None and command.private:
        after = replace(said, public=False, was_public=said.public or said.was_public)
    elif said is not None:
        after = _without(said, command)
    if not isinstance(event, ev.Created):
        return replace(event, comment=after)
    words = ("description",) if said is not None else ("description", "subject")
    changes = [replace(one, value=taken_out(one.value or "", command.texts)) if one.field in words else one for one in event.changes]
    return replace(event, comment=after, changes=tuple(changes))


def _first_words(ticket: Ticket, before: ev.Event, after: ev.Event) -> tuple[ev.Changed, ...]:
    """The ticket's own fields, where they still are what the first event said. What they were is not told again."""
    found = []
    for old, new in zip(before.changes, after.changes, strict=True):
        if old != new and getattr(ticket, old.field) == old.value:
            found.append(ev.Changed(new.field, new.value))
    return tuple(found)


def taken_out(body: str, texts: Iterable[str]) -> str:
    """The text with a mark for each letter of these."""
    for text in texts:
        body = body.replace(text, MARK * len(text)) if text else body
    return body


def _without(said: ev.Said, command: cmd.Redact) -> ev.Said:
    uploads = tuple(one for one in said.uploads if one not in command.uploads)
    html = None if said.html is None else taken_out(said.html, command.texts)
    return replace(said, body=taken_out(said.body, command.texts), html=html, uploads=uploads)


def _removed(at: At, seqs: Iterable[int]) -> list[Rewritten]:
    found = []
    for seq in seqs:
        old = at.old.get(seq)
        said = None if old is None else old.event.comment
        if old is not None and said is not None and (said.body or said.html or said.uploads):
            found.append(_silent(seq, old, said))
    return found


def _silent(seq: int, old: ev.Old, said: ev.Said) -> Rewritten:
    """The event without what was said by it."""
    return Rewritten(seq, old.id, old.at_ms, replace(old.event, comment=replace(said, body="", html=None, uploads=())))


def _decided(
    turn: Turn,
    by: cmd.By,
    rewritten: list[Rewritten],
    changes: tuple[ev.Changed, ...],
    private: bool = False,
    retold: Iterable[Rewritten] = (),
) -> Decision:
    """`rewritten` are comments; `retold` are audits that had their words, too, of which there is nothing to tell."""
    if not rewritten and not changes:
        return NOTHING
    seqs = tuple(one.seq for one in rewritten)
    turn.tell(ev.Redacted(ev.Who(by.kind, by.id, by.via, by.rule), changes, seqs=seqs, private=private))
    turn.finish()
    return Decision(tuple(turn.events), rewritten=(*rewritten, *retold))


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
