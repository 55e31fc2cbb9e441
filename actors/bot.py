"""The kind `bot`: the pure rules of `domain.bot` behind the runtime's port. A bot has the id of the conversation that it answers in.

Releases never change, so a turn may look at one that was fetched before it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from actors.conversation import ConversationKind
from actors.kind import Outcome
from domain import ids
from domain.bot import commands as cmd
from domain.bot import effects as fx
from domain.bot import events as ev
from domain.bot import rules, state
from domain.bot.release import Compiled
from domain.bot.rules import Decision
from domain.bot.state import State
from domain.conversation import commands as conversation
from domain.conversation.events import Author
from storage.ports import ActorId, Count, EffectRow, EventRow, NewEffect
from storage.sql.bots import Bots

#: How many releases a process holds ready.
MAX_RELEASES = 64
_WAKE = "wake"
_pack = msgspec.msgpack.Encoder().encode
_call = msgspec.msgpack.Decoder(fx.Call).decode
_search = msgspec.msgpack.Decoder(fx.Search).decode


class BotKind:
    """Bots as virtual actors. `bots` is where their releases are."""

    name = "bot"
    version = ev.VERSION

    def __init__(self, bots: Bots) -> None:
        self._bots = bots
        self._releases: OrderedDict[tuple[str, int], Compiled] = OrderedDict()

    def born(self, actor: ActorId) -> State:
        return State(actor.id, app=actor.app)

    def freeze(self, value: State) -> bytes:
        return state.encode(value)

    def thaw(self, snapshot: bytes) -> State:
        return state.decode(snapshot)

    def replay(self, value: State, row: EventRow) -> State:
        at_ms, event = ev.decode(row.body, row.version)
        return state.evolve(value, row.seq, at_ms, event)

    def knows(self, value: State) -> bool:
        return value.version <= ev.VERSION

    def exists(self, value: State) -> bool:
        return value.seq > 0

    async def prepare(self, told: Sequence[tuple[State, bytes]]) -> None:
        wanted = {(value.app, number) for value, command in told for number in _releases_of(value, cmd.decode(command))}
        for app, number in wanted - self._releases.keys():
            release = await self._bots.load_release(app, number)
            if release is not None:
                compiled = Compiled(release)
                await asyncio.to_thread(compiled.warm)
                self._releases[app, number] = compiled
        for name in wanted & self._releases.keys():
            self._releases.move_to_end(name)
        while len(self._releases) > max(MAX_RELEASES, len(wanted)):
            self._releases.popitem(last=False)

    def turn(self, value: State, command: bytes, now_ms: int, key: int) -> Outcome:
        told = cmd.decode(command)
        at_ms = max(now_ms, value.at_ms)
        number = rules.release_of(value, told)
        release = None if number is None else self._releases.get((value.app, number))
        decision = rules.decide(release, value, told, at_ms)
        outcome = Outcome(value, answers=0 if decision.events else -1)
        for event in decision.events:
            value = state.evolve(value, value.seq + 1, at_ms, event)
            outcome.bodies.append(ev.encode(ids.event_id(at_ms, key, value.seq), at_ms, event))
            outcome.listed.append(False)
            outcome.personal.append(isinstance(event, ev.PERSONAL))
        if isinstance(told, cmd.Forget):
            outcome.redact_before = value.seq
        outcome.state = value
        outcome.effects = [_effect(one) for one in decision.effects]
        outcome.counts = _counts(decision)
        if decision.events and not any(isinstance(one, fx.Wake) for one in decision.effects):
            outcome.cancelled.append((fx.Wake.target, _WAKE))
        return outcome

    def rejected(self, effect: EffectRow, code: str) -> bytes | None:
        match effect.target:
            case ConversationKind.name:
                respond = conversation.decode(effect.payload)
                assert isinstance(respond, conversation.Respond), "a bot says nothing else to its conversation"
                return cmd.encode(cmd.Rejected(respond.epoch, code))
            case fx.Call.target:
                return cmd.encode(cmd.Called(_call(effect.payload).n, error=code))
            case fx.Search.target:
                return cmd.encode(cmd.Found(_search(effect.payload).n))
            case _:
                return None


def _releases_of(value: State, command: cmd.Command) -> set[int]:
    """What a batch may need: also the release of a run that an earlier command of the same batch begins."""
    numbers = {rules.release_of(value, command), None if value.run is None else value.run.release}
    if isinstance(command, cmd.Hear) and command.start is not None:
        numbers.add(command.start.release)
    return {number for number in numbers if number is not None}


def _effect(one: fx.Effect) -> NewEffect:
    match one:
        case fx.Respond():
            return NewEffect(one.target, conversation.encode(_respond(one)))
        case fx.Wake():
            return NewEffect(one.target, cmd.encode(cmd.Ring(one.n)), one.due_ms, _WAKE)
        case _:
            return NewEffect(one.target, _pack(one))


def _respond(one: fx.Respond) -> conversation.Respond:
    author = Author("business", ("bot",), display_name=one.name, avatar_url=one.avatar_url)
    return conversation.Respond(one.epoch, author, one.messages, one.then, one.metadata or None, one.heir)


def _counts(decision: Decision) -> list[Count]:
    """Added to the tallies of the flow's version: `flow:<id>:<version>`, `<step>:entered|left|dropped`."""
    return [
        Count(f"flow:{flow}:{version}", f"{step}:{what}", number)
        for (flow, version, step), count in decision.counts.items()
        for what, number in (("entered", count.entered), ("left", count.left), ("dropped", count.dropped))
        if number
    ]
