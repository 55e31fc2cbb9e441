"""Organizations of an app's customers. Pure."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from domain.finding.filters import words_of

MAX_ORGANIZATIONS = 100_000
MAX_MEMBERSHIPS = 100
"""Organizations of one person."""
MAX_TAGS, MAX_DOMAINS = 100, 100

Name = Annotated[str, Meta(min_length=1, max_length=255)]
Short = Annotated[str, Meta(min_length=1, max_length=255)]
Text = Annotated[str, Meta(max_length=4096)]


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept of one."""

    name: Name
    external_id: Short | None = None
    details: Text | None = None
    notes: Text | None = None
    tags: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=80)], ...], Meta(max_length=MAX_TAGS)] = ()
    domain_names: Annotated[tuple[Short, ...], Meta(max_length=MAX_DOMAINS)] = ()
    group_id: int | None = None


class Organization(msgspec.Struct, frozen=True):
    number: int
    body: Body
    created_ms: int = 0
    updated_ms: int = 0


class Membership(msgspec.Struct, frozen=True):
    """Somebody, user or account by id, belongs to an organization; by default to one of them."""

    number: int
    user_id: str
    organization: int
    is_default: bool
    created_ms: int = 0


def folded(name: str) -> str:
    """The name as it is found, and as there is one: its words, without case and accents."""
    return " ".join(words_of(name)) or name.strip()
