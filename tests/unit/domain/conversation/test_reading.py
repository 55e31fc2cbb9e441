"""What was read, what has arrived, and which page is looked at: told once, and not where it changes nothing."""

from __future__ import annotations

import msgspec

from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.conversation import reading
from tests import conversations as talk
from tests.conversations import code, group, personal


def test_reading_is_an_event_when_it_changes_something() -> None:
    """An idle tab that says "read" every second must not fill the journal."""
    one = personal()
    assert [] == one.tell(talk.read(None)).bodies
    one.tell(talk.post("ann"))
    assert 1 == len(one.tell(talk.read(None)).bodies)
    assert [] == one.tell(talk.read(None)).bodies


def test_a_message_is_delivered_once_and_not_after_it_was_read() -> None:
    """To each side by the other's newest message: a device has all that came before it too."""
    one = personal()
    assert [] == one.tell(talk.has_it("ann")).bodies == one.tell(talk.has_it(None)).bodies, "there is nothing yet"
    one.tell(talk.post(None, "1"))
    one.tell(talk.post(None, "2"))
    (told,) = one.tell(talk.has_it("ann")).bodies
    payload = msgspec.json.decode(told)["payload"]
    newest = one.told[-2]
    assert isinstance(newest, ev.MessagePosted)
    assert ({"id": newest.message.id}, {"id": "ann"}, True) == (payload["message"], payload["user"], payload["isFinalEvent"])
    assert {"type": talk.WEB.type} == payload["destination"]
    assert [] == one.tell(talk.has_it("ann")).bodies
    one.tell(talk.post("ann", "3"))
    assert 1 == len(one.tell(talk.has_it(None)).bodies)
    assert "causerie:message:delivery:business" == one.told[-1].type
    assert [] == one.tell(talk.has_it(None)).bodies
    one.tell(talk.post(None, "4"))
    one.tell(talk.read("ann"))
    one.tell(talk.read(None))
    assert [] == one.tell(talk.has_it("ann")).bodies == one.tell(talk.has_it(None)).bodies


def test_what_is_gone_is_not_delivered() -> None:
    one = group("ann", "bob")
    one.tell(talk.post(None))
    one.tell(one.delete(one.rows[-1]))
    one.tell(talk.post("bob"))
    assert [] == one.tell(talk.has_it("ann")).bodies, "another customer's word is not the business's"
    one.tell(cmd.DeleteMessages())
    assert [] == one.tell(talk.has_it(None)).bodies
    assert "forbidden" == code(one, talk.has_it("eve"))


def at(user: str, path: str) -> cmd.VisitPage:
    return cmd.VisitPage(user, ev.PageRef(f"https://shop.example/{path}", path))


def test_pages_are_told_when_they_are_others_and_not_to_customers() -> None:
    one = group("ann")
    (told,) = one.tell(at("ann", "lamps")).bodies
    assert {"url": "https://shop.example/lamps", "title": "lamps"} == msgspec.json.decode(told)["payload"]["page"]
    assert ev.PageVisited.type in ev.INTERNAL
    assert [] == one.tell(at("ann", "lamps")).bodies
    assert 1 == len(one.tell(at("ann", "basket")).bodies)
    assert "forbidden" == code(one, at("eve", "lamps"))


def test_who_only_strolls_about_fills_no_journal() -> None:
    one = group("ann")
    for n in range(reading.MAX_VISITS + 5):
        one.tell(at("ann", str(n)))
    assert reading.MAX_VISITS == sum(isinstance(event, ev.PageVisited) for event in one.told)
    one.tell(talk.post("ann", "Where was I?"))
    assert 1 == len(one.tell(at("ann", "lamps")).bodies)


def test_where_somebody_was_goes_with_what_they_wrote() -> None:
    one = group("ann")
    one.tell(at("ann", "lamps"))
    assert 1 == len([row for row in one.rows if row.personal])
    one.tell(cmd.DeleteMessages())
    assert one.state.page is None
