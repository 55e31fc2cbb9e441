"""Who has control of a conversation, and how it changes hands: the transitions as data, and the events that they make.

At most one member is active, which is the one that is expected to answer, and at most one is pending: control was offered to it.
Source: API contract, tag Switchboard Actions, and the schemas of its events. Takeover, patience and hand-back are ours.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.conversation.state import Control, State
from domain.errors import Refused
from domain.switchboard import HandBack, Member, Switchboard

Phase = Literal["free", "active", "offered", "active_offered"]
Step = Literal["assign", "pass", "offer", "accept", "release"]

#: From a phase of the control to the next one. A step that is not there is refused as an invalid action, or changes nothing.
MOVES: dict[Phase, dict[Step, Phase]] = {
    "free": {"assign": "active", "pass": "active", "offer": "offered"},
    "active": {"pass": "active", "offer": "active_offered", "release": "free"},
    "offered": {"assign": "active_offered", "pass": "active", "offer": "offered", "accept": "active", "release": "free"},
    "active_offered": {"pass": "active", "offer": "active_offered", "accept": "active", "release": "free"},
}

#: Which statuses give control back, by the app's policy.
HANDS_BACK: dict[HandBack, frozenset[ev.Status]] = {
    "solved": frozenset({"solved", "closed"}),
    "closed": frozenset({"closed"}),
    "never": frozenset(),
}

#: Why control changed hands when nobody asked for it. The contract has the first.
TICKET_CLOSED, TICKET_SOLVED, IDLE, NO_ANSWER, TAKEN_OVER = "ticketClosed", "ticketSolved", "idle", "noAnswer", "takenOver"
SESSION_ENDED = "sessionEnded"

INVALID_TARGET, INVALID_ACTION = "switchboard_invalid_target", "switchboard_invalid_action"


class Unfit(msgspec.Struct, frozen=True):
    """Why control does not change hands."""

    code: str
    message: str

    def refusal(self) -> Refused:
        return Refused(self.code, self.message)

    def told(self) -> ev.Failure:
        return ev.Failure(self.code, self.message)


def phase(control: Control) -> Phase:
    if control.active is None:
        return "free" if control.pending is None else "offered"
    return "active" if control.pending is None else "active_offered"


def can(step: Step, state: State) -> bool:
    return step in MOVES[phase(state.control)]


def ref_of(member: Member) -> ev.MemberRef:
    return ev.MemberRef(member.id, member.name, member.integration_id, member.integration_type)


def has_control(member: Member, state: State) -> bool:
    return state.control.active is not None and state.control.active.id == member.id


def target(board: Switchboard, to: str, state: State) -> Member | Unfit:
    """The member that `to` names: the keyword `next`, or an id, a name or an integration type, in that order."""
    if to == "next":
        active = state.control.active
        now = board.member(board.first if active is None else active.id)
        found = None if now is None else board.member(now.next_id)
        return found or Unfit(INVALID_TARGET, "There is no next switchboard integration")
    for named in ("id", "name", "integration_type"):
        those = [one for one in board.members if getattr(one, named) == to]
        if len(those) > 1:
            return Unfit(INVALID_TARGET, "The name is that of several switchboard integrations")
        if those:
            return those[0]
    return Unfit(INVALID_TARGET, "Switchboard invalid target")


def offer_target(command: cmd.OfferControl, state: State) -> Member | Unfit:
    found = target(command.switchboard, command.to, state)
    if isinstance(found, Member) and has_control(found, state):
        return Unfit(INVALID_TARGET, "Cannot offer control to the active switchboard integration.")
    return found


def offered(command: cmd.AcceptControl, state: State) -> ev.MemberRef | Unfit:
    """The member that accepts. Raises Refused (`forbidden`): a program asks to which it was not offered."""
    pending = state.control.pending
    if pending is None or not can("accept", state):
        return Unfit(INVALID_ACTION, "There is no pendingSwitchboardIntegration")
    if command.asker not in (None, pending.id):
        raise Refused("forbidden", "Control was not offered to this integration")
    if command.switchboard.member(pending.id) is None:
        return Unfit(INVALID_ACTION, "The pendingSwitchboardIntegration is no longer in the switchboard")
    return pending


# What is told. Each event carries the conversation as it is afterwards.


def _ref(state: State, active: ev.MemberRef | None, pending: ev.MemberRef | None = None) -> ev.ConversationRef:
    return ev.ConversationRef(state.id, state.type, state.metadata, active, pending)


def passed(state: State, to: Member, metadata: ev.Metadata | None = None, reason: str | None = None) -> ev.ControlPassed:
    return ev.ControlPassed(_ref(state, ref_of(to)), metadata or None, reason)


def offer(state: State, to: Member, metadata: ev.Metadata | None) -> ev.ControlOffered:
    return ev.ControlOffered(_ref(state, state.control.active, ref_of(to)), metadata or None)


def accepted(state: State, by: ev.MemberRef, metadata: ev.Metadata | None) -> ev.ControlAccepted:
    return ev.ControlAccepted(_ref(state, by), metadata or None)


def released(state: State, metadata: ev.Metadata | None = None, reason: str | None = None) -> ev.ControlReleased:
    return ev.ControlReleased(_ref(state, None), metadata or None, reason)


# What happens by itself.


def assigned(board: Switchboard, state: State) -> ev.ResponderAssigned | None:
    """The first member gets control if nobody has it, or one that is in the switchboard no more."""
    active = state.control.active
    first = board.member(board.first)
    if first is None or (active is not None and board.member(active.id) is not None):
        return None
    pending = state.control.pending
    return ev.ResponderAssigned(_ref(state, ref_of(first), None if pending is not None and pending.id == first.id else pending))


def taken(board: Switchboard, state: State) -> ev.ControlPassed | None:
    """A person writes for the agents: they get control, so that no bot talks over a person."""
    agents = board.agents()
    if agents is None or has_control(agents, state):
        return None
    return passed(state, agents, reason=TAKEN_OVER)


def idle(board: Switchboard, state: State, now_ms: int) -> ev.ControlReleased | None:
    """Control goes back when somebody other than the first member has had it, and nothing was said, for too long."""
    active = state.control.active
    if board.idle_s is None or active is None or active.id == board.first:
        return None
    return released(state, reason=IDLE) if now_ms >= state.active_ms + board.idle_s * 1000 else None


def handed_back(board: Switchboard | None, status: ev.Status, state: State) -> ev.ControlReleased | None:
    """Control goes back with the status, if that is the app's policy."""
    if board is None or status not in HANDS_BACK[board.hand_back] or not can("release", state):
        return None
    return released(state, reason=TICKET_CLOSED if status == "closed" else TICKET_SOLVED)


def lost_patience(command: cmd.LosePatience, state: State) -> ev.ControlPassed | ev.ControlReleased | None:
    """The next member's turn, if the customer has waited for the same one all the time; without a next one it is nobody's."""
    control, board = state.control, command.switchboard
    if control.active is None or control.epoch != command.epoch or state.unanswered_ms != command.since_ms:
        return None
    silent = board.member(control.active.id)
    heir = None if silent is None else board.member(silent.next_id)
    return released(state, reason=NO_ANSWER) if heir is None else passed(state, heir, reason=NO_ANSWER)


def diagram() -> str:
    """The transitions as a mermaid diagram."""
    lines = ["stateDiagram-v2", "    [*] --> free"]
    for here, steps in MOVES.items():
        for there in dict.fromkeys(steps.values()):
            names = ", ".join(step for step, to in steps.items() if to == there)
            lines.append(f"    {here} --> {there}: {names}")
    return "\n".join(lines)
