"""What requests and jobs do to tickets: bodies become commands, numbers of people become their ids, and the ticket decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from actors.answers import Answer
from domain.directory import Profile, User
from domain.errors import Invalid, Refused
from domain.help.markup import sanitised, text_of
from domain.masking import mask_text
from domain.ticket import commands as cmd
from domain.ticket.commands import Change, Comment
from domain.ticket.model import Ticket
from gateway.support import fields, uploads
from gateway.support.bodies import CommentBody, FollowerBody, RequesterBody, TicketBody, instant_ms
from gateway.support.scene import Scene, person, person_by_email

_AS_THEY_ARE = {
    "priority": "priority",
    "type": "type",
    "status": "status",
    "group_id": "group_id",
    "external_id": "external_id",
    "problem_id": "problem_number",
    "tags": "tags",
}


async def create(scene: Scene, body: TicketBody, ticket_id: str, client_id: str | None = None) -> Answer:
    """Raises Refused."""
    comment = await _comment(scene, body.comment or _described(body), ticket_id)
    if comment is None:
        raise Invalid("comment", "is required")
    requester_id = await _requester(scene, body)
    if requester_id is None:
        raise Invalid("requester_id", "is required")
    changes = await _changes(scene, body)
    if not any(change.field == "subject" for change in changes):
        changes.append(Change("subject", comment.body.strip().partition("\n")[0][:150]))
    if body.submitter_id is not None:
        changes.append(Change("submitter_id", await person(scene, body.submitter_id, "submitter_id")))
    if body.via_followup_source_id is not None:
        changes.append(Change("followup_of", (await _closed(scene, body.via_followup_source_id)).number))
    return await scene.tell(ticket_id, cmd.Create(scene.by, requester_id, tuple(changes), comment), client_id)


async def bring(scene: Scene, body: TicketBody, ticket_id: str, client_id: str | None = None) -> Answer:
    """Import a ticket, with the times that it has. Raises Refused."""
    requester_id = await _requester(scene, body)
    if requester_id is None:
        raise Invalid("requester_id", "is required")
    given = body.comments or [one for one in (body.comment or _described(body),) if one is not None]
    created_ms = _past_ms(scene, body.created_at, "created_at")
    past = []
    for place, one in enumerate(given):
        comment = await _comment(scene, replace(one, body=one.body if one.value is None else one.value), ticket_id)
        if comment is None:
            raise Invalid(f"comments[{place}].value", "is required")
        author_id = comment.author_id or requester_id
        past.append(cmd.Past(replace(comment, author_id=author_id), _past_ms(scene, one.created_at, "comments.created_at") or created_ms))
    changes = await _changes(scene, body)
    if not any(change.field == "subject" for change in changes) and past:
        changes.append(Change("subject", past[0].comment.body.strip().partition("\n")[0][:150]))
    if body.submitter_id is not None:
        changes.append(Change("submitter_id", await person(scene, body.submitter_id, "submitter_id")))
    solved_ms = _past_ms(scene, body.solved_at, "solved_at")
    command = cmd.Import(scene.by, requester_id, tuple(changes), tuple(past), "api", created_ms, solved_ms)
    return await scene.tell(ticket_id, command, client_id)


def _past_ms(scene: Scene, written: str | None, field: str) -> int:
    """Raises Invalid: what is yet to come has not been."""
    at_ms = 0 if written is None else instant_ms(written, field)
    if not 0 <= at_ms <= scene.services.router.now_ms():
        raise Invalid(field, "must be in the past")
    return at_ms


async def update(scene: Scene, ticket: Ticket, body: TicketBody, client_id: str | None = None) -> Answer:
    """Raises Refused; `conflict` when a safe update comes too late."""
    comment = await _comment(scene, body.comment, ticket.id, ticket.conversation_id)
    changes = await _changes(scene, body, ticket)
    requester_id = await _requester(scene, body) if body.requester or body.requester_id not in (UNSET, None) else None
    if requester_id is not None:
        changes.append(Change("requester_id", requester_id))
    unless_after_ms = None
    if body.safe_update:
        if body.updated_stamp is None:
            raise Invalid("updated_stamp", "is required")
        unless_after_ms = instant_ms(body.updated_stamp, "updated_stamp")
    return await scene.tell(ticket.id, cmd.Update(scene.by, tuple(changes), comment, unless_after_ms), client_id)


async def delete(scene: Scene, ticket: Ticket, client_id: str | None = None, forever: bool = False) -> Answer:
    return await scene.tell(ticket.id, cmd.Delete(scene.by, forever), client_id)


async def restore(scene: Scene, ticket: Ticket, client_id: str | None = None) -> Answer:
    return await scene.tell(ticket.id, cmd.Restore(scene.by), client_id)


async def merge(scene: Scene, ticket: Ticket, into: Ticket, said: dict[str, Any], client_id: str | None = None) -> Answer:
    """`said`: the comments that both get."""
    both = []
    for name in ("source", "target"):
        words = said.get(f"{name}_comment")
        told = CommentBody(words, public=bool(said.get(f"{name}_comment_is_public"))) if words else None
        both.append(await _comment(scene, told, ticket.id))
    return await scene.tell(ticket.id, cmd.Merge(scene.by, into.id, into.number, both[0], both[1]), client_id)


async def tag(scene: Scene, ticket: Ticket, field: str, tags: list[str]) -> Answer:
    """`field` says whether these are all its tags, more of them, or no more."""
    return await scene.tell(ticket.id, cmd.Update(scene.by, (Change(field, tags),)))


async def _changes(scene: Scene, body: TicketBody, ticket: Ticket | None = None) -> list[Change]:
    found = [Change(field, getattr(body, name)) for name, field in _AS_THEY_ARE.items() if getattr(body, name) is not UNSET]
    if body.subject is not UNSET:
        found.append(Change("subject", _masker(scene)(body.subject or "")))
    if body.due_at is not UNSET:
        found.append(Change("due_ms", instant_ms(body.due_at, "due_at") if body.due_at else 0))
    if body.assignee_email is not None:
        found.append(Change("assignee_id", await _by_email(scene, body.assignee_email, "assignee_email")))
    elif body.assignee_id is not UNSET:
        given = body.assignee_id
        found.append(Change("assignee_id", None if given is None else await person(scene, given, "assignee_id")))
    followers = await _followers(scene, body, ticket)
    if followers is not None:
        found.append(Change("follower_ids", followers))
    found += [Change(name, tags) for name in ("additional_tags", "remove_tags") if (tags := getattr(body, name))]
    if body.values:
        desk = await scene.rooms.desks.current(scene.app.id)
        found += [Change(f"custom_fields.{number}", value) for number, value in fields.checked(desk, body.values).items()]
    return found


async def _followers(scene: Scene, body: TicketBody, ticket: Ticket | None) -> list[str] | None:
    """None: they stay."""
    given = body.follower_ids if body.follower_ids is not UNSET else body.collaborator_ids
    if given is UNSET and body.followers is None and body.additional_collaborators is None:
        return None
    known = list(ticket.follower_ids) if ticket is not None and given is UNSET else []
    for number in [] if given is UNSET else given:
        known.append(await person(scene, number, "follower_ids"))
    more = [_as_follower(one) for one in body.additional_collaborators or ()]
    for one in (*(body.followers or ()), *more):
        found = await _follower(scene, one)
        known = [each for each in known if each != found] + ([found] if one.action != "delete" else [])
    return list(dict.fromkeys(known))


def _as_follower(given: object) -> FollowerBody:
    """What collaborators may be named by: a number, an address, or an object with one."""
    if isinstance(given, dict):
        given = given.get("email")
    if isinstance(given, int):
        return FollowerBody(user_id=given)
    if isinstance(given, str):
        return FollowerBody(user_email=given)
    raise Invalid("additional_collaborators", "must be ids or addresses")


async def _follower(scene: Scene, one: FollowerBody) -> str:
    if one.user_email is not None:
        return await _by_email(scene, one.user_email, "followers")
    number = int(one.user_id) if isinstance(one.user_id, str) and one.user_id.isascii() and one.user_id.isdigit() else one.user_id
    return await person(scene, number, "followers")


async def _by_email(scene: Scene, email: str, field: str) -> str:
    found = await person_by_email(scene, email)
    if found is None:
        raise Invalid(field, "is nobody's address")
    return found


async def _requester(scene: Scene, body: TicketBody) -> str | None:
    """Whoever is named, or else the agent who asks."""
    if body.requester_id not in (UNSET, None):
        return await person(scene, body.requester_id, "requester_id")
    if body.requester is not None:
        return await requester(scene, body.requester)
    return scene.account_id


async def requester(scene: Scene, given: RequesterBody) -> str:
    """The id of somebody with this address, who is made if there is none. Without an address somebody new is made."""
    found = None if given.email is None else await person_by_email(scene, given.email)
    if found is not None:
        return found
    if given.name is None and given.email is None:
        raise Invalid("requester.email", "is required")
    router = scene.services.router
    user = User(scene.app.id, router.new_id(), router.new_id(), profile=named(given.name, Profile(email=given.email)))
    await scene.services.directory.create_user(user)
    return user.id


def named(name: str | None, profile: Profile) -> Profile:
    """One name as a given name and a surname."""
    if name is None:
        return profile
    first, _, rest = " ".join(name.split()).partition(" ")
    return Profile(first[:128] or None, rest[:128] or None, profile.email, profile.avatar_url, profile.locale)


def _described(body: TicketBody) -> CommentBody | None:
    return None if body.description is None else CommentBody(body.description)


async def _comment(scene: Scene, given: CommentBody | None, ticket_id: str, conversation_id: str | None = None) -> Comment | None:
    """HTML is made harmless, and its text is the comment's; numbers of cards are masked if the app likes. A customer in a conversation
    gets links to the files."""
    if given is None or (given.body is None and given.html_body is None and not given.uploads):
        return None
    mask = _masker(scene)
    html = None if given.html_body is None else sanitised(mask(given.html_body))
    body = mask(given.body) if given.body is not None else text_of(html or "")
    author_id = None if given.author_id is None else await person(scene, given.author_id, "comment.author_id")
    files = await uploads.claimed(scene, given.uploads or (), ticket_id)
    if files and given.public and conversation_id is not None:
        views = await uploads.known(scene, files, scene.base)
        body = "\n".join([body, *(f"{view['file_name']}: {view['content_url']}" for view in views.values())]).strip()
    return Comment(body, given.public, html, author_id, files)


def _masker(scene: Scene) -> Callable[[str], str]:
    return mask_text if scene.app.settings.mask_credit_card_numbers else str


async def _closed(scene: Scene, number: int) -> Ticket:
    found = (await scene.rooms.tickets.by_numbers(scene.app.id, [number])).get(number)
    if found is None or found.status != "closed":
        raise Invalid("via_followup_source_id", "is not a closed ticket")
    return found


def not_there(number: int) -> Refused:
    return Refused("not_found", f"There is no ticket {number}")
