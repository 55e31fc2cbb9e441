"""Finds the users whom a request names, and makes the authors of what it says."""

from __future__ import annotations

from domain import author as given
from domain.conversation import events as ev
from domain.directory import App, User, friendly_name
from domain.errors import Refused
from gateway.lookups import Lookups


async def find_user(lookups: Lookups, app_id: str, user_id: str | None, external_id: str | None, brand_id: str | None = None) -> User:
    """By id, or else by external id. Raises Refused (`user_not_found`), also for a user of another brand."""
    found = None
    if user_id is not None:
        found = await lookups.user(app_id, user_id)
    elif external_id is not None:
        found = await lookups.user_by_external_id(app_id, external_id)
    return _of_brand(found, brand_id)


async def find_user_by_either(lookups: Lookups, app_id: str, either: str, brand_id: str | None = None) -> User:
    """By something that is an id or an external id. Raises Refused (`user_not_found`)."""
    found = await lookups.user(app_id, either) or await lookups.user_by_external_id(app_id, either)
    return _of_brand(found, brand_id)


async def speaker(lookups: Lookups, app: App, author: given.Author) -> ev.Author:
    """Who is to stand beside a message. A user is named by what is known of them, not by what the request says."""
    if author.type == "business":
        return ev.Author("business", author.subtypes or None, display_name=author.display_name, avatar_url=author.avatar_url)
    user = await find_user(lookups, app.id, author.user_id, author.user_external_id, author.brand_id)
    name = user.display_name() or author.display_name or friendly_name(user, app.settings.use_animal_names)
    return ev.Author("user", user_id=user.id, display_name=name, avatar_url=user.profile.avatar_url or author.avatar_url)


def _of_brand(user: User | None, brand_id: str | None) -> User:
    if user is None or (brand_id is not None and user.brand_id != brand_id):
        raise Refused("user_not_found", "User not found")
    return user
