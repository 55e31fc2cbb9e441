"""Tells an app's routing that the desk has changed. A hint: whatever it is told next makes it look as well."""

from __future__ import annotations

import contextlib
import secrets

from actors.link import Outcome
from actors.router import Router, bytes_digest
from domain.assignment import commands as cmd
from domain.errors import Unavailable
from gateway.presence import routing_of

_refresh = cmd.encode(cmd.Refresh())
_digest = bytes_digest(_refresh)


def refresh(router: Router, app: str) -> None:
    with contextlib.suppress(Unavailable):
        router.send(routing_of(app), _refresh, secrets.randbits(63), _digest, _heard)


def _heard(outcome: Outcome) -> None:
    """Nobody waits for it."""
