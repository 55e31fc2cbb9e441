"""What this gateway counts: plain integers on the hot path, Prometheus families when somebody asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, Metric


class Counts:
    """Messages in, events out, refusals, since this process began."""

    def __init__(self) -> None:
        self.messages_in = 0
        self.events_out = 0
        self.refusals: Counter[str] = Counter()

    def families(self) -> Iterable[Metric]:
        yield CounterMetricFamily("causerie_messages_in", "Messages taken from clients", value=self.messages_in)
        yield CounterMetricFamily("causerie_events_out", "Events written to stream sockets", value=self.events_out)
        refused = CounterMetricFamily("causerie_refusals", "Refusals, by code", labels=["code"])
        for code, number in self.refusals.items():
            refused.add_metric([code], number)
        yield refused


COUNTS = Counts()
