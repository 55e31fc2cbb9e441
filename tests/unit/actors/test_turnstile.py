"""How effects share the way to one target."""

from __future__ import annotations

from actors.turnstile import Turnstile
from storage.ports import ActorId, EffectRow


def effect(n: int, app: str = "a") -> EffectRow:
    return EffectRow(n, ActorId("conversation", app, str(n)), "line", b"")


def test_there_is_room_for_so_many() -> None:
    turnstile = Turnstile(2, 2)
    assert [True, True, False] == [turnstile.enter(effect(n)) for n in (1, 2, 3)]
    assert effect(3) == turnstile.leave(effect(1))
    assert turnstile.leave(effect(2)) is None and turnstile.leave(effect(3)) is None
    assert turnstile.enter(effect(4))


def test_an_app_has_its_share_and_no_more() -> None:
    """Who comes later finds room all the same."""
    turnstile = Turnstile(3, 2)
    assert [True, True, False, True] == [turnstile.enter(one) for one in (effect(1), effect(2), effect(3), effect(4, "b"))]
    assert turnstile.leave(effect(4, "b")) is None, "there is room, but not for that app"
    assert effect(3) == turnstile.leave(effect(2))


def test_apps_that_wait_take_turns() -> None:
    turnstile = Turnstile(1, 1)
    waiting = [effect(2), effect(3), effect(4, "b"), effect(5, "b")]
    assert [True, False, False, False, False] == [turnstile.enter(one) for one in (effect(1), *waiting)]
    begun, last = [], effect(1)
    while (following := turnstile.leave(last)) is not None:
        begun.append(following.id)
        last = following
    assert [2, 4, 3, 5] == begun
