"""The only package that imports Ray. Ray places, starts, supervises and restarts the host processes; messages never pass through here."""

from actors.cluster.guest import Guest
from actors.cluster.nodes import RayNodes
from actors.cluster.server import Cluster

__all__ = ["Cluster", "Guest", "RayNodes"]
