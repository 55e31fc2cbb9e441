"""What an app needs before customers come, each thing with a way to mend it. Pure: the facts are gathered elsewhere.

Source: the product's own requirements (an agent for messaging, a public help centre with ten articles) and recommendations.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

ARTICLES = 10


class Facts(msgspec.Struct, frozen=True):
    """What is so in an app. None: nobody can tell, and nothing is said of it."""

    agents: int | None = None
    channels: int | None = None
    help_centre: Literal["none", "restricted", "public"] | None = None
    articles: int | None = None
    """Published ones that everybody may read."""
    releases: int | None = None
    """Published releases of the bot."""
    switchboards: int | None = None
    """Enabled ones that have a default member."""
    schedules: int | None = None
    public_url: str | None = None


class Check(msgspec.Struct, frozen=True):
    """A thing to be looked at. `met` answers None when the facts do not tell."""

    code: str
    level: Literal["requirement", "recommendation"]
    title: str
    mend: str
    met: Callable[[Facts], bool | None]


class Finding(msgspec.Struct, frozen=True):
    """A check as it came out; `mend` is None where nothing is to be done."""

    code: str
    level: Literal["requirement", "recommendation"]
    title: str
    met: bool
    mend: str | None = None


def _some(count: int | None) -> bool | None:
    return None if count is None else count > 0


CHECKS: tuple[Check, ...] = (
    Check(
        "agent",
        "requirement",
        "At least one agent may answer messages",
        "Add one: `causerie users add ADDRESS --role agent`.",
        lambda facts: _some(facts.agents),
    ),
    Check(
        "channel",
        "requirement",
        "At least one channel is active",
        "Make an integration and set it active: without one no customer reaches the app.",
        lambda facts: _some(facts.channels),
    ),
    Check(
        "public_help_centre",
        "recommendation",
        "The help centre is public, as article suggestions need",
        "Import articles (`causerie help import FOLDER`), and open it: `causerie help settings --public`.",
        lambda facts: None if facts.help_centre is None else facts.help_centre == "public",
    ),
    Check(
        "articles",
        "recommendation",
        f"The help centre has at least {ARTICLES} published articles for everybody",
        "Write more, or import them: `causerie help import FOLDER`. `causerie help import samples` shows how they look.",
        lambda facts: None if facts.articles is None else facts.articles >= ARTICLES,
    ),
    Check(
        "bot",
        "recommendation",
        "A bot flow is published",
        "Publish one of the ready-made flows, or your own.",
        lambda facts: _some(facts.releases),
    ),
    Check(
        "switchboard",
        "recommendation",
        "The switchboard is enabled and has a default",
        "Enable it, and name the member that answers first: otherwise bot and agents both answer.",
        lambda facts: _some(facts.switchboards),
    ),
    Check(
        "schedule",
        "recommendation",
        "Business hours are set",
        "Set them, so that customers hear when somebody is there.",
        lambda facts: _some(facts.schedules),
    ),
    Check(
        "public_url",
        "recommendation",
        "The server knows its public address, which has TLS",
        "Set CAUSERIE_PUBLIC_URL to the https:// address that customers use.",
        lambda facts: (facts.public_url or "").startswith("https://"),
    ),
)


def findings(facts: Facts, checks: tuple[Check, ...] = CHECKS) -> list[Finding]:
    """Each check that the facts tell of, as it came out."""
    found = [(check, check.met(facts)) for check in checks]
    return [Finding(one.code, one.level, one.title, met, None if met else one.mend) for one, met in found if met is not None]
