"""The contract of `Journal`, kept alike by the memory twin, SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from storage.memory import MemoryJournal
from storage.ports import ActorId, Claim, Collision, Count, EffectRow, EventRow, Fenced, Journal, MemberChange, NewEffect, Seen
from storage.redaction import STUB_BYTES
from tests.journals import ANN, BOB, Another, entry, event


async def all_events(journal: Journal, key: int = 1) -> list[EventRow]:
    return await journal.read(key, 0, 10_000)


async def pending(journal: Journal) -> list[EffectRow]:
    return sorted([*await journal.effects("conversation", (0, 1024)), *await timers(journal)], key=lambda row: row.id)


async def timers(
    journal: Journal, after: tuple[int, int] = (-1, 0), until_ms: int = 2**62, most: int = 100, **given: Any
) -> list[EffectRow]:
    return await journal.timers("conversation", given.pop("shards", (0, 1024)), after, until_ms, most, **given)


# Appending.


async def test_events_are_read_as_they_were_written(journal: Journal, claim: Claim) -> None:
    """Every field survives, integers to their 64th bit."""
    rows = [event(1, -(2**63), digest=2**63 - 1, is_message=True, version=2), event(2), event(3, 2**63 - 1, digest=-1)]
    await journal.commit(claim, [entry(events=rows)])
    assert await all_events(journal) == rows


async def test_a_commit_may_hold_many_actors(journal: Journal, claim: Claim) -> None:
    """More rows than a statement has variables."""
    entries = [entry(ActorId("conversation", "app_1", f"c{key}"), key, [event(seq) for seq in range(1, 41)]) for key in range(1, 201)]
    await journal.commit(claim, entries)
    assert await journal.heads(range(1, 202)) == dict.fromkeys(range(1, 201), 40)


async def test_a_taken_seq_is_a_collision_that_writes_nothing(journal: Journal, claim: Claim) -> None:
    """All or nothing: also not what came before the collision, nor other actors."""
    await journal.commit(claim, [entry(events=[event(1), event(2)])])
    with pytest.raises(Collision):
        await journal.commit(claim, [entry(BOB, 2, [event(1)], effects=[NewEffect("bot", b"")]), entry(events=[event(3), event(2)])])
    assert await journal.find(BOB) is None
    assert await journal.heads([1, 2]) == {1: 2}
    assert await pending(journal) == []


async def test_a_taken_command_key_is_a_collision(journal: Journal, claim: Claim) -> None:
    """Once is once, though memory forgot it."""
    await journal.commit(claim, [entry(events=[event(1, 77)])])
    with pytest.raises(Collision):
        await journal.commit(claim, [entry(events=[event(2, 77)])])
    assert await journal.heads([1]) == {1: 1}


async def test_a_command_key_twice_in_one_commit_is_a_collision(journal: Journal, claim: Claim) -> None:
    with pytest.raises(Collision):
        await journal.commit(claim, [entry(events=[event(1, 77), event(2, 77)])])
    assert await journal.find(ANN) is None


async def test_command_keys_of_other_actors_and_none_at_all_do_not_collide(journal: Journal, claim: Claim) -> None:
    await journal.commit(claim, [entry(events=[event(1, 77), event(2), event(3)]), entry(BOB, 2, [event(1, 77)])])
    assert await journal.heads([1, 2]) == {1: 3, 2: 1}


async def test_an_actor_that_exists_is_not_made_again(journal: Journal, claim: Claim) -> None:
    await journal.commit(claim, [entry(events=[event(1)])])
    with pytest.raises(Collision):
        await journal.commit(claim, [entry(key=2, events=[event(1)])])
    assert await journal.find(ANN) == 1


async def test_actors_of_two_apps_may_have_one_id(journal: Journal, claim: Claim) -> None:
    """Tenants never meet."""
    other = ActorId("conversation", "app_2", "c1")
    await journal.commit(claim, [entry(events=[event(1)]), entry(other, 2, [event(1), event(2)])])
    assert (await journal.find(ANN), await journal.find(other)) == (1, 2)
    assert [(each.actor, len(each.events)) for each in await journal.load([other])] == [(other, 2)]


# Effects.


async def test_effects_come_back_with_ids_in_order(journal: Journal, claim: Claim) -> None:
    """In the order of entries and of effects, which is the order of ids."""
    many = [NewEffect("bot", b"%d" % number) for number in range(50)]
    other = entry(BOB, 2, [event(1)], effects=[NewEffect("web", b"", 7)])
    made = await journal.commit(claim, [entry(events=[event(1)], effects=many), other])
    assert [(row.actor, row.payload) for row in made] == [(ANN, effect.payload) for effect in many] + [(BOB, b"")]
    assert [row.id for row in made] == sorted({row.id for row in made})
    assert await pending(journal) == made
    assert made[-1].due_ms == 7


async def test_many_effects_are_settled_at_once_by_any_entry(journal: Journal, claim: Claim) -> None:
    """Whose they are does not matter, nor whether they are there."""
    made = await journal.commit(claim, [entry(events=[event(1)], effects=[NewEffect("bot", b"%d" % n) for n in range(300)])])
    await journal.commit(claim, [entry(BOB, 2, [event(1)], settled=[*(row.id for row in made[:200]), made[-1].id + 7])])
    await journal.settle(claim, [row.id for row in made[200:299]])
    assert made[299:] == await pending(journal)


async def test_counts_are_summed_by_app_subject_and_key(journal: Journal, claim: Claim) -> None:
    """Over entries and commits; a commit that fails counts nothing."""
    other = entry(ActorId("conversation", "app_2", "c3"), 3, [event(1)], counts=[Count("flow", "greet")])
    first = entry(events=[event(1)], counts=[Count("flow", "greet"), Count("flow", "ask", 2), Count("page", "greet", 9)])
    await journal.commit(claim, [first, entry(BOB, 2, [event(1)], counts=[Count("flow", "greet", 4)]), other])
    await journal.commit(claim, [entry(is_new=False, events=[event(2)], counts=[Count("flow", "greet"), Count("flow", "é 'x'")])])
    with pytest.raises(Collision):
        await journal.commit(claim, [entry(is_new=False, events=[event(2)], counts=[Count("flow", "greet")])])
    assert {"greet": 6, "ask": 2, "é 'x'": 1} == await journal.tallies("app_1", "flow")
    assert ({"greet": 9}, {"greet": 1}) == (await journal.tallies("app_1", "page"), await journal.tallies("app_2", "flow"))
    assert {} == await journal.tallies("app_1", "nothing")


async def test_hosts_that_count_the_same_do_not_wait_for_each_other_for_ever(journal: Journal, claim: Claim, another: Another) -> None:
    """In whatever order each has them."""
    other, keys = another(), [f"{n}" for n in range(20)]
    second = await journal.claim("conversation", "1", "host-2", "unix:/2")

    async def count(where: Journal, by: Claim, actor: ActorId, key: int, order: list[str]) -> None:
        for seq in range(1, 16):
            counts = [Count("flow", each) for each in order]
            await where.commit(by, [entry(actor, key, [event(seq)], is_new=seq == 1, counts=counts)])

    await asyncio.gather(count(journal, claim, ANN, 1, keys), count(other, second, BOB, 2, keys[::-1]))
    assert dict.fromkeys(keys, 30) == await journal.tallies("app_1", "flow")


async def test_effects_are_listed_by_shard_or_by_actor(journal: Journal, claim: Claim) -> None:
    await journal.commit(
        claim,
        [
            entry(events=[event(1)], shard=5, effects=[NewEffect("bot", b"a")]),
            entry(BOB, 2, [event(1)], shard=6, effects=[NewEffect("bot", b"b")]),
        ],
    )
    assert [row.payload for row in await journal.effects("conversation", (5, 6))] == [b"a"]
    assert [row.payload for row in await journal.effects("conversation", (0, 5))] == []
    assert [row.payload for row in await journal.effects("conversation", (0, 1024), BOB)] == [b"b"]
    assert await journal.effects("bot", (0, 1024)) == []


async def test_timers_are_read_by_their_instants_a_page_at_a_time(journal: Journal, claim: Claim) -> None:
    """They are not among the effects that a host takes up when it begins: there may be a hundred thousand of them."""
    rings = [NewEffect("timer", b"%d" % n, due, f"t{n}") for n, due in enumerate((30, 10, 20, 10, 40))]
    await journal.commit(
        claim,
        [
            entry(events=[event(1)], shard=5, effects=[*rings, NewEffect("bot", b"a")]),
            entry(BOB, 2, [event(1)], shard=6, effects=[NewEffect("timer", b"b", 15)]),
        ],
    )
    assert [b"a"] == [row.payload for row in await journal.effects("conversation", (0, 1024))]
    page = await timers(journal, most=3)
    assert [b"1", b"3", b"b"] == [row.payload for row in page]
    rest = await timers(journal, after=(page[-1].due_ms, page[-1].id), until_ms=30)
    assert [b"2", b"0"] == [row.payload for row in rest]
    assert [b"3"] == [row.payload for row in await timers(journal, after=(10, page[0].id), until_ms=10)]
    assert (
        [b"b"] == [row.payload for row in await timers(journal, shards=(6, 7))] == [row.payload for row in await timers(journal, actor=BOB)]
    )


async def test_a_name_replaces_the_pending_effect_of_that_name_and_target(journal: Journal, claim: Claim) -> None:
    """A timer that is set again; the empty name never replaces, and other targets and actors keep theirs."""
    first = [NewEffect("timer", b"1", 10, "close"), NewEffect("bot", b"2", 0, "close"), NewEffect("bot", b"3"), NewEffect("bot", b"4")]
    await journal.commit(claim, [entry(events=[event(1)], effects=first), entry(BOB, 2, [event(1)], effects=first[:1])])
    again = [NewEffect("timer", b"5", 20, "close"), NewEffect("timer", b"6", 30, "close")]
    made = await journal.commit(claim, [entry(events=[event(2)], effects=again)])
    assert [row.payload for row in made] == [b"6"]
    assert [row.payload for row in await pending(journal)] == [b"2", b"3", b"4", b"1", b"6"]


async def test_cancelled_and_settled_effects_are_gone(journal: Journal, claim: Claim) -> None:
    """In a turn or outside of one; and what the same entry sets anew stays."""
    timer = NewEffect("timer", b"t", 10, "close")
    made = await journal.commit(claim, [entry(events=[event(1)], effects=[timer, NewEffect("bot", b"a"), NewEffect("bot", b"b")])])
    await journal.commit(claim, [entry(events=[event(2)], settled=[made[1].id], cancelled=[("timer", "close")])])
    assert [row.payload for row in await pending(journal)] == [b"b"]
    await journal.settle(claim, [made[2].id, 999])
    assert await pending(journal) == []
    await journal.commit(claim, [entry(events=[event(3)], effects=[timer], cancelled=[("timer", "close")])])
    assert [row.payload for row in await pending(journal)] == [b"t"]


async def test_an_effects_id_is_never_given_again(journal: Journal, claim: Claim) -> None:
    """It is the idempotency key in the world outside, so also not after the last row is gone."""
    made = await journal.commit(claim, [entry(events=[event(1)], effects=[NewEffect("bot", b"a")])])
    await journal.settle(claim, [made[0].id])
    again = await journal.commit(claim, [entry(events=[event(2)], effects=[NewEffect("bot", b"a")])])
    assert again[0].id > made[0].id


# Loading and looking up.


async def test_load_gives_the_snapshot_and_what_follows_it_and_a_tail(journal: Journal, claim: Claim) -> None:
    await journal.commit(claim, [entry(events=[event(seq) for seq in range(1, 21)])])
    await journal.commit(claim, [entry(events=[event(21)], snapshot=(15, b"state")), entry(BOB, 2, [event(1)])])
    unknown = ActorId("conversation", "app_1", "c9")
    loaded = {each.actor: each for each in await journal.load([ANN, BOB, unknown], tail=3)}
    assert set(loaded) == {ANN, BOB}
    assert (loaded[ANN].key, loaded[ANN].snapshot_seq, loaded[ANN].snapshot) == (1, 15, b"state")
    assert [each.seq for each in loaded[ANN].events] == list(range(13, 22))
    assert (loaded[BOB].snapshot_seq, loaded[BOB].snapshot, loaded[BOB].events) == (0, None, [event(1)])


async def test_a_new_actor_may_come_with_its_snapshot(journal: Journal, claim: Claim) -> None:
    await journal.commit(claim, [entry(events=[event(1), event(2)], snapshot=(2, b"state"))])
    loaded = await journal.load([ANN], tail=0)
    assert [(each.snapshot_seq, each.snapshot, each.events) for each in loaded] == [(2, b"state", [])]


async def test_seen_finds_the_first_answer_to_a_command(journal: Journal, claim: Claim) -> None:
    await journal.commit(claim, [entry(events=[event(1, -5, digest=9), event(2)]), entry(BOB, 2, [event(1, 6)])])
    found = await journal.seen([(1, -5), (1, 6), (2, 6), (3, 1)])
    assert found == {(1, -5): Seen(seq=1, digest=9, body=event(1).body), (2, 6): Seen(seq=1, digest=0, body=event(1).body)}


async def test_nothing_asked_is_nothing_found(journal: Journal) -> None:
    assert (await journal.load([]), await journal.seen([]), await journal.heads([])) == ([], {}, {})


async def test_history_pages_both_ways(journal: Journal, claim: Claim) -> None:
    """`after` and `before` are exclusive, pages ascend, and past an end there is nothing."""
    await journal.commit(claim, [entry(events=[event(seq) for seq in range(1, 11)])])
    pages = [journal.read(1, 0, 3), journal.read(1, 9, 3), journal.read(1, 10, 3)]
    pages += [journal.read_back(1, 11, 3), journal.read_back(1, 3, 3), journal.read_back(1, 1, 3), journal.read(2, 0, 3)]
    assert [[each.seq for each in await page] for page in pages] == [[1, 2, 3], [10], [], [8, 9, 10], [1, 2], [], []]


async def test_messages_are_those_events_that_show_one(journal: Journal, claim: Claim) -> None:
    await journal.commit(claim, [entry(events=[event(seq, is_message=seq % 2 == 0) for seq in range(1, 11)])])
    pages = [journal.messages(1, None, None, 2), journal.messages(1, 4, None, 2), journal.messages(1, 10, None, 2)]
    pages += [journal.messages(1, None, 8, 2), journal.messages(1, None, 3, 2)]
    assert [[each.seq for each in await page] for page in pages] == [[2, 4], [6, 8], [], [4, 6], [2]]


async def test_redaction_replaces_bodies_and_keeps_seq_and_command(journal: Journal, claim: Claim) -> None:
    """The journal is append-only in seq, not in content; the key outlives the words."""
    await journal.commit(claim, [entry(events=[event(1, 5, is_message=True), event(2, is_message=True)]), entry(BOB, 2, [event(1)])])
    await journal.commit(claim, [entry(events=[event(3)], redactions=[(1, b"{}")])])
    assert [(each.seq, each.body) for each in await all_events(journal)] == [(1, b"{}"), (2, event(2).body), (3, event(3).body)]
    assert (await journal.seen([(1, 5)]))[1, 5] == Seen(seq=1, digest=0, body=b"{}")
    assert await all_events(journal, 2) == [event(1)]


async def test_all_messages_before_a_seq_can_be_blanked(journal: Journal, claim: Claim) -> None:
    """Their id and instant stay; they are no longer listed as messages, and what is not a message stays."""
    await journal.commit(claim, [entry(events=[event(1), *(event(seq, is_message=True, personal=True) for seq in (2, 3, 4))])])
    await journal.commit(claim, [entry(events=[event(5)], redact_before=4)])
    assert [each.body for each in await all_events(journal)] == [
        event(1).body,
        event(2).body[:STUB_BYTES],
        event(3).body[:STUB_BYTES],
        event(4).body,
        event(5).body,
    ]
    assert [each.seq for each in await journal.messages(1, None, None, 10)] == [4]
    assert [each.seq for each in await journal.read_back(1, 4, 2)] == [2, 3]


async def test_everything_before_a_seq_can_be_cut(journal: Journal, claim: Claim) -> None:
    """A removed conversation leaves ids and instants."""
    await journal.commit(claim, [entry(events=[event(1), event(2, is_message=True, personal=True)])])
    await journal.commit(claim, [entry(events=[event(3)], redact_all_before=3)])
    stubs = [event(seq).body[:STUB_BYTES] for seq in (1, 2)]
    assert [each.body for each in await all_events(journal)] == [*stubs, event(3).body]
    assert await journal.messages(1, None, None, 10) == []


async def test_the_newest_actors_of_an_app_are_listed_page_by_page(journal: Journal, claim: Claim) -> None:
    names = [ActorId("conversation", "app_1", id) for id in ("b", "d", "a", "c")]
    others = [ActorId("conversation", "app_2", "e"), ActorId("ticket", "app_1", "f")]
    await journal.commit(claim, [entry(name, key, [event(1)]) for key, name in enumerate([*names, *others], 1)])
    assert await journal.recent("conversation", "app_1", 3) == names[:0:-1]
    assert await journal.recent("conversation", "app_1", 3, 2) == names[:1]
    assert await journal.recent("conversation", "app_1", 3, 1) == []


# Members.


async def test_lists_by_member_page_both_ways_and_by_tenant(journal: Journal, claim: Claim) -> None:
    """Ids compare byte by byte: upper case before lower."""
    joined = [MemberChange("u1", True)]
    ids = ["B1", "a1", "a2", "a3", "b1"]
    entries = [entry(ActorId("conversation", "app_1", id), key, [event(1)], members=joined) for key, id in enumerate(ids, 1)]
    entries.append(entry(ActorId("conversation", "app_2", "a4"), 9, [event(1)], members=joined))
    await journal.commit(claim, entries)

    async def page(after: str, before: str, limit: int, user: str = "u1") -> list[str]:
        return [each.id for each in await journal.by_member("conversation", "app_1", user, after, before, limit)]

    assert await page("", "", 10) == ids
    assert await page("a1", "", 2) == ["a2", "a3"]
    assert await page("", "b1", 2) == ["a2", "a3"]
    assert await page("", "B1", 2) == []
    assert await page("", "", 10, "u2") == []


async def test_the_last_change_of_a_member_counts_and_a_repeat_does_no_harm(journal: Journal, claim: Claim) -> None:
    came, left = MemberChange("u1", True), MemberChange("u1", False)
    await journal.commit(claim, [entry(events=[event(1)], members=[came, left, came])])
    await journal.commit(claim, [entry(events=[event(2)], members=[came])])
    assert await journal.by_member("conversation", "app_1", "u1", "", "", 10) == [ANN]
    await journal.commit(claim, [entry(events=[event(3)], members=[left])])
    assert await journal.by_member("conversation", "app_1", "u1", "", "", 10) == []


# The twin's own levers.


async def test_the_twin_fails_before_or_after_the_effect_as_told() -> None:
    """What unit tests and simulations steer."""
    twin = MemoryJournal()
    claim = await twin.claim("conversation", "0", "host", "")
    twin.fail("commit", Fenced("before"))
    with pytest.raises(Fenced):
        await twin.commit(claim, [entry(events=[event(1)])])
    assert await twin.find(ANN) is None
    twin.fail("commit", Fenced("after"), when="after")
    with pytest.raises(Fenced):
        await twin.commit(claim, [entry(events=[event(1)])])
    assert await twin.find(ANN) == 1


async def test_the_twin_holds_commits_until_it_is_released() -> None:
    twin = MemoryJournal()
    claim = await twin.claim("conversation", "0", "host", "")
    twin.hold()
    commit = asyncio.create_task(twin.commit(claim, [entry(events=[event(1)])]))
    await asyncio.sleep(0)
    assert await twin.find(ANN) is None
    twin.release()
    await commit
    assert await twin.find(ANN) == 1
