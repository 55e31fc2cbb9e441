"""The kinds of actors that there are, and what a host process makes of each. Whoever adds a kind adds it here.

A kind is named by `module:function`, so that a process imports the kinds that it hosts and no others.
"""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from actors.conversation import ConversationKind
from actors.effects import Performer
from actors.host import Clock
from actors.kind import Kind
from actors.router import Router
from storage.ports import Database

if TYPE_CHECKING:
    from actors.host_process import HostConfig


class KindEntry(msgspec.Struct, frozen=True):
    """`make(database) -> Kind` gives the rules, which may read immutable things from the database before a turn.

    `perform(site) -> Performing`, a coroutine function, gives what performs the kind's effects to the world outside: the composition
    root's, so that nothing of it is imported here. Both are called once in a process, and named as `module:function`.
    """

    make: str
    perform: str | None = None


KINDS: dict[str, KindEntry] = {
    ConversationKind.name: KindEntry("actors.kinds:conversations", "causerie.performers:of_conversations"),
    "bot": KindEntry("actors.kinds:bots", "causerie.performers:of_bots"),
    "ticket": KindEntry("actors.kinds:tickets", "causerie.performers:of_tickets"),
    "assignment": KindEntry("actors.kinds:assignments"),
}


class Site(NamedTuple):
    """What performers may use. The router reaches actors of every kind."""

    config: HostConfig
    database: Database
    router: Router
    clock: Clock


class Performing(NamedTuple):
    """Performers by the targets of effects, and how they end."""

    performers: Mapping[str, Performer]
    close: Callable[[], Awaitable[None]]


def conversations(database: Database) -> Kind:
    return ConversationKind()


def bots(database: Database) -> Kind:
    from actors.bot import BotKind  # only where bots are: flows, holidays and stemmers take a while to be read
    from storage.sql.bots import Bots

    return BotKind(Bots(database))


def tickets(database: Database) -> Kind:
    from actors.ticket import TicketKind  # only where tickets are: desks bring holidays along
    from storage.spoken import Talk
    from storage.sql.desk import Desks
    from storage.sql.directory import Directory
    from storage.sql.journal import SqlJournal
    from storage.sql.ticket_numbers import TicketNumbers
    from storage.sql.ticket_people import TicketPeople

    return TicketKind(Desks(database), TicketNumbers(database), TicketPeople(Directory(database)), Talk(SqlJournal(database)))


def assignments(database: Database) -> Kind:
    from actors.assignment import AssignmentKind
    from storage.sql.desk import Desks

    return AssignmentKind(Desks(database))


def made_by(entry: str, given: object) -> Any:
    """What the function `module:function` makes of it."""
    module, _, name = entry.partition(":")
    return getattr(importlib.import_module(module), name)(given)
