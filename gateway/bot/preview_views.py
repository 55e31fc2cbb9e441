"""What an author sees of a preview: what was said, where the run is, what it knows, and how it understood."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.bot.flow import kind_of
from domain.bot.release import Compiled
from gateway.bot.operations import instant
from gateway.bot.playing import Called, Line, Play, place_of
from storage.sql.bots_rows import Preview

MAX_MATCHES = 5


def preview_view(preview: Preview, compiled: Compiled, play: Play, since: int) -> dict[str, Any]:
    """`messages` are those after the first `since`."""
    state = play.state
    return {
        "id": preview.id,
        "expires_at": instant(preview.expires_ms),
        "now": instant(play.at_ms),
        "control": play.control,
        "ended": play.ended,
        "step": _step(compiled, play),
        "awaits": state.awaits.kind,
        "next_timer_at": instant(play.wake[1]) if play.wake is not None else None,
        "messages": [_line(one) for one in play.lines[since:]],
        "variables": _variables(compiled, play),
        "captured": state.captured,
        "metadata": play.metadata,
        "learned": play.learned,
        "understood": play.understood,
        "matches": _matches(compiled, play),
        "calls": [_called(one) for one in play.called],
    }


def _step(compiled: Compiled, play: Play) -> dict[str, Any] | None:
    flow, step = place_of(play)
    found = compiled.step(flow, step)
    if found is None:
        return None
    return {"flow": flow, "version": compiled.version(flow) or "draft", "id": step, "type": kind_of(found)}


def _variables(compiled: Compiled, play: Play) -> dict[str, Any]:
    """Of all flows of the run, with their defaults; null: not known yet."""
    flows = [flow for frame in play.state.stack if (flow := compiled.flow(frame.flow)) is not None]
    defaults = {one.name: one.default for flow in flows for one in flow.variables}
    return {**defaults, **play.state.variables}


def _matches(compiled: Compiled, play: Play) -> list[dict[str, Any]]:
    """How well each flow fits what the customer wrote last; only from `threshold` on is it followed."""
    if not play.state.said:
        return []
    locale = play.state.run.locale if play.state.run is not None else compiled.settings.language
    found = compiled.matcher.rank(play.state.said, (locale, compiled.settings.language))[:MAX_MATCHES]
    threshold = compiled.settings.threshold
    return [{"flow": one.flow_id, "score": round(one.score, 3), "phrase": one.phrase, "enough": one.score >= threshold} for one in found]


def _line(line: Line) -> dict[str, Any]:
    shown: dict[str, Any] = {"by": line.by, "at": instant(line.at_ms)}
    if line.by == "customer":
        return shown | {"text": line.text}
    shown["content"] = msgspec.Raw(line.content)
    return shown | ({"references": msgspec.Raw(line.references)} if line.references else {}) | ({"ai": True} if line.ai else {})


def _called(called: Called) -> dict[str, Any]:
    return msgspec.structs.asdict(called)
