"""An example dialogue: what a customer does, what the bot is expected to say, and what the world answers meanwhile. Types only."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from domain.bot.condition import Scalar
from domain.bot.names import Id, Language, VariableName, Words

MAX_TURNS = 100


class _Part(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    pass


class CallAnswer(_Part, frozen=True, omit_defaults=True):
    """What the API call of a step answers: values by variable, or an error."""

    step: Id
    values: dict[VariableName, Scalar | None] = {}
    status: int = 200
    error: str | None = None


class ShownArticle(_Part, frozen=True, omit_defaults=True):
    """An article that the help centre finds."""

    title: str
    url: str
    snippet: str = ""


class SearchAnswer(_Part, frozen=True, omit_defaults=True):
    """What the help centre finds at a step."""

    step: Id
    articles: tuple[ShownArticle, ...] = ()
    answer: str | None = None


class Exchange(_Part, frozen=True, omit_defaults=True):
    """One thing that happens, and all that the bot says to it.

    At most one of `say` (words), `press` (a button by its label or its option), `answers` (of a form, by name) and `after_s`
    (nothing happens for so long). With none of them, control comes to the bot. Each expected line is a message's text, with
    its buttons behind it: `Did this help? [Yes] [No]`.
    """

    say: Words | None = None
    press: str | None = None
    answers: dict[str, str] | None = None
    after_s: Annotated[int, Meta(ge=1)] | None = None
    expect: tuple[str, ...] = ()
    then: Literal["stay", "next", "release", "solve"] = "stay"
    metadata: dict[str, Scalar] | None = None
    variables: dict[VariableName, Scalar] | None = None


class Dialogue(_Part, frozen=True, omit_defaults=True):
    """A dialogue that ships with a flow, and that `causerie flow test` plays. `at` is the instant of its beginning."""

    name: Annotated[str, Meta(min_length=1, max_length=128)]
    turns: Annotated[tuple[Exchange, ...], Meta(min_length=1, max_length=MAX_TURNS)]
    locale: Language | None = None
    channel: str = "web"
    at: str = "2026-01-05T10:00:00.000Z"
    profile: dict[str, str] = {}
    calls: tuple[CallAnswer, ...] = ()
    searches: tuple[SearchAnswer, ...] = ()
