"""The wire form of a stored event, the same for actors of all kinds: `{"id", "createdAt", "type", "payload"}`, encoded once.

An event is a struct with a `type` of its own. What was redacted is cut after `createdAt`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import msgspec

from domain import ids


class Event(Protocol):
    """What a payload is."""

    type: ClassVar[str]


class Later(msgspec.Struct, frozen=True):
    """Stands for an event that a later version wrote: it has its place and is passed on as it is; what it says is not known here."""


class _Envelope(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    created_at: str
    type: str
    payload: Any


class _Opened(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    created_at: str
    type: str
    payload: msgspec.Raw


E = TypeVar("E", bound=Event)
_encoder = msgspec.json.Encoder()
_opener = msgspec.json.Decoder(_Opened)


def encode(identifier: str, at_ms: int, event: Event) -> bytes:
    """The event's wire JSON."""
    return _encoder.encode(_Envelope(identifier, ids.instant(at_ms), event.type, event))


def instant_ms(body: bytes) -> int:
    """The instant of wire JSON in Unix milliseconds, read at its fixed place. Redaction leaves it."""
    return ids.milliseconds(body[46:70].decode())


class Reader(Generic[E]):
    """Reads the events of one kind of actor. `stored` are the types that there are, by name.

    `upcasts[n - 1]` turns version n of the wire JSON into n + 1; the length plus one is the version that is written.
    """

    def __init__(self, stored: Mapping[str, type[E]], upcasts: Sequence[Callable[[bytes], bytes]] = ()) -> None:
        self._payloads = {name: msgspec.json.Decoder(kind) for name, kind in stored.items()}
        self._upcasts = upcasts
        self.version = len(upcasts) + 1

    def decode(self, body: bytes, version: int = 1) -> tuple[int, E | Later | None]:
        """(instant in ms, event) of stored wire JSON; no event where redaction left only id and instant. Upcasts old versions.

        `version` is the lowest that can read the event: what is above ours, or of a kind that we do not know, is `Later`.
        """
        if body[-1:] != b"}":
            return instant_ms(body), None
        if version > self.version:
            return instant_ms(body), Later()
        opened = _opener.decode(self.upcast(body, version))
        payload = self._payloads.get(opened.type)
        return ids.milliseconds(opened.created_at), Later() if payload is None else payload.decode(opened.payload)

    def upcast(self, body: bytes, version: int) -> bytes:
        """Wire JSON of an older version in the form of today's."""
        for step in self._upcasts[version - 1 :]:
            body = step(body)
        return body
