"""What happens when a bot is told something.

    decide(release, state, command, at_ms) -> Decision    never refuses; no clock, no ids, no I/O: they arrive in the arguments

The same history makes the same next step. A result of what is no longer waited for, and what was heard before, change nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from domain.bot import commands as cmd
from domain.bot import effects as fx
from domain.bot import events as ev
from domain.bot import steps
from domain.bot.events import Place
from domain.bot.flow import Asking
from domain.bot.release import Compiled
from domain.bot.run import advance, begin, hear_customer
from domain.bot.state import State
from domain.bot.turn import Leave, Move, Over, Turn
from domain.switchboard import BotStart, Member

#: So much of what the customer wrote is remembered.
MAX_SAID = 1024


class Count(msgspec.Struct, frozen=True, array_like=True):
    """How often a step was entered, left, and given up in: what neither left nor dropped still waits there."""

    entered: int = 0
    left: int = 0
    dropped: int = 0


class Decision(msgspec.Struct, frozen=True):
    """What is to happen: at most one event, what the world should do, and what the turn adds to the counts of steps."""

    events: tuple[ev.Event, ...] = ()
    effects: tuple[fx.Effect, ...] = ()
    counts: dict[Place, Count] = {}


NOTHING = Decision()


def release_of(state: State, command: cmd.Command) -> int | None:
    """The number of the release that a decision needs; None when it needs none."""
    if isinstance(command, cmd.Hear) and _is_new(state, command):
        return command.start.release if command.start is not None else _remembered(state)
    return _remembered(state) if state.is_live else None


def decide(release: Compiled | None, state: State, command: cmd.Command, at_ms: int) -> Decision:
    """What the bot does. `release` is the one that `release_of` names, None when there is none."""
    match command:
        case cmd.Hear():
            return _hear(release, state, command, at_ms)
        case cmd.Rejected():
            ours = command.epoch == state.epoch and (state.is_live or state.given)
            return _give_up(state, "refused") if ours else NOTHING
        case cmd.Forget():
            return _forget(state) if state.seq else NOTHING
        case _:
            return _result(release, state, command, at_ms) if _is_awaited(state, command) else NOTHING


def _forget(state: State) -> Decision:
    return Decision((ev.Ended(state.epoch, "forgotten", state.heard, state.n),), (), _counted((), (), _waiting(state)))


def _is_new(state: State, command: cmd.Hear) -> bool:
    return command.epoch > state.epoch or not state.is_live


def _remembered(state: State) -> int | None:
    return None if state.run is None else state.run.release


def _hear(release: Compiled | None, state: State, command: cmd.Hear, at_ms: int) -> Decision:
    if command.epoch < state.epoch or command.seq <= state.heard or (state.given and command.epoch == state.epoch):
        return NOTHING
    if _is_new(state, command):
        return _begin(release, state, command, at_ms)
    if command.what == "control":
        return NOTHING
    turn = _taken_up(release, state, at_ms)
    if turn is None:
        return _pass_on(state, command.epoch, command.seq, command.heir)
    _take_in(turn, command)
    return _decided(turn, state, command.epoch, command.seq, advance(turn, hear_customer(turn, command)))


def _begin(release: Compiled | None, state: State, command: cmd.Hear, at_ms: int) -> Decision:
    start = command.start or _start_again(state)
    if release is None or start is None or release.release.number != start.release or release.entry(start) is None:
        return _pass_on(state, command.epoch, command.seq, command.heir)
    locale = start.locale or release.settings.language
    run = ev.Run(start.release, locale, start.channel, start.integration_id, command.user_id, start.profile)
    turn = Turn(release, state, run, at_ms, begins=True)
    _take_in(turn, command)
    again = state.run is not None and state.epoch == command.epoch
    return _decided(turn, state, command.epoch, command.seq, advance(turn, begin(turn, start, command, again)))


def _start_again(state: State) -> BotStart | None:
    """With what the next run in the same hands begins, if nobody says: with what the last one did."""
    run = state.run
    return None if run is None else BotStart(run.release, run.locale, run.channel, run.integration_id, run.profile)


def _take_in(turn: Turn, command: cmd.Hear) -> None:
    if command.text:
        turn.said, turn.spoke = command.text[:MAX_SAID], True
    turn.user_id = command.user_id or turn.user_id
    turn.heir = command.heir or turn.heir


def _is_awaited(state: State, command: cmd.Called | cmd.Found | cmd.Ring) -> bool:
    if command.n != state.n or not state.is_live:
        return False
    kind = state.awaits.kind
    return kind == {cmd.Called: "call", cmd.Found: "articles"}.get(type(command), kind)


def _result(release: Compiled | None, state: State, command: cmd.Called | cmd.Found | cmd.Ring, at_ms: int) -> Decision:
    turn = _taken_up(release, state, at_ms)
    if turn is None:
        return _pass_on(state, state.epoch, 0, None)
    told = steps.Silence() if isinstance(command, cmd.Ring) else command
    move = _ring(turn) if turn.awaits.kind == "customer" else steps.resume(turn.step, turn, told)
    return _give_up(state, "silent") if move is None else _decided(turn, state, state.epoch, 0, advance(turn, move))


def _ring(turn: Turn) -> Move | None:
    """The customer is silent: by the step's own exit, or asked once more; None when they have gone."""
    step, awaits = turn.step, turn.awaits
    if isinstance(step, Asking) and step.patience_s is not None and "silent" in step.exits:
        return Leave("silent")
    idle = turn.release.settings.idle_minutes
    if idle is None or idle >= turn.release.settings.drop_minutes or awaits.nudged:
        return None
    turn.say(turn.own("idle"))
    return turn.listen(awaits.part, awaits.tries, nudged=True)


