"""A bot answers first, in the customer's language, and hands over to people with what it has learned; and then it begins again."""

from __future__ import annotations

import pytest

from tests.bot_story import import_samples, the_bots_story
from tests.people import People


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_a_bot_helps_hands_over_and_is_there_again(people: People, language: str) -> None:
    await import_samples(people.server)
    await the_bots_story(people, language)
