"""What a frame asks of conversations, for whoever sent it: frames become commands here. Knows nothing of sockets.

Both rights live here: a customer reaches only conversations of which they are a participant, an agent those of their app.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit, urlunsplit

import msgspec

from actors.conversation import ConversationKind, event_type, is_internal, message_of
from actors.router import Router
from domain import forms, ids
from domain.content import Content, FormContent, FormResponseContent, find_action, load_content, parse_content, quoted_message_id
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.conversation.state import State
from domain.errors import Invalid, Refused, Unavailable
from domain.masking import mask_content
from domain.metadata import check_size
from domain.switchboard import Member, Switchboard
from gateway.files.links import MARK
from gateway.identity import Identity
from gateway.lookups import Lookups
from gateway.responders import asker_of, introduced, no_board, responder_of
from gateway.stream import frames
from storage.ports import ActorId, EventRow

_encode = msgspec.json.Encoder().encode


def not_found() -> Refused:
    """Also for what exists and is another's: whether it exists is not told."""
    return Refused("conversation_not_found", "Conversation not found")


#: (the content of a message, its conversation) -> the content as it is stored.
Claim = Callable[[bytes, str], Awaitable[bytes]]


class Actions:
    """One identity's way to conversations."""

    def __init__(self, router: Router, who: Identity, lookups: Lookups, claim: Claim | None = None) -> None:
        """`claim` tells a message what its files are."""
        self._router, self._who, self._lookups, self._claim = router, who, lookups, claim
        self._default_exists = False
        self._seen: Switchboard | None = None
        self._shown_as: Switchboard | None = None

    def actor(self, conversation: str | None) -> ActorId:
        """The actor that a frame names; without a name, the person's default conversation."""
        if conversation is None:
            if self._who.user is None:
                raise Invalid("conversation", "is required")
            conversation = self._who.user.default_conversation_id
        return ActorId(ConversationKind.name, self._who.app.id, conversation)

    async def state(self, actor: ActorId) -> State:
        """The state of a conversation that the identity may see. Raises `Refused`."""
        state = await self._router.state(actor)
        if state is None or state.life != "live":
            raise not_found()
        if self._who.user is not None and state.participant(self._who.user.id) is None:
            raise not_found()
        return state

    async def post(self, frame: frames.Message, actor: ActorId) -> cmd.PostMessage:
        """The command for a message. Raises `Invalid` or `Refused`. Nearly always nothing has to be waited for."""
        content, encoded = self._content(frame)
        if self._claim is not None and MARK in encoded:
            encoded = await self._claim(encoded, actor.id)
        quoted = await self._form(actor, content) if isinstance(content, FormResponseContent) else None
        board, responder = await self._board(), None
        if board is not None and self._who.kind == "program" and not frame.internal:
            responder = await responder_of(self._lookups, self._who.app.id, board, self._who.source.integration_id)
        return self._command(frame, actor, encoded, quoted, board, responder)

    async def _board(self) -> Switchboard | None:
        """The app's switchboard, for what this person does. It is introduced to them once, and not for each message."""
        board = await self._lookups.switchboard(self._who.app.id, self._who.source.integration_id)
        if board is not self._seen:
            user = self._who.user
            self._seen, self._shown_as = board, board if board is None or user is None else introduced(board, user, self._who.source)
        return self._shown_as

    async def _form(self, actor: ActorId, content: FormResponseContent) -> bytes:
        """The form that a response answers, which it quotes. Raises `Invalid` when it does not fit."""
        form_id = quoted_message_id(content)
        if form_id is None:
            raise Invalid("content.fields", "name the form's message in quotedMessageId")
        form, message = await self._shown(actor, form_id)
        if not isinstance(form, FormContent):
            raise Invalid("content.fields", "quotedMessageId is not of a form")
        forms.check_answers_fit(form.fields, content.fields)
        return _encode({"type": "message", "message": msgspec.Raw(message)})

    def _content(self, frame: frames.Message) -> tuple[Content, bytes]:
        origin = "api" if self._who.user is None else "client"
        content, encoded = parse_content(frame.content, origin)  # type: ignore[arg-type]
        if self._who.app.settings.mask_credit_card_numbers:
            encoded = mask_content(encoded)
        return content, encoded

    def _command(
        self,
        frame: frames.Message,
        actor: ActorId,
        content: bytes,
        quoted: bytes | None,
        board: Switchboard | None,
        responder: str | None,
    ) -> cmd.PostMessage:
        """A person who writes takes control; a program speaks as `responder`."""
        if self._who.user is not None and (frame.internal or frame.destination or frame.references):
            raise Refused("forbidden", "Only the business sends notes, chooses a destination or gives references")
        if frame.metadata:
            check_size(frame.metadata, "metadata")
        settings = self._who.app.settings
        return cmd.PostMessage(
            self._who.author,
            content,
            self._who.source,
            metadata=frame.metadata,
            internal=frame.internal,
            create=self._creation(actor),
            limit=settings.message_limit,
            quoted=quoted,
            references=_encode(frame.references) if frame.references else None,
            destination=_encode(frame.destination) if frame.destination else None,
            retention_s=settings.conversation_retention_seconds or None,
            switchboard=board,
            responder=responder,
            takes=self._who.kind == "agent",
        )

    def _creation(self, actor: ActorId) -> cmd.CreateConversation | None:
        """The default conversation comes into being in the turn of its first message."""
        user = self._who.user
        if user is None or self._default_exists or actor.id != user.default_conversation_id:
            return None
        member = cmd.Member(self._router.new_id(), user.id, user.external_id, user.authenticated)
        return cmd.CreateConversation("personal", (member,), self._who.source, "message", is_default=True)

    def as_told(self, failure: Refused | Unavailable) -> Refused | Unavailable:
        """A customer is not told whether a conversation exists of which they are no participant."""
        return not_found() if self._who.user is not None and failure.code == "forbidden" else failure

    def posted(self, actor: ActorId) -> None:
        """A message was accepted, so the conversation exists."""
        if self._who.user is not None and actor.id == self._who.user.default_conversation_id:
            self._default_exists = True

    async def press(self, frame: frames.Postback, actor: ActorId) -> cmd.SendPostback:
        """The command for a pressed button of a message that the customer was shown."""
        user = self._who.user
        if user is None:
            raise Refused("forbidden", "Only customers press buttons")
        await self.state(actor)
        content, _ = await self._shown(actor, frame.message)
        action = find_action(content, frame.action)
        if action is None or action.__struct_config__.tag != "postback":
            raise Refused("not_found", "The message has no such postback button")
        payload: str = action.payload  # type: ignore[union-attr]
        return cmd.SendPostback(user.id, frame.message, payload, self._who.source, action.metadata or None, await self._board())

    async def move(self, frame: frames.Control, actor: ActorId) -> cmd.Command:
        """The command by which control changes hands. A person asks as the agents' member, a program as its own."""
        if self._who.user is not None:
            raise Refused("forbidden", "Only agents and programs pass control")
        if frame.metadata:
            check_size(frame.metadata, "metadata")
        board = await self._board()
        if board is None:
            raise no_board()
        asker = _member_id(board.agents()) if self._who.kind == "agent" else asker_of(board, self._who.source.integration_id)
        if frame.action in ("pass", "offer") and frame.to is None:
            raise Invalid("to", "is required")
        match frame.action:
            case "pass":
                return cmd.PassControl(board, frame.to or "", frame.metadata, asker=asker)
            case "offer":
                return cmd.OfferControl(board, frame.to or "", frame.metadata, asker=asker)
            case "accept":
                return cmd.AcceptControl(board, frame.metadata, asker=asker)
            case "release":
                return cmd.ReleaseControl(board, frame.metadata, asker=asker)

    async def set_status(self, frame: frames.Status, actor: ActorId) -> cmd.Command:
        """The command by which a conversation is solved, opened again, or put aside. It may give control back: see the app's policy."""
        if self._who.user is not None:
            raise Refused("forbidden", "Only agents and programs change the status")
        return cmd.ChangeStatus(frame.status, await self._board(), self._who.author.agent_id)

    async def end_session(self, frame: frames.Session, actor: ActorId) -> cmd.Command:
        """The command by which the customer, where the app lets them, or an agent says that a conversation is over."""
        if self._who.user is None:
            return cmd.EndSession("agent", self._who.subject, await self._board())
        app = await self._lookups.app(self._who.app.id)  # as it is now, and not when the socket was opened
        if app is None or not app.settings.end_session_enabled:
            raise Refused("bad_request", "The app does not let customers end a conversation: `endSessionEnabled` is off")
        return cmd.EndSession("user", self._who.user.id, await self._board())

    async def _shown(self, actor: ActorId, message_id: str) -> tuple[Content, bytes]:
        """A message of this conversation that the customer was shown: its content, and itself as JSON."""
        place = ids.place_of(message_id)
        found = await self._router.load(actor)
        if place is not None and found is not None and place[0] == found[0]:
            for row in await self._router.journal.read(found[0], place[1] - 1, 1):
                if event_type(row.body) == b"conversation:message" and not is_internal(row.body):
                    message = message_of(row.body)
                    return load_content(bytes(_with_content.decode(message).content)), message
        raise Refused("message_not_found", "Message not found")

    def act(self, frame: frames.Activity) -> cmd.Act | cmd.Deliver:
        """The command for typing, for reading, or for what has arrived."""
        name = frame.activity if isinstance(frame.activity, str) else frame.activity.type
        author = ev.Author(self._who.author.type, user_id=self._who.author.user_id, agent_id=self._who.author.agent_id)
        if name == "conversation:delivered":
            return cmd.Deliver(author, self._who.source)
        return cmd.Act(ev.Activity(name, author, self._who.source))

    def visit(self, frame: frames.Visit) -> cmd.VisitPage:
        """The command for a page that the visitor looks at. Raises `Refused` and `Invalid`."""
        if self._who.user is None:
            raise Refused("forbidden", "Only visitors tell which page they look at")
        return cmd.VisitPage(self._who.user.id, ev.PageRef(_without_secrets(frame.url), frame.title or None))

    async def history(self, frame: frames.History) -> bytes:
        """The `page` frame: the events before a seq, the newest ones without it."""
        actor = self.actor(frame.conversation)
        state = await self.state(actor)
        found = await self._router.journal.find(actor)
        before = min(frame.before or state.seq + 1, state.seq + 1)
        rows = _page(await self._router.journal.read_back(found or 0, before, frame.limit))
        events = [{"seq": row.seq, "event": msgspec.Raw(frames.event_json(row.body, self._who.sees_internal))} for row in rows]
        more = bool(rows) and rows[0].seq > 1
        return frames.line(type="page", id=frame.id, conversation=frame.conversation, events=events, more=more)


def _without_secrets(url: str) -> str:
    """The address of a page without what may say more than which page it is: user, query and fragment. Raises `Invalid`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Invalid("url", "is no address of a page") from error
    if parts.scheme not in ("http", "https") or not host:
        raise Invalid("url", "is no address of a page")
    name = f"[{host}]" if ":" in host else host
    return urlunsplit((parts.scheme, name if port is None else f"{name}:{port}", parts.path, "", ""))


def _page(rows: list[EventRow]) -> list[EventRow]:
    """The last of the rows, as many as a page may hold: at least one, though it were larger."""
    held, first = 0, len(rows)
    for at in range(len(rows) - 1, -1, -1):
        held += len(rows[at].body)
        if held > frames.MAX_PAGE_BYTES and at < len(rows) - 1:
            break
        first = at
    return rows[first:]


def _member_id(member: Member | None) -> str:
    return "" if member is None else member.id


class _WithContent(msgspec.Struct):
    content: msgspec.Raw


_with_content = msgspec.json.Decoder(_WithContent)
