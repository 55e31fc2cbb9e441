"""What a cluster is told. Apart from `cluster`, so that it can be made before Ray is imported."""

from __future__ import annotations

import msgspec

from actors.host_process import HostConfig


class HostCount(msgspec.Struct, frozen=True):
    """How many host processes of a kind a server brings, and how many that wait to take over from one that died."""

    count: int = 1
    standbys: int = 0


class ClusterConfig(msgspec.Struct, frozen=True):
    """How to run on Ray. Without `address` a cluster of this process's own is started, on loopback, and ends with it."""

    host: HostConfig
    address: str | None = None
    kinds: dict[str, HostCount] = msgspec.field(default_factory=lambda: {"conversation": HostCount(1, 2)})
    """Each kind that is served, in the order in which their hosts start."""
    inside: bool = False
    """This process is an actor of the cluster itself: it has Ray already, and does not end it."""
