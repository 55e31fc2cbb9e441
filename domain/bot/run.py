"""How a run moves: from where a step leads to the next, until it waits for something or is over. Bounded in every direction.

Where the customer's words are no answer to what was asked, they may lead to another flow; else they are asked again, and not for ever.
"""

from __future__ import annotations

from domain.bot import commands as cmd
from domain.bot import events as ev
from domain.bot import say, steps
from domain.bot.details import ask_again
from domain.bot.flow import Details, Options, Satisfaction
from domain.bot.turn import Enter, Goto, Leave, Move, Over, Puzzled, Return, Stay, Turn
from domain.by_type import ByType
from domain.switchboard import BotStart

MAX_STEPS_A_TURN = 50
MAX_MESSAGES_A_TURN = 20
MAX_DEPTH = 8

#: The way out of what has no other: somebody else takes over.
FAILED = Over("failed", "next")


def begin(turn: Turn, start: BotStart, command: cmd.Hear, again: bool) -> Move:
    """Where a new run begins: where a button leads, or the flow that the text means, or the flow that greets.

    `again`: the customer was greeted already, and text that means nothing goes to the fallback.
    """
    pressed = _pressed_option(turn, command.payload)
    if pressed is not None:
        return pressed
    found = _understood(turn)
    if found is not None:
        return found
    fallback = turn.release.settings.fallback
    if again and command.text and fallback is not None and turn.release.flow(fallback) is not None:
        return _jump(turn, fallback)
    entry = turn.release.entry(start)
    return FAILED if entry is None else _jump(turn, entry)


def hear_customer(turn: Turn, command: cmd.Hear) -> Move:
    """What the customer did, to the step that waits. While the world is asked something, it is remembered and no more."""
    if turn.awaits.kind in ("call", "articles"):
        return Stay()
    pressed = say.pressed(command.payload)
    if pressed is not None and pressed[:2] == (turn.frame.flow, turn.frame.step):
        return _told(turn, steps.Press(pressed[2]))
    if pressed is not None and turn.release.step(*pressed[:2]) is not None:
        return _pressed_option(turn, command.payload) or _stale(turn)
    if command.fields:
        return _told(turn, steps.Filled(command.fields)) if isinstance(turn.step, Details) else _stale(turn)
    return _told(turn, steps.Words(command.text)) if command.text else Puzzled()


def advance(turn: Turn, move: Move) -> Over | None:
    """Follow the moves until the run waits (None) or is over."""
    while not isinstance(move, Stay | Over):
        move = _follow(move, turn)
    if isinstance(move, Stay):
        return None
    if move.reason == "failed":
        turn.say(turn.own("handover"))
    _leave_all(turn)
    turn.awaits = ev.Awaits()
    return move


@ByType
def _follow(move: Move, turn: Turn) -> Move:
    """Where a move leads."""
    raise TypeError(f"no way from {type(move).__name__}")


@_follow.register
def _(move: Leave, turn: Turn) -> Move:
    turn.left.append(turn.frame.place)
    target = turn.step.exits.get(move.exit) if turn.step is not None else None
    if target is None:
        turn.stack.pop()
        return FAILED
    return _arrive(turn, target)


@_follow.register
def _(move: Goto, turn: Turn) -> Move:
    flow = turn.release.flow(move.flow)
    if flow is None:
        return FAILED
    turn.left.append(turn.frame.place)
    turn.stack.pop()
    return _open(turn, move.flow)


@_follow.register
def _(move: Enter, turn: Turn) -> Move:
    if len(turn.stack) >= MAX_DEPTH or turn.release.flow(move.flow) is None:
        return FAILED
    return _open(turn, move.flow)


@_follow.register
def _(move: Return, turn: Turn) -> Move:
    turn.left.append(turn.frame.place)
    turn.stack.pop()
    return Leave("next") if turn.stack else Over("end", "stay")


