"""The browsers' client knows no events but those of the stream. That its frames are the stream's is the compiler's to see (contract.ts)."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
CLIENT = ROOT / "web" / "packages" / "client" / "src"
STREAM = (ROOT / "docs" / "reference" / "stream.md").read_text()


def test_the_events_that_it_understands_exist() -> None:
    events = set(re.findall(r'case "([a-z:A-Z]+)"', (CLIENT / "thread.ts").read_text()))
    assert set() == {one for one in events if f"`{one}`" not in STREAM}
    assert "conversation:message" in events
