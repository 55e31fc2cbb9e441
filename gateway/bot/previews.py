"""Operations on previews: a draft, or a version, is played as a customer, with what the bot knows and thinks laid open.

A preview is a row, so any gateway goes on with it. It is nobody's conversation: no journal, no agent and no count hears of it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

import msgspec
from aiohttp import web
from msgspec import Meta
from msgspec.structs import replace

from domain import ids
from domain.bot import commands as cmd
from domain.bot import effects as fx
from domain.bot.example import CallAnswer, SearchAnswer
from domain.bot.names import Id, Language
from domain.bot.release import Compiled, Entry, Published, Release, decode_release, encode_release, parse_settings
from domain.directory import Reply
from domain.errors import Invalid, Refused
from domain.switchboard import BotStart
from gateway.bot import playing
from gateway.bot.flows import linked, parsed
from gateway.bot.operations import Call
from gateway.bot.playing import Play
from gateway.bot.preview_views import preview_view
from gateway.sc.operations import EMPTY, json_reply
from storage.sql.bots_rows import Preview

TTL_MS = 3_600_000
MAX_RELEASE_BYTES = 4_000_000
MAX_ANSWERS = 50
MAX_ASKED = 20
MAX_WAIT_S = 31 * 86_400
MAX_SAID = 4_096

_PREVIEW_ID = re.compile(r"[0-9a-f]{24}\Z")

Finder = Callable[[str, fx.Search], Awaitable[cmd.Found]]
"""Looks for articles of an app: the performer of `articles`."""

FINDER: web.AppKey[Finder] = web.AppKey("bot_finder")

Said = Annotated[str, Meta(min_length=1, max_length=MAX_SAID)]
Value = Annotated[str, Meta(max_length=1024)]


class CreateBody(msgspec.Struct):
    """`version`: a number, `draft` or `live`. Without `say`, control comes to the bot before the customer has said anything."""

    flow: Id
    version: int | Literal["draft", "live"] = "draft"
    locale: Language | None = None
    channel: Annotated[str, Meta(max_length=32)] = "web"
    profile: Annotated[dict[Literal["name", "email", "externalId"], Value], Meta(max_length=3)] = {}
    at: str | None = None
    say: Said | None = None
    calls: Annotated[list[CallAnswer], Meta(max_length=MAX_ANSWERS)] = []
    searches: Annotated[list[SearchAnswer], Meta(max_length=MAX_ANSWERS)] = []
    real_calls: bool = False


class EventBody(msgspec.Struct):
    """Exactly one of the first four. `calls` and `searches` replace what was answered at their steps so far."""

    say: Said | None = None
    press: Annotated[str, Meta(min_length=1, max_length=4_096)] | None = None
    answers: Annotated[dict[Id, Value], Meta(min_length=1, max_length=20)] | None = None
    after_seconds: Annotated[int, Meta(ge=1, le=MAX_WAIT_S)] | None = None
    calls: Annotated[list[CallAnswer], Meta(max_length=MAX_ANSWERS)] = []
    searches: Annotated[list[SearchAnswer], Meta(max_length=MAX_ANSWERS)] = []


_create_body = msgspec.json.Decoder(CreateBody)
_event_body = msgspec.json.Decoder(EventBody)


async def create_preview(call: Call) -> Reply:
    body = call.decoded(_create_body)
    release = await _release(call, body)
    encoded = encode_release(release)
    if len(encoded) > MAX_RELEASE_BYTES:
        raise Invalid("flow", f"is live with others that have more than {MAX_RELEASE_BYTES} bytes together")
    now_ms, compiled = call.now_ms(), Compiled(release)
    start = BotStart(playing.RELEASE, body.locale, body.channel, None, {str(name): value for name, value in body.profile.items()})
    play = playing.begin(call.services.router.new_id(), start, _at(body.at, now_ms))
    play = replace(play, real_calls=body.real_calls, calls={one.step: one for one in body.calls})
    play = replace(play, searches={one.step: one for one in body.searches})
    play = playing.hear(compiled, play, "message" if body.say else "control", body.say)
    play = await _answered(call, compiled, play)
    preview = Preview(call.app.id, play.state.id, encoded, playing.encode(play), now_ms + TTL_MS)
    await call.bots.create_preview(preview, now_ms)
    return json_reply({"preview": preview_view(preview, compiled, play, 0)}, 201)


async def get_preview(call: Call) -> Reply:
    """All that was said, and where it stands."""
    preview, compiled, play = await _found(call)
    return json_reply({"preview": preview_view(preview, compiled, play, 0)})


async def play_event(call: Call) -> Reply:
    """The customer does something, or time passes. The answer has what was said since."""
    body = call.decoded(_event_body)
    preview, compiled, play = await _found(call)
    before = len(play.lines)
    play = replace(play, calls=play.calls | {one.step: one for one in body.calls})
    play = replace(play, searches=play.searches | {one.step: one for one in body.searches})
    play = await _answered(call, compiled, _done(compiled, play, body))
    preview = replace(preview, body=playing.encode(play), expires_ms=call.now_ms() + TTL_MS)
    await call.bots.save_preview(preview)
    return json_reply({"preview": preview_view(preview, compiled, play, before)})


async def delete_preview(call: Call) -> Reply:
    if not await call.bots.delete_preview(call.app.id, _id(call)):
        raise _gone()
    return EMPTY


def _done(compiled: Compiled, play: Play, body: EventBody) -> Play:
    """Raises Invalid for none or several things at once."""
    if sum(each is not None for each in (body.say, body.press, body.answers, body.after_seconds)) != 1:
        raise Invalid("", "exactly one of say, press, answers and after_seconds is required")
    if body.press is not None:
        return playing.press(compiled, play, body.press)
    if body.after_seconds is not None:
        return playing.wait(compiled, play, body.after_seconds)
    return playing.hear(compiled, play, "message", body.say, fields=body.answers)


async def _answered(call: Call, compiled: Compiled, play: Play) -> Play:
    """Until the bot asks the world for nothing more; it may not ask for ever."""
    for _ in range(MAX_ASKED):
        asked, result = play.asked, playing.given(play)
        if asked is None:
            return play
        is_made = result is None and (isinstance(asked, fx.Search) or play.real_calls)
        if result is None:
            result = await _real(call, play, asked)
        play = playing.answer(compiled, play, result, is_made)
    raise Refused("conflict", f"The bot asks for more than {MAX_ASKED} things at once")


async def _real(call: Call, play: Play, asked: fx.Call | fx.Search) -> cmd.Called | cmd.Found:
    if isinstance(asked, fx.Search):
        finder = call.request.app.get(FINDER)
        return cmd.Found(asked.n) if finder is None else await finder(call.app.id, asked)
    if not play.real_calls:
        return cmd.Called(asked.n, error="not_called")
    # An author waits for it, and tries again by hand.
    # Ids of effects are above 0: a preview's calls never carry the key of a conversation's.
    effect_id = -(int(play.state.id, 16) * 1_000_000 + play.made + 1)
    return await call.services.caller.perform(replace(asked, retries=0), call.app.id, effect_id)


async def _release(call: Call, body: CreateBody) -> Release:
    """What is live, with the flow that is played, where it begins. Linked flows that are not live are taken from their drafts."""
    bot = await call.bots.get_bot(call.app.id)
    live = await call.bots.load_release(call.app.id, bot.live) if bot.live is not None else None
    flows = dict(live.flows) if live is not None else {}
    flows[body.flow] = await _published(call, body, flows)
    missing = linked(flows[body.flow].flow) - set(flows)
    while missing:
        name = missing.pop()
        draft = await call.bots.get_flow(call.app.id, name)
        if draft is not None:
            flows[name] = Published(version=0, flow=parsed(draft.definition))
            missing |= linked(flows[name].flow) - set(flows)
    return Release(number=playing.RELEASE, flows=flows, entry=Entry(flow=body.flow), settings=parse_settings(bot.settings))


async def _published(call: Call, body: CreateBody, live: dict[str, Published]) -> Published:
    if body.version == "draft":
        draft = await call.bots.get_flow(call.app.id, body.flow)
        if draft is not None:
            return Published(version=0, flow=parsed(draft.definition))
    elif body.version == "live":
        if body.flow in live:
            return live[body.flow]
    else:
        version = await call.bots.get_version(call.app.id, body.flow, body.version) if 0 < body.version < 2**31 else None
        if version is not None:
            return Published(version=version.number, flow=parsed(version.definition))
    raise Refused("flow_not_found", "There is no such flow, or no such version of it")


async def _found(call: Call) -> tuple[Preview, Compiled, Play]:
    preview = await call.bots.get_preview(call.app.id, _id(call), call.now_ms())
    if preview is None:
        raise _gone()
    return preview, _compiled(preview.release), playing.decode(preview.body)


@functools.lru_cache(maxsize=8)
def _compiled(release: bytes) -> Compiled:
    """An author plays one preview for a while, and its release stays the same."""
    return Compiled(decode_release(release))


def _id(call: Call) -> str:
    found = call.part("preview_id")
    if not _PREVIEW_ID.match(found):
        raise _gone()
    return found


def _gone() -> Refused:
    return Refused("preview_not_found", "There is no such preview, or it has expired")


def _at(text: str | None, now_ms: int) -> int:
    """The instant at which a preview plays: business hours can be tried at night."""
    if text is None:
        return now_ms
    try:
        found = ids.milliseconds(text)
    except (ValueError, OverflowError):
        raise Invalid("at", "must be an instant, as in 2026-01-05T10:00:00Z") from None
    if not 0 < found < 2**43:
        raise Invalid("at", "must be an instant of our times")
    return found
