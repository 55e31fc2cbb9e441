"""Operations that change what is live, or tell of it. Each makes one more release, and only of flows without errors."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from domain.bot.flow import encode_flow
from domain.bot.release import Entry, Published, Release, parse_settings
from domain.directory import Reply
from domain.errors import Invalid, Refused
from gateway.bot import checking
from gateway.bot.flows import Number, Others, draft_of, drafts_of, flow_id_of, parsed, version_of
from gateway.bot.operations import Call, page_of, paged
from gateway.bot.views import release_view, settings_view, version_view
from gateway.sc.operations import json_reply
from storage.sql.bots_rows import Bot, Publishing, Version

Note = Annotated[str, Meta(max_length=1000)]
MAX_INTEGRATIONS = 100
MAX_CHANNELS = 30

_encode = msgspec.json.Encoder().encode
_entry = msgspec.json.Decoder(Entry)


class PublishBody(msgspec.Struct):
    note: Note = ""
    revision: Number | None = None
    others: Others = msgspec.field(default_factory=list, name="with")


class UnpublishBody(msgspec.Struct):
    note: Note = ""
    others: Others = msgspec.field(default_factory=list, name="with")


class RollbackBody(msgspec.Struct):
    version: Number
    note: Note = ""


class SettingsBody(msgspec.Struct):
    settings: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"{}"))
    entry: Entry | None = None
    revision: Number | None = None
    note: Note = ""


_publish_body = msgspec.json.Decoder(PublishBody)
_unpublish_body = msgspec.json.Decoder(UnpublishBody)
_rollback_body = msgspec.json.Decoder(RollbackBody)
_settings_body = msgspec.json.Decoder(SettingsBody)


async def publish(call: Call) -> Reply:
    """The draft becomes a version, and live; with it the drafts in `with`. The first flow of an app is also where its bot begins."""
    body, draft = call.decoded(_publish_body), await draft_of(call)
    if body.revision not in (None, draft.revision):
        raise Refused("conflict", "It was changed by somebody else since it was read")
    bot, release = await _live(call, draft.id)
    drafts = {one.id: one for one in (draft, *await drafts_of(call, body.others))}
    flows = {one.id: parsed(one.definition) for one in drafts.values()}
    versions = {
        name: Version(name, drafts[name].last_version + 1, encode_flow(flow), body.note, call.now_ms(), call.by)
        for name, flow in flows.items()
    }
    published = {name: Published(version=versions[name].number, flow=flow) for name, flow in flows.items()}
    release = replace(release, flows={**release.flows, **published})
    made = await _make_live(call, bot, release, body.note, tuple(versions.values()), {one.id: one.revision for one in drafts.values()})
    version = versions[draft.id]
    return json_reply({"version": version_view(version, version.number), "release": made}, 201)


async def rollback(call: Call) -> Reply:
    """An earlier version becomes live again. The draft stays as it is."""
    body = call.decoded(_rollback_body)
    version = await version_of(call, body.version)
    bot, release = await _live(call, version.flow_id)
    published = Published(version=version.number, flow=parsed(version.definition))
    release = replace(release, flows={**release.flows, version.flow_id: published})
    made = await _make_live(call, bot, release, body.note)
    return json_reply({"version": version_view(version, version.number), "release": made}, 201)


async def unpublish(call: Call) -> Reply:
    """New conversations do without this flow and those in `with`; without any, the bot is passed over. Runs come to their end."""
    body, flow_id = call.decoded(_unpublish_body), flow_id_of(call)
    bot, release = await _live(call, flow_id)
    gone = {flow_id, *body.others}
    if not gone <= set(release.flows):
        raise Refused("conflict", "The flow is not live")
    left = {name: one for name, one in release.flows.items() if name not in gone}
    made = await _make_live(call, bot, replace(release, flows=left), body.note)
    return json_reply({"release": made})


async def get_settings(call: Call) -> Reply:
    return json_reply(settings_view(await call.bots.get_bot(call.app.id)))


async def update_settings(call: Call) -> Reply:
    """What all flows share, and where the bot begins. If anything is live, it is so at once, by a new release."""
    body = call.decoded(_settings_body)
    settings = parse_settings(bytes(body.settings))
    _check_entry(body.entry)
    bot, release = await _live(call, "")
    if bot.revision != call.revision(body.revision):
        raise Refused("conflict", "They were changed by somebody else since they were read")
    if body.entry is None and release.flows:
        raise Invalid("entry", "is required while a flow is live")
    await _make_live(call, bot, replace(release, settings=settings, entry=body.entry or _NOWHERE), body.note)
    return await get_settings(call)


async def list_releases(call: Call) -> Reply:
    page = page_of(call)
    found = await call.bots.list_releases(call.app.id, page.before_number, page.size + 1)
    live = await call.bots.live_release(call.app.id)
    return paged(call, page, "releases", found, lambda one: release_view(one, live), lambda one: one.number)


_NOWHERE = Entry(flow="none")
"""Stands for an entry that is not there: never stored."""


async def _live(call: Call, first: str) -> tuple[Bot, Release]:
    """The bot and what its next release is made from: the flows that are live, and the settings as they are now."""
    bot = await call.bots.get_bot(call.app.id)
    found = await call.bots.load_release(call.app.id, bot.live) if bot.live is not None else None
    entry = _entry.decode(bot.entry) if bot.entry is not None else Entry(flow=first) if first else _NOWHERE
    flows = found.flows if found is not None else {}
    return bot, Release(number=0, flows=flows, entry=entry, settings=parse_settings(bot.settings))


async def _make_live(
    call: Call, bot: Bot, release: Release, note: str, versions: tuple[Version, ...] = (), drafts: dict[str, int] | None = None
) -> dict[str, int | None]:
    """Raises `checking.NotWell` for a flow with errors, Refused (`conflict`) when somebody else was quicker."""
    await checking.check_release(call, release)
    new = Publishing(
        call.app.id,
        bot.revision,
        {name: one.version for name, one in release.flows.items()},
        _encode(release.settings),
        None if release.entry == _NOWHERE else _encode(release.entry),
        note,
        call.now_ms(),
        call.by,
        versions,
        drafts or {},
    )
    number = await call.bots.publish(new)
    call.services.lookups.forget_switchboard(call.app.id)
    return {"number": number}


def _check_entry(entry: Entry | None) -> None:
    if entry is not None and (len(entry.integrations) > MAX_INTEGRATIONS or len(entry.channels) > MAX_CHANNELS):
        raise Invalid("entry", f"must name at most {MAX_INTEGRATIONS} integrations and {MAX_CHANNELS} channels")
