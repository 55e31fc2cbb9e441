"""The rule by which one effect replaces another of its name, shared by all journals."""

from __future__ import annotations

from collections.abc import Sequence

from storage.ports import NewEffect


def remaining(effects: Sequence[NewEffect]) -> list[NewEffect]:
    """Without those that a later one of the same commit, target and name replaces. The empty name never replaces."""
    last = {(each.target, each.name): at for at, each in enumerate(effects) if each.name}
    return [each for at, each in enumerate(effects) if not each.name or last[each.target, each.name] == at]
