"""What this gateway counts: plain integers on the hot path, Prometheus families when somebody asks."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from domain.envelope import instant_ms

LAG_SAMPLE = 16


class Counts:
    """Messages in, events out, refusals, since this process began."""

    def __init__(self) -> None:
        self.messages_in = 0
        self.events_out = 0
        self.refusals: Counter[str] = Counter()
        self._lags_ms: deque[int] = deque(maxlen=1000)

    def shown(self, seq: int, body: bytes, now_ms: int) -> None:
        """An event goes to a socket. How late it is is noted for some, not to spend more on counting than on sending."""
        self.events_out += 1
        if not self.events_out % LAG_SAMPLE and seq:
            self._lags_ms.append(now_ms - instant_ms(body))

    def families(self) -> Iterable[Metric]:
        yield CounterMetricFamily("causerie_messages_in", "Messages taken from clients", value=self.messages_in)
        yield CounterMetricFamily("causerie_events_out", "Events written to stream sockets", value=self.events_out)
        refused = CounterMetricFamily("causerie_refusals", "Refusals, by code", labels=["code"])
        for code, number in self.refusals.items():
            refused.add_metric([code], number)
        yield refused
        lag = GaugeMetricFamily("causerie_stream_lag_seconds", "From an event's instant to its socket, of the last samples", labels=["q"])
        for q, value in _quantiles(list(self._lags_ms)).items():
            lag.add_metric([q], value / 1000)
        yield lag


def _quantiles(values: list[int]) -> dict[str, float]:
    ordered = sorted(values) or [0]
    return {str(q): ordered[min(len(ordered) - 1, int(q * len(ordered)))] for q in (0.5, 0.95, 0.99)}


COUNTS = Counts()
