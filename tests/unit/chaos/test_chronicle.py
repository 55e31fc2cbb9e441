"""The chronicle hands the judge what clients told, and knows when everybody is served again."""

from __future__ import annotations

from tests.chaos.chronicle import Chronicle


def rules(chronicle: Chronicle) -> set[str]:
    return {one.partition(":")[0] for one in chronicle.faults()}


def a_message(chronicle: Chronicle, name: str = "ann-1", seq: int = 1) -> None:
    chronicle.sent("ann", name, f"{name} hello", "c")
    chronicle.acked(name, "c", seq)


def test_a_message_that_is_there_is_well() -> None:
    chronicle = Chronicle()
    a_message(chronicle)
    chronicle.stored("c", 1, "ann-1 hello", "e1")
    assert set() == rules(chronicle)


def test_what_was_never_answered_is_told() -> None:
    chronicle = Chronicle()
    chronicle.sent("ann", "ann-1", "ann-1 hello", "c")
    assert {"unanswered"} == rules(chronicle)


def test_a_message_with_another_text_is_told() -> None:
    chronicle = Chronicle()
    a_message(chronicle)
    chronicle.stored("c", 1, "ann-1 good-bye", "e1")
    assert ["ann-1 came with another text"] == chronicle.faults()


def test_an_answer_of_the_api_counts_where_its_event_is() -> None:
    """And if two answers to one key name two events, the judge says so."""
    chronicle = Chronicle()
    chronicle.sent("api", "api-1", "api-1 hello", "c")
    chronicle.posted("api-1", "c", "e1")
    chronicle.stored("c", 1, "api-1 hello", "e1")
    assert set() == rules(chronicle)
    chronicle.posted("api-1", "c", "e2")
    assert {"answers"} == rules(chronicle)


def test_an_answer_of_the_api_whose_event_is_nowhere_is_a_loss() -> None:
    chronicle = Chronicle()
    chronicle.sent("api", "api-1", "api-1 hello", "c")
    chronicle.posted("api-1", "c", "e1")
    assert {"lost"} == rules(chronicle)


def test_time_that_runs_back_is_told() -> None:
    chronicle = Chronicle()
    a_message(chronicle)
    a_message(chronicle, "ann-2", 2)
    chronicle.stored("c", 1, "ann-1 hello", "e1", at_ms=2)
    chronicle.stored("c", 2, "ann-2 hello", "e2", at_ms=1)
    assert {"time"} == rules(chronicle)


def test_a_frame_of_another_app_is_told() -> None:
    chronicle = Chronicle()
    chronicle.belongs("c", "ours")
    chronicle.belongs("stranger", "theirs")
    chronicle.heard("stranger", "c")
    assert {"foreign"} == rules(chronicle)


def test_served_again_is_who_was_acked_what_was_sent_afterwards() -> None:
    """An ack of what was sent before the fault may have been under way already."""
    chronicle = Chronicle()
    chronicle.sent("ann", "ann-1", "ann-1 before", "c")
    watch = chronicle.watch(["c", "d"])
    chronicle.acked("ann-1", "c", 1)
    assert {"c", "d"} == watch.waiting
    chronicle.sent("ann", "ann-2", "ann-2 after", "c")
    chronicle.acked("ann-2", "c", 2)
    assert {"d"} == watch.waiting
    chronicle.sent("bob", "bob-1", "bob-1 after", "d")
    chronicle.acked("bob-1", "d", 1)
    assert set() == watch.waiting
    assert 0.0 < watch.took_s
