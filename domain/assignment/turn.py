"""One turn of the routing, while it is decided: what was told so far, and the state and index after it."""

from __future__ import annotations

from domain.assignment import events as ev
from domain.assignment.effects import Effect, TellAssigned, TellUnassigned
from domain.assignment.eligible import open_for
from domain.assignment.index import Index
from domain.assignment.state import Agent, Piece, State, evolve
from domain.desk.model import Desk

MOVES_AT_ONCE = 64
"""So much work is given out in one turn; the rest by a timer that rings at once."""
AGAIN_MS = 30_000
"""Who let work pass is not asked for it again before."""


class Turn:
    """The rules tell events here; each changes the state and what is derived from it at once."""

    def __init__(self, state: State, index: Index, desk: Desk, at_ms: int) -> None:
        self.state, self.index, self.desk, self.at_ms = state, index, desk, at_ms
        index.at_ms = max(index.at_ms, at_ms)
        self.events: list[ev.Event] = []
        self.effects: list[Effect] = []
        self.tickets: dict[str, None] = {}
        """Whose rows are to be written."""
        self.agents: dict[str, None] = {}
        self.moves = MOVES_AT_ONCE

    def tell(self, event: ev.Event, tickets: tuple[str, ...] = (), agents: tuple[str, ...] = ()) -> None:
        """`tickets` and `agents` are those that the event changes; who holds the work is found by itself."""
        self.state = evolve(self.state, self.state.seq + 1, self.at_ms, event)
        self.events.append(event)
        self.tickets.update(dict.fromkeys(tickets))
        self.agents.update(dict.fromkeys(agents))
        self.index.follow(self.state, tickets, agents)

    # -- work changes hands

    def queue(self, piece: Piece, why: ev.Why, by: str | None = None, spared: bool = False) -> None:
        """Let it wait, whoever has it. `spared`: they are not the first to be asked."""
        again_ms = self.at_ms + AGAIN_MS if spared and piece.agent is not None else 0
        told = ev.queued(piece.work, why, piece.agent, again_ms, by)
        self.tell(told, (piece.work.ticket_id,))

    def unassign(self, piece: Piece, reason: str) -> None:
        """The ticket is told that nobody has it."""
        if piece.agent is not None:
            self.effects.append(TellUnassigned(piece.work.ticket_id, piece.work.epoch, reason))

    def give(self, piece: Piece, agent_id: str, by: str | None = None) -> None:
        """Ask the agent, or, where they need not accept, let them have it."""
        offer_s = self.desk.routing.offer_s
        if not offer_s:
            self.assign(piece, agent_id, "automatic", by)
            return
        work, until_ms = piece.work, self.at_ms + offer_s * 1000
        told = ev.Offered(work.ticket_id, work.epoch, agent_id, until_ms, work.conversation_id, piece.agent, by)
        self.tell(told, (work.ticket_id,))

    def assign(self, piece: Piece, agent_id: str, how: ev.How, by: str | None = None) -> None:
        work, group = piece.work, self._group(piece, agent_id)
        waited_ms = 0 if piece.agent is not None else max(0, self.at_ms - piece.since_ms)
        told = ev.Assigned(work.ticket_id, work.epoch, agent_id, how, group, work.queue, work.conversation_id, waited_ms, piece.agent, by)
        self.tell(told, (work.ticket_id,))
        self.effects.append(TellAssigned(work.ticket_id, work.epoch, agent_id, group, how))

    def _group(self, piece: Piece, agent_id: str) -> int | None:
        """By which group the agent has it."""
        seat = self.index.seat(agent_id)
        if seat is None:
            return piece.work.group
        place = self.index.places.get(piece.work.ticket_id)
        groups = place.pool.groups if place is not None else self.index.groups_of(piece)
        return seat.group_for(groups)

    def end_offer(self, piece: Piece, reason: ev.Ending) -> None:
        """Whoever was asked is asked no more; whoever hands it over keeps it."""
        assert piece.offer is not None, "only what is offered has an end"
        again_ms = self.at_ms + max(AGAIN_MS, self.desk.routing.offer_s * 1000) if reason in ("expired", "declined") else 0
        told = ev.OfferEnded(piece.work.ticket_id, piece.work.epoch, piece.offer, reason, again_ms)
        self.tell(told, (piece.work.ticket_id,))

    # -- agents

    def held(self, agent_id: str) -> list[Piece]:
        """What an agent has or is asked to take, in an order that is always the same."""
        mine = self.index.held.get(agent_id, {})
        return [mine[ticket] for ticket in sorted(mine)]

    def end_offers(self, agent_id: str, reason: ev.Ending) -> None:
        """Take back what an agent was asked who is not there any more."""
        agent = self.index.agents[agent_id]
        for piece in self.held(agent_id):
            if piece.offer == agent_id and open_for(agent, piece.work.channel) == "nothing":
                self.end_offer(piece, reason)

    def set_status(self, agent_id: str, status: str, reason: str, before: str | None = None, by: str | None = None) -> None:
        """And take back what they were asked, if they are not there any more."""
        custom = self.desk.statuses.get(int(status)) if status.isdecimal() else None
        told = ev.StatusChanged(agent_id, status, reason, {} if custom is None else custom.channels, before, by)
        self.tell(told, agents=(agent_id,))
        self.watch(agent_id)

    def watch(self, agent_id: str) -> Agent | None:
        agent = self.index.agents.get(agent_id)
        if agent is not None:
            self.index.watch(agent)
        return agent
