"""What is set up goes along with tickets and people: one server for both."""

from __future__ import annotations

from tests.integration.support.conftest import server

__all__ = ["server"]
