"""What an app's routing does with what it is told."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain import envelope, ids
from domain.assignment import commands as cmd
from domain.assignment import events as ev
from domain.assignment import rules
from domain.assignment.effects import TellAssigned, TellPosition, TellUnassigned
from domain.assignment.state import State, decode, encode, evolve
from domain.assignment.turn import MOVES_AT_ONCE
from domain.desk.model import Agent, Queue
from domain.errors import Refused
from domain.hours import WEEKDAYS, Schedule
from tests.routings import ANN, BOB, EVE, HELP, LATE, SALES, SAM, App, a_desk, agent_id, ticket_id, work


def kinds(told: list[ev.Event]) -> list[str]:
    return [type(one).__name__ for one in told]


class TestOffers:
    def test_new_work_is_offered_to_somebody_who_is_there(self) -> None:
        app = App()
        app.online(ANN)
        assert ["Queued", "Offered"] == kinds(app.enqueue(1))
        assert ("offered", ANN) == (app.piece(1).stage, app.asked(1))

    def test_what_is_accepted_is_told_to_the_ticket_with_its_epoch(self) -> None:
        app = App()
        app.online(ANN)
        app.enqueue(1, epoch=7)
        (told,) = app.accept(1)
        assert isinstance(told, ev.Assigned)
        assert (7, ANN, SALES, "accepted") == (told.epoch, told.agent_id, told.group_id, told.how)
        assert TellAssigned(ticket_id(1), 7, ANN, SALES, "accepted") in app.effects

    def test_without_offers_whoever_is_best_has_it_at_once(self) -> None:
        app = App(a_desk(offer_s=0))
        app.online(ANN)
        app.enqueue(1)
        assert ("assigned", ANN) == (app.piece(1).stage, app.piece(1).agent)

    def test_nobody_there_and_it_waits_until_somebody_comes(self) -> None:
        app = App()
        assert ["DeskNoted", "Queued"] == kinds(app.enqueue(1))
        app.online(ANN)
        assert ANN == app.asked(1)

    def test_an_offer_takes_room(self) -> None:
        app = App(a_desk(limit=1))
        app.online(ANN)
        app.enqueue(1)
        app.enqueue(2)
        assert None is app.asked(2)
        app.tell(cmd.Withdraw(ticket_id(1), 1))
        assert ANN == app.asked(2)

    def test_an_offer_that_lapses_goes_on_to_another(self) -> None:
        app = App(a_desk(offer_s=30))
        app.online(ANN)
        app.enqueue(1)
        app.online(BOB)
        app.wait(31)
        assert BOB == app.asked(1)

    def test_who_let_it_lapse_is_asked_again_later_if_there_is_nobody_else(self) -> None:
        app = App()
        app.online(ANN)
        app.enqueue(1)
        app.wait(31)
        assert None is app.asked(1)
        app.wait(31)
        assert ANN == app.asked(1)

    def test_who_let_one_lapse_may_have_another(self) -> None:
        app = App(a_desk(limit=1))
        app.online(ANN)
        app.enqueue(1)
        app.enqueue(2)
        app.tell(cmd.Decline(ANN, ticket_id(1)))
        assert (None, ANN) == (app.asked(1), app.asked(2))

    def test_of_two_who_accept_one_has_it(self) -> None:
        app = App()
        app.online(ANN)
        app.enqueue(1)
        with pytest.raises(Refused) as caught:
            app.tell(cmd.Accept(BOB, ticket_id(1)))
        assert "conflict" == caught.value.code
        app.accept(1)
        assert [] == app.tell(cmd.Accept(ANN, ticket_id(1)))

    def test_who_goes_away_in_the_middle_of_an_offer_is_asked_no_more(self) -> None:
        app = App()
        app.online(ANN, BOB)
        app.enqueue(1)
        app.tell(cmd.SetStatus(app.asked(1) or "", "away"))
        assert {ANN, BOB} - {app.asked(1)} == {one for one in (ANN, BOB) if app.state.agents[one].status == "away"}


class TestWhoMayHaveIt:
    def test_only_members_of_the_group(self) -> None:
        app = App()
        app.online(EVE)
        app.enqueue(1)
        assert "waiting" == app.piece(1).stage

    def test_without_a_group_anybody(self) -> None:
        app = App()
        app.online(EVE)
        app.enqueue(1, group=None)
        assert EVE == app.asked(1)

    def test_a_queues_own_groups_count_and_not_the_tickets(self) -> None:
        app = App(a_desk(queues=(Queue(5, "Q", primary_groups=(HELP,)),)))
        app.online(ANN, EVE)
        app.enqueue(1, queue=5, group=SALES)
        assert EVE == app.asked(1)

    def test_after_a_while_the_secondary_groups_help(self) -> None:
        app = App(a_desk(queues=(Queue(5, "Q", primary_groups=(HELP,), secondary_groups=(SALES,), overflow_after_s=60),)))
        app.online(ANN)
        app.enqueue(1, queue=5)
        app.wait(59)
        assert None is app.asked(1)
        app.wait(2)
        assert ANN == app.asked(1)

    def test_skills_are_asked_for_until_it_has_taken_too_long(self) -> None:
        desk = a_desk(skills_timeout_s=60)
        app = App(replace(desk, agents=desk.agents | {BOB: replace(desk.agents[BOB], skills=(9,))}))
        app.online(ANN)
        app.enqueue(1, skills=(9,))
        app.enqueue(2, skills=(9,))
        assert None is app.asked(1)
        app.online(BOB)
        assert BOB == app.asked(1)
        app.tell(cmd.SetStatus(BOB, "offline"))
        app.wait(61)
        assert (ANN, ANN) == (app.asked(1), app.asked(2))

    def test_transfers_only_means_what_others_hand_over(self) -> None:
        app = App()
        app.online(EVE, status="transfers_only")
        app.enqueue(1, group=HELP)
        assert None is app.asked(1)
        app.tell(cmd.Take(work(2), ANN))
        app.tell(cmd.Transfer(ANN, ticket_id(2), group=HELP))
        assert EVE == app.asked(2)

    def test_away_is_there_for_what_can_wait(self) -> None:
        app = App()
        app.online(ANN, status="away")
        app.enqueue(1)
        app.enqueue(2, channel="email")
        assert (None, ANN) == (app.asked(1), app.asked(2))

    def test_idle_work_counts_less(self) -> None:
        app = App(a_desk(limit=1, offer_s=0))
        app.online(ANN)
        app.enqueue(1)
        app.enqueue(2)
        assert "waiting" == app.piece(2).stage
        app.tell(cmd.SetActive(ticket_id(1), active=False))
        assert ANN == app.piece(2).agent

    def test_work_taken_by_hand_counts_and_goes_beyond(self) -> None:
        app = App(a_desk(limit=1))
        app.online(ANN)
        app.tell(cmd.Take(work(1), ANN))
        app.tell(cmd.Take(work(2), ANN))
        app.enqueue(3)
        assert "waiting" == app.piece(3).stage


class TestStrategies:
    def test_most_spare_capacity_first(self) -> None:
        app = App(a_desk(limit=3, offer_s=0))
        app.tell(cmd.Take(work(9), ANN))
        app.online(ANN, BOB)
        for n in (1, 2, 3):
            app.enqueue(n)
        assert [BOB, ANN, BOB] == [app.piece(n).agent for n in (1, 2, 3)]

    def test_round_robin_asks_who_was_longest_without(self) -> None:
        app = App(a_desk(limit=9, offer_s=0, strategy="round_robin"))
        app.online(ANN, BOB, SAM)
        for n in range(6):
            app.now_ms += 1000
            app.enqueue(n)
        assert [ANN, BOB, SAM] * 2 == [app.piece(n).agent for n in range(6)]

    def test_longest_idle_asks_who_has_done_nothing_for_longest(self) -> None:
        app = App(a_desk(limit=9, offer_s=0, strategy="longest_idle"))
        for one in (BOB, ANN):
            app.now_ms += 1000
            app.online(one)
        app.enqueue(1)
        app.now_ms += 1000
        app.enqueue(2)
        assert [BOB, ANN] == [app.piece(n).agent for n in (1, 2)]


class TestTheOrderOfWork:
    def test_by_queue_then_priority_then_due_then_age(self) -> None:
        queues = (Queue(5, "First", priority=1, primary_groups=(SALES,)), Queue(6, "Then", priority=2, primary_groups=(SALES,)))
        app = App(a_desk(limit=1, queues=queues, offer_s=0))
        app.enqueue(1, queue=0, priority=3)
        app.enqueue(2, queue=6, priority=0, eligible_ms=5)
        app.enqueue(3, queue=6, priority=0, eligible_ms=4)
        app.enqueue(4, queue=6, priority=1)
        app.enqueue(5, queue=6, priority=0, due_ms=9)
        app.enqueue(6, queue=5, priority=0)
        app.online(ANN)
        had = []
        for _ in range(6):
            (mine,) = app.index.held[ANN]
            had.append(int(mine[-2:], 16))
            app.tell(cmd.Withdraw(mine, 1))
        assert [6, 4, 5, 3, 2, 1] == had


class TestHandingOver:
    @pytest.fixture
    def app(self) -> App:
        app = App()
        app.online(ANN)
        app.enqueue(1)
        app.accept(1)
        app.online(BOB, EVE, SAM)
        return app

    def test_to_an_agent_who_is_asked_while_the_first_keeps_it(self, app: App) -> None:
        app.tell(cmd.Transfer(ANN, ticket_id(1), agent_id=EVE))
        assert ("handing", ANN, EVE) == (app.piece(1).stage, app.piece(1).agent, app.piece(1).offer)
        app.tell(cmd.Decline(EVE, ticket_id(1)))
        assert ("assigned", ANN) == (app.piece(1).stage, app.piece(1).agent)
        app.tell(cmd.Transfer(ANN, ticket_id(1), agent_id=EVE))
        app.accept(1)
        assert ("assigned", EVE) == (app.piece(1).stage, app.piece(1).agent)

    def test_to_a_group(self, app: App) -> None:
        told = app.tell(cmd.Transfer(ANN, ticket_id(1), group=HELP))
        assert isinstance(told[0], ev.Queued)
        assert app.asked(1) in (EVE, SAM)
        assert TellUnassigned(ticket_id(1), 1, "transferred") in app.effects

    def test_back_to_the_queue_is_for_others_first(self, app: App) -> None:
        app.tell(cmd.Transfer(ANN, ticket_id(1)))
        assert app.asked(1) in (BOB, SAM)

    def test_an_agent_takes_what_another_has(self, app: App) -> None:
        (told,) = app.tell(cmd.Transfer(SAM, ticket_id(1), agent_id=SAM))
        assert isinstance(told, ev.Assigned)
        assert ("taken", ANN, SAM) == (told.how, told.from_agent, app.piece(1).agent)

    def test_only_who_has_it_and_supervisors_hand_it_over(self, app: App) -> None:
        with pytest.raises(Refused) as caught:
            app.tell(cmd.Transfer(BOB, ticket_id(1), group=HELP))
        assert "forbidden" == caught.value.code
        app.tell(cmd.Transfer(SAM, ticket_id(1), agent_id=BOB))
        assert BOB == app.asked(1)

    def test_not_to_somebody_who_is_not_there(self, app: App) -> None:
        app.tell(cmd.SetStatus(EVE, "offline"))
        with pytest.raises(Refused) as caught:
            app.tell(cmd.Transfer(ANN, ticket_id(1), agent_id=EVE))
        assert "conflict" == caught.value.code


class TestTicketsWishes:
    def test_an_older_wish_undoes_nothing(self) -> None:
        app = App()
        app.online(ANN)
        app.enqueue(1, epoch=3)
        app.accept(1)
        assert [] == app.enqueue(1, epoch=2)
        assert [] == app.tell(cmd.Withdraw(ticket_id(1), 2))
        assert [] == app.tell(cmd.Take(work(1, epoch=3), BOB))

    def test_a_newer_wish_relieves_whoever_has_it(self) -> None:
        app = App()
        app.online(ANN, EVE)
        app.enqueue(1)
        app.accept(1)
        app.enqueue(1, epoch=2, group=HELP)
        assert (None, EVE) == (app.piece(1).agent, app.asked(1))

    def test_a_ticket_that_is_done_leaves_room(self) -> None:
        app = App(a_desk(limit=1, offer_s=0))
        app.online(ANN)
        app.enqueue(1)
        app.enqueue(2)
        app.tell(cmd.Withdraw(ticket_id(1), 1))
        assert ANN == app.piece(2).agent


class TestPresence:
    def present(self, app: App, *agents: str, gateway: str = "g1", lease_s: int = 60, seen: tuple[str, ...] = ()) -> list[ev.Event]:
        return app.tell(cmd.Present(gateway, agents, lease_s * 1000, seen))

    def test_who_comes_back_in_time_has_not_been_away(self) -> None:
        app = App(a_desk(disconnect_grace_s=60))
        self.present(app, ANN)
        app.online(ANN)
        self.present(app)
        app.enqueue(1)
        assert None is app.asked(1)
        app.now_ms += 5_000
        self.present(app, ANN)
        assert ("online", ANN) == (app.state.agents[ANN].status, app.asked(1))

    def test_who_stays_away_is_offline_and_comes_back_as_they_were(self) -> None:
        app = App(a_desk(disconnect_grace_s=60))
        self.present(app, ANN)
        app.online(ANN)
        self.present(app)
        app.wait(61)
        assert ("offline", "AGENT_DISCONNECTED") == (app.state.agents[ANN].status, app.state.agents[ANN].reason)
        self.present(app, ANN)
        assert ("online", "SWITCHER_AUTO_RECONNECT") == (app.state.agents[ANN].status, app.state.agents[ANN].reason)

    def test_a_gateway_that_says_nothing_takes_its_agents_along(self) -> None:
        app = App(a_desk(disconnect_grace_s=10))
        self.present(app, ANN, BOB)
        self.present(app, BOB, gateway="g2", lease_s=600)
        app.online(ANN, BOB)
        app.wait(61)
        assert (0, True) == (app.state.agents[BOB].lost_ms, app.state.agents[ANN].lost_ms > 0)
        app.wait(11)
        assert ["offline", "online"] == [app.state.agents[one].status for one in (ANN, BOB)]

    def test_who_does_nothing_for_long_is_away(self) -> None:
        app = App(a_desk(idle_timeout_s=300))
        self.present(app, ANN, lease_s=9999)
        app.online(ANN)
        app.now_ms += 200_000
        self.present(app, ANN, lease_s=9999, seen=(ANN,))
        app.wait(200)
        assert "online" == app.state.agents[ANN].status
        app.wait(101)
        assert ("away", "AGENT_IDLE_TIMEOUT") == (app.state.agents[ANN].status, app.state.agents[ANN].reason)

    def test_who_programs_set_online_needs_no_socket(self) -> None:
        app = App()
        app.tell(cmd.SetStatus(ANN, "online", "PUBLIC_API"))
        app.enqueue(1)
        assert ANN == app.asked(1)

    def test_nobody_else_and_nothing_else(self) -> None:
        app = App()
        for command, code in ((cmd.SetStatus(agent_id(99), "online"), "agent_not_found"), (cmd.SetStatus(ANN, "bored"), "bad_request")):
            with pytest.raises(Refused) as caught:
                app.tell(command)
            assert code == caught.value.code


class TestTheDesk:
    def test_more_capacity_is_used_when_the_desk_has_changed(self) -> None:
        app = App(a_desk(limit=1, offer_s=0))
        app.online(ANN)
        app.enqueue(1)
        app.enqueue(2)
        app.set_desk(replace(a_desk(limit=2, offer_s=0), version=2))
        app.tell(cmd.Refresh())
        assert ANN == app.piece(2).agent

    def test_what_an_agent_had_who_is_no_more_waits_for_others(self) -> None:
        app = App(a_desk(offer_s=0))
        app.online(ANN)
        app.enqueue(1)
        app.online(BOB)
        desk = a_desk(offer_s=0)
        app.set_desk(replace(desk, version=2, agents={name: one for name, one in desk.agents.items() if name != ANN}))
        app.tell(cmd.Refresh())
        assert (BOB, None) == (app.piece(1).agent, app.state.agents.get(ANN))


class TestBusinessHours:
    def test_outside_them_work_waits_and_is_given_out_when_they_begin(self) -> None:
        """In as many turns as it takes: a timer rings at once for what one turn leaves."""
        agents = {agent_id(n): Agent(agent_id(n), str(n), groups=(LATE,)) for n in range(100)}
        hours = Schedule(timezone="Europe/Paris", hours=dict.fromkeys(WEEKDAYS, (("09:00", "17:00"),)))
        app = App(replace(a_desk(agents, offer_s=0, limit=1, schedule=4), schedules={4: hours}))
        app.now_ms = ids.milliseconds("2026-11-23T22:00:00.000Z")
        for n in range(100):
            app.tell(cmd.SetStatus(agent_id(n), "online"))
            app.enqueue(n, group=LATE)
        app.wait(6)  # when those who wait have been told their places
        assert 0 == len(app.given())
        assert ids.milliseconds("2026-11-24T08:00:00.000Z") == app.wakes_ms // 1000 * 1000
        app.now_ms = app.wakes_ms
        app.tell(cmd.Ring("wake"))
        assert MOVES_AT_ONCE == len(app.given())
        assert app.now_ms >= app.wakes_ms
        app.tell(cmd.Ring("wake"))
        assert 100 == len(app.given())


class TestPositions:
    def told(self, app: App) -> dict[str, tuple[int, int]]:
        return {one.conversation_id: (one.position, one.wait_s) for one in app.effects if isinstance(one, TellPosition)}

    def test_who_waits_is_told_the_place_in_the_line_when_it_changes(self) -> None:
        app = App(a_desk(limit=1, offer_s=0))
        app.enqueue(1)
        assert {work(1).conversation_id: (1, 0)} == self.told(app)
        app.enqueue(2)
        assert {} == self.told(app)
        app.wait(5)
        assert {work(2).conversation_id: (2, 0)} == self.told(app)

    def test_only_the_first_of_a_line(self) -> None:
        app = App()
        for n in range(30):
            app.enqueue(n)
        app.wait(5)
        assert 19 == len(self.told(app))

    def test_how_long_it_takes_is_by_the_pace_of_the_last_assignments(self) -> None:
        app = App(a_desk(limit=1, offer_s=0))
        app.online(ANN)
        for n in range(5):
            app.enqueue(n)
        for n in range(2):
            app.now_ms += 60_000
            app.tell(cmd.Withdraw(ticket_id(n), 1))
        assert (1, 60) == self.told(app)[work(3).conversation_id or ""]


class TestReplay:
    def test_the_journal_gives_the_live_state_and_so_does_a_snapshot(self) -> None:
        app = App(a_desk(limit=3))
        app.tell(cmd.Present("g", (ANN, BOB), 60_000))
        app.online(ANN, BOB)
        for n in range(8):
            app.enqueue(n)
        for n in range(3):
            app.accept(n)
        app.tell(cmd.Decline(app.asked(4) or "", ticket_id(4)))
        app.tell(cmd.Transfer(app.piece(1).agent or "", ticket_id(1)))
        app.wait(31)
        assert app.state == app.replayed()
        assert app.state == decode(encode(app.state))

    def test_what_a_later_version_wrote_is_known_as_such(self) -> None:
        state = evolve(State("a"), 1, 5, envelope.Later())
        assert (1, ev.VERSION + 1) == (state.seq, state.version)


class TestFull:
    def test_new_work_is_refused_and_what_is_known_goes_on(self) -> None:
        """The ticket is told (`queue_full`) and asks again: see the tickets' own tests. What waits, waits on."""
        app = App()
        app.online(ANN)
        app.enqueue(1)
        others = {f"{n:024x}": app.piece(1) for n in range(10, 10 + rules.MAX_WORK)}
        app.index.pieces.update(others)
        for command in (cmd.Enqueue(work(2)), cmd.Take(work(2), BOB)):
            with pytest.raises(Refused) as caught:
                app.tell(command)
            assert "queue_full" == caught.value.code
        assert [] != kinds(app.accept(1))
        for name in others:
            del app.index.pieces[name]
        assert "Queued" in kinds(app.enqueue(2))