@_follow.register
def _(move: Puzzled, turn: Turn) -> Move:
    if turn.awaits.kind == "timer":
        return _understood(turn) or Stay()
    return _understood(turn) or _otherwise(turn)


def _open(turn: Turn, flow_id: str) -> Move:
    flow = turn.release.flow(flow_id)
    assert flow is not None, "asked before"
    turn.stack.append(ev.Frame(flow_id, turn.release.version(flow_id), flow.start))
    return _arrive(turn, flow.start)


def _arrive(turn: Turn, step_id: str) -> Move:
    turn.place(step_id)
    step = turn.step
    if step is None or len(turn.entered) >= MAX_STEPS_A_TURN or len(turn.messages) >= MAX_MESSAGES_A_TURN:
        turn.stack.pop()
        return FAILED
    turn.entered.append(turn.frame.place)
    move: Move = steps.enter(step, turn)
    return move


def _leave_all(turn: Turn) -> None:
    turn.left.extend(frame.place for frame in reversed(turn.stack))
    turn.stack.clear()


def _jump(turn: Turn, flow_id: str) -> Move:
    """Leave everything, for another flow."""
    _leave_all(turn)
    return _open(turn, flow_id)


def _told(turn: Turn, told: steps.Input) -> Move:
    move: Move = steps.resume(turn.step, turn, told)
    if not isinstance(move, Puzzled):
        turn.misses = 0
    return move


def _pressed_option(turn: Turn, payload: str | None) -> Move | None:
    """An option of any flow, whenever it was offered: the customer knows what they want, and is there at once."""
    pressed = say.pressed(payload)
    step = None if pressed is None else turn.release.step(*pressed[:2])
    if pressed is None or not isinstance(step, Options) or pressed[2] not in {one.name for one in step.options}:
        return None
    _leave_all(turn)
    turn.misses = 0
    turn.stack.append(ev.Frame(pressed[0], turn.release.version(pressed[0]), step.id))
    turn.entered.append(turn.frame.place)
    move: Move = steps.resume(step, turn, steps.Press(pressed[2]))
    return move


def _stale(turn: Turn) -> Move:
    """An old question was answered, one whose time is over."""
    if turn.awaits.kind == "timer":
        return Stay()
    turn.say(turn.own("stale"))
    return _repeat(turn, turn.awaits.tries)


def _understood(turn: Turn) -> Move | None:
    """The flow that the words mean, if they mean one surely enough."""
    settings = turn.release.settings
    found = turn.release.matcher.rank(turn.said, (turn.run.locale, settings.language)) if turn.spoke else []
    if not found or found[0].score < settings.threshold:
        return None
    turn.misses = 0
    turn.understood = ev.Understood(found[0].flow_id, round(found[0].score, 3), found[0].phrase)
    return _jump(turn, found[0].flow_id)


def _otherwise(turn: Turn) -> Move:
    """The words mean nothing: the step's own way for that, or the fallback, or the question once more; in the end, people."""
    step, settings = turn.step, turn.release.settings
    if isinstance(step, Options) and "other" in step.exits:
        return Leave("other")
    if isinstance(step, Details):
        turn.say(turn.own("invalid"))
        return _repeat(turn, turn.awaits.tries + 1)
    turn.misses += 1
    if turn.misses > settings.misses:
        return FAILED
    if settings.fallback is not None and turn.release.flow(settings.fallback) is not None:
        return _jump(turn, settings.fallback)
    turn.say(turn.own("fallback"))
    return _repeat(turn, turn.awaits.tries + 1)


def _repeat(turn: Turn, tries: int) -> Move:
    """Ask what was asked."""
    step = turn.step
    if isinstance(step, Details):
        return ask_again(step, turn, tries)
    if isinstance(step, Satisfaction) and turn.awaits.part == steps.COMMENT:
        turn.say(turn.words(step.comment))
        return turn.listen(part=steps.COMMENT)
    move: Move = steps.enter(step, turn)
    return move
