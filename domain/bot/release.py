"""A release: the versions of all flows that are live together, where they begin, and the settings they share. It never changes.

`Release` is what is stored and sent, as JSON. `Compiled` is a release made ready for the interpreter; whoever loads a release
makes one and keeps it, since a release is read at every turn.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

import msgspec
from msgspec import Meta

from domain.bot.condition import VariableType
from domain.bot.flow import MAX_FLOW_BYTES, AnyStep, Flow
from domain.bot.matcher import Matcher
from domain.bot.names import Id, Language, Text
from domain.bot.words import WORDS
from domain.decode import ImageUrl, decode
from domain.errors import Invalid
from domain.hours import Schedule, check_schedule, warm
from domain.switchboard import BotStart

MAX_FLOWS = 200
MAX_SCHEDULES = 20
MAX_RELEASE_BYTES = MAX_FLOWS * MAX_FLOW_BYTES


class _Part(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    pass


class Settings(_Part, frozen=True, omit_defaults=True):
    """What all flows of a release share.

    `threshold` is the score from which free text is understood. After `misses` texts in a row that were not, the agents take over;
    until then the `fallback` flow or the word `fallback` answers. After `idle_minutes` of silence the word `idle` is said once, after
    `drop_minutes` the run is given up. `words` are the bot's own sentences, by the keys of `domain.bot.words`.
    """

    bot_name: Annotated[str, Meta(min_length=1, max_length=128)] = "Bot"
    avatar_url: ImageUrl | None = None
    language: Language = "en"
    languages: Annotated[tuple[Language, ...], Meta(max_length=20)] = ()
    schedules: Annotated[dict[Annotated[str, Meta(min_length=1, max_length=128)], Schedule], Meta(max_length=MAX_SCHEDULES)] = {}
    threshold: Annotated[float, Meta(ge=0.1, le=1)] = 0.6
    misses: Annotated[int, Meta(ge=0, le=10)] = 2
    fallback: Id | None = None
    answers: bool = False
    idle_minutes: Annotated[int, Meta(ge=1, le=7 * 1440)] | None = None
    drop_minutes: Annotated[int, Meta(ge=1, le=30 * 1440)] = 1440
    words: dict[str, Text] = {}


class Entry(_Part, frozen=True, omit_defaults=True):
    """The flow that greets: that of the integration, else that of the channel, else `flow`."""

    flow: Id
    integrations: dict[str, Id] = {}
    channels: dict[str, Id] = {}


class Published(_Part, frozen=True, omit_defaults=True):
    """One version of a flow."""

    version: int
    flow: Flow


class Release(_Part, frozen=True, omit_defaults=True):
    """Everything that a run needs to know of its bot. Flows are by their ids."""

    number: int
    flows: Annotated[dict[Id, Published], Meta(max_length=MAX_FLOWS)]
    entry: Entry
    settings: Settings = Settings()


_decoder = msgspec.json.Decoder(Release)
_settings = msgspec.json.Decoder(Settings)
encode_release = msgspec.json.Encoder().encode
decode_release = _decoder.decode


def parse_settings(raw: bytes, prefix: str = "settings") -> Settings:
    """Settings of JSON from outside. Raises Invalid, with a path that begins with `prefix`."""
    settings = decode(_settings, raw, prefix)
    for name, schedule in settings.schedules.items():
        check_schedule(schedule, f"{prefix}.schedules.{name}")
    for key in settings.words:
        if key not in WORDS:
            raise Invalid(f"{prefix}.words.{key}", "is not one of the bot's sentences")
    return settings


class Compiled:
    """A release ready for use: steps by id, variables' types, the matcher. Made once for each release, and never changed."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.settings = release.settings
        self._languages = (self.settings.language, *self.settings.languages)
        self._steps = {name: {step.id: step for step in one.flow.steps} for name, one in release.flows.items()}

    def flow(self, flow_id: str) -> Flow | None:
        found = self.release.flows.get(flow_id)
        return None if found is None else found.flow

    def version(self, flow_id: str) -> int:
        """The version of a flow, 0 when the release does not have it."""
        found = self.release.flows.get(flow_id)
        return 0 if found is None else found.version

    def step(self, flow_id: str, step_id: str) -> AnyStep | None:
        return self._steps.get(flow_id, {}).get(step_id)

    def entry(self, start: BotStart) -> str | None:
        """The flow that a new run begins with; None when the release does not have it."""
        entry = self.release.entry
        flow_id = entry.integrations.get(start.integration_id or "") or entry.channels.get(start.channel) or entry.flow
        return flow_id if flow_id in self.release.flows else None

    def warm(self) -> None:
        """Do now what takes long the first time, so that no turn has to wait for it. May be called in a thread."""
        for schedule in self.settings.schedules.values():
            warm(schedule)
        self.matcher.rank("warm", self._languages)

    @cached_property
    def types(self) -> dict[str, VariableType]:
        """The type of each variable of any flow. `checks` sees to it that flows agree."""
        return {one.name: one.type for published in self.release.flows.values() for one in published.flow.variables}

    @cached_property
    def matcher(self) -> Matcher:
        return Matcher(published.flow for published in self.release.flows.values())


def words_of(settings: Settings, key: str) -> Text:
    """One of the bot's own sentences: the settings' words over the built-in ones, language by language."""
    return {**WORDS[key], **settings.words.get(key, {})}
