"""`make load`: a server, locust against it, and locust's report.

python -m benchmarks.load [--users 50] [--seconds 30] [--scenario mixed] [--shape steady] [--report load.html] [--postgresql]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.server import Running, database, running

ROOT = Path(__file__).parents[1]
#: The classes of `locustfile` that take part.
SCENARIOS = {
    "chat": ("Visitor", "Agent"),
    "api": ("Company",),
    "guests": ("Guest",),
    "mixed": ("Visitor", "Agent", "Company", "Guest"),
}
SHAPES = ("steady", "ramp", "spike", "waves")


def command(options: argparse.Namespace, server: Running) -> list[str]:
    """The command line of locust."""
    argv = [sys.executable, "-m", "locust", "-f", str(ROOT / "benchmarks" / "locustfile.py"), "--headless", "--host", server.url]
    argv += ["--html", str(options.report), "--only-summary", "--exit-code-on-error", "1"]
    if options.shape == "steady":
        argv += ["--users", str(options.users), "--spawn-rate", str(options.users), "--run-time", f"{options.seconds}s"]
    return [*argv, *SCENARIOS[options.scenario]]


def environment(options: argparse.Namespace, credentials: Path) -> dict[str, str]:
    shape = {"LOAD_SHAPE": options.shape, "LOAD_USERS": str(options.users), "LOAD_SECONDS": str(options.seconds)}
    return {**os.environ, **shape, "CAUSERIE_CREDENTIALS": str(credentials), "PYTHONPATH": str(ROOT)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--scenario", choices=SCENARIOS, default="mixed")
    parser.add_argument("--shape", choices=SHAPES, default="steady", help="how the number of users goes up and down")
    parser.add_argument("--report", type=Path, default=Path("load.html"))
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own")
    options = parser.parse_args()
    with database(options.postgresql) as url, running(url) as server, tempfile.TemporaryDirectory() as folder:
        credentials = Path(folder) / "credentials.json"
        credentials.touch(0o600)
        credentials.write_text(json.dumps(server.credentials))
        status = subprocess.run(command(options, server), env=environment(options, credentials), check=False).returncode
    print(f"report: {options.report}")
    return status


if __name__ == "__main__":
    sys.exit(main())
