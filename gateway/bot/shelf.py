"""Ready-made flows from a folder of JSON files, read once. `settings.json` is what they need around them: who takes it over
checks it, since that takes a second where it names a country."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from domain.bot.flow import Flow, parse_flow

SETTINGS = "settings.json"


class Shelf:
    """Raises Invalid for a file that is no flow."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(folder.glob("*.json"))
        flows = [parse_flow(path.read_bytes(), path.name) for path in paths if path.name != SETTINGS]
        self._flows = {flow.id: flow for flow in flows}
        self.settings = (folder / SETTINGS).read_bytes() if (folder / SETTINGS).exists() else b"{}"

    def names(self) -> Sequence[str]:
        return list(self._flows)

    def load(self, name: str) -> Flow:
        return self._flows[name]
