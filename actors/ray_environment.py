"""Ray's settings for a cluster of our own. Ray reads some of them when it is imported, so this is called before that."""

from __future__ import annotations

import os
import secrets
import tempfile

from actors.reaper import MARK

#: Ray's default nice level for workers starves actors behind a busy gateway on a small machine.
SETTINGS = {
    "RAY_AUTH_MODE": "token",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_worker_niceness": "0",
    "RAY_DEDUP_LOGS": "0",
    "RAY_enable_metrics_collection": "0",
    # A call while Ray is being started anew must fail: by default it starts a cluster of its own, and blocks the loop for ever.
    "RAY_ENABLE_AUTO_CONNECT": "0",
}


def prepare() -> tuple[str, str]:
    """Set the environment of this process and its children. Returns (mark, folder) of the new instance."""
    mark, folder = secrets.token_hex(8), tempfile.mkdtemp(prefix="causerie-")
    os.environ.update(SETTINGS)
    os.environ.update({MARK: mark, "CAUSERIE_RUN": folder, "RAY_AUTH_TOKEN": secrets.token_hex(32)})
    for name in ("RAY_ADDRESS", "RAY_AUTH_TOKEN_PATH"):
        os.environ.pop(name, None)
    return mark, folder


#: So long a process does without the head before it ends: a head that keeps its books in Redis comes back. Ray's default is 60.
WITHOUT_HEAD = {"RAY_gcs_rpc_server_reconnect_timeout_s": "600"}


def join() -> tuple[str, str]:
    """For a cluster that exists: its own settings hold, only what this process does by itself is set. No mark, no folder."""
    for name, value in {"RAY_DEDUP_LOGS": "0", **WITHOUT_HEAD}.items():
        os.environ.setdefault(name, value)
    os.environ["RAY_ENABLE_AUTO_CONNECT"] = "0"
    return "", ""
