"""Makes RESULTS.md out of the JSON files of the programs: tables of medians, and bars.

    python -m benchmarks.report [--results benchmarks/results]

Rows with the same settings, from however many runs and files, become one line: the median of each figure, with the number of
runs. Runs that shared the machine with a neighbour are left out. It measures nothing.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import bars
from benchmarks.results import FOLDER

PAGE = Path(__file__).with_name("RESULTS.md")

Row = dict[str, Any]

#: What of a row says which measurement it is; the rest are figures. A program that is not named has `what`.
SETTINGS = {
    "throughput": ("visitors", "in_flight", "rate"),
    "bots": ("visitors", "rate"),
    "rest": ("client", "connections"),
    "search": ("articles",),
    "connected": ("visitors", "rate"),
    "routing": ("part", "agents", "waiting", "acting", "offers", "tickets", "in_flight", "timers", "due_per_s"),
    "soak": ("what", "minutes", "visitors", "rate"),
    "memory": ("what", "conversations"),
    "pages": ("part", "page", "visit", "network"),
    "peers": ("system", "settings", "visitors", "in_flight"),
}
TITLES = {
    "ceiling": "Ceiling: what machine and libraries could do",
    "throughput": "Throughput: messages acked and delivered to an agent",
    "bots": "Bots: their answers, from a visitor's message to the visitor's socket",
    "routing": "Desk: assignments, updates of tickets, timers",
    "rest": "REST: posts of messages",
    "search": "Search: questions among the articles of a help centre, one after the other and four at a time",
    "connected": "Connected: thousands of visitors at once",
    "memory": "Memory: what a conversation costs",
    "pages": "Pages: how soon they can be used, and what they hold",
    "soak": "Soak: what grows with time",
    "peers": "Peers: other systems under the same load",
}
#: Cores that other processes may take for a run to count.
QUIET_CORES = 0.15
#: Not figures of the run.
LEFT_OUT = ("run", "seconds")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=FOLDER)
    parser.add_argument("--page", type=Path, default=PAGE)
    options = parser.parse_args()
    files = [json.loads(path.read_text()) for path in sorted(options.results.glob("*.json"))]
    options.page.write_text(page([file for file in files if file.get("benchmark") in TITLES], options.page.parent / "results"))


def page(files: Sequence[Row], pictures: Path) -> str:
    """The whole page; its pictures are written beside it."""
    parts = [
        "# Results\n",
        "Made by `python -m benchmarks.report` from `benchmarks/results/`; [README.md](README.md) explains the programs.\n",
    ]
    parts += [f"On: {about}.\n" for about in sorted({_about(file) for file in files})]
    for name, title in TITLES.items():
        mine = [file for file in files if file["benchmark"] == name]
        if mine:
            parts.append(f"## {title}\n")
            parts += _peers(mine) if name == "peers" else _tables(name, mine)
            parts += _picture(name, mine, pictures)
    return "\n".join(parts)


def _about(file: Row) -> str:
    machine, versions = file["machine"], file["versions"]
    known = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"{machine['cores']} cores of {machine['cpu']}, {machine['ram_gb']} GB; {known}"


def medians(name: str, files: Iterable[Row]) -> list[Row]:
    """A row for each database and setting: the median of each figure over all runs, and how many there were."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    keys = SETTINGS.get(name, ("what",))
    for file in files:
        for row in filter(_is_quiet, file["rows"]):
            groups[(file["database"]["name"], *(_hashable(row.get(key)) for key in keys))].append(_flat(row))
    made = []
    for (database, *values), rows in groups.items():
        settings = {key: value for key, value in zip(keys, values, strict=True) if value is not None}
        figures = {key: _median([row[key] for row in rows if row.get(key) is not None]) for key in _names(rows) if key not in keys}
        made.append({"database": database, **settings, **figures, "runs": len(rows)})
    return made


def _is_quiet(row: Row) -> bool:
    return bool(row.get("neighbours_cores", 0) <= QUIET_CORES)


def _hashable(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def _names(rows: Iterable[Row]) -> list[str]:
    """Every name in the rows, in the order in which they come."""
    return list(dict.fromkeys(name for row in rows for name in row if name not in LEFT_OUT))


def _flat(row: Row) -> Row:
    """`cpu_ms: {host: 1}` becomes `cpu_ms host: 1`."""
    flat: Row = {}
    for name, value in row.items():
        flat |= {f"{name} {inner}": each for inner, each in value.items() if each} if isinstance(value, dict) else {name: value}
    return flat


def _median(values: Sequence[Any]) -> Any:
    if not values or isinstance(values[-1], bool | str | list):
        return values[-1] if values else None
    found = statistics.median(values)
    return round(found) if abs(found) >= 100 else round(found, 3)


def _tables(name: str, files: Iterable[Row]) -> list[str]:
    """One for each part, where a program measures things of several kinds: they have other figures."""
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in medians(name, files):
        parts[row.get("part", "")].append(row)
    return [markdown(_names(rows), rows) for rows in parts.values()]


def markdown(names: Sequence[str], rows: Iterable[Row]) -> str:
    lines = ["| " + " | ".join(name.replace("_", " ") for name in names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(_shown(row.get(name)) for name in names) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) and value >= 10_000 else str(value)


def _peers(files: Sequence[Row]) -> list[str]:
    """Each file by itself: systems are compared within one run only."""
    return [_against(file) for file in files]


def _against(file: Row) -> str:
    rows = medians("peers", [file])
    ours = {(row.get("visitors"), row.get("in_flight")): row for row in rows if str(row["system"]).lower() == "causerie"}
    for row in rows:
        base = ours.get((row.get("visitors"), row.get("in_flight")))
        if base and base.get("delivered_per_s"):
            row["of_causerie"] = round(row.get("delivered_per_s", 0) / base["delivered_per_s"], 3)
        del row["database"]
    return markdown(_names(rows), rows)


def _picture(name: str, files: Sequence[Row], folder: Path) -> list[str]:
    """Bars of messages a second, where there are any."""
    rows = medians(name, files)
    figure = next((key for key in ("delivered_per_s", "posts_per_s", "per_s") if any(key in row for row in rows)), None)
    if figure is None or name == "connected":
        return []
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.svg").write_text(
        bars.svg(f"{TITLES[name].partition(':')[0]}, a second", {_label(name, row): row.get(figure, 0) for row in rows})
    )
    return [f"![{TITLES[name]}](results/{name}.svg)\n"]


def _label(name: str, row: Row) -> str:
    keys = [key for key in SETTINGS.get(name, ("what",)) if key in row]
    if "in_flight" in keys:
        shape = f"{row['visitors']}x{row['in_flight']}"
        return " ".join([*(str(row[key]) for key in keys if key not in ("visitors", "in_flight", "settings")), shape, row["database"]][:3])
    return f"{row['database']}, " + ", ".join(f"{row[key]}" if key == "what" else f"{row[key]} {key}" for key in keys)


if __name__ == "__main__":
    main()
