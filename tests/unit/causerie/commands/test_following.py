"""`causerie tail` shows each event once, in order of seq, whatever the connection does."""

from __future__ import annotations

from typing import Any

from causerie.commands.following import Following
from causerie.commands.tail import summary

A, B = "a" * 24, "b" * 24


def event(conversation: str, seq: int | None, topic: str = "inbox") -> dict[str, Any]:
    return {"type": "event", "topic": topic, "conversation": conversation, "seq": seq, "event": {"type": "conversation:message"}}


def snapshot(**heads: int) -> dict[str, Any]:
    conversations = [{"id": name * 24, "seq": seq} for name, seq in heads.items()]
    return {"type": "subscribed", "topic": "inbox", "after": 0, "position": 0, "conversations": conversations}


def subscribe(conversation: str, after: int) -> dict[str, Any]:
    return {"type": "subscribe", "topic": f"conversation:{conversation}", "after": after}


def shown(following: Following, *frames: dict[str, Any]) -> list[int | None]:
    return [each["seq"] for frame in frames for each in following.take(frame)[0]]


def test_one_conversation_is_resumed_behind_the_last_event_that_was_shown() -> None:
    following = Following(A, after=3)
    assert [subscribe(A, 3)] == following.begin()
    assert [4, 5] == shown(following, event(A, 4), event(A, 5), event(A, 4))
    assert [subscribe(A, 5)] == following.begin()


def test_the_inbox_begins_with_now() -> None:
    following = Following(None)
    assert [{"type": "subscribe", "topic": "inbox"}] == following.begin()
    assert ([], []) == following.take(snapshot(a=7))
    assert [8] == shown(following, event(A, 7), event(A, 8))


def test_a_conversation_that_the_snapshot_did_not_name_begins_with_its_first_event() -> None:
    following = Following(None)
    following.take(snapshot())
    assert [41, 42] == shown(following, event(A, 41), event(A, 42))


def test_what_came_while_the_connection_was_away_is_asked_for_once() -> None:
    following = Following(None)
    following.take(snapshot(a=7))
    following.begin()
    assert ([], [subscribe(A, 7), subscribe(B, 0)]) == following.take(snapshot(a=9, b=1))
    assert ([], []) == following.take(event(A, 10)), "it comes again by the conversation's own topic"
    assert [8, 9] == shown(following, event(A, 8), event(A, 9))
    assert [{"type": "unsubscribe", "topic": f"conversation:{A}"}] == following.take(event(A, 10))[1]
    assert [11] == shown(following, event(A, 11))


def test_a_gap_in_the_inbox_is_filled_from_the_conversation() -> None:
    following = Following(None)
    following.take(snapshot(a=1))
    assert ([], [subscribe(A, 1)]) == following.take(event(A, 3))
    assert [2, 3] == shown(following, event(A, 2), event(A, 3))


def test_typing_is_shown_and_changes_nothing() -> None:
    following = Following(None)
    following.take(snapshot(a=1))
    assert [None, 2] == shown(following, event(A, None), event(A, 2))


def test_a_conversation_that_was_removed_meanwhile_does_not_end_the_inbox() -> None:
    following = Following(None)
    following.take(snapshot(a=1))
    following.take(event(A, 3))
    assert following.lose(f"conversation:{A}")
    assert not following.lose("inbox")
    assert not Following(A).lose(f"conversation:{A}")


def test_a_line_has_who_and_what_and_nothing_that_steers_the_terminal() -> None:
    message = {"author": {"type": "user", "displayName": "Visitor 0001"}, "content": {"type": "text", "text": "a\x1b[2J\nb"}}
    told = {"createdAt": "2026-01-02T03:04:05.678Z", "type": "conversation:message", "payload": {"message": message}}
    assert f"2026-01-02T03:04:05.678Z {A}     12 conversation:message Visitor 0001: a [2J b" == summary(
        {"conversation": A, "seq": 12, "event": told}
    )


def test_a_deleted_event_has_a_line() -> None:
    assert "(deleted)" in summary({"conversation": A, "seq": 12, "event": None})
