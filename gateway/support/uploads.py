"""Files for comments: they are uploaded first, and a comment names them by the token of its uploads.

Source: Zendesk's Support API, Attachments. A token names all files that were uploaded under it. What no comment has after a day is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aiohttp import web

from domain.attachments import UNUSED_MS, Attachment
from domain.errors import Invalid, Refused
from domain.ids import ID
from domain.ticket.model import MAX_UPLOADS
from gateway.files.store import Store, Terms
from gateway.files.uploading import receive_body
from gateway.support.scene import Scene, scene_of
from gateway.zendesk.operations import PREFIX, Call, answer, instant, not_found, nothing

MAX_NAME = 1_024
_KIND = "attachment"


async def upload(call: Call) -> web.Response:
    """The body is the file, `filename` its name; with `token` it joins those that were uploaded before."""
    name, token = call.request.query.get("filename", ""), call.request.query.get("token", "")
    if not 1 <= len(name) <= MAX_NAME:
        raise Invalid("filename", f"must have 1 to {MAX_NAME} characters")
    earlier = await _of_token(scene_of(call), token, "token") if token else []
    if len(earlier) >= MAX_UPLOADS:
        raise Invalid("token", f"has {MAX_UPLOADS} files already")
    one = await receive_body(call.request, name, Terms(call.app.id, call.caller.name))
    views = await views_of(scene_of(call), [one, *earlier], call.base)
    told = ".".join([each.id for each in earlier] + [one.id])
    expires = instant(one.expires_ms or call.now_ms() + UNUSED_MS)
    shown = {"token": told, "expires_at": expires, "attachment": views[one.id], "attachments": list(views.values())}
    return answer({"upload": shown}, 201)


async def delete_upload(call: Call) -> web.Response:
    """Files that no comment has."""
    scene = scene_of(call)
    found = await _of_token(scene, call.request.match_info["token"], "token")
    if not found or any(one.used for one in found):
        raise not_found()
    await _store(scene).remove(found)
    return nothing()


async def show_attachment(call: Call) -> web.Response:
    scene = scene_of(call)
    found = await of_number(scene, call.number())
    if found is None:
        raise not_found()
    return answer({"attachment": (await views_of(scene, [found], call.base))[found.id]})


async def claimed(scene: Scene, tokens: Sequence[str], ticket_id: str) -> tuple[str, ...]:
    """The ids of the files of a new comment, which are the ticket's from now on. Raises Invalid."""
    if not tokens:
        return ()
    store, found = _store(scene), list[Attachment]()
    for token in tokens:
        found += await _of_token(scene, token, "comment.uploads")
    for one in found:
        if await store.rows.claim(scene.app.id, one.key, None, ticket_id, None) is None:
            raise Invalid("comment.uploads", "names a file that is gone")
    return tuple(dict.fromkeys(one.id for one in found))


async def of_number(scene: Scene, number: int) -> Attachment | None:
    """A file of the app."""
    identifier = await scene.rooms.numbers.id_of(_KIND, number)
    return None if identifier is None else await _store(scene).rows.get(scene.app.id, identifier)


async def remove(scene: Scene, one: Attachment) -> None:
    """The file itself."""
    await _store(scene).remove([one])


async def known(scene: Scene, ids: Iterable[str], base: str) -> Mapping[str, dict[str, Any]]:
    """Files as comments show them, by id; of those that are gone there is nothing."""
    store = scene.services.attachments
    rows = [] if store is None else [await store.rows.get(scene.app.id, one) for one in dict.fromkeys(ids)]
    return await views_of(scene, [one for one in rows if one is not None], base)


async def views_of(scene: Scene, found: Sequence[Attachment], base: str) -> dict[str, dict[str, Any]]:
    numbers = await scene.rooms.numbers.of(_KIND, [one.id for one in found]) if found else {}
    return {one.id: _view(one, numbers[one.id], base) for one in found}


def _view(one: Attachment, number: int, base: str) -> dict[str, Any]:
    url = base + one.path
    return {
        "id": number,
        "url": f"{base}{PREFIX}/attachments/{number}.json",
        "file_name": one.name,
        "content_url": url,
        "mapped_content_url": url,
        "content_type": one.media_type,
        "size": one.size,
        "width": one.width,
        "height": one.height,
        "inline": False,
        "deleted": False,
        "thumbnails": [],
    }


async def _of_token(scene: Scene, token: str, field: str) -> list[Attachment]:
    """Raises Invalid: no token of this app's uploads."""
    ids = token.split(".")[: MAX_UPLOADS + 1]
    rows = [await _store(scene).rows.get(scene.app.id, one) if ID.match(one) else None for one in ids]
    found = [one for one in rows if one is not None]
    if len(found) != len(ids) or len(ids) > MAX_UPLOADS:
        raise Invalid(field, "is no token of uploads")
    return found


def _store(scene: Scene) -> Store:
    store = scene.services.attachments
    if store is None:
        raise Refused("not_implemented", "This installation keeps no files")
    return store
