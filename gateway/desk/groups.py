"""Groups, and who is in which. Every agent is in one at least, and in one of them by default.

Source: Zendesk's Support API, Groups, Group Memberships.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web
from msgspec.structs import replace

from domain.desk.bodies import Body, MembershipBody, Row
from domain.desk.facts import number_in
from domain.desk.model import Desk
from domain.errors import Invalid, Refused
from gateway.desk.resources import Given, Json, Resource, all_shown, desks, list_of, refuse_while, shown, write
from gateway.support.faces import faces
from gateway.support.pages import paged
from gateway.support.scene import scene_of
from gateway.support.views import people_views
from gateway.zendesk.operations import Call, answer, not_found
from storage.sql.desk import Draft


def _check_group(row: Row, draft: Draft) -> None:
    """One group is that of work for nobody in particular: a new one takes the place of the old."""
    others = [one for one in draft.rows("group") if one.number != row.number]
    if any(one.body.name.casefold() == row.body.name.casefold() for one in others):
        raise Invalid("name", "is that of another group")
    if row.body.default:
        for one in others:
            draft.replace(one, replace(one.body, default=False))
    elif not any(one.body.default for one in others):
        raise Invalid("default", "cannot be taken away: make another group the default one")


def _free_group(row: Row, draft: Draft) -> None:
    refuse_while(row.body.default, "The default group cannot be deleted")
    for queue in draft.rows("queue"):
        named = row.number in (*queue.body.primary_groups_id, *queue.body.secondary_groups_id)
        refuse_while(named, f"The group is one of the queue {queue.body.name}")
    for membership in [one for one in draft.rows("membership") if one.body.group == row.number]:
        _leave(membership, draft, or_join=True)


def _show_group(row: Row, desk: Desk) -> Json:
    body = row.body
    return {"name": body.name, "description": body.description, "default": body.default, "is_public": True, "deleted": False}


def _read_membership(given: Given, before: Body | None, draft: Draft) -> Json:
    found = {name: given[name] for name in ("default",) if name in given}
    if before is not None:
        return found
    account = draft.desk.numbers().get(number_in(given.get("user_id")) or 0)
    if account is None:
        raise Invalid("user_id", "is no agent")
    group = number_in(given.get("group_id"))
    if group not in draft.desk.groups:
        raise Invalid("group_id", "is no group")
    return found | {"account": account, "group": group}


def _check_membership(row: Row, draft: Draft) -> None:
    mine = [one for one in draft.rows("membership") if one.body.account == row.body.account and one.number != row.number]
    if any(one.body.group == row.body.group for one in mine):
        raise Invalid("user_id", "is in the group already")
    if row.body.default:
        for one in mine:
            draft.replace(one, replace(one.body, default=False))
    elif not any(one.body.default for one in mine):
        draft.replace(row, replace(row.body, default=True))


def _free_membership(row: Row, draft: Draft) -> None:
    _leave(row, draft, or_join=False)


def _leave(row: Row, draft: Draft, *, or_join: bool) -> None:
    """Whoever leaves their last group joins the default one (`or_join`), or may not leave."""
    mine = [one for one in draft.rows("membership") if one.body.account == row.body.account and one.number != row.number]
    if not mine and not or_join:
        raise Refused("conflict", "An agent is in one group at least")
    if or_join:
        draft.drop(row)
    if not mine:
        group = next(one.number for one in draft.rows("group") if one.body.default)
        draft.add("membership", MembershipBody(row.body.account, group, True))
    elif row.body.default:
        draft.replace(mine[0], replace(mine[0].body, default=True))


def _show_membership(row: Row, desk: Desk) -> Json:
    agent = desk.agents.get(row.body.account)
    return {"user_id": agent.number if agent is not None else None, "group_id": row.body.group, "default": row.body.default}


GROUPS = Resource("group", "group", "groups", "/groups", check=_check_group, show=_show_group, free=_free_group)
MEMBERSHIPS = Resource(
    "membership", "group_membership", "group_memberships", "/group_memberships", _read_membership, _check_membership, _show_membership,
    _free_membership,
)  # fmt: skip


def _account(call: Call, desk: Desk, name: str = "user_id") -> str:
    account = desk.numbers().get(call.number(name))
    if account is None:
        raise not_found()
    return account


async def list_memberships(call: Call) -> web.Response:
    """Of everybody, of one agent, or of one group."""
    desk = await desks(call).current(call.app.id)
    rows = await desks(call).rows(call.app.id, "membership")
    rows = [row for row in rows if row.body.account in desk.agents]
    if "user_id" in call.request.match_info:
        account = _account(call, desk)
        rows = [row for row in rows if row.body.account == account]
    if "group_id" in call.request.match_info:
        rows = [row for row in rows if row.body.group == _group(call, desk)]
    return await _answer_memberships(call, sorted(rows, key=lambda row: row.number))


async def _answer_memberships(call: Call, rows: Sequence[Row]) -> web.Response:
    part, around = paged(call, rows, lambda row: row.number)
    beside: dict[str, Any] = {}
    if "users" in call.includes:
        known = await faces(scene_of(call), [row.body.account for row in part])
        beside["users"] = people_views(known, call.base)
    if "groups" in call.includes:
        wanted = {row.body.group for row in part}
        groups = [row for row in await desks(call).rows(call.app.id, "group") if row.number in wanted]
        beside["groups"] = await all_shown(call, GROUPS, groups)
    return answer({"group_memberships": await all_shown(call, MEMBERSHIPS, part), **beside, **around})


def _group(call: Call, desk: Desk) -> int:
    number = call.number("group_id")
    if number not in desk.groups:
        raise not_found()
    return number


async def list_groups_of_user(call: Call) -> web.Response:
    desk = await desks(call).current(call.app.id)
    groups = desk.agents[_account(call, desk)].groups
    return await list_of(GROUPS, lambda row: row.number in groups)(call)


async def list_users_of_group(call: Call) -> web.Response:
    desk = await desks(call).current(call.app.id)
    group = _group(call, desk)
    agents = sorted((one for one in desk.agents.values() if group in one.groups), key=lambda one: one.number)
    part, around = paged(call, agents, lambda one: one.number)
    known = await faces(scene_of(call), [one.id for one in part])
    return answer({"users": people_views(known, call.base), **around})


async def make_default(call: Call) -> web.Response:
    def work(draft: Draft) -> None:
        row = draft.get("membership", call.number())
        if row is None or row.body.account != _account(call, draft.desk):
            raise not_found()
        _check_membership(draft.replace(row, replace(row.body, default=True)), draft)

    await write(call, work)
    return await list_memberships(call)


async def show_membership_of_user(call: Call) -> web.Response:
    desk = await desks(call).current(call.app.id)
    row = await desks(call).get(call.app.id, "membership", call.number())
    if row is None or row.body.account != _account(call, desk):
        raise not_found()
    return answer({"group_membership": shown(call, MEMBERSHIPS, row, desk)})
