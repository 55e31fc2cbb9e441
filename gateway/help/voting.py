"""Operations on labels and votes, and on whom an article is for. Source: Zendesk's Help Center API, Labels, Votes, User Segments."""

from __future__ import annotations

from typing import Literal

from aiohttp import web
from msgspec.structs import replace

from domain.errors import Refused
from domain.help.model import Article, Vote, checked_labels
from gateway.help import showing
from gateway.help.bodies import label_body
from gateway.help.views import PERMISSION_GROUP, SEGMENTS, Views, label_views
from gateway.zendesk import paging
from gateway.zendesk.operations import Call, answer, not_found, nothing

_SEGMENT_NAMES = {1: ("Signed-in users", "signed_in_users"), 2: ("Agents and admins", "staff")}


async def list_labels(call: Call) -> web.Response:
    """Every label that the help centre has used."""
    labels = await call.help.labels(call.app.id)
    page = call.page()
    if page.before is not None:
        raise Refused("bad_request", "Labels are listed forwards alone")
    rest = [name for name in labels if page.after is None or name > str(page.after[0])][page.offset :]
    shown = rest[: page.size]
    places = [(name, labels[name]) for name in shown]
    around = paging.around(page, call.url, call.request.query, len(labels), places, len(rest) > page.size)
    return answer({"labels": label_views(call, labels, shown), **around})


async def list_labels_of_article(call: Call) -> web.Response:
    article: Article = await showing.readable(call, "article", call.number())
    labels = await call.help.labels(call.app.id, article.labels)
    return answer({"labels": label_views(call, labels, article.labels), "count": len(labels), "next_page": None, "previous_page": None})


async def create_label(call: Call) -> web.Response:
    name = label_body(call.body)
    await _relabelled(call, lambda labels: checked_labels([*labels, name], "label.name"))
    labels = await call.help.labels(call.app.id, [name])
    return answer({"label": label_views(call, labels, [name])[0]}, 201)


async def delete_label(call: Call) -> web.Response:
    wanted = call.number("label_id")
    names = {number: name for name, number in (await call.help.labels(call.app.id)).items()}
    if wanted not in names:
        raise not_found()
    await _relabelled(call, lambda labels: tuple(one for one in labels if one != names[wanted]))
    return nothing()


async def list_votes(call: Call) -> web.Response:
    await showing.readable(call, "article", call.number())
    page = call.page()
    if page.before is not None:
        raise Refused("bad_request", "Votes are listed forwards alone")
    found, count = await call.help.votes(call.app.id, call.number(), page.size + 1, page.offset, page.after[1] if page.after else 0)
    votes = found[: page.size]
    of = Views(call, [], await _voters(call, votes))
    around = paging.around(page, call.url, call.request.query, count, [(one.id, one.id) for one in votes], len(found) > page.size)
    return answer({"votes": [of.vote(one) for one in votes], **around})


async def vote_up(call: Call) -> web.Response:
    return await _vote(call, 1)


async def vote_down(call: Call) -> web.Response:
    return await _vote(call, -1)


async def show_vote(call: Call) -> web.Response:
    return await _vote_shown(call, await _found(call))


async def delete_vote(call: Call) -> web.Response:
    """One's own, or any for agents."""
    vote = await _found(call)
    if vote.voter != _voter(call) and not call.caller.writes:
        raise Refused("forbidden", "This is somebody else's vote")
    await call.help.delete_vote(vote)
    return nothing()


async def list_segments(call: Call) -> web.Response:
    shown = [{"id": number, "name": name, "user_type": kind, "built_in": True} for number, (name, kind) in sorted(_SEGMENT_NAMES.items())]
    return answer({"user_segments": shown, "count": len(SEGMENTS), "next_page": None, "previous_page": None})


async def list_permission_groups(call: Call) -> web.Response:
    group = {"id": PERMISSION_GROUP, "name": "Agents and admins", "built_in": True, "edit": [2], "publish": [2]}
    return answer({"permission_groups": [group], "count": 1, "next_page": None, "previous_page": None})


async def _vote(call: Call, value: Literal[-1, 1]) -> web.Response:
    await showing.readable(call, "article", call.number())
    now_ms = call.now_ms()
    vote = await call.help.vote(Vote(call.app.id, 0, call.number(), _voter(call), value, now_ms, now_ms))
    if vote is None:
        raise not_found()
    return await _vote_shown(call, vote)


async def _vote_shown(call: Call, vote: Vote) -> web.Response:
    return answer({"vote": Views(call, [], await _voters(call, [vote])).vote(vote)})


async def _found(call: Call) -> Vote:
    vote = await call.help.get_vote(call.app.id, call.number())
    if vote is None:
        raise not_found()
    await showing.readable(call, "article", vote.article_id)
    return vote


def _voter(call: Call) -> str:
    """A person votes once, by whatever key or session they come."""
    return f"agent:{call.caller.account.id}" if call.caller.account else call.caller.name


async def _voters(call: Call, votes: list[Vote]) -> dict[str, int]:
    """Numbers of voters, by the names under which they voted."""
    found: dict[str, int] = {}
    for prefix, kind in (("agent", "account"), ("user", "user")):
        ids = [vote.voter.partition(":")[2] for vote in votes if vote.voter.startswith(prefix + ":")]
        numbers = await call.services.rooms.numbers.of(kind, ids)
        found.update({f"{prefix}:{each}": number for each, number in numbers.items()})
    return found


async def _relabelled(call: Call, change: object) -> None:
    def work(before: Article) -> Article:
        if before.archived_ms is not None:
            raise not_found()
        return replace(before, labels=change(before.labels), updated_ms=call.now_ms())  # type: ignore[operator]

    if await call.help.change("article", call.app.id, call.number(), work) is None:
        raise not_found()
