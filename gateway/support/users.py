"""Operations that read people: agents and admins are accounts, end users are the app's users. Source: Zendesk's Support API, Users."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from domain.directory import Account, User
from domain.errors import Invalid, Refused
from domain.finding import filters, people
from domain.finding.filters import Either, Every, Filter, Marked, Test
from domain.finding.search import Names, compiled_people, parse
from domain.ids import ID
from gateway.support.bodies import MAX_MANY, numbers_in
from gateway.support.faces import Faces, faces
from gateway.support.scene import Scene, person, scene_of
from gateway.support.views import account_view, people_views, user_view
from gateway.zendesk import paging
from gateway.zendesk.operations import PREFIX, Call, answer, instant, not_found
from storage.sql.tickets import kept, of

ROLES = ("end-user", "agent", "admin")
Person = Account | User


async def show_me(call: Call) -> web.Response:
    """The agent in whose name a request comes; a key alone is nobody."""
    account = call.caller.account
    if account is None:
        anonymous = {"id": None, "name": "Anonymous user", "email": "invalid@example.com", "role": "end-user", "active": False}
        return answer({"user": anonymous})
    return answer({"user": await shown(call, account)})


async def show_user(call: Call) -> web.Response:
    return answer({"user": await shown(call, await person_of(call))})


async def show_many(call: Call) -> web.Response:
    query = call.request.query
    scene = scene_of(call)
    if "external_ids" in query:
        wanted = [one for one in query["external_ids"].split(",") if one][:100]
        asked = Either(tuple(Test("external_id", "=", one) for one in wanted))
        found = await call.services.rooms.people.users(call.app.id, asked, limit=len(wanted) or 1)
        known = await faces(scene, [one.id for one in found.users])
    elif "messaging_ids" in query:  # ours: the ids by which the stream names them
        known = await faces(scene, [one for one in query["messaging_ids"].split(",") if ID.match(one)][:MAX_MANY])
    else:
        those = await call.services.rooms.people.ids(numbers_in(query.get("ids", ""), "ids"))
        known = await faces(scene, [identifier for _, identifier in those.values()])
    views = people_views(known, call.base)
    return answer({"users": views, "count": len(views), "next_page": None, "previous_page": None})


async def list_users(call: Call) -> web.Response:
    """By `role` or `role[]`: agents and admins first."""
    query = call.request.query
    roles = tuple(query.getall("role[]", [])) or tuple(query.getall("role", []))
    if not all(role in ROLES for role in roles):
        raise Invalid("role", f"must be one of {', '.join(ROLES)}")
    asked: Filter = Either(tuple(Test("role", "=", role) for role in roles)) if roles else filters.EVERYTHING
    if "external_id" in query:
        asked = Every((asked, Test("external_id", "=", query["external_id"])))
    return await listed(call, asked)


async def count_users(call: Call) -> web.Response:
    return answer({"count": {"value": await count(scene_of(call), filters.EVERYTHING), "refreshed_at": None}})


async def search_users(call: Call) -> web.Response:
    """By `query`, as searches write it, or by `external_id`."""
    query = call.request.query
    if "external_id" in query:
        return await listed(call, Test("external_id", "=", query["external_id"]))
    words = query.get("query", "").strip()
    if not words:
        raise Invalid("query", "is required, or external_id")
    return await listed(call, compiled_people(parse(words), Names(now_ms=call.now_ms())))


async def autocomplete(call: Call) -> web.Response:
    """Whose names or addresses begin so."""
    words = filters.words_of(call.request.query.get("name", ""))
    if not words or sum(map(len, words)) < 2:
        raise Invalid("name", "must have at least 2 letters")
    return await listed(call, Every(tuple(Marked("word", word, prefix=True) for word in words)))


async def related(call: Call) -> web.Response:
    identifier = await person(scene_of(call), call.number(), "id")
    asked: list[Filter] = [of("assignee_id", identifier), of("requester_id", identifier), Marked("follower", identifier)]
    assigned, requested, followed = await call.services.rooms.tickets.counts(call.app.id, [kept(one) for one in asked])
    told = {"assigned_tickets": assigned, "requested_tickets": requested, "ccd_tickets": followed, "organization_subscriptions": 0}
    return answer({"user_related": told})


async def list_identities(call: Call) -> web.Response:
    """Addresses, each by its place: what is known of identities has no number of its own."""
    views = _identities(call, await person_of(call))
    return answer({"identities": views, "count": len(views), "next_page": None, "previous_page": None})


async def show_identity(call: Call) -> web.Response:
    for view in _identities(call, await person_of(call)):
        if view["id"] == call.number("identity_id"):
            return answer({"identity": view})
    raise not_found()


async def no_organizations(call: Call) -> web.Response:
    """There are none: people are not kept by organization."""
    return answer({"organizations": [], "count": 0, "next_page": None, "previous_page": None})


async def no_organization_memberships(call: Call) -> web.Response:
    return answer({"organization_memberships": [], "count": 0, "next_page": None, "previous_page": None})


async def no_organization(call: Call) -> web.Response:
    raise not_found()


# What others use.


async def listed(call: Call, asked: Filter) -> web.Response:
    """A page of people."""
    page = call.page()
    found, places, total, more = await page_of(scene_of(call), asked, page)
    views = await views_of(call, found)
    return answer({"users": views, **paging.around(page, call.url, call.request.query, total, places, more)})


async def page_of(
    scene: Scene, asked: Filter, page: paging.Page, offset: int | None = None
) -> tuple[list[Person], list[tuple[str, int]], int, bool]:
    """(people, their places, how many there are, whether there are more): accounts first, each by id."""
    offset = page.offset if offset is None else offset
    accounts = await _accounts(scene, asked)
    of_users = scene.rooms.people.users
    if page.before is not None:
        return await _before(scene, asked, page, accounts)
    after = str(page.after[0]) if page.after else ""
    those = [one for one in accounts if f"0{one.id}" > after][offset:]
    first = those[: page.size]
    behind = after[1:] if after.startswith("1") else ""
    skipped = max(0, offset - len(accounts))
    users = await of_users(scene.app.id, asked, limit=page.size - len(first) or 1, offset=skipped, after=behind)
    rest = users.users[: page.size - len(first)]
    found: list[Person] = [*first, *rest]
    more = len(those) > page.size or users.more or len(users.users) > len(rest)
    return found, [_place(one) for one in found], len(accounts) + users.count, more


async def _before(
    scene: Scene, asked: Filter, page: paging.Page, accounts: Sequence[Account]
) -> tuple[list[Person], list[tuple[str, int]], int, bool]:
    before = str(page.before[0]) if page.before else ""
    users: list[User] = []
    more, total = False, len(accounts)
    if before.startswith("1"):
        found = await scene.rooms.people.users(scene.app.id, asked, limit=page.size, before=before[1:])
        users, more, total = found.users, found.more, total + found.count
    room = page.size - len(users)
    those = [one for one in accounts if f"0{one.id}" < before]
    every: list[Person] = [*(those[-room:] if room else []), *users]
    return every, [_place(one) for one in every], total, more or len(those) > room


def _place(one: Person) -> tuple[str, int]:
    return f"{0 if isinstance(one, Account) else 1}{one.id}", 0


async def _accounts(scene: Scene, asked: Filter) -> list[Account]:
    return [one for one in await scene.rooms.people.accounts(scene.app.id) if filters.meets(asked, people.of_account(one))]


async def count(scene: Scene, asked: Filter) -> int:
    users = await scene.rooms.people.users(scene.app.id, asked, limit=1)
    return len(await _accounts(scene, asked)) + users.count


async def views_of(call: Call, found: Sequence[Person]) -> list[dict[str, Any]]:
    """In their order."""
    known = await faces(scene_of(call), [one.id for one in found])
    return [_view(call, one, known) for one in found]


def _view(call: Call, one: Person, known: Faces) -> dict[str, Any]:
    number = known.numbers[one.id]
    return account_view(one, number, call.base) if isinstance(one, Account) else user_view(one, number, call.base)


async def shown(call: Call, one: Person) -> dict[str, Any]:
    return (await views_of(call, [one]))[0]


async def person_of(call: Call) -> Person:
    """Whoever the path names. Raises Refused (`not_found`)."""
    try:
        identifier = await person(scene_of(call), call.number(), "id")
    except Refused:
        raise not_found() from None
    accounts, users, _ = await call.services.rooms.people.named(call.app.id, [identifier])
    found: Person | None = accounts.get(identifier) or users.get(identifier)
    if found is None:
        raise not_found()
    return found


def _identities(call: Call, one: Person) -> list[dict[str, Any]]:
    number = call.number()
    if isinstance(one, Account):
        addresses = [(one.email, True)]
    else:
        addresses = [(each.value, True) for each in one.identities if each.type == "email"]
        if one.profile.email and one.profile.email not in dict(addresses):
            addresses.append((one.profile.email, False))
    made = instant(people.made_ms(one.id))
    return [
        {
            "id": number * 10 + place,
            "url": f"{call.base}{PREFIX}/users/{number}/identities/{number * 10 + place}.json",
            "user_id": number,
            "type": "email",
            "value": value,
            "verified": verified,
            "primary": place == 0,
            "created_at": made,
            "updated_at": made,
            "deliverable_state": "deliverable",
        }
        for place, (value, verified) in enumerate(addresses[:10])
    ]
