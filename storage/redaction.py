"""What a blanked event keeps: the first bytes of its wire JSON, which are its id and its instant. Replay and repeats need both."""

from __future__ import annotations

#: `{"id":"<24 digits>","createdAt":"<24 characters>"`
STUB_BYTES = len('{"id":"","createdAt":""') + 48
