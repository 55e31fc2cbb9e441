"""How evenly actors lie on many hosts, and how many move when a host joins or leaves, for several ways to place shards.

    python -m benchmarks.placement [--hosts 10000] [--seed 1]

A simulation on paper: no server is started. Shards are loaded by chance: each holds some conversations, and some people write more
than others. `ranges` with 65,536 shards is what `actors.placement` does today.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence

import msgspec

CONVERSATIONS_PER_HOST = 2_000
SIZES = (10, 100, 1_000, 10_000)
MOST_WEIGHINGS = 200_000
_MASK = (1 << 64) - 1

Assignment = list[int]
"""The host of each shard."""

Scheme = Callable[[int, int], Assignment]
"""From the numbers of shards and of hosts."""


class Outcome(msgspec.Struct, frozen=True):
    """What became of one scheme. Shares are of all shards; `imbalance` is the busiest host's load over the mean."""

    scheme: str
    shards: int
    hosts: int
    empty: int
    imbalance: float
    joined: float
    left: float

    def row(self) -> tuple[str, ...]:
        numbers = f"{self.shards:,}", f"{self.hosts:,}", f"{self.empty:,}", f"{self.imbalance:.2f}"
        return (self.scheme, *numbers, f"{self.joined:.2%}", f"{self.left:.2%}")


COLUMNS = ("scheme", "shards", "hosts", "hosts without work", "busiest / mean", "moved when one joins", "when one leaves")


def ranges(shards: int, hosts: int) -> Assignment:
    """Contiguous ranges of about equal length, as `actors.placement.Placement.slot_of`."""
    return [shard * hosts // shards for shard in range(shards)]


def jump(shards: int, hosts: int) -> Assignment:
    """Jump consistent hashing (Lamping and Veach, 2014): nothing to remember, and only the last host can leave."""
    return [_jumped(_mixed(shard), hosts) for shard in range(shards)]


def rendezvous(shards: int, hosts: int) -> Assignment:
    """Each shard goes to the host that weighs most for it: nothing to remember, any host can leave, a weighing of every pair."""
    seeds = [_mixed(host + (1 << 32)) for host in range(hosts)]
    return [max(range(hosts), key=lambda host: _mixed(shard ^ seeds[host])) for shard in range(shards)]


def levelled(before: Sequence[int], hosts: int) -> Assignment:
    """A table that is remembered: every host gets its equal share of shards, and as few as can be move."""
    held: list[list[int]] = [[] for _ in range(hosts)]
    homeless: list[int] = []
    for shard, host in enumerate(before):
        (held[host] if host < hosts else homeless).append(shard)
    least, extra = divmod(len(before), hosts)
    fullest_first = sorted(range(hosts), key=lambda host: -len(held[host]))
    shares = {host: least + (rank < extra) for rank, host in enumerate(fullest_first)}
    for host, share in shares.items():
        homeless += held[host][share:]
        del held[host][share:]
    for host, share in shares.items():
        while len(held[host]) < share:
            held[host].append(homeless.pop())
    return _inverted(held, len(before))


def outcome(name: str, scheme: Scheme | None, shards: int, hosts: int, loads: Sequence[float]) -> Outcome:
    """One scheme at one size. Without a function: the table, which depends on what was before."""
    if scheme is None:
        now = levelled(ranges(shards, hosts), hosts)
        more, fewer = levelled(now, hosts + 1), levelled(now, hosts - 1)
    else:
        now, more, fewer = (scheme(shards, count) for count in (hosts, hosts + 1, hosts - 1))
    of_host = [0.0] * hosts
    for shard, host in enumerate(now):
        of_host[host] += loads[shard]
    imbalance = max(of_host) * hosts / sum(of_host)
    return Outcome(name, shards, hosts, hosts - len(set(now)), imbalance, _moved(now, more), _moved(now, fewer))


def loads_of(shards: int, hosts: int, seed: int) -> list[float]:
    """The load of each shard: how many conversations fell on it, each as busy as its people are (exponentially distributed).

    By the normal distribution, whose variance is that of both chances together; exact enough from a few conversations on.
    """
    chance, mean = random.Random(seed), CONVERSATIONS_PER_HOST * hosts / shards
    return [max(0.0, chance.gauss(mean, (2 * mean) ** 0.5)) for _ in range(shards)]


def simulated(hosts: int, seed: int) -> list[Outcome]:
    """Every scheme at one number of hosts. Rendezvous hashing is left out where it would weigh too many pairs."""
    wanted: list[tuple[str, Scheme | None, int]] = [
        ("ranges", ranges, 1_024),
        ("ranges", ranges, 65_536),
        ("jump", jump, 65_536),
        ("jump", jump, 1_048_576),
        ("rendezvous", rendezvous, 1_024),
        ("table", None, 65_536),
    ]
    fitting = [one for one in wanted if one[1] is not rendezvous or one[2] * hosts <= MOST_WEIGHINGS]
    return [outcome(name, scheme, shards, hosts, loads_of(shards, hosts, seed)) for name, scheme, shards in fitting]


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """As Markdown has it."""
    return "\n".join(f"| {' | '.join(line)} |" for line in (columns, ["---"] * len(columns), *rows))


def _moved(before: Sequence[int], after: Sequence[int]) -> float:
    return sum(old != new for old, new in zip(before, after, strict=True)) / len(before)


def _inverted(held: Sequence[Sequence[int]], shards: int) -> Assignment:
    found = [0] * shards
    for host, its_shards in enumerate(held):
        for shard in its_shards:
            found[shard] = host
    return found


def _mixed(number: int) -> int:
    """64 bits in which every bit of the number counts (the finalizer of splitmix64)."""
    number = (number + 0x9E3779B97F4A7C15) & _MASK
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & _MASK
    return number ^ (number >> 31)


def _jumped(key: int, hosts: int) -> int:
    here, there = -1, 0
    while there < hosts:
        here = there
        key = (key * 2862933555777941757 + 1) & _MASK
        there = int((here + 1) * (1 << 31) / ((key >> 33) + 1))
    return here


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, action="append", help=f"may be repeated; {' '.join(map(str, SIZES))} unless given")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = [one for hosts in options.hosts or SIZES for one in simulated(hosts, options.seed)]
    print(table(COLUMNS, [one.row() for one in found]))


if __name__ == "__main__":
    main()
