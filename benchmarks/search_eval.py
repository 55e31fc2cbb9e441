"""How well questions find their articles: recall among the first three, and the mean of 1/rank (MRR), for each language.

    python -m benchmarks.search_eval [--misses]

The articles are the samples that ship with Causerie; the questions lie in `questions/`, one a line: the names of the right articles,
a tab, the question. Every third question is held out: `--misses`, which is there for tuning, never shows those.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path, PurePosixPath

import msgspec

from causerie.help_files import sources_in
from storage.sql.database import open_database
from storage.sql.help import Help
from storage.sql.help_import import import_sources
from storage.sql.help_search import HelpSearch
from storage.sql.migrate import migrate

QUESTIONS = Path(__file__).parent / "questions"
SAMPLES = Path(__file__).parents[1] / "causerie" / "samples" / "help_centre"
APP = "a" * 24
LANGUAGES = ("en", "fr")
DEEP = 20
"""Ranks that are looked at."""


class Question(msgspec.Struct, frozen=True):
    locale: str
    text: str
    right: frozenset[str]
    held_out: bool


class Answered(msgspec.Struct, frozen=True):
    """`rank` of the first right article, from 1; None when it is not among the first `DEEP`."""

    question: Question
    rank: int | None
    first: tuple[str, ...]


def questions(locale: str) -> list[Question]:
    lines = (QUESTIONS / f"{locale}.tsv").read_text().splitlines()
    split = [line.split("\t") for line in lines]
    return [Question(locale, text, frozenset(names.split(",")), at % 3 == 2) for at, (names, text) in enumerate(split)]


async def judged(help_centre: Help, search: HelpSearch) -> list[Answered]:
    """Every question asked of a help centre that has the samples."""
    await import_sources(help_centre, APP, sources_in(SAMPLES, "en").sources, time.time_ns() // 1_000_000)
    names = {number: PurePosixPath(source).name for source, number in (await help_centre.by_source("article", APP)).items()}
    found = []
    for question in (one for locale in LANGUAGES for one in questions(locale)):
        hits = await search.search(APP, question.text, question.locale, limit=DEEP)
        first = tuple(names[hit.article_id] for hit in hits)
        ranks = [at for at, name in enumerate(first, 1) if name in question.right]
        found.append(Answered(question, min(ranks, default=None), first[:3]))
    return found


def figures(answers: list[Answered]) -> tuple[float, float]:
    """(recall@3, MRR)."""
    found = sum(one.rank is not None and one.rank <= 3 for one in answers)
    return found / len(answers), sum(1 / one.rank for one in answers if one.rank) / len(answers)


async def _main(misses: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "causerie.db"
        await migrate(path)
        database = open_database(path)
        answers = await judged(Help(database), HelpSearch(database))
        await database.close()
    if misses:
        for one in answers:
            if not one.question.held_out and one.rank != 1:
                print(
                    f"{one.rank or '-':>3} {one.question.text!r} wants {'/'.join(sorted(one.question.right))}, finds {', '.join(one.first)}"
                )
    for locale in LANGUAGES:
        of = [one for one in answers if one.question.locale == locale]
        for name, these in (("all", of), ("held out", [one for one in of if one.question.held_out])):
            recall, mrr = figures(these)
            print(f"{locale} {name:9} {len(these):3} questions  recall@3 {recall:.2f} mrr {mrr:.2f}")
    print("recall@3 {:.2f} mrr {:.2f}".format(*figures(answers)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="show the questions, but for those held out, whose article is not first")
    asyncio.run(_main(parser.parse_args().misses))


if __name__ == "__main__":
    main()
