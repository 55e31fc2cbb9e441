"""The rows of bots as values: what an author edits, what was published, and by whom. JSON stays as it is stored.

`*_by` says who it was, as commands name senders: `key:<id>` or `agent:<id>`. Instants are Unix milliseconds.
"""

from __future__ import annotations

import msgspec


class Draft(msgspec.Struct, frozen=True):
    """A flow as it is edited. `revision` grows with each change; `definition` is empty in lists."""

    app_id: str
    id: str
    name: str
    definition: bytes
    created_ms: int
    updated_ms: int
    updated_by: str
    revision: int = 1
    last_version: int = 0


class Version(msgspec.Struct, frozen=True):
    """A flow as it was published. It never changes; `definition` is empty in lists."""

    flow_id: str
    number: int
    definition: bytes
    note: str
    created_ms: int
    created_by: str


class Bot(msgspec.Struct, frozen=True):
    """The bot of an app: what its next release will share, and which one is live (None: none). Revision 0: nothing is stored."""

    settings: bytes = b"{}"
    entry: bytes | None = None
    revision: int = 0
    live: int | None = None
    updated_ms: int = 0
    updated_by: str = ""


class Made(msgspec.Struct, frozen=True):
    """A release as lists show it: by whom, when and why; and the version of each flow, by its id."""

    number: int
    note: str
    created_ms: int
    created_by: str
    flows: dict[str, int] = {}


class Publishing(msgspec.Struct, frozen=True):
    """A release to be made: `flows` by id, `settings` and `entry` as JSON.

    Without flows nothing is live any more; with some, there is an `entry`.

    It was made from what was read before: `revision` of the bot, and of the drafts (`drafts`, by flow) that become the `versions`
    which come with it. If somebody has changed any of them since, it is refused.
    """

    app_id: str
    revision: int
    flows: dict[str, int]
    settings: bytes
    entry: bytes | None
    note: str
    at_ms: int
    by: str
    versions: tuple[Version, ...] = ()
    drafts: dict[str, int] = {}


class SecretName(msgspec.Struct, frozen=True):
    """A secret without its value."""

    name: str
    updated_ms: int
    updated_by: str


class Preview(msgspec.Struct, frozen=True):
    """A draft conversation. `revision` grows with each event, so that two at once do not lose one."""

    app_id: str
    id: str
    release: bytes
    body: bytes
    expires_ms: int
    revision: int = 1

    def __repr__(self) -> str:
        return f"Preview({self.app_id}/{self.id}, revision {self.revision})"
