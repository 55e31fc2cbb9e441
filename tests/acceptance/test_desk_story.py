"""The desk's whole story on the embedded defaults. On PostgreSQL `test_story` tells it."""

from __future__ import annotations

from tests.desk_story import the_desks_story
from tests.people import People


async def test_from_the_first_message_to_the_rating(people: People) -> None:
    await the_desks_story(people)
