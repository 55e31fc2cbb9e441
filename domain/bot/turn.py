"""One turn while it is being made: what the handlers of steps see and say, gathered for one event and one answer.

It is the only mutable thing of the interpreter, and lives for one `decide`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from domain.actions import Reply
from domain.bot import effects as fx
from domain.bot import events as ev
from domain.bot import say, wording
from domain.bot.condition import Scalar, type_of
from domain.bot.flow import AnyStep, Asking, Flow
from domain.bot.names import Text
from domain.bot.release import Compiled, words_of
from domain.bot.state import State
from domain.metadata import MAX_INTEGER, MAX_METADATA_BYTES

MAX_VALUE = 1024
MAX_DIGITS = 18
MAX_PROFILE_VALUE = 128
#: What a hand-over carries of each value, and of all: the rest of the 4 kB is the conversation's.
MAX_CAPTURED_VALUE = 512
MAX_CAPTURED_BYTES = MAX_METADATA_BYTES - 512


class Leave(msgspec.Struct, frozen=True):
    """Go on by this exit."""

    exit: str


class Goto(msgspec.Struct, frozen=True):
    """Go on with another flow, in place of this one."""

    flow: str


class Enter(msgspec.Struct, frozen=True):
    """Call another flow, and come back."""

    flow: str


class Return(msgspec.Struct, frozen=True):
    """Come back to the flow that called."""


class Stay(msgspec.Struct, frozen=True):
    """Wait for what the turn awaits."""


class Puzzled(msgspec.Struct, frozen=True):
    """The customer's words are no answer here."""


class Over(msgspec.Struct, frozen=True):
    """End the run."""

    reason: ev.Reason
    then: Literal["stay", "next", "solve"]


Move = Leave | Goto | Enter | Return | Stay | Puzzled | Over


