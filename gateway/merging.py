"""An anonymous visitor becomes a known person: the row takes the name, or, where the person exists already, the history moves over."""

from __future__ import annotations

from msgspec.structs import replace

from actors.conversation import ConversationKind
from actors.router import Router
from domain.conversation import commands as cmd
from domain.directory import Integration, Profile, User
from domain.errors import Refused
from gateway.known import Claims
from storage.ports import ActorId
from storage.sql.directory import Directory

MAX_MOVED = 1_000


async def become(directory: Directory, router: Router, integration: Integration, claims: Claims, earlier: User | None) -> User:
    """The known person of `claims`; an anonymous `earlier` self becomes them, conversations included."""
    app_id = integration.app_id
    known = await directory.get_user_by_external_id(app_id, claims.external_id)
    if known is None:
        known = await _named(directory, router, app_id, claims, earlier)
    if earlier is None or earlier.id == known.id or earlier.external_id is not None:
        return await _refreshed(directory, known, claims)
    known = await _adopt(directory, router, earlier, known)
    return await _refreshed(directory, known, claims)


async def _named(directory: Directory, router: Router, app_id: str, claims: Claims, earlier: User | None) -> User:
    """Give the anonymous row its name, or make a row. Whoever loses a race takes the winner's."""
    try:
        if earlier is not None and earlier.external_id is None:
            changed = await directory.change_user(app_id, earlier.id, lambda row: _known(row, claims))
            if changed is not None:
                return changed
        user = _known(User(app_id, router.new_id(), router.new_id()), claims)
        await directory.create_user(user)
        return user
    except Refused as refused:
        winner = await directory.get_user_by_external_id(app_id, claims.external_id)
        if winner is None:
            raise refused
        return winner


def _known(row: User, claims: Claims) -> User:
    told = claims.profile()
    return replace(row, external_id=claims.external_id, authenticated=True, profile=_over(row.profile, told))


def _over(old: Profile, told: Profile) -> Profile:
    given = {name: getattr(told, name) for name in told.__struct_fields__ if getattr(told, name) is not None}
    return replace(old, **given)


async def _refreshed(directory: Directory, user: User, claims: Claims) -> User:
    """What the claims say now is what counts."""
    wanted = replace(user, authenticated=True, profile=_over(user.profile, claims.profile()))
    if wanted == user:
        return user
    changed = await directory.change_user(user.app_id, user.id, lambda _: wanted)
    return changed or user


async def _adopt(directory: Directory, router: Router, earlier: User, known: User) -> User:
    """Move the anonymous person's conversations to the known one, then let the anonymous row go. May be done again."""
    app_id = known.app_id
    names = await router.journal.by_member(ConversationKind.name, app_id, earlier.id, "", "", MAX_MOVED)
    default = ActorId(ConversationKind.name, app_id, known.default_conversation_id)
    if names and await router.journal.find(default) is None:
        moved = next((name.id for name in names if name.id == earlier.default_conversation_id), names[0].id)
        # A conversation is the default of one person: the earlier one gives it up first.
        await directory.change_user(app_id, earlier.id, lambda row: replace(row, default_conversation_id=router.new_id()))
        known = await directory.change_user(app_id, known.id, lambda row: replace(row, default_conversation_id=moved)) or known
    for name in names:
        member = cmd.Member(router.new_id(), known.id, known.external_id, True)
        await router.ask(name, cmd.MoveConversation(earlier.id, member), sender="merge", client_id=f"{earlier.id}:{known.id}")
    await directory.revoke_sessions(app_id=app_id, user_id=earlier.id)
    await directory.delete_user(app_id, earlier.id)
    return known
