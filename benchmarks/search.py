"""How fast questions find articles among many: one after the other, and several at a time.

    python -m benchmarks.search [--articles 10000] [--seconds 10] [--postgresql]

The articles are made up, of words as frequent as those of a language (Zipf's law), each with some of its own; the questions are words
of one article, with little words around them, and a slip of the pen in every fifth. No server: this is the search itself.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

from benchmarks import results
from causerie.help_files import SAMPLES, sources_in
from domain.help.sources import Place, Source
from domain.help.words import words
from storage.sql.database import open_database
from storage.sql.help import Help
from storage.sql.help_import import import_sources
from storage.sql.help_search import HelpSearch
from storage.sql.migrate import migrate

APP, LOCALE = "a" * 24, "en"
WORDS, VOCABULARY = 120, 30_000
LITTLE = ("how do I", "where is the", "I want to", "can you", "what about my", "why is there no")
SYLLABLES = ("ba", "ko", "ri", "tu", "men", "sol", "dra", "pe", "vin", "lo", "gar", "ti", "ne", "us")
QUESTIONS = 500


def made_up(count: int, chance: random.Random) -> list[Source]:
    """Articles of words that are as frequent as words are."""
    samples = [source for source in sources_in(SAMPLES, LOCALE).sources if source.locale == LOCALE]
    known = [word.folded for source in samples for word in words(source.text, LOCALE)]
    every = list(dict.fromkeys(known))
    while len(every) < VOCABULARY:
        every.append("".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))))
    weights = list(accumulate(1 / at for at in range(1, len(every) + 1)))
    rank = {word: at for at, word in enumerate(every)}
    place = Place("category:made-up", "Made up")
    found = []
    for number in range(count):
        said = chance.choices(every, cum_weights=weights, k=WORDS)
        title = " ".join(dict.fromkeys(sorted(said, key=rank.__getitem__)[-5:])).capitalize()
        body = ". ".join(" ".join(said[at : at + 12]).capitalize() for at in range(0, WORDS, 12))
        found.append(Source(f"made-up/{number}", LOCALE, title, f"<p>{body}.</p>", place, (Place(f"section:{number % 50}", "Section"),)))
    return found


def questions(sources: Sequence[Source], chance: random.Random) -> list[str]:
    """Words of an article each, rare and frequent ones."""
    found = []
    for at in range(QUESTIONS):
        said = [word.folded for word in words(chance.choice(sources).text, LOCALE)]
        asked = chance.sample(said, chance.randint(2, 5))
        if at % 5 == 0:
            asked[0] = _slip(asked[0], chance)
        found.append(f"{chance.choice(LITTLE)} {' '.join(asked)}?")
    return found


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at + 1 :] if len(word) > 4 else word


async def measure(articles: int, seconds: float, url: str | Path) -> results.Row:
    """Fill a help centre, ask one question after the other, then four at a time."""
    chance = random.Random(7)
    sources = made_up(articles, chance)
    asked = questions(sources, chance)
    await migrate(url)
    database = open_database(url)
    search = HelpSearch(database)
    begun = time.perf_counter()
    await import_sources(Help(database), APP, sources, 1)
    filled_s = time.perf_counter() - begun

    async def ask(question: str) -> None:
        await search.search(APP, question, LOCALE, limit=5)

    await ask(asked[0])
    taken = await _for(seconds, asked, ask, 1)
    row = {"articles": articles, "filled_per_s": round(articles / filled_s), **_told("one", taken, seconds)}
    row |= _told("four", await _for(seconds, asked, ask, 4), seconds)
    await database.close()
    return row


async def _for(seconds: float, asked: Sequence[str], ask: Callable[[str], object], at_once: int) -> list[float]:
    """How long each question took, in milliseconds."""
    taken: list[float] = []
    until = time.perf_counter() + seconds

    async def one(first: int) -> None:
        at = first
        while time.perf_counter() < until:
            begun = time.perf_counter()
            await ask(asked[at % len(asked)])  # type: ignore[misc]
            taken.append(1000 * (time.perf_counter() - begun))
            at += at_once

    await asyncio.gather(*(one(first) for first in range(at_once)))
    return taken


def _told(name: str, taken: Sequence[float], seconds: float) -> results.Row:
    cuts = statistics.quantiles(taken, n=100)
    return {
        f"{name}_per_s": round(len(taken) / seconds, 1),
        f"{name}_p50_ms": round(cuts[49], 2),
        f"{name}_p95_ms": round(cuts[94], 2),
        f"{name}_p99_ms": round(cuts[98], 2),
    }


def main() -> None:
    parser = results.parser(__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    options = parser.parse_args()
    with results.recorded("search", options) as (rows, url), tempfile.TemporaryDirectory() as folder:
        for run in range(1, options.runs + 1):
            rows.append({"run": run, **asyncio.run(measure(options.articles, options.seconds, url or Path(folder) / f"{run}.db"))})


if __name__ == "__main__":
    main()
