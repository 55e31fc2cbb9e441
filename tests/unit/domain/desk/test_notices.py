"""What rules send out: how it is checked, to whom it goes, and what is in it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from domain.desk.building import trigger_of
from domain.desk.model import Notice
from domain.desk.notices import speaks_of_requester
from domain.errors import Invalid
from domain.ticket import events as ev
from domain.ticket.commands import Comment
from storage.ports import NewEffect
from tests import desks
from tests.desks import PEOPLE, asks, row, trigger
from tests.tickets import EVE, Told, update

HOOK = row("webhook", 9, name="Billing", endpoint="https://example.org/hook")


def told(actions: dict[str, Any], **known: str) -> Told:
    """A ticket on whose making a trigger has fired."""
    desk = desks.desk(HOOK, trigger(1, asks("update_type", "is", "Create"), actions=actions))
    assert desk.triggers, desk.faults
    one = Told(desk)
    one.kind._known[one.actor.app, "ann"] = known
    one.tell(desks_create())
    return one


def desks_create() -> Any:
    from domain.ticket import commands as cmd
    from tests.tickets import change

    return cmd.Create(EVE, "ann", change(subject='Say "hello"'), Comment("Line one\nline two"))


def sent(one: Told) -> list[NewEffect]:
    return [each for each in one.last.effects if each.target in ("webhook", "mail")]


def notices(one: Told) -> list[Notice]:
    return [msgspec.msgpack.decode(each.payload, type=Notice) for each in sent(one)]


def test_a_webhook_gets_json_whatever_the_ticket_says() -> None:
    body = '{"subject": "{{ticket.title}}", "words": "{{ticket.description}}"}'
    one = told({"notification_webhook": ["9", body]})
    (notice,) = notices(one)
    assert ("webhook", "9") == (notice.way, notice.to)
    assert {"subject": 'Say "hello"', "words": "Line one\nline two"} == msgspec.json.decode(notice.body)
    assert one.state == one.replay()


def test_it_is_sent_once_for_a_firing_and_is_in_the_audit() -> None:
    one = told({"notification_target": ["9", "{}"]})
    event = one.told[1]
    assert isinstance(event, ev.Updated)
    assert ("trigger:1", 1) == (event.by.rule, len(event.notices))
    assert ev.is_personal(event)
    one.tell(update(EVE, status="pending"))
    assert [] == sent(one)


def test_whom_an_email_is_for() -> None:
    known = {"ticket.requester.email": "ann@example.org", "ticket.requester.name": "Ann"}
    one = told({"notification_user": ["requester_id", "About {{ticket.title}}\nnow", "Dear {{ticket.requester.name}}"]}, **known)
    assert [Notice("mail", "ann@example.org", "Dear Ann", 'About Say "hello" now')] == notices(one)
    assert [] == sent(told({"notification_user": ["requester_id", "S", "T"]})), "who has no address is not written to"
    assert ["ana@example.org"] == [each.to for each in notices(told({"notification_user": ["71", "S", "T"]}))]
    group = told({"notification_group": ["1", "S", "T"]})
    assert [] == sent(group), "nobody is in it"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("notification_webhook", ["8", "{}"]),
        ("notification_webhook", "9"),
        ("notification_webhook", ["9"]),
        ("notification_user", ["requester_id", " ", "T"]),
        ("notification_user", ["999", "S", "T"]),
        ("notification_user", ["requester_id", "S"]),
        ("notification_group", ["99", "S", "T"]),
    ],
)
def test_what_cannot_be_sent_is_refused_when_it_is_written(field: str, value: Any) -> None:
    with pytest.raises(Invalid):
        trigger_of(trigger(1, asks("status", "is", "new"), actions={field: value}), desks.desk(HOOK), PEOPLE)


def test_who_writes_to_the_requester_must_know_them() -> None:
    def desk(actions: dict[str, Any]) -> bool:
        return speaks_of_requester(desks.desk(HOOK, trigger(1, asks("status", "is", "new"), actions=actions)))

    assert desk({"notification_user": ["requester_id", "S", "T"]})
    assert desk({"notification_webhook": ["9", "{{ticket.requester.name}}"]})
    assert not desk({"notification_webhook": ["9", "{{ticket.title}}"]})
