"""Performs the bot's wish for articles (`domain.bot.effects.Search`): suggestions and answers from a public help centre alone."""

from __future__ import annotations

from domain.bot.commands import Article, Found
from domain.bot.effects import Search
from domain.errors import Invalid
from domain.help.answers import Answered, Answers
from domain.help.model import Audience, Hit
from storage.sql.help import Help
from storage.sql.help_search import Filters, HelpSearch

MAX_SUGGESTIONS = 6


class ExtractiveAnswers:
    """The sentences of the best article that say most about the question. Offline, and it makes nothing up."""

    def __init__(self, search: HelpSearch) -> None:
        self._search = search

    async def answer(self, app_id: str, question: str, locale: str, labels: tuple[str, ...]) -> Answered | None:
        found = await self._search.find(app_id, question, locale, limit=1, filters=Filters(labels), answer=True)
        return None if found.answer is None else Answered(found.answer, tuple(found.hits))


class Suggestions:
    """`base_url` is how customers reach this server. `answers` is any implementation of the port."""

    def __init__(self, help_centre: Help, search: HelpSearch, base_url: str, answers: Answers | None = None) -> None:
        self._help, self._search, self._base_url = help_centre, search, base_url.rstrip("/")
        self._answers = ExtractiveAnswers(search) if answers is None else answers

    async def perform(self, app_id: str, wish: Search) -> Found:
        """Never refuses: what cannot be searched has no articles. Raises `Unavailable`."""
        centre = await self._help.centre(app_id)
        if centre is None or not centre.is_public:
            return Found(wish.n)
        try:
            return await self._found(app_id, wish)
        except Invalid:  # a locale that is none: the help centre's own
            return await self._found(app_id, _in(wish, centre.default_locale))

    async def _found(self, app_id: str, wish: Search) -> Found:
        if wish.answer:
            answered = await self._answers.answer(app_id, wish.query, wish.locale, wish.labels)
            if answered is not None:
                return Found(wish.n, tuple(self._shown(hit) for hit in answered.sources), answered.passage)
        limit = max(1, min(wish.limit, MAX_SUGGESTIONS))
        hits = await self._search.search(app_id, wish.query, wish.locale, limit, Audience.EVERYONE, wish.labels)
        return Found(wish.n, tuple(self._shown(hit) for hit in hits))

    def _shown(self, hit: Hit) -> Article:
        return Article(str(hit.article_id), hit.title, self._base_url + hit.url, hit.snippet)


def _in(wish: Search, locale: str) -> Search:
    return Search(wish.n, wish.query, locale, wish.limit, wish.answer, wish.labels)
