"""What a desk's rules add to a ticket's turn: audits of their own with how they came, messages, timers, and never without end."""

from __future__ import annotations

from msgspec.structs import replace

from actors.ticket import TicketKind
from domain.conversation import commands as conversation
from domain.desk.bodies import Row
from domain.ticket import commands as cmd
from domain.ticket import events as ev
from domain.ticket.commands import Comment
from tests import desks
from tests.desks import asks, automation, policy, trigger
from tests.tickets import ANN, APP, DESK, EVE, Desks, Told, fields, opening, update

HOUR_MS = 3_600_000


def told(*rows: Row, chat: bool = True) -> Told:
    """A ticket on a desk with these rules."""
    desk = replace(desks.desk(*rows), app=APP, groups=DESK.groups, agents=DESK.agents)
    one = Told(desk)
    one.tell(opening() if chat else cmd.Create(EVE, "ann", (), Comment("Help")))
    return one


def rules_of(events: list[ev.Event]) -> list[tuple[str | None, tuple[str, ...]]]:
    return [(event.by.rule, event.cause) for event in events if event.by.rule]


def test_a_rules_doing_is_an_audit_with_how_it_came() -> None:
    """One rule wakes the next; each fires once, also where they undo each other."""
    one = told(
        trigger(1, asks("priority", "is", "urgent"), actions={"current_tags": "hot"}, position=1),
        trigger(2, asks("current_tags", "includes", "hot"), actions={"priority": "low", "remove_tags": "hot"}, position=2),
        trigger(3, asks("priority", "is", "low"), actions={"priority": "urgent"}, position=3),
    )
    events = one.tell(update(priority="urgent"))
    assert [("trigger:1", ("trigger:1",)), ("trigger:2", ("trigger:1", "trigger:2"))] == rules_of(events)[:2]
    assert len(events) <= 4 and {"tags": ([], ["hot"])} == fields(events[1])
    assert ("urgent", ()) == (one.ticket.priority, one.ticket.tags) and one.replay() == one.state


def test_a_rule_speaks_to_the_customer() -> None:
    one = told(
        trigger(1, asks("status", "less_than", "solved"), event="conversation_requested", actions={"send_message": "Soon, {{ticket.id}}"})
    )
    spoken = [each for each in one.to_conversation() if isinstance(each, conversation.PostMessage)]
    assert [b"Soon, 1" in each.content for each in spoken] == [True]
    assert (("bot",), False) == (spoken[0].author.subtypes, spoken[0].takes)


def test_a_rule_has_a_word_in_the_routing() -> None:
    """What is put into the queue is asked for once, as the rules have left it."""
    one = told(trigger(1, asks("status", "less_than", "solved"), event="queue_added", actions={"priority": "urgent"}))
    (work,) = one.to_routing()
    assert ("urgent", 3, one.state.epoch) == (one.ticket.priority, work.work.priority, work.work.epoch)  # type: ignore[union-attr]


def test_an_automation_fires_once_for_each_time_its_clock_was_started() -> None:
    one = told(automation(3, asks("OPEN", "greater_than", 1), asks("status", "is", "open"), actions={"current_tags": "late"}), chat=False)
    one.tell(update(assignee_id="eve"))
    due_ms = one.timers()["automation"]
    assert due_ms <= one.ticket.metrics.status_ms + 2 * HOUR_MS
    ring = one.rung("automation")
    (event,) = one.tell(ring, later_ms=due_ms - one.now_ms)
    assert (("late",), "automation:3", ("automation:3",)) == (one.ticket.tags, event.by.rule, event.cause)
    one.tell(update(remove_tags="late"))
    assert [] == one.tell(ring, later_ms=HOUR_MS) and () == one.ticket.tags
    one.tell(update(status="pending"))
    one.tell(update(status="open"))
    one.tell(one.rung("automation"), later_ms=3 * HOUR_MS)
    assert ("late",) == one.ticket.tags


def test_a_service_level_that_is_missed_is_told_to_the_second() -> None:
    one = told(policy(4, ("first_reply_time", 30)))
    due_ms = one.timers()["level"]
    assert one.ticket.created_ms + 30_000 == due_ms
    assert [] == one.tell(one.rung("level"), later_ms=due_ms - one.now_ms - 1)
    (event,) = one.tell(one.rung("level"), later_ms=1)
    assert isinstance(event, ev.Breached) and ("first_reply_time", due_ms) == (event.metric, event.due_ms)
    assert one.ticket.levels.metrics[0].breached_ms == due_ms and one.replay() == one.state


def test_a_service_level_that_is_kept_rings_no_more() -> None:
    one = told(policy(4, ("first_reply_time", 30)), chat=False)
    if "level" not in one.timers():
        one.tell(update(ANN, Comment("Well?")))
    one.tell(update(EVE, Comment("Here I am")))
    assert ("timer", "level") in one.last.cancelled or not one.state.timers


async def test_a_rule_knows_the_customers_name() -> None:
    """It is looked up before the turn, if a rule speaks of it."""
    desk = desks.desk(trigger(1, asks("status", "is", "new"), event="create", actions={"send_message": "Hello {{ticket.requester.name}}"}))
    source = Desks(desk)
    kind = TicketKind(*[source] * 4)
    born = kind.born(Told().actor)
    command = cmd.encode(opening())
    await kind.prepare([(born, command)])
    outcome = kind.turn(born, command, 1, 9)
    assert any(b"Hello Ann" in one.payload for one in outcome.effects)