def _taken_up(release: Compiled | None, state: State, at_ms: int) -> Turn | None:
    """The run where it stands; None when it cannot go on: it needs its own release, and a step that this has."""
    if release is None or state.run is None or release.release.number != state.run.release:
        return None
    here = state.stack[-1]
    return Turn(release, state, state.run, at_ms, begins=False) if release.step(here.flow, here.step) is not None else None


def _decided(turn: Turn, state: State, epoch: int, heard: int, over: Over | None) -> Decision:
    event = turn.event(epoch, heard, state.said, None if over is None else over.reason)
    counts = _counted(turn.entered, turn.left, _given_up_by(turn, state))
    return Decision((event,), tuple(_effects(turn, epoch, over)), counts)


def _effects(turn: Turn, epoch: int, over: Over | None) -> list[fx.Effect]:
    effects: list[fx.Effect] = []
    then = "stay" if over is None else over.then
    if turn.messages or then != "stay":
        metadata = {} if then == "stay" else turn.metadata()
        heir, settings = turn.heir if then == "next" else None, turn.release.settings
        effects.append(fx.Respond(epoch, tuple(turn.messages), then, metadata, heir, settings.bot_name, settings.avatar_url))
    if turn.learned and turn.user_id is not None:
        effects.append(fx.Remember(turn.user_id, turn.learned))
    if over is None:
        effects.extend(turn.requests)
        if turn.wake_ms is not None:
            effects.append(fx.Wake(turn.n, turn.wake_ms))
    return effects


def _pass_on(state: State, epoch: int, heard: int, heir: Member | None) -> Decision:
    """There is nothing to run: whoever is next."""
    respond = fx.Respond(epoch, then="next", metadata={}, heir=heir or state.heir)
    return Decision((ev.Ended(epoch, "no_release", heard),), (respond,), _counted((), (), _waiting(state)))


def _give_up(state: State, reason: ev.Reason) -> Decision:
    return Decision((ev.Ended(state.epoch, reason),), (), _counted((), (), _waiting(state)))


def _given_up_by(turn: Turn, state: State) -> tuple[Place, ...]:
    """Where the run before this one still was: control has come to the bot anew."""
    return _waiting(state) if turn.begins else ()


def _waiting(state: State) -> tuple[Place, ...]:
    return tuple((frame.flow, frame.version, frame.step) for frame in state.stack)


def _counted(entered: Iterable[Place], left: Iterable[Place], dropped: Iterable[Place]) -> dict[Place, Count]:
    sums = Counter(entered), Counter(left), Counter(dropped)
    places = dict.fromkeys(place for each in sums for place in each)
    return {place: Count(*(each[place] for each in sums)) for place in places}
