"""What performs the effects of each kind to the world outside. Host processes name these functions, see `actors.kinds`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec

from actors.effects import Performer
from actors.kinds import Performing, Site
from domain.directory import Profile, User
from domain.errors import Invalid
from domain.metadata import merge_metadata
from domain.ticket.reading import WAY
from storage.patience import counting_silences
from storage.ports import EffectRow
from storage.sql.directory import Directory
from storage.sql.journal import SqlJournal
from storage.sql.ticket_words import TicketWords

if TYPE_CHECKING:
    from domain.desk.bodies import Row
    from gateway.outward.notices import Notices
    from storage.sql.desk import Desks
    from storage.sql.suggestions import Suggestions


async def of_conversations(site: Site) -> Performing:
    """`patience`: programs that let customers wait are counted; `words`: what was said on tickets can be found."""
    performers = {"patience": counting_silences(Directory(site.database).switchboards, site.clock.now_ms), WAY: _words(site)}
    return Performing(performers, _nothing_to_close)


async def of_tickets(site: Site) -> Performing:
    """`words`, as with conversations; `webhook` and `mail`: what rules send out."""
    notices = _Notices(site)
    return Performing({WAY: _words(site), "webhook": notices.call, "mail": notices.mail}, notices.close)


class _Notices:
    """Made when a rule first sends something out: aiohttp is read only where that happens."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._made: Notices | None = None
        self._close: Callable[[], Awaitable[None]] = _nothing_to_close

    async def call(self, effect: EffectRow) -> None:
        await self._notices().call(effect)

    async def mail(self, effect: EffectRow) -> None:
        await self._notices().mail(effect)

    async def close(self) -> None:
        await self._close()

    def _notices(self) -> Notices:
        if self._made is None:
            from functools import partial

            from gateway.outward.addresses import Reach
            from gateway.outward.calls import Caller
            from gateway.outward.client import Outward
            from gateway.outward.mail import SmtpMailer
            from gateway.outward.notices import Notices, no_secrets
            from storage.sql.desk import Desks

            where = self._site.config.outside
            outward = Outward(Reach(where.allow, where.http))
            mailer = SmtpMailer(where.smtp, where.mail_from) if where.smtp else None
            desks = Desks(self._site.database)
            self._made, self._close = Notices(Caller(outward, no_secrets), partial(_webhook, desks), mailer), outward.close
        return self._made


async def _webhook(desks: Desks, app_id: str, number: int) -> Row | None:
    return await desks.get(app_id, "webhook", number)


def _words(site: Site) -> Performer:
    return TicketWords(site.database, SqlJournal(site.database)).perform


async def of_bots(site: Site) -> Performing:
    """`http`: API calls; `articles`: the help centre; `user`: what was learned of a person."""
    from gateway.outward.addresses import Reach  # aiohttp and the help centre are read only where bots are
    from gateway.outward.calls import Caller
    from gateway.outward.client import Outward
    from storage.sql.bots import Bots
    from storage.sql.help import Help
    from storage.sql.help_search import HelpSearch
    from storage.sql.suggestions import Suggestions

    where, database = site.config.outside, site.database
    outward = Outward(Reach(where.allow, where.http))
    finder = Finder(Suggestions(Help(database), HelpSearch(database), where.url))
    performers = {
        "http": Caller(outward, Bots(database).secrets).perform_effect,
        "articles": finder.perform,
        "user": Memory(Directory(database)).perform,
    }
    return Performing(performers, outward.close)


async def _nothing_to_close() -> None:
    """Databases are closed by the process that has opened them."""


class Finder:
    """Performs `domain.bot.effects.Search`."""

    def __init__(self, suggestions: Suggestions) -> None:
        from domain.bot import commands, effects

        self._suggestions, self._encode = suggestions, commands.encode
        self._decode = msgspec.msgpack.Decoder(effects.Search).decode

    async def perform(self, effect: EffectRow) -> bytes:
        return self._encode(await self._suggestions.perform(effect.actor.app, self._decode(effect.payload)))


class Memory:
    """Performs `domain.bot.effects.Remember`: twice does no harm. Of a person who is gone nothing is remembered."""

    def __init__(self, directory: Directory) -> None:
        from domain.bot import effects

        self._directory = directory
        self._decode = msgspec.msgpack.Decoder(effects.Remember).decode

    async def perform(self, effect: EffectRow) -> None:
        learned = self._decode(effect.payload)

        def remember(user: User) -> User:
            try:
                profile = msgspec.convert({**msgspec.to_builtins(user.profile), **learned.profile}, Profile)
            except msgspec.ValidationError:
                raise Invalid("profile", "is not what a profile may hold") from None
            return msgspec.structs.replace(user, profile=profile, metadata=merge_metadata(user.metadata, learned.metadata))

        await self._directory.change_user(effect.actor.app, learned.user_id, remember)
