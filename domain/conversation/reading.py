"""What was read, what has arrived on a device, and which page is looked at. None is an event where it changes nothing, or an idle tab
would fill the journal."""

from __future__ import annotations

from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.conversation.decision import NOTHING, Decision
from domain.conversation.state import State
from domain.errors import Refused

MAX_VISITS = 50
"""Pages that are told of between two messages of a customer: who only strolls about fills no journal."""


def read(activity: ev.Activity, state: State) -> Decision:
    """The author has everything before their eyes."""
    author = activity.author
    if author.type == "business":
        is_news = state.business_unread > 0 or state.business_last_read_ms < state.last_message_ms
    else:
        reader = state.participant(author.user_id)
        is_news = reader is not None and (reader.unread > 0 or reader.last_read_ms < state.last_message_ms)
    return Decision((ev.ConversationRead(state.ref(), activity),), answers=0) if is_news else NOTHING


def delivered(command: cmd.Deliver, state: State) -> Decision:
    """A client of the author's side has everything. Of what is read already that is known. Raises Refused."""
    if command.author.type == "business":
        if not state.business_unread or not state.asked_id or state.business_has_it:
            return NOTHING
        return Decision((ev.MessageReceived(state.ref(), ev.MessageRef(state.asked_id)),), answers=0)
    who = state.participant(command.author.user_id)
    if who is None:
        raise Refused("forbidden", "The user is not a participant of the conversation")
    if not who.unread or not state.told_id or who.has_it:
        return NOTHING
    user, place = ev.UserRef(who.user_id, who.external_id), ev.DeliveredTo(command.source.type, command.source.integration_id)
    return Decision((ev.MessageDelivered(state.ref(), user, ev.MessageRef(state.told_id), place, True),), answers=0)


def visited(command: cmd.VisitPage, state: State) -> Decision:
    """Where a customer is. Raises Refused."""
    who = state.participant(command.user_id)
    if who is None:
        raise Refused("forbidden", "The user is not a participant of the conversation")
    if command.page == state.page or state.visits >= MAX_VISITS:
        return NOTHING
    user = ev.UserRef(who.user_id, who.external_id)
    return Decision((ev.PageVisited(state.ref(), user, command.page),), answers=0)
