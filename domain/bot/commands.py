"""What a bot is told. There is one bot actor for each conversation, with the conversation's id.

Results of effects name the `n` of the request that they answer: what the bot no longer waits for is ignored.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.switchboard import BotStart, Member


class _Command(msgspec.Struct, frozen=True, array_like=True, tag=True, tag_field="command"):
    pass


class Hear(_Command, frozen=True):
    """Something happened in the conversation while the bot has control of it.

    `control`: control has just come to the bot, and nothing was said with it. `epoch` is that of the control, `seq` that of
    the event. `text` is a message's plain text, `payload` that of a pressed reply or postback, `fields` the answers of a form
    by name. `start` is what a new run begins with; `heir` the member that a hand-over goes to.
    """

    epoch: int
    seq: int
    what: Literal["control", "message", "postback"]
    user_id: str | None = None
    text: str | None = None
    payload: str | None = None
    fields: dict[str, str] | None = None
    start: BotStart | None = None
    heir: Member | None = None


class Called(_Command, frozen=True):
    """An API call has ended. `values` are what its paths found in the answer; `error` is None when it went well."""

    n: int
    status: int = 0
    values: dict[str, str | int | float | bool | None] = {}
    error: str | None = None


class Article(msgspec.Struct, frozen=True, array_like=True):
    """An article of the help centre as a bot shows it."""

    id: str
    title: str
    url: str
    snippet: str = ""


class Found(_Command, frozen=True):
    """Articles for a question, best first; with `answer`, a passage that answers it and its sources are `articles`."""

    n: int
    articles: tuple[Article, ...] = ()
    answer: str | None = None


class Ring(_Command, frozen=True):
    """A timer that the bot set has rung."""

    n: int


class Rejected(_Command, frozen=True):
    """The conversation refused what the bot said (code of the refusal): somebody else has control. The run is over."""

    epoch: int
    code: str


class Forget(_Command, frozen=True):
    """What was said in the conversation has been deleted: the bot keeps nothing of it, and its run is over."""


Command = Forget | Hear | Called | Found | Ring | Rejected

encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Command).decode
