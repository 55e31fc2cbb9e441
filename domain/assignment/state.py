"""What an app's routing knows: its agents, its work, and which gateways live. `evolve` is total and never refuses.

Thousands of agents and pieces of work are one immutable value, so the large parts are persistent maps: a change makes a new value that
shares nearly all of the old one.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec.structs import replace
from rpds import HashTrieMap

from domain.assignment import events as ev
from domain.assignment.commands import Presence, Work
from domain.by_type import ByType
from domain.envelope import Later

Stage = Literal["waiting", "offered", "assigned", "handing"]
#: So many agents who let the same work pass are remembered; the newest.
MAX_PASSED = 64
PACE_OLD, PACE_OF = 7, 8
"""Of an estimate, the old one counts so many parts, the newest interval the rest."""
LONGEST_INTERVAL_MS = 1_800_000
"""A night in which nobody waited says nothing of the morning."""


class Agent(msgspec.Struct, frozen=True, array_like=True):
    """One agent. `channels` says what a status of the app's own is to each channel; `gateways` are where they have a socket.

    `lost_ms`: since when their last socket is gone (0: it is not, or there never was one). `before` is the status that comes back with
    them. `last` is their last assignment on each channel, `idle_ms` since when they have no work (0: they have), `count` how much.
    """

    id: str
    status: str = "offline"
    reason: str = ""
    since_ms: int = 0
    channels: dict[str, Presence] = {}
    gateways: tuple[str, ...] = ()
    lost_ms: int = 0
    seen_ms: int = 0
    before: str | None = None
    last: dict[str, int] = {}
    idle_ms: int = 0
    count: int = 0


class Piece(msgspec.Struct, frozen=True, array_like=True):
    """A piece of work. `agent` has it, `offer` is asked until `until_ms`; with both, one agent hands it to another.

    `since_ms`: since when it waits, or is assigned. `passed` are (agent, not before when). `transfer`: an agent handed it over.
    """

    work: Work
    agent: str | None = None
    offer: str | None = None
    until_ms: int = 0
    since_ms: int = 0
    passed: tuple[tuple[str, int], ...] = ()
    transfer: bool = False

    @property
    def stage(self) -> Stage:
        if self.offer is None:
            return "waiting" if self.agent is None else "assigned"
        return "offered" if self.agent is None else "handing"

    @property
    def hands(self) -> tuple[str, ...]:
        """Whose capacity it takes."""
        if self.offer is None:
            return () if self.agent is None else (self.agent,)
        return (self.offer,) if self.agent is None else (self.agent, self.offer)

    def again_ms(self, agent: str) -> int:
        """From when on the agent may be asked (again)."""
        return next((again for name, again in self.passed if name == agent), 0)


class Gateway(msgspec.Struct, frozen=True, array_like=True):
    until_ms: int
    agents: frozenset[str] = frozenset()


class Pace(msgspec.Struct, frozen=True, array_like=True):
    """How quickly a queue moves: the last assignment from it, and the usual time between two."""

    last_ms: int
    interval_ms: int = 0


class State(msgspec.Struct, frozen=True, weakref=True):
    """The fold of the journal. `desk` is the version of the desk that the last turn was decided by."""

    id: str
    app: str = ""
    seq: int = 0
    at_ms: int = 0
    version: int = 1
    """The lowest version of events that understands all that went into this. Above ours, a later one has written here."""
    desk: int = -1
    agents: HashTrieMap[str, Agent] = HashTrieMap()
    pieces: HashTrieMap[str, Piece] = HashTrieMap()
    gateways: dict[str, Gateway] = {}
    paces: dict[str, Pace] = {}


class _Frozen(msgspec.Struct, array_like=True):
    id: str
    app: str
    seq: int
    at_ms: int
    version: int
    desk: int
    agents: list[Agent]
    pieces: list[Piece]
    gateways: dict[str, Gateway]
    paces: dict[str, Pace]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Frozen).decode


def encode(state: State) -> bytes:
    agents, pieces = list(state.agents.values()), list(state.pieces.values())
    head = (state.id, state.app, state.seq, state.at_ms, state.version, state.desk)
    return _encode(_Frozen(*head, agents, pieces, state.gateways, state.paces))


def decode(data: bytes) -> State:
    held = _decode(data)
    agents = HashTrieMap({one.id: one for one in held.agents})
    pieces = HashTrieMap({one.work.ticket_id: one for one in held.pieces})
    return State(held.id, held.app, held.seq, held.at_ms, held.version, held.desk, agents, pieces, held.gateways, held.paces)


def line_of(work: Work) -> str:
    """Where it waits: a queue has one line, the standard one (0) a line for each group."""
    return str(work.queue) if work.queue else f"0:{work.group or 0}"


def evolve(state: State, seq: int, at_ms: int, event: ev.Event | Later | None) -> State:
    """The state after one more event. `None` is an event whose content was redacted: it still took its seq."""
    at_ms = max(at_ms, state.at_ms)
    if event is None:
        return replace(state, seq=seq, at_ms=at_ms)
    return _apply(event, state, seq, at_ms)


@ByType
def _apply(event: ev.Event | Later, state: State, seq: int, at_ms: int) -> State:
    """What a later version wrote."""
    return replace(state, seq=seq, at_ms=at_ms, version=max(state.version, ev.VERSION + 1))


@_apply.register
def _(event: ev.DeskNoted, state: State, seq: int, at_ms: int) -> State:
    return replace(state, seq=seq, at_ms=at_ms, desk=event.version)


@_apply.register
def _(event: ev.Queued, state: State, seq: int, at_ms: int) -> State:
    old = state.pieces.get(event.ticket_id)
    if old is not None and old.agent is None and event.why == "changed":
        offer, until_ms = (old.offer, old.until_ms) if old.work.epoch == event.epoch else (None, 0)
        piece = replace(old, work=event.work, offer=offer, until_ms=until_ms)
    else:
        passed = ((event.from_agent, event.again_ms),) if event.from_agent is not None and event.again_ms > at_ms else ()
        piece = Piece(event.work, since_ms=at_ms, passed=passed, transfer=event.why == "transferred")
    agents = _released(state, old, at_ms)
    return replace(state, seq=seq, at_ms=at_ms, pieces=state.pieces.insert(event.ticket_id, piece), agents=agents)


@_apply.register
def _(event: ev.Taken, state: State, seq: int, at_ms: int) -> State:
    piece = Piece(event.work, event.agent_id, since_ms=at_ms)
    agents = _given(_released(state, state.pieces.get(event.ticket_id), at_ms), event.agent_id, event.channel, at_ms)
    return replace(state, seq=seq, at_ms=at_ms, pieces=state.pieces.insert(event.ticket_id, piece), agents=agents)


@_apply.register
def _(event: ev.Offered, state: State, seq: int, at_ms: int) -> State:
    return _with_piece(state, seq, at_ms, event.ticket_id, offer=event.agent_id, until_ms=event.until_ms)


@_apply.register
def _(event: ev.OfferEnded, state: State, seq: int, at_ms: int) -> State:
    piece = state.pieces.get(event.ticket_id)
    if piece is None:
        return replace(state, seq=seq, at_ms=at_ms)
    others = tuple(one for one in piece.passed if one[0] != event.agent_id and one[1] > at_ms)
    passed = (*others, (event.agent_id, event.again_ms))[-MAX_PASSED:] if event.again_ms > at_ms else others
    agents = state.agents
    agent = agents.get(event.agent_id)
    if event.reason == "declined" and agent is not None:
        agents = agents.insert(agent.id, replace(agent, seen_ms=at_ms))
    pieces = state.pieces.insert(event.ticket_id, replace(piece, offer=None, until_ms=0, passed=passed))
    return replace(state, seq=seq, at_ms=at_ms, pieces=pieces, agents=agents)


@_apply.register
def _(event: ev.Assigned, state: State, seq: int, at_ms: int) -> State:
    old = state.pieces.get(event.ticket_id)
    if old is None:
        return replace(state, seq=seq, at_ms=at_ms)
    agents = _given(_released(state, old, at_ms), event.agent_id, old.work.channel, at_ms, seen=event.how != "automatic")
    piece = Piece(old.work, event.agent_id, since_ms=at_ms)
    pieces = state.pieces.insert(event.ticket_id, piece)
    paces = state.paces if old.agent is not None else _paced(state.paces, line_of(old.work), at_ms)
    return replace(state, seq=seq, at_ms=at_ms, pieces=pieces, agents=agents, paces=paces)


@_apply.register
def _(event: ev.Withdrawn, state: State, seq: int, at_ms: int) -> State:
    old = state.pieces.get(event.ticket_id)
    if old is None:
        return replace(state, seq=seq, at_ms=at_ms)
    return replace(state, seq=seq, at_ms=at_ms, pieces=state.pieces.remove(event.ticket_id), agents=_released(state, old, at_ms))


@_apply.register
def _(event: ev.ActivityChanged, state: State, seq: int, at_ms: int) -> State:
    piece = state.pieces.get(event.ticket_id)
    if piece is None:
        return replace(state, seq=seq, at_ms=at_ms)
    return _with_piece(state, seq, at_ms, event.ticket_id, work=replace(piece.work, active=event.active))


@_apply.register
def _(event: ev.StatusChanged, state: State, seq: int, at_ms: int) -> State:
    old = state.agents.get(event.agent_id) or Agent(event.agent_id, idle_ms=at_ms)
    lost = old.lost_ms if event.reason in ("AGENT_IDLE_TIMEOUT",) else 0
    agent = replace(
        old,
        status=event.status,
        reason=event.reason,
        since_ms=at_ms,
        channels=event.channels,
        before=event.before,
        lost_ms=lost,
        seen_ms=old.seen_ms if event.before else at_ms,
    )
    return replace(state, seq=seq, at_ms=at_ms, agents=state.agents.insert(agent.id, agent))


@_apply.register
def _(event: ev.AgentRemoved, state: State, seq: int, at_ms: int) -> State:
    return replace(state, seq=seq, at_ms=at_ms, agents=state.agents.discard(event.agent_id))


@_apply.register
def _(event: ev.PresenceNoted, state: State, seq: int, at_ms: int) -> State:
    agents = state.agents
    for name in event.joined:
        old = agents.get(name) or Agent(name, idle_ms=at_ms)
        gateways = old.gateways if event.gateway in old.gateways else (*old.gateways, event.gateway)
        agents = agents.insert(name, replace(old, gateways=gateways, lost_ms=0, seen_ms=at_ms))
    for name in event.left:
        agent = agents.get(name)
        if agent is not None and event.gateway in agent.gateways:
            gateways = tuple(one for one in agent.gateways if one != event.gateway)
            agents = agents.insert(name, replace(agent, gateways=gateways, lost_ms=0 if gateways else at_ms))
    for name in event.seen:
        agent = agents.get(name)
        if agent is not None:
            agents = agents.insert(name, replace(agent, seen_ms=at_ms))
    return replace(state, seq=seq, at_ms=at_ms, agents=agents, gateways=_gateways(state, event))


def _gateways(state: State, event: ev.PresenceNoted) -> dict[str, Gateway]:
    old = state.gateways.get(event.gateway)
    others = {name: one for name, one in state.gateways.items() if name != event.gateway}
    if not event.until_ms:
        return others
    here = (old.agents if old is not None else frozenset()).union(event.joined).difference(event.left)
    return {**others, event.gateway: Gateway(event.until_ms, here)}


def _with_piece(state: State, seq: int, at_ms: int, ticket_id: str, **changes: object) -> State:
    piece = state.pieces.get(ticket_id)
    if piece is None:
        return replace(state, seq=seq, at_ms=at_ms)
    return replace(state, seq=seq, at_ms=at_ms, pieces=state.pieces.insert(ticket_id, replace(piece, **changes)))


def _released(state: State, piece: Piece | None, at_ms: int) -> HashTrieMap[str, Agent]:
    """The agents, once whoever had the work has it no more."""
    agent = state.agents.get(piece.agent) if piece is not None and piece.agent is not None else None
    if agent is None:
        return state.agents
    count = agent.count - 1
    return state.agents.insert(agent.id, replace(agent, count=count, idle_ms=agent.idle_ms if count else at_ms))


def _given(agents: HashTrieMap[str, Agent], name: str, channel: str, at_ms: int, seen: bool = True) -> HashTrieMap[str, Agent]:
    agent = agents.get(name) or Agent(name)
    last, seen_ms = {**agent.last, channel: at_ms}, at_ms if seen else agent.seen_ms
    return agents.insert(name, replace(agent, count=agent.count + 1, idle_ms=0, last=last, seen_ms=seen_ms))


def _paced(paces: dict[str, Pace], line: str, at_ms: int) -> dict[str, Pace]:
    old = paces.get(line)
    if old is None:
        return {**paces, line: Pace(at_ms)}
    newest = min(at_ms - old.last_ms, LONGEST_INTERVAL_MS)
    interval = (old.interval_ms * PACE_OLD + newest) // PACE_OF if old.interval_ms else newest
    return {**paces, line: Pace(at_ms, interval)}
