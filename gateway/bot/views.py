"""How flows, versions and releases are shown. Secrets' values have no form here."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway.bot.operations import instant
from storage.sql.bots_rows import Bot, Draft, Made, SecretName, Version


def draft_view(draft: Draft, live_version: int | None) -> dict[str, Any]:
    """With its definition, if there is one: lists have none."""
    shown: dict[str, Any] = {
        "id": draft.id,
        "name": draft.name,
        "revision": draft.revision,
        "live_version": live_version,
        "last_version": draft.last_version or None,
        "created_at": instant(draft.created_ms),
        "updated_at": instant(draft.updated_ms),
        "updated_by": draft.updated_by,
    }
    return shown | ({"draft": msgspec.Raw(draft.definition)} if draft.definition else {})


def version_view(version: Version, live_version: int | None) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "flow_id": version.flow_id,
        "version": version.number,
        "live": version.number == live_version,
        "note": version.note,
        "created_at": instant(version.created_ms),
        "created_by": version.created_by,
    }
    return shown | ({"flow": msgspec.Raw(version.definition)} if version.definition else {})


def release_view(made: Made, live: int | None) -> dict[str, Any]:
    return {
        "number": made.number,
        "live": made.number == live,
        "note": made.note,
        "flows": made.flows,
        "created_at": instant(made.created_ms),
        "created_by": made.created_by,
    }


def settings_view(bot: Bot) -> dict[str, Any]:
    return {
        "settings": msgspec.Raw(bot.settings),
        "entry": msgspec.Raw(bot.entry or b"null"),
        "revision": bot.revision,
        "live_release": bot.live,
        "updated_at": instant(bot.updated_ms),
        "updated_by": bot.updated_by or None,
    }


def secret_view(secret: SecretName) -> dict[str, Any]:
    return {"name": secret.name, "updated_at": instant(secret.updated_ms), "updated_by": secret.updated_by}
