"""Hosts of a server of which nobody orders more, or fewer."""

from __future__ import annotations


class NeverScaled:
    def pooled(self, kind: str) -> None:
        return None

    def standbys(self, kind: str) -> int:
        return 0

    def add(self, kind: str, count: int) -> None:
        raise AssertionError("nobody has asked for more")

    def remove(self, kind: str, name: str) -> None:
        raise AssertionError("nobody has asked for fewer")
