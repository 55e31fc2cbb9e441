"""What is said on tickets is found, wherever it was said, and is found no more when it is gone: alike on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.errors import Unavailable
from domain.finding import filters
from domain.finding.search import Names, compiled, parse
from domain.ticket import commands as ticket
from domain.ticket import reading
from domain.ticket.commands import By, Change, Comment
from storage.ports import ActorId, Database, EffectRow
from storage.sql.ticket_words import TicketWords
from storage.sql.tickets import Part, Tickets
from storage.sql.tickets_tables import ticket_words
from tests import conversations as talk
from tests.conversations import PEOPLE
from tests.ticket_twin import TicketTwin

APP = "a" * 24
TICKET, CHAT = ActorId("ticket", APP, "1" * 24), ActorId("conversation", APP, "2" * 24)
KEY, BOARD = By("key", "k"), talk.board(PEOPLE)


class Desk:
    """Tickets and conversations over a database."""

    def __init__(self, database: Database) -> None:
        self.database, self.router, self.shelf = database, TicketTwin(database), Tickets(database)

    async def found(self, query: str) -> list[int]:
        asked = compiled(parse(query), Names())
        listed = await self.shelf.listed(APP, filters.Every((filters.KEPT, asked)), Part())
        assert listed.count == len(listed.tickets)
        return [one.number for one in listed.tickets]

    async def tell(self, command: ticket.Command, actor: ActorId = TICKET) -> None:
        await self.router.ask_encoded(actor, ticket.encode(command), 0, sender="x")

    async def say(self, command: cmd.Command) -> int:
        answer = await self.router.ask(CHAT, command, sender="x")
        return answer.seq

    async def words(self) -> int:
        return await self.database.read(lambda c: int(c.execute(select(func.count()).select_from(ticket_words)).scalar_one()))


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    made = Desk(database)
    yield made
    await made.router.close()


def created(words: str, subject: str = "Late parcel") -> ticket.Create:
    return ticket.Create(KEY, "ann", (Change("subject", subject),), Comment(words))


async def test_comments_are_found_like_the_rest(desk: Desk) -> None:
    await desk.tell(created("Où est mon colis ?"))
    await desk.tell(ticket.Update(KEY, comment=Comment("Le chauffeur l'a laissé chez la voisine", public=False)))
    await desk.tell(created("Something else"), ActorId("ticket", APP, "3" * 24))
    for query in ("voisine", "VOISIN", "laisse", "parcel chauffeur", '"chez la voisine"', "comment:voisine"):
        assert [1] == await desk.found(query), query
    assert [1] == await desk.found("comment:colis")
    assert [1] == await desk.found('comment:"mon colis"')
    assert [2] == await desk.found("-voisine")
    for query in ("comment:parcel", "subject:voisine", '"la colis"', '"colis le"', "comment:tomorrow"):
        assert [] == await desk.found(query), query


async def test_what_is_said_in_the_conversation_is_found_when_it_was_read(desk: Desk) -> None:
    await desk.say(talk.create("ann", switchboard=BOARD))
    await desk.say(talk.post("ann", "My washing machine leaks", switchboard=BOARD))
    await desk.say(talk.post("ann", "There is water everywhere", switchboard=BOARD))
    assert [] == await desk.found("everywhere")
    await desk.say(cmd.ReadWords())
    assert [1] == await desk.found("everywhere")
    assert [1] == await desk.found('"washing machine"'), "the customer's first words are the description"
    assert [1] == await desk.found("description:leaks")
    note = cmd.PostMessage(ev.Author("business", display_name="Ana"), talk.text("Perhaps the gasket"), talk.API, internal=True)
    await desk.say(note)
    await desk.say(talk.post(None, "Somebody comes on Friday", switchboard=BOARD))
    await desk.say(cmd.ReadWords())
    assert [[1]] * 3 == [await desk.found(query) for query in ("gasket water", "comment:friday", '"comes on Friday"')]


async def test_what_was_deleted_is_found_no_more(desk: Desk) -> None:
    await desk.say(talk.create("ann", switchboard=BOARD))
    await desk.say(talk.post("ann", "Hello there", switchboard=BOARD))
    seq = await desk.say(talk.post("ann", "My password is swordfish", switchboard=BOARD))
    await desk.say(cmd.ReadWords())
    assert [1] == await desk.found("swordfish")
    [row] = [one for one in await desk.router.journal.read(await desk.router.journal.find(CHAT) or 0, 0, 50) if one.seq == seq]
    event = ev.decode(row.body, row.version)[1]
    assert isinstance(event, ev.MessagePosted)
    await desk.say(talk.delete(seq, event))
    assert ([], [1]) == (await desk.found("swordfish"), await desk.found("hello"))
    await desk.say(cmd.RemoveConversation(with_user=True))
    assert ([], 0) == (await desk.found("hello"), await desk.words())


async def test_a_ticket_that_was_erased_leaves_no_word(desk: Desk) -> None:
    await desk.tell(created("Where is it?"))
    assert 3 == await desk.words()
    await desk.tell(ticket.Delete(KEY, forever=True))
    assert 0 == await desk.words()
    reader = TicketWords(desk.database, desk.router.journal)
    await reader.perform(EffectRow(1, TICKET, reading.WAY, reading.encode(reading.Read(TICKET.id, True))))
    assert 0 == await desk.words(), "what comes late does nothing"


async def test_a_ticket_that_is_not_there_yet_is_read_later(desk: Desk) -> None:
    reader = TicketWords(desk.database, desk.router.journal)
    with pytest.raises(Unavailable):
        await reader.perform(EffectRow(1, CHAT, reading.WAY, reading.encode(reading.Read(TICKET.id))))


async def test_the_words_of_one_ticket_are_bounded(desk: Desk) -> None:
    await desk.tell(created(" ".join(f"w{number}" for number in range(filters.MAX_SAID_WORDS + 50))))
    await desk.tell(ticket.Update(KEY, comment=Comment("x " * 30_000 + "late")))
    await desk.tell(ticket.Update(KEY, comment=Comment("x " * 30_000)))
    await desk.tell(ticket.Update(KEY, comment=Comment("and then more")))
    assert filters.MAX_SAID_WORDS == await desk.words()
    assert [] == await desk.found('comment:"and then more"')
