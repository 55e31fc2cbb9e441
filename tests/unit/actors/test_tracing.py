"""Tracing is off unless somebody named where traces go."""

from __future__ import annotations

import pytest

from actors import tracing
from actors.tracing import TracingConfig, configured

THERE = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://192.0.2.30:4318"}


def test_nobody_is_traced_by_default() -> None:
    assert (None, None) == (tracing.active, configured(1.0, {"PATH": "/bin"}))


@pytest.mark.parametrize("name", tracing.ENDPOINTS)
def test_an_endpoint_switches_it_on(name: str) -> None:
    assert configured(0.5, {name: "http://192.0.2.30:4318"}) is not None


@pytest.mark.parametrize(("share", "more"), [(0.0, {}), (1.0, {"OTEL_SDK_DISABLED": "true"}), (1.0, {"OTEL_EXPORTER_OTLP_ENDPOINT": ""})])
def test_it_can_be_switched_off_beside_an_endpoint(share: float, more: dict[str, str]) -> None:
    assert configured(share, {**THERE, **more}) is None


def test_hosts_are_told_the_standard_variables_and_no_others() -> None:
    told = {**THERE, "OTEL_EXPORTER_OTLP_HEADERS": "authorization=x"}
    assert TracingConfig(0.1, told) == configured(0.1, {**told, "CAUSERIE_DATABASE_URL": "postgresql://u:p@192.0.2.20/c"})
