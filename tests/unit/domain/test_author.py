"""The rules of authors."""

from __future__ import annotations

import msgspec
import pytest

from domain.author import MAX_DISPLAY_NAME, MAX_EXTERNAL_ID, Author, check_author, resolved
from domain.decode import decode
from domain.errors import Invalid

DECODER = msgspec.json.Decoder(Author)


def parse(**fields: object) -> Author:
    return check_author(decode(DECODER, msgspec.json.encode(fields), "author"))


def refused_field(**fields: object) -> str:
    with pytest.raises(Invalid) as refused:
        parse(**fields)
    return refused.value.field


def test_the_business_needs_nothing_but_its_type() -> None:
    """An author of type business may be anonymous."""
    assert parse(type="business") == Author(type="business")


@pytest.mark.parametrize("ids", [{"userId": "u"}, {"userExternalId": "e"}, {"userExternalId": "e", "brandId": "b"}])
def test_a_user_is_named_by_either_id(ids: dict[str, str]) -> None:
    """An author of type user has a userId or a userExternalId."""
    assert msgspec.to_builtins(parse(type="user", **ids)) == {"type": "user", **ids}


def test_a_user_without_an_id_is_refused() -> None:
    """Somebody must have written it."""
    assert refused_field(type="user", displayName="Steve") == "author.userId"


@pytest.mark.parametrize("key", ["userId", "userExternalId"])
def test_the_business_is_no_user(key: str) -> None:
    """The ids of a user are only for users."""
    assert refused_field(type="business", **{key: "x"}) == f"author.{key}"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "author.type"),
        ({"type": "bot"}, "author.type"),
        ({"type": None}, "author.type"),
        ({"type": "user", "userId": ""}, "author.userId"),
        ({"type": "user", "userId": 5}, "author.userId"),
        ({"type": "user", "userId": "x" * 129}, "author.userId"),
        ({"type": "user", "userExternalId": "x" * (MAX_EXTERNAL_ID + 1)}, "author.userExternalId"),
        ({"type": "user", "userExternalId": "x", "brandId": "x" * 25}, "author.brandId"),
        ({"type": "user", "userExternalId": "x", "brandId": ""}, "author.brandId"),
        ({"type": "business", "displayName": "x" * (MAX_DISPLAY_NAME + 1)}, "author.displayName"),
        ({"type": "business", "displayName": "a\0b"}, "author.displayName"),
        ({"type": "business", "avatarUrl": ""}, "author.avatarUrl"),
        ({"type": "business", "avatarUrl": "javascript:alert(1)"}, "author.avatarUrl"),
        ({"type": "business", "avatarUrl": "https://a/" + "x" * 2039}, "author.avatarUrl"),
        ({"type": "business", "subtypes": ["robot"]}, "author.subtypes[0]"),
        ({"type": "business", "subtypes": ["AI"] * 5}, "author.subtypes"),
        ({"type": "user", "userId": "u", "subtypes": ["AI"]}, "author.subtypes"),
    ],
)
def test_broken_limits_are_refused_at_their_field(fields: dict[str, object], field: str) -> None:
    """Each limit names the field that broke it."""
    assert refused_field(**fields) == field


def test_values_at_the_limits_pass() -> None:
    """The last allowed length is allowed."""
    parse(type="user", userExternalId="x" * MAX_EXTERNAL_ID, brandId="b" * 24)
    parse(type="user", userId="x" * 128)
    parse(type="business", displayName="x" * MAX_DISPLAY_NAME, avatarUrl="https://a/" + "x" * 2038)


def test_only_ai_is_believed() -> None:
    """Subtypes that state what the server knows are dropped from a request, and repetitions too."""
    assert parse(type="business", subtypes=["agent", "AI", "AI", "activity"]).subtypes == ("AI",)


def test_null_and_unknown_keys_are_as_if_absent() -> None:
    """A caller whose serialiser writes nulls is not punished."""
    assert parse(type="business", userId=None, avatarUrl=None, shoeSize=44) == Author(type="business")


def test_a_resolved_author_has_only_the_users_id() -> None:
    """What served to find the user is never stored nor sent."""
    assert resolved(parse(type="user", userExternalId="e", brandId="b"), "u1") == Author(type="user", user_id="u1")
