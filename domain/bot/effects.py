"""What a bot wants of the world after a turn. Each is a row of the turn's transaction; `target` says who performs it."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import msgspec

from domain.switchboard import Member


class _Effect(msgspec.Struct, frozen=True, array_like=True):
    pass


class Call(_Effect, frozen=True):
    """An API call, fully rendered but for secrets: `{{secret.NAME}}` in headers and body is filled in by the performer.

    `paths` maps a variable to the JSON path (`$.data.items[0].name`) of its value in the answer. All tries of one call carry
    the same idempotency key, which the performer makes of the effect's id.
    """

    target: ClassVar[str] = "http"
    n: int
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    url: str
    headers: dict[str, str] = {}
    body: str | None = None
    paths: dict[str, str] = {}
    timeout_s: float = 10.0
    retries: int = 2


class Search(_Effect, frozen=True):
    """Look for articles. With `answer`, for a passage that answers the question too."""

    target: ClassVar[str] = "articles"
    n: int
    query: str
    locale: str
    limit: int = 3
    answer: bool = False
    labels: tuple[str, ...] = ()


class Remember(_Effect, frozen=True):
    """Write what was learned into the person's profile (`givenName`, `surname`, `email`) or metadata. Nobody waits for it."""

    target: ClassVar[str] = "user"
    user_id: str
    profile: dict[str, str] = {}
    metadata: dict[str, str | int | float | bool] = {}


class Said(msgspec.Struct, frozen=True, array_like=True):
    """One message of the bot's: `content` is validated JSON, `references` too (1 to 10 sources). `ai`: drawn from sources, not written."""

    content: bytes
    metadata: dict[str, Any] | None = None
    references: bytes | None = None
    ai: bool = False


class Respond(_Effect, frozen=True):
    """All that one turn of the bot says to the customer, and what becomes of the control: one command to the conversation.

    `then`: `stay`, `next` (to `heir`, with `metadata`), `release`, or `solve` (the conversation is solved, and released).
    `name` and `avatar_url` are those of the messages' author.
    """

    target: ClassVar[str] = "conversation"
    epoch: int
    messages: tuple[Said, ...] = ()
    then: Literal["stay", "next", "release", "solve"] = "stay"
    metadata: dict[str, str | int | float | bool] = {}
    heir: Member | None = None
    name: str | None = None
    avatar_url: str | None = None


class Wake(_Effect, frozen=True):
    """Say `Ring(n)` to the bot at `due_ms`; a new one replaces the old."""

    target: ClassVar[str] = "timer"
    n: int
    due_ms: int


Effect = Call | Search | Remember | Respond | Wake
