"""`make load`: a server, locust against it, and locust's report.

python -m benchmarks.load USERS SECONDS [REPORT]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.server import running


def main() -> int:
    users, seconds, report = (*sys.argv[1:], "load.html")[:3]
    with running() as server, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "credentials.json"
        path.touch(0o600)
        path.write_text(json.dumps(server.credentials))
        file = str(Path(__file__).with_name("locustfile.py"))
        argv = [sys.executable, "-m", "locust", "-f", file, "--headless", "--host", server.url, "--users", users]
        argv += ["--spawn-rate", users, "--run-time", f"{seconds}s", "--html", report, "--only-summary"]
        status = subprocess.run(argv, env={**os.environ, "CAUSERIE_CREDENTIALS": str(path)}, check=False).returncode
    print(f"report: {report}")
    return status


if __name__ == "__main__":
    sys.exit(main())
