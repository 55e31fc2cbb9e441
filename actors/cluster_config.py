"""What a cluster is told. Apart from `cluster`, so that it can be made before Ray is imported."""

from __future__ import annotations

import msgspec

from actors.host_process import HostConfig


class ClusterConfig(msgspec.Struct, frozen=True):
    """How to run on Ray. Without `address` a cluster of this process's own is started, on loopback, and ends with it."""

    host: HostConfig
    address: str | None = None
    hosts: dict[str, int] = msgspec.field(default_factory=lambda: {"conversation": 1})
    """How many hosts of each kind this server brings, beside the standbys."""
    standbys: int = 2
    inside: bool = False
    """This process is an actor of the cluster itself: it has Ray already, and does not end it."""
