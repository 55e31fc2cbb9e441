"""Breaks a server again and again while people talk, and judges what they were told.

    python -m tests.chaos [--minutes 5] [--seed 7] [--database sqlite|postgresql] [--servers 2] [--placement dedicated] [--link ray]
                          [--only WORDS] [--out benchmarks/results]
    python -m tests.chaos --resume FILE [--minutes 5]     the same plan from the next step on, adding to the file
    python -m tests.chaos --report FILE                   a readable summary

SIGINT and SIGTERM end it in good order: what there is is judged and written. The status is 1 if anything was violated.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from tests.chaos import plan, summary
from tests.chaos.campaign import Campaign, told
from tests.chaos.faults import FAULTS
from tests.chaos.site import Impossible, Shape, site

STEPS_TOLD = 40


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="default: sqlite, or postgresql for several servers")
    parser.add_argument("--servers", type=int, default=1, help="how many, on one PostgreSQL")
    parser.add_argument("--placement", choices=("shared", "dedicated"), default="shared")
    parser.add_argument("--link", choices=("socket", "ray"), default="socket")
    parser.add_argument("--only", default="", metavar="WORDS", help="faults whose name has these words")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--resume", type=Path, metavar="FILE")
    parser.add_argument("--report", type=Path, metavar="FILE")
    options = parser.parse_args()
    found = summary.read(options.report) if options.report else asyncio.run(campaign(options))
    print(summary.report(found))
    return 1 if found.violations else 0


async def campaign(options: argparse.Namespace) -> summary.Summary:
    """A run, begun or taken up. Its folder is kept if there is evidence in it."""
    folder = Path(tempfile.mkdtemp(prefix="causerie-chaos-"))
    earlier = summary.read(options.resume) if options.resume else None
    shape = earlier.shape if earlier else _shape(options)
    seed, first, only = (earlier.seed, earlier.steps, earlier.only) if earlier else (options.seed, 0, options.only)
    faults = [fault for fault in FAULTS if only in fault.name and fault.fits(shape)]
    if not faults:
        sys.exit(f"no fault of {shape} is called `{only}`: they are {', '.join(fault.name for fault in FAULTS)}")
    print(f"{shape}, seed {seed}; the next steps:\n{told(plan.plan(faults, shape, seed, first), STEPS_TOLD)}\n", flush=True)
    async with site(folder, shape) as place:
        found = earlier or summary.begun(shape, seed, *await place.facts(), only)
        file = options.resume or summary.file_for(options.out, found)
        run = Campaign(place, plan.plan(faults, shape, seed, first), found, file, folder)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, run.stop.set)
        await run.run(options.minutes * 60)
        for server in place.servers:
            shutil.copy(server.log, folder / f"{server.log.parent.name}.log")
    print(f"\n{file}")
    if not found.violations:
        shutil.rmtree(folder)
    return found


def _shape(options: argparse.Namespace) -> Shape:
    try:
        return Shape(
            options.database or ("postgresql" if options.servers > 1 else "sqlite"), options.servers, options.placement, options.link
        )
    except Impossible as impossible:
        sys.exit(str(impossible))


if __name__ == "__main__":
    sys.exit(main())
