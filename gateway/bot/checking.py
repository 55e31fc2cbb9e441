"""Whether flows may go live: what is wrong with them, and the refusal that says it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from domain.bot.flow import Flow
from domain.bot.release import Entry, Published, Release
from gateway.bot.operations import Call, Problems

Problem = dict[str, Any]
"""`flow`, `step` (None: the flow as a whole), `code`, `title`, `severity` (`error` or `warning`)."""


class NotWell(Problems):
    """A release that would not work."""

    def __init__(self, problems: list[Problem]) -> None:
        errors = [one for one in problems if is_error(one)]
        super().__init__("flow_invalid", f"There are {len(errors)} errors, the first: {errors[0]['title']}", problems)


def is_error(problem: Problem) -> bool:
    return bool(problem["severity"] == "error")


async def of_flow(call: Call, flow: Flow) -> list[Problem]:
    """Of one flow beside those that are live, as if it were published now."""
    live = await call.bots.live_release(call.app.id)
    found = await call.bots.load_release(call.app.id, live) if live is not None else None
    release = found or Release(number=0, flows={}, entry=Entry(flow=flow.id))
    release = replace(release, flows={**release.flows, flow.id: Published(version=0, flow=flow)})
    return [one for one in await _problems(call, release) if one["flow"] == flow.id]


async def check_release(call: Call, release: Release) -> None:
    """Raises NotWell. A release without flows is nothing that could go wrong."""
    problems = await _problems(call, release) if release.flows else []
    if any(is_error(one) for one in problems):
        raise NotWell(problems)


async def _problems(call: Call, release: Release) -> list[Problem]:
    return of_entry(release)


def of_entry(release: Release) -> list[Problem]:
    """Flows that the release begins with, and does not have."""
    entry, settings = release.entry, release.settings
    named = {"entry": entry.flow, "fallback": settings.fallback}
    named |= {f"integration {name}": flow for name, flow in entry.integrations.items()}
    named |= {f"channel {name}": flow for name, flow in entry.channels.items()}
    return [
        {"flow": flow, "step": None, "code": "unknown_flow", "title": f"{where}: the flow {flow} is not live", "severity": "error"}
        for where, flow in named.items()
        if flow is not None and flow not in release.flows
    ]
