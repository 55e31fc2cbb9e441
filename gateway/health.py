"""`/healthz`: the process answers. `/readyz`: messages can be taken now, or what is missing. `/metrics`: Prometheus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import msgspec
from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from actors.router import Router
from gateway.counts import COUNTS
from gateway.stream.endpoints import OpenSockets

_encode = msgspec.json.Encoder().encode

#: What a host reports, as Prometheus names and helps.
_HOST_GAUGES = {
    "generation": "Which owner of the slot this is: each takeover adds one",
    "queued": "Commands that wait for a batch",
    "effects": "Effects that are pending, timers of the next minute among them",
    "live_activations": "Actors in memory",
    "commit_seconds_mean": "Mean time of the last commits",
    "commit_events_mean": "Mean number of events in the last commits",
}
_HOST_COUNTERS = {
    "events": "Events committed",
    "commits": "Commits",
    "commit_unavailable": "Commits that failed for want of the database",
    "activations": "Activations",
}


class Health:
    """What this gateway knows of its own state and of its hosts."""

    def __init__(
        self,
        router: Router,
        sockets: OpenSockets,
        ready: Callable[[], Awaitable[dict[str, str]]],
        hosts: Callable[[], Awaitable[list[dict[str, Any]]]],
    ) -> None:
        self._router, self._sockets, self.ready, self._hosts = router, sockets, ready, hosts

    async def page(self) -> bytes:
        """The metrics in Prometheus' text format."""
        hosts = await self._hosts()
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Families([*self._own(), *_of_hosts(hosts), *COUNTS.families()]))
        ProcessCollector(registry=registry)  # of this process: processor time, memory, open files
        return generate_latest(registry)

    def waiting(self) -> list[str]:
        """The hosts to which there is no link now."""
        return sorted(f"{link.kind} host {link.slot}" for link in self._router.links() if link.placed and not link.up.is_set())

    def _own(self) -> Iterable[Metric]:
        yield GaugeMetricFamily("causerie_open_sockets", "Open stream sockets", value=self._sockets.count)
        waiting = sum(link.waiting for link in self._router.links())
        yield GaugeMetricFamily("causerie_unanswered_commands", "Commands sent to hosts and not answered", value=waiting)
        up = GaugeMetricFamily("causerie_link_up", "Whether the link to a slot's host is up", labels=["kind", "slot"])
        for link in self._router.links():
            up.add_metric([link.kind, link.slot], float(link.up.is_set()))
        yield up


class _Families:
    """A collector of families that are made already."""

    def __init__(self, families: list[Metric]) -> None:
        self._made = families

    def collect(self) -> Iterable[Metric]:
        return self._made


def _of_hosts(processes: list[dict[str, Any]]) -> Iterable[Metric]:
    answering = GaugeMetricFamily("causerie_host_processes", "Host processes of this server that answer", labels=["kind"])
    for kind, count in Counter(process["kind"] for process in processes).items():
        answering.add_metric([kind], count)
    yield answering
    hosts = [slot for process in processes for slot in process["slots"]]
    for name, text in _HOST_GAUGES.items():
        gauge = GaugeMetricFamily(f"causerie_host_{name}", text, labels=["kind", "slot"])
        for host in hosts:
            gauge.add_metric([host["kind"], str(host["slot"])], float(str(host.get(name, 0))))
        yield gauge
    for name, text in _HOST_COUNTERS.items():
        counter = CounterMetricFamily(f"causerie_host_{name}", text, labels=["kind", "slot", "generation"])
        for host in hosts:
            counter.add_metric([host["kind"], str(host["slot"]), str(host["generation"])], float(str(host.get(f"{name}_total", 0))))
        yield counter


HEALTH = web.AppKey("health", Health)


async def healthz(request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """200 when a message can be taken now; otherwise 503 with what is missing. Without bots, say, messages are taken all the same: then
    `waiting` names the hosts that others wait for."""
    health = request.app[HEALTH]
    missing = await health.ready()
    if not missing:
        waiting = health.waiting()
        return web.json_response({"status": "ready", **({"waiting": waiting} if waiting else {})})
    errors = [{"code": "unavailable", "title": f"{part}: {problem}"} for part, problem in sorted(missing.items())]
    return web.Response(
        status=503, body=_encode({"status": "unavailable", "errors": errors}), content_type="application/json", headers={"Retry-After": "1"}
    )


async def metrics(request: web.Request) -> web.Response:
    return web.Response(body=await request.app[HEALTH].page(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
