"""Any sequence of commands keeps the invariants, and the journal, redactions included, replays to the live state."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.conversation import rules, state
from domain.errors import Refused
from tests import conversations as talk

USERS = ["ann", "bob", "cid", "dan"]
users = st.sampled_from(USERS)
writers = st.sampled_from([None, *USERS])
metadata = st.dictionaries(
    st.sampled_from("abc"), st.one_of(st.text(max_size=3), st.integers(-9, 9), st.booleans(), st.floats(-1, 1)), max_size=3
)
words = st.text(max_size=8)
silent = st.sampled_from([None, None, None, b'{"integrationType":"none"}', b'{"integrationType":"line"}', b'{"integrationId":"none"}'])


class Unread:
    """The counts by their definition: what others wrote since one joined or last read. Knows nothing of the state."""

    def __init__(self) -> None:
        self.by_user: dict[str, int] = {}
        self.business = 0

    def take(self, event: ev.Event) -> None:
        match event:
            case ev.ConversationCreated(participants=places):
                self.by_user = {place.user_id: 0 for place in places}
            case ev.ParticipantJoined(participant=place):
                self.by_user[place.user_id] = 0
            case ev.ParticipantLeft(participant=place):
                del self.by_user[place.user_id]
            case ev.ParticipantReplaced(discarded=old, participant=place):
                count = self.by_user.pop(old.id)
                self.by_user.pop(place.user_id, None)
                self.by_user[place.user_id] = count
            case ev.MessagePosted(message=message):
                self.business += message.author.type == "user"
                if message.destination is msgspec.UNSET or b'Type":"none"' not in bytes(message.destination):
                    self.by_user = {name: count + (name != message.author.user_id) for name, count in self.by_user.items()}
            case ev.ConversationRead(activity=ev.Activity(author=ev.Author(type="business"))):
                self.business = 0
            case ev.ConversationRead(activity=ev.Activity(author=ev.Author(user_id=str(name)))):
                self.by_user[name] = 0
            case ev.MessagesDeleted():
                self.business, self.by_user = 0, dict.fromkeys(self.by_user, 0)
            case ev.ConversationRemoved():
                self.business, self.by_user = 0, {}


class Conversations(RuleBasedStateMachine):
    """`shown` are the messages and notes that were not deleted: what the gateway can find when it is asked to delete one."""

    def __init__(self) -> None:
        super().__init__()
        self.one = talk.Conversation()
        self.unread = Unread()
        self.shown: dict[int, ev.MessagePosted | ev.NotePosted] = {}
        self.snapshot: tuple[int, bytes] | None = None
        self.lives = ["none"]

    def tell(self, command: cmd.Command, later_ms: int = 1) -> bool:
        """Whether it was accepted. What was refused has changed nothing."""
        frozen, count = state.encode(self.one.state), len(self.one.told)
        try:
            outcome = self.one.tell(command, later_ms)
        except Refused:
            assert (state.encode(self.one.state), len(self.one.told)) == (frozen, count)
            return False
        for seq, event in enumerate(self.one.told[count:], count + 1):
            self.unread.take(event)
            self._note(seq, event)
        if outcome.redact_before or outcome.redact_all_before:
            self.snapshot = None  # as the host does: a snapshot is made in the same commit
        self.lives.append(self.one.state.life)
        return True

    def _note(self, seq: int, event: ev.Event) -> None:
        if isinstance(event, ev.MessagePosted | ev.NotePosted):
            self.shown[seq] = event
        elif isinstance(event, ev.MessageDeleted):
            self.shown = {at: other for at, other in self.shown.items() if other.message.id != event.message.id}
        elif isinstance(event, ev.MessagesDeleted | ev.ConversationRemoved):
            self.shown = {}

    @initialize(group=st.booleans(), default=st.booleans(), empty=st.booleans(), given=metadata)
    def begin(self, group: bool, default: bool, empty: bool, given: ev.Metadata) -> None:
        if not empty:
            members = USERS[:2] if group else USERS[:1]
            assert self.tell(talk.create(*members, is_default=default, metadata=given))

    @rule(members=st.lists(users, max_size=12), type_=st.sampled_from(["personal", "sdkGroup"]))
    def create(self, members: list[str], type_: ev.ConversationType) -> None:
        existed = self.one.state.life != "none"
        assert not (self.tell(talk.create(*members, type=type_)) and existed)

    @rule(
        author=writers,
        said=words,
        internal=st.booleans(),
        to=silent,
        limit=st.sampled_from([None, None, 1, 5]),
        kept=st.sampled_from([None, 60]),
    )
    def post(self, author: str | None, said: str, internal: bool, to: bytes | None, limit: int | None, kept: int | None) -> None:
        options = {"internal": internal, "destination": to} if author is None else {}
        self.tell(talk.post(author, said, limit=limit, retention_s=kept, create=talk.create("ann"), **options))

    @rule(epoch=st.integers(0, 3))
    def answer_as_responder(self, epoch: int) -> None:
        current = self.one.state.control.epoch
        assert not self.tell(talk.post(None, epoch=epoch)) or epoch == current

    @rule(author=writers, activity=st.sampled_from(["conversation:read", "typing:start", "typing:stop"]))
    def act(self, author: str | None, activity: str) -> None:
        self.tell(talk.act(activity, author))

    @rule(author=writers)
    def has_it(self, author: str | None) -> None:
        self.tell(talk.has_it(author))
        count = len(self.one.told)
        self.tell(talk.has_it(author))
        assert count == len(self.one.told), "said again, it is no news"

    @rule(user=users, path=st.sampled_from(("lamps", "basket")))
    def look(self, user: str, path: str) -> None:
        self.tell(cmd.VisitPage(user, ev.PageRef(f"https://shop.example/{path}")))

    @rule(user=users)
    def press(self, user: str) -> None:
        self.tell(cmd.SendPostback(user, "m" * 24, "payload", talk.WEB))

    @rule(user=users, place=st.integers(0, 99))
    def join(self, user: str, place: int) -> None:
        self.tell(cmd.JoinConversation(talk.member(user, f"place-{place}")))

    @rule(user=users)
    def leave(self, user: str) -> None:
        self.tell(cmd.LeaveConversation(user_id=user))

    @rule(old=users, new=users)
    def move(self, old: str, new: str) -> None:
        self.tell(cmd.MoveConversation(old, talk.member(new, f"moved-{new}")))

    @rule(name=st.sampled_from(["display_name", "description", "icon_url"]), value=st.one_of(st.none(), words), patch=st.none() | metadata)
    def update(self, name: str, value: str | None, patch: ev.Metadata | None) -> None:
        cleared = None if patch is None else {**patch, "a": None}
        self.tell(cmd.UpdateConversation({name: value}, cleared))

    @precondition(lambda self: self.shown)
    @rule(data=st.data())
    def delete_one(self, data: st.DataObject) -> None:
        seq = data.draw(st.sampled_from(sorted(self.shown)))
        self.tell(talk.delete(seq, self.shown[seq]))

    @rule()
    def delete_all(self) -> None:
        self.tell(cmd.DeleteMessages())

    @rule(with_user=st.booleans(), really=st.integers(0, 9))
    def remove(self, with_user: bool, really: int) -> None:
        if not really:
            self.tell(cmd.RemoveConversation(with_user))

    @rule(to=st.sampled_from(["bot", "people", "next"]))
    def hand_over(self, to: str) -> None:
        self.tell(cmd.PassControl(talk.board(), to))

    @rule(to=st.sampled_from(sorted(rules.STATUS_MOVES)))
    def change_status(self, to: ev.Status) -> None:
        self.tell(cmd.ChangeStatus(to))

    @rule(retention_s=st.integers(1, 60), later_ms=st.integers(1, 60_000))
    def expire(self, retention_s: int, later_ms: int) -> None:
        self.tell(cmd.Expire(retention_s), later_ms)

    @rule(back_ms=st.integers(1, 5_000))
    def set_the_clock_back(self, back_ms: int) -> None:
        """The next host's clock is behind."""
        self.one.now_ms -= back_ms

    @rule()
    def take_a_snapshot(self) -> None:
        self.snapshot = (self.one.state.seq, state.encode(self.one.state))

    @invariant()
    def events_take_consecutive_places(self) -> None:
        assert [row.seq for row in self.one.rows] == list(range(1, self.one.state.seq + 1))

    @invariant()
    def time_never_runs_back(self) -> None:
        instants = [ev.decode(body)[0] for body in self.one.bodies]
        assert instants == sorted(instants)
        assert self.one.state.at_ms == (instants[-1] if instants else 0)

    @invariant()
    def unread_counts_are_by_the_events(self) -> None:
        now = self.one.state
        assert {one.user_id: one.unread for one in now.participants} == self.unread.by_user
        assert now.business_unread == self.unread.business

    @invariant()
    def a_user_takes_part_once(self) -> None:
        names = [one.user_id for one in self.one.state.participants]
        assert len(set(names)) == len(names) <= rules.MAX_PARTICIPANTS

    @invariant()
    def messages_are_counted(self) -> None:
        assert self.one.state.messages == sum(isinstance(event, ev.MessagePosted) for event in self.shown.values())

    @invariant()
    def life_goes_one_way(self) -> None:
        order = [("none", "live", "removed").index(life) for life in self.lives]
        assert order == sorted(order)

    @invariant()
    def replay_gives_the_live_state(self) -> None:
        assert self.one.replay() == self.one.state

    @invariant()
    def a_snapshot_and_the_rest_give_the_live_state(self) -> None:
        if self.snapshot is not None:
            assert self.one.replay(*self.snapshot) == self.one.state

    @invariant()
    def a_snapshot_keeps_the_state(self) -> None:
        assert state.decode(state.encode(self.one.state)) == self.one.state

    @invariant()
    def what_was_deleted_is_gone(self) -> None:
        kept = {event.message.id for event in self.shown.values()}
        for row in self.one.rows:
            event = ev.decode(row.body)[1]
            if isinstance(event, ev.MessagePosted | ev.NotePosted) and event.message.id not in kept:
                assert event.message.deleted and event.message.content == msgspec.Raw(b'{"type":"text","text":""}')


TestConversations = Conversations.TestCase
TestConversations.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@pytest.mark.long
class TestConversationsAtLength(Conversations.TestCase):
    """The same, for longer."""

    settings = settings(max_examples=2_000, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck))
