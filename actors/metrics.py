"""What a host counts, readable by its gateway over the link's control call."""

from __future__ import annotations

from collections import deque


class Counter:
    """A number that only rises."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0

    def inc(self, by: int = 1) -> None:
        self.value += by


class HostMetrics:
    """Counts since the host began, and the last thousand commits."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.events, self.commits, self.unavailable, self.activations = Counter(), Counter(), Counter(), Counter()
        self.live = 0
        self.commit_s: deque[float] = deque(maxlen=1000)
        self.commit_events: deque[int] = deque(maxlen=1000)

    def committed(self, events: int, seconds: float) -> None:
        self.events.inc(events)
        self.commits.inc()
        self.commit_s.append(seconds)
        self.commit_events.append(events)

    def activated(self, count: int, live: int) -> None:
        self.activations.inc(count)
        self.live = live

    def passivated(self, live: int) -> None:
        self.live = live

    def report(self) -> dict[str, float]:
        """Totals and recent means, by Prometheus names without prefix."""
        commits = max(1, len(self.commit_s))
        return {
            "events_total": self.events.value,
            "commits_total": self.commits.value,
            "commit_unavailable_total": self.unavailable.value,
            "activations_total": self.activations.value,
            "live_activations": self.live,
            "commit_seconds_mean": sum(self.commit_s) / commits,
            "commit_events_mean": sum(self.commit_events) / commits,
        }
