"""The wheel's build: it holds the pages of web/, built, and builds them first where that was not done. Asks for nothing but a registry."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
BUILT = ROOT / "gateway" / "pages" / "built"


def wanted() -> bool:
    """Whether there is something to build. A checkout that is installed as it stands (`PAGES=later`) has `make web`."""
    return not (BUILT / "widget.js").exists() and os.environ.get("PAGES") != "later"


class Pages(BuildHookInterface[Any]):
    def dependencies(self) -> list[str]:
        return (ROOT / "web" / "requirements.in").read_text().split() if wanted() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable" or not wanted():
            return
        for arguments in (["npm", "ci"], ["tools/build.mjs"]):
            subprocess.run([sys.executable, str(ROOT / "web" / "tools" / "node.py"), *arguments], check=True)  # noqa: S603 (our own file)
