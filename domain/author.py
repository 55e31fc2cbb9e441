"""Who speaks: a visitor (`user`) or the business. Pure; whether the visitor exists and takes part is not known here.

Source: API contract, schema `author`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, structs

from domain.decode import ImageUrl
from domain.errors import Invalid

AuthorType = Literal["user", "business"]
AuthorSubtype = Literal["AI", "activity", "agent", "bot"]

MAX_EXTERNAL_ID = 1024
MAX_DISPLAY_NAME = 255  # ours: the contract names none

#: The one subtype that a caller may give. The others say what the server knows, and a caller who gives them is not believed.
SETTABLE_SUBTYPES: frozenset[AuthorSubtype] = frozenset({"AI"})

_Id = Annotated[str, Meta(min_length=1, max_length=128)]


class Author(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    """`user_external_id` and `brand_id` only serve to find the user: an author that is stored or sent has neither (see `resolved`).

    If both ids of the user are given, `user_id` counts.
    """

    type: AuthorType
    subtypes: Annotated[tuple[AuthorSubtype, ...], Meta(max_length=4)] = ()
    user_id: _Id | None = None
    user_external_id: Annotated[str, Meta(min_length=1, max_length=MAX_EXTERNAL_ID)] | None = None
    brand_id: Annotated[str, Meta(min_length=1, max_length=24)] | None = None
    display_name: Annotated[str, Meta(max_length=MAX_DISPLAY_NAME)] | None = None
    avatar_url: Annotated[ImageUrl, Meta(min_length=1)] | None = None


def check_author(author: Author, prefix: str = "author") -> Author:
    """The author as a caller may give it: one user and no business, or the business and no user. Raises Invalid."""
    subtypes = author.subtypes and tuple(subtype for subtype in dict.fromkeys(author.subtypes) if subtype in SETTABLE_SUBTYPES)
    if author.type == "user":
        if author.user_id is None and author.user_external_id is None:
            raise Invalid(f"{prefix}.userId", "is required for an author of type user, or userExternalId")
        if subtypes:
            raise Invalid(f"{prefix}.subtypes", "are only for an author of type business")
    elif author.user_id is not None:
        raise Invalid(f"{prefix}.userId", "is only for an author of type user")
    elif author.user_external_id is not None:
        raise Invalid(f"{prefix}.userExternalId", "is only for an author of type user")
    return author if subtypes == author.subtypes else structs.replace(author, subtypes=subtypes)


def resolved(author: Author, user_id: str) -> Author:
    """The author once the user is found: with his id, and without what served to find him."""
    return structs.replace(author, user_id=user_id, user_external_id=None, brand_id=None)
