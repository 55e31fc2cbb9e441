"""What happens when an app's routing is told something.

    decide(turn, command)    may refuse, and then has told nothing; no clock, no ids, no I/O: they arrive in the turn

By construction no work has two agents, and nobody is asked beyond their capacity: one actor decides for an app, an offer takes room as
the work itself does, and only a hand (a ticket's, or an agent's who takes it) goes beyond.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from domain.assignment import commands as cmd
from domain.assignment import events as ev
from domain.assignment.choose import may_have
from domain.assignment.dispatch import dispatch
from domain.assignment.due import DISCONNECTED, look_at_what_is_due
from domain.assignment.effects import Wake
from domain.assignment.eligible import STATUSES
from domain.assignment.positions import tell_positions
from domain.assignment.state import Agent, Piece
from domain.assignment.turn import Turn
from domain.by_type import ByType
from domain.errors import Refused

MAX_WORK = 100_000
MAX_GATEWAYS = 256
#: Who may hand over what is another's, and set others' status.
SUPERVISORS = frozenset({"admin", "supervisor", "owner"})
BACK = "SWITCHER_AUTO_RECONNECT"
SEEN_EVERY_MS = 30_000
"""Signs of life are written down no more often."""


def decide(turn: Turn, command: cmd.Command) -> None:
    """What the command asks for, and then whatever has become possible by it. Raises `Refused`."""
    _check(turn, command)
    _note_desk(turn)
    _act(command, turn)
    if turn.events or isinstance(command, cmd.Ring):
        dispatch(turn)
        tell_positions(turn)
        wake_ms = turn.index.to_arm(turn.state, turn.at_ms)
        if wake_ms is not None:
            turn.effects.append(Wake(wake_ms))


def _note_desk(turn: Turn) -> None:
    if turn.desk.version == turn.state.desk:
        return
    turn.tell(ev.DeskNoted(turn.desk.version))
    for agent in sorted(turn.index.agents.values(), key=_id):
        if agent.id not in turn.desk.agents:
            _remove_agent(turn, agent.id)


def _id(agent: Agent) -> str:
    return agent.id


def _remove_agent(turn: Turn, agent_id: str) -> None:
    """The desk knows them no more: what they have waits for others."""
    for piece in turn.held(agent_id):
        if piece.offer == agent_id:
            turn.end_offer(piece, "removed")
        else:
            turn.queue(piece, "removed")
            turn.unassign(piece, "agent_removed")
    turn.tell(ev.AgentRemoved(agent_id), agents=(agent_id,))


# -- what is refused: before anything is told

_Check = Callable[[Turn, Any], None]


def _check(turn: Turn, command: cmd.Command) -> None:
    check = _CHECKS.get(type(command))
    if check is not None:
        check(turn, command)


def _check_room(turn: Turn, command: cmd.Enqueue | cmd.Take) -> None:
    if command.work.ticket_id not in turn.index.pieces and len(turn.index.pieces) >= MAX_WORK:
        raise Refused("queue_full", f"An app has at most {MAX_WORK} tickets that wait or are assigned")


def _check_status(turn: Turn, command: cmd.SetStatus) -> None:
    if command.agent_id not in turn.desk.agents:
        raise Refused("agent_not_found", "Agent not found")
    known = command.status in STATUSES or (command.status.isdecimal() and int(command.status) in turn.desk.statuses)
    if not known:
        raise Refused("bad_request", "There is no such status")


def _check_offer(turn: Turn, command: cmd.Accept | cmd.Decline) -> None:
    piece = turn.index.pieces.get(command.ticket_id)
    if piece is not None and isinstance(command, cmd.Accept) and piece.agent == command.agent_id:
        return
    if piece is None or piece.offer != command.agent_id:
        raise Refused("conflict", "It is not offered to you (any more)")


def _check_transfer(turn: Turn, command: cmd.Transfer) -> None:
    piece = turn.index.pieces.get(command.ticket_id)
    if piece is None:
        raise Refused("not_found", "Nobody is needed for this ticket")
    if sum(one is not None for one in (command.agent_id, command.group, command.queue)) > 1:
        raise Refused("bad_request", "Name an agent, a group or a queue, or none of them")
    asker = turn.desk.agents.get(command.by)
    takes = command.agent_id == command.by and asker is not None
    if not takes and piece.agent != command.by and (asker is None or asker.role not in SUPERVISORS):
        raise Refused("forbidden", "Only who has it, and supervisors, may hand it over")
    if command.agent_id is not None and not takes and piece.agent != command.agent_id:
        _check_receiver(turn, piece, command.agent_id)
    if command.group is not None and command.group not in turn.desk.groups:
        raise Refused("not_found", "Group not found")
    if command.queue is not None and command.queue not in {0, *(queue.id for queue in turn.desk.queues)}:
        raise Refused("not_found", "Queue not found")


def _check_receiver(turn: Turn, piece: Piece, agent_id: str) -> None:
    agent = turn.index.agents.get(agent_id)
    if agent_id not in turn.desk.agents:
        raise Refused("agent_not_found", "Agent not found")
    if agent is None or not may_have(turn.index, agent, piece.work.channel):
        raise Refused("conflict", "The agent is not there, or has no room")


def _check_gateway(turn: Turn, command: cmd.Present) -> None:
    if command.gateway not in turn.state.gateways and len(turn.state.gateways) >= MAX_GATEWAYS:
        raise Refused("overloaded", f"An app's agents are at {MAX_GATEWAYS} gateways at most")


_CHECKS: dict[type, _Check] = {
    cmd.Enqueue: _check_room,
    cmd.Take: _check_room,
    cmd.SetStatus: _check_status,
    cmd.Accept: _check_offer,
    cmd.Decline: _check_offer,
    cmd.Transfer: _check_transfer,
    cmd.Present: _check_gateway,
}


# -- what is done


@ByType
def _act(command: cmd.Command, turn: Turn) -> None:
    """Only to be looked at: what is noted beforehand is all."""


@_act.register
def _(command: cmd.Enqueue, turn: Turn) -> None:
    work, piece = command.work, turn.index.pieces.get(command.work.ticket_id)
    if piece is None:
        turn.tell(ev.queued(work, "new"), (work.ticket_id,))
    elif work.epoch > piece.work.epoch or (work.epoch == piece.work.epoch and piece.agent is None and work != piece.work):
        turn.queue(replace(piece, work=work), "changed")


@_act.register
def _(command: cmd.Take, turn: Turn) -> None:
    work, piece = command.work, turn.index.pieces.get(command.work.ticket_id)
    if piece is None or work.epoch > piece.work.epoch:
        turn.tell(ev.taken(work, command.agent_id, None if piece is None else piece.agent), (work.ticket_id,))


@_act.register
def _(command: cmd.Withdraw, turn: Turn) -> None:
    piece = turn.index.pieces.get(command.ticket_id)
    if piece is not None and piece.work.epoch <= command.epoch:
        turn.tell(ev.Withdrawn(command.ticket_id, command.epoch, piece.agent), (command.ticket_id,))


@_act.register
def _(command: cmd.SetActive, turn: Turn) -> None:
    piece = turn.index.pieces.get(command.ticket_id)
    if piece is not None and piece.work.active != command.active:
        turn.tell(ev.ActivityChanged(command.ticket_id, command.active), (command.ticket_id,))


@_act.register
def _(command: cmd.SetStatus, turn: Turn) -> None:
    agent = turn.index.agents.get(command.agent_id) or Agent(command.agent_id)
    if (agent.status, agent.before) != (command.status, None) or agent.lost_ms:
        turn.set_status(agent.id, command.status, command.reason, by=command.by)
        turn.end_offers(agent.id, "away")


@_act.register
def _(command: cmd.Accept, turn: Turn) -> None:
    piece = turn.index.pieces[command.ticket_id]
    if piece.offer == command.agent_id:
        turn.assign(piece, command.agent_id, "accepted")


@_act.register
def _(command: cmd.Decline, turn: Turn) -> None:
    turn.end_offer(turn.index.pieces[command.ticket_id], "declined")


@_act.register
def _(command: cmd.Transfer, turn: Turn) -> None:
    piece = turn.index.pieces[command.ticket_id]
    if command.agent_id is not None:
        _hand_to(turn, piece, command.agent_id, command.by)
        return
    work, moved = piece.work, command.group is not None or command.queue is not None
    if command.group is not None:
        work = replace(work, group=command.group, queue=0)
    elif command.queue is not None:
        work = replace(work, queue=command.queue)
    turn.queue(replace(piece, work=work), "transferred" if moved else "returned", command.by, spared=True)
    turn.unassign(piece, "transferred" if moved else "returned")


def _hand_to(turn: Turn, piece: Piece, agent_id: str, by: str) -> None:
    if piece.agent == agent_id:
        return
    if agent_id == by:
        turn.assign(piece, agent_id, "taken", by)
        return
    if piece.offer is not None:
        if piece.offer == agent_id:
            return
        turn.end_offer(piece, "removed")
    turn.give(turn.index.pieces[piece.work.ticket_id], agent_id, by)


@_act.register
def _(command: cmd.Present, turn: Turn) -> None:
    known = turn.state.gateways.get(command.gateway)
    before = frozenset[str]() if known is None else known.agents
    now = turn.desk.agents.keys() & set(command.agents)
    until_ms = turn.at_ms + command.lease_ms if now else 0
    if known is None and not now:
        return
    seen = tuple(sorted(name for name in set(command.seen) & now & before if _counts(turn, name)))
    joined, left = tuple(sorted(now - before)), tuple(sorted(before - now))
    note_presence(turn, ev.PresenceNoted(command.gateway, until_ms, joined, left, seen))


def _counts(turn: Turn, name: str) -> bool:
    """Whether a sign of life is worth writing down."""
    agent = turn.index.agents.get(name)
    return bool(agent is not None and turn.desk.routing.idle_timeout_s and turn.at_ms - agent.seen_ms >= SEEN_EVERY_MS)


def note_presence(turn: Turn, told: ev.PresenceNoted) -> None:
    """Somebody came or went. Who comes back in time has not been away, and who comes later is what they were."""
    turn.tell(told, agents=(*told.joined, *told.left, *told.seen))
    if told.until_ms:
        turn.index.deadlines.add(told.until_ms, "gateway", told.gateway)
    for name in (*told.left, *told.joined):
        turn.watch(name)
    for name in told.joined:
        agent = turn.index.agents[name]
        if agent.reason == DISCONNECTED and agent.before is not None:
            turn.set_status(name, agent.before, BACK)


@_act.register
def _(command: cmd.Ring, turn: Turn) -> None:
    turn.index.deadlines.armed_ms = 0
    look_at_what_is_due(turn)
