"""What an app's routing does when something falls due: leases, graces, and time that makes work others'."""

from __future__ import annotations

from domain.assignment import events as ev
from domain.assignment.deadlines import What
from domain.assignment.index import agent_turns
from domain.assignment.turn import Turn

DUE_AT_ONCE = 256
IDLE, DISCONNECTED = "AGENT_IDLE_TIMEOUT", "AGENT_DISCONNECTED"


def look_at_what_is_due(turn: Turn) -> None:
    """Up to a bound: what is left is due at once."""
    for _ in range(DUE_AT_ONCE):
        found = turn.index.deadlines.pop(turn.at_ms)
        if found is None:
            return
        _DUE[found[0]](turn, found[1])


def _piece(turn: Turn, ticket: str) -> None:
    """An offer has run out, or others may have it now."""
    piece = turn.index.pieces.get(ticket)
    if piece is None:
        return
    if piece.offer is not None:
        if piece.until_ms <= turn.at_ms:
            turn.end_offer(piece, "expired")
    else:
        turn.index.place_again(ticket)


def _agent(turn: Turn, name: str) -> None:
    """A grace has ended, or somebody has not moved for long."""
    agent = turn.index.agents.get(name)
    if agent is None:
        return
    turns = [due_ms for due_ms in agent_turns(agent, turn.desk) if due_ms <= turn.at_ms]
    if not turns:
        turn.index.watch(agent)
        return
    grace_ms = turn.desk.routing.disconnect_grace_s * 1000
    if agent.lost_ms and agent.lost_ms + grace_ms <= turn.at_ms:
        turn.set_status(name, "offline", DISCONNECTED, before=agent.status)
    else:
        turn.set_status(name, "away", IDLE)
    turn.end_offers(name, "away")


def _gateway(turn: Turn, name: str) -> None:
    """It was not heard of for so long that its agents have no socket there."""
    gateway = turn.state.gateways.get(name)
    if gateway is not None and gateway.until_ms <= turn.at_ms:
        left = tuple(sorted(gateway.agents))
        turn.tell(ev.PresenceNoted(name, 0, left=left), agents=left)
        for agent_id in left:
            turn.watch(agent_id)


def _opening(turn: Turn, _: str) -> None:
    turn.index.everything = True


def _line(turn: Turn, line: str) -> None:
    turn.index.stale[line] = None


def _rest(turn: Turn, _: str) -> None:
    """What is left over is done at the end of the turn."""


_DUE = {"piece": _piece, "agent": _agent, "gateway": _gateway, "opening": _opening, "line": _line, "rest": _rest}
assert set(_DUE) == set(What.__args__), "everything that falls due has its deed"  # type: ignore[attr-defined]
