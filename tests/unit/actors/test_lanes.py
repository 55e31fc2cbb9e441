"""How effects share the way to one target."""

from __future__ import annotations

from actors.lanes import Lane
from storage.ports import ActorId, EffectRow


def effect(n: int, app: str = "a") -> EffectRow:
    return EffectRow(n, ActorId("conversation", app, str(n)), "line", b"")


def test_there_is_room_for_so_many() -> None:
    lane = Lane(2, 2)
    assert [True, True, False] == [lane.enter(effect(n)) for n in (1, 2, 3)]
    assert effect(3) == lane.leave(effect(1))
    assert lane.leave(effect(2)) is None and lane.leave(effect(3)) is None
    assert lane.enter(effect(4))


def test_an_app_has_its_share_and_no_more() -> None:
    """Who comes later finds room all the same."""
    lane = Lane(3, 2)
    assert [True, True, False, True] == [lane.enter(one) for one in (effect(1), effect(2), effect(3), effect(4, "b"))]
    assert lane.leave(effect(4, "b")) is None, "there is room, but not for that app"
    assert effect(3) == lane.leave(effect(2))


def test_apps_that_wait_take_turns() -> None:
    lane = Lane(1, 1)
    waiting = [effect(2), effect(3), effect(4, "b"), effect(5, "b")]
    assert [True, False, False, False, False] == [lane.enter(one) for one in (effect(1), *waiting)]
    begun, last = [], effect(1)
    while (following := lane.leave(last)) is not None:
        begun.append(following.id)
        last = following
    assert [2, 4, 3, 5] == begun