class Turn:
    """A run in motion. `release` is the run's own, `at_ms` the instant of the turn."""

    def __init__(self, release: Compiled, state: State, run: ev.Run, at_ms: int, begins: bool) -> None:
        self.release, self.run, self.at_ms, self.begins = release, run, at_ms, begins
        self.n = state.n
        self.stack = [] if begins else list(state.stack)
        self.awaits = ev.Awaits() if begins else state.awaits
        self.said = "" if begins else state.said
        self.misses = 0 if begins else state.misses
        self.heir = None if begins else state.heir
        self.user_id = run.user_id
        self.spoke = False
        self.understood: ev.Understood | None = None
        self.messages: list[fx.Said] = []
        self.requests: list[fx.Call | fx.Search] = []
        self.wake_ms: int | None = None
        self.entered: list[ev.Place] = []
        self.left: list[ev.Place] = []
        self.variables: dict[str, Scalar | None] = {}
        self.captured: dict[str, Scalar] = {}
        self.profile: dict[str, str] = {}
        self.learned: dict[str, str] = {}
        self._heir_before = state.heir
        self._before = ({}, {}) if begins else (state.variables, state.captured)

    # Where the run is.

    @property
    def frame(self) -> ev.Frame:
        return self.stack[-1]

    @property
    def flow(self) -> Flow:
        flow = self.release.flow(self.frame.flow)
        assert flow is not None, "a run stays in the flows of its release"
        return flow

    @property
    def step(self) -> AnyStep | None:
        return self.release.step(self.frame.flow, self.frame.step)

    def place(self, step_id: str) -> None:
        self.stack[-1] = replace(self.frame, step=step_id)

    def count(self, step_id: str, value: int) -> None:
        """Remember how often a loop was entered."""
        counts = {**self.frame.counts, step_id: value}
        self.stack[-1] = replace(self.frame, counts={name: times for name, times in counts.items() if times})

    # What is known.

    def values(self) -> dict[str, Scalar]:
        """Everything that a placeholder or a condition may name."""
        defaults = {one.name: one.default for one in self.flow.variables} if self.stack else {}
        merged = {**defaults, **self._before[0], **self.variables, **self._facts()}
        return {name: value for name, value in merged.items() if value is not None}

    def _facts(self) -> dict[str, Scalar | None]:
        profile = {**self.run.profile, **self.profile}
        people: dict[str, Scalar | None] = {f"user.{key}": profile.get(key) for key in ("name", "email", "externalId")}
        return {**people, "channel": self.run.channel, "locale": self.run.locale, "said": self.said}

    def set(self, name: str | None, value: Scalar | None) -> None:
        """Give a variable a value, as far as its type takes it. What does not fit is as good as none."""
        if name is None or name not in self.release.types:
            return
        self.variables[name] = _fitted(value, self.release.types[name])

    def capture(self, key: str, value: Scalar) -> None:
        """Keep something for whoever takes over."""
        self.captured[key] = value[:MAX_CAPTURED_VALUE] if isinstance(value, str) else value

    def learn(self, field: str, value: str) -> None:
        """Something for the person's profile, which flows may name from now on."""
        self.learned[field] = value[:MAX_PROFILE_VALUE]
        if field == "email":
            self.profile["email"] = value[:MAX_PROFILE_VALUE]
        elif field == "givenName":
            self.profile["name"] = value[:MAX_PROFILE_VALUE]

    def metadata(self) -> dict[str, Scalar]:
        """What was captured, as far as metadata holds it; what was captured first goes first."""
        kept: dict[str, Scalar] = {}
        room = MAX_CAPTURED_BYTES
        for key, value in {**self._before[1], **self.captured}.items():
            room -= len(msgspec.json.encode({key: value}))
            if room >= 0:
                kept[key] = value
        return kept

    # What is said.

    def words(self, text: Text) -> str:
        """A text in the customer's language, filled in."""
        found = wording.pick(text, self.run.locale, self._language())
        return wording.fill(found, self.values() if "{{" in found else {})

    def own(self, key: str) -> str:
        """One of the bot's own sentences; in English, if need be."""
        known = words_of(self.release.settings, key)
        return self.words(known) or known["en"]

    def say(self, text: str, buttons: Sequence[Reply] = ()) -> None:
        if text or buttons:
            self.messages.append(say.text(text, buttons))

    def payload(self, option: str) -> str:
        return say.payload(self.frame.flow, self.frame.step, option)

    def _language(self) -> str:
        return self.flow.language if self.stack else self.release.settings.language

    # What is asked of the world.

    def wait(self, kind: ev.Kind, after_ms: int | None = None, part: int = 0, tries: int = 0, nudged: bool = False) -> Stay:
        """Wait for an answer with a number of its own, at the longest so long."""
        self.n += 1
        self.awaits = ev.Awaits(kind, part, tries, nudged)
        self.wake_ms = None if after_ms is None else self.at_ms + after_ms
        return Stay()

    def listen(self, part: int = 0, tries: int = 0, nudged: bool = False) -> Stay:
        """Wait for the customer: as long as the step says if it has an exit for silence, else until the run is given up."""
        return self.wait("customer", self._patience_ms(nudged), part, tries, nudged)

    def _patience_ms(self, nudged: bool) -> int:
        step, settings = self.step, self.release.settings
        if isinstance(step, Asking) and step.patience_s is not None and "silent" in step.exits:
            return step.patience_s * 1000
        idle = settings.idle_minutes
        if idle is None or idle >= settings.drop_minutes:
            return settings.drop_minutes * 60_000
        return (settings.drop_minutes - idle if nudged else idle) * 60_000

    # What came of it.

    def event(self, epoch: int, heard: int, said_before: str, ended: ev.Reason | None) -> ev.Stepped:
        said = self.said if self.begins or self.said != said_before else None
        return ev.Stepped(
            epoch,
            self.n,
            tuple(self.stack),
            self.awaits,
            self.run if self.begins else None,
            heard,
            self.heir if self.begins or self.heir != self._heir_before else None,
            said,
            self.misses,
            self.variables,
            self.captured,
            self.profile,
            self.understood,
            tuple(self.entered),
            tuple(self.left),
            ended,
        )


def _fitted(value: Scalar | None, wanted: str) -> Scalar | None:
    """A value as one of the wanted type; None when it cannot be one, or is one that no journal could keep."""
    if isinstance(value, str) and wanted != "text":
        value = _number(value) if wanted == "number" else {"true": True, "false": False}.get(value.casefold())
    if value is None or not _can_be_kept(value):
        return None
    if wanted == "text":
        return wording.worded(value)[:MAX_VALUE].replace("\0", "")
    return value if type_of(value) == wanted else None


def _can_be_kept(value: Scalar) -> bool:
    return isinstance(value, str) or (math.isfinite(value) and abs(value) <= MAX_INTEGER)


def _number(text: str) -> int | float | None:
    """The number that a text writes, in digits; with a comma or a point."""
    digits = text.strip().replace(",", ".", 1)
    if len(digits) > MAX_DIGITS or not digits.removeprefix("-").replace(".", "", 1).isdecimal():
        return None
    return float(digits) if "." in digits else int(digits)
