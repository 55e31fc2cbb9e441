"""Whether flows may go live: what is wrong with them, and the refusal that says it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from domain.bot import checks
from domain.bot.flow import Call as CallStep
from domain.bot.flow import Flow
from domain.bot.release import Entry, Published, Release, parse_settings
from gateway.bot.operations import Call, Problems

Problem = dict[str, Any]
"""`flow` ("": all of them together), `step` (None: the flow as a whole), `code`, `text`, `path`, `level` (`error` or `warning`)."""

_SECRET = re.compile(rb"\{\{\s*secret\.([A-Za-z][A-Za-z0-9_]{0,63})")


class NotWell(Problems):
    """A release that would not work."""

    def __init__(self, problems: list[Problem]) -> None:
        errors = [one for one in problems if is_error(one)]
        super().__init__("flow_invalid", f"There are errors ({len(errors)}), the first: {errors[0]['text']}", problems)


def is_error(problem: Problem) -> bool:
    return bool(problem["level"] == "error")


async def of_flow(call: Call, flow: Flow, others: Iterable[Flow] = ()) -> list[Problem]:
    """Of one flow beside those that are live, as if it were published now, with `others`."""
    bot = await call.bots.get_bot(call.app.id)
    found = await call.bots.load_release(call.app.id, bot.live) if bot.live is not None else None
    flows = dict(found.flows) if found is not None else {}
    flows |= {one.id: Published(version=0, flow=one) for one in (*others, flow)}
    release = Release(number=0, flows=flows, entry=Entry(flow=flow.id), settings=parse_settings(bot.settings))
    return [one for one in await _problems(call, release) if one["flow"] in (flow.id, "")]


async def check_release(call: Call, release: Release) -> None:
    """Raises NotWell. A release without flows is nothing that could go wrong."""
    problems = await _problems(call, release) if release.flows else []
    if any(is_error(one) for one in problems):
        raise NotWell(problems)


async def _problems(call: Call, release: Release) -> list[Problem]:
    """In a thread: a hundred flows take a while, and others wait for the loop."""
    known = {one.name for one in await call.bots.list_secrets(call.app.id)}
    found = await asyncio.to_thread(checks.check_release, release)
    return [*(_shown(flow, one) for flow, one in found), *_without_secret(release, known)]


def _shown(flow: str, problem: checks.Problem) -> Problem:
    return {"flow": flow, **{name: getattr(problem, name) for name in ("step", "code", "text", "path", "level")}}


def _without_secret(release: Release, known: set[str]) -> Iterator[Problem]:
    """Calls that name a secret which is not there. It may come later, so that is no error."""
    for name, one in release.flows.items():
        for step in one.flow.steps:
            named = _SECRET.findall(msgspec.json.encode((step.headers, step.body))) if isinstance(step, CallStep) else []
            for secret in sorted({found.decode() for found in named} - known):
                problem = checks.Problem(step.id, "unknown_secret", f"There is no secret {secret} yet.", "", "warning")
                yield _shown(name, problem)
