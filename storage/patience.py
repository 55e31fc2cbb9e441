"""The performer of effects to `patience`: counts that a program let a customer wait.

Performed at least once: after a crash at the wrong moment the count may be one too high.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from domain.conversation import commands as cmd
from storage.ports import EffectRow
from storage.sql.switchboards import Switchboards


def counting_silences(switchboards: Switchboards, now_ms: Callable[[], int]) -> Callable[[EffectRow], Awaitable[bytes]]:
    """The performer. The command that settles the effect is its own payload."""

    async def perform(effect: EffectRow) -> bytes:
        command = cmd.decode(effect.payload)
        assert isinstance(command, cmd.CountSilence), "only these go to `patience`"
        await switchboards.silent(effect.actor.app, command.member_id, now_ms())
        return effect.payload

    return perform
