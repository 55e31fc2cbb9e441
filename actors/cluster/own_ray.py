"""A Ray of this server's alone, with no more of it than hosts need. The only place that reaches into Ray's private parts."""

from __future__ import annotations

import time
from typing import Any

import ray
from ray._private import node, services

from actors.cluster.calls import NAMESPACE, QUIET

OBJECT_STORE_BYTES = 80_000_000
#: Ray's pages, its autoscaler, and what copies workers' output to the driver. Nobody asks for them here; each is a Python process of
#: 60 MB, and on two processors a start took 2 s longer with them.
UNUSED = ("start_api_server", "start_monitor", "start_log_monitor")
LOOK_S, KNOWN_S = 0.02, 20.0

_Node: Any = node.Node
_start_raylet = _Node.start_raylet


def start(folder: str) -> None:
    """Start it, and connect this process to it. Blocking."""
    # Ray takes the machine's public address for loopback and then listens on all; nobody else is to reach this cluster.
    services.resolve_ip_for_localhost = _as_given
    for name in UNUSED:
        setattr(_Node, name, _nothing)
    _Node.start_raylet = _start_raylet_and_wait
    ray.init(
        address="local",
        num_cpus=1,
        include_dashboard=False,
        object_store_memory=OBJECT_STORE_BYTES,
        _temp_dir=folder,
        _node_ip_address="127.0.0.1",
        namespace=NAMESPACE,
        **QUIET,
    )


def _as_given(host: str) -> Any:
    return host


def _nothing(self: Any, **options: object) -> None:
    """In the place of a method of Ray's that would start a process."""


def _start_raylet_and_wait(self: Any, *arguments: object) -> None:
    """Until the cluster knows of it: Ray looks for it once a second, and if it has died, for a minute. If it does not come, Ray says so."""
    _start_raylet(self, *arguments)
    until = time.monotonic() + KNOWN_S
    while not self.get_gcs_client().get_all_node_info() and time.monotonic() < until:
        if self.dead_processes():
            raise RuntimeError("a process of Ray died as it started")
        time.sleep(LOOK_S)
