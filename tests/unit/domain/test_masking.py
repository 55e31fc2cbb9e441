"""Card numbers, and what only looks like one."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.masking import mask_content, mask_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4111111111111111", "XXXXXXXXXXXX1111"),
        ("my card is 4111 1111 1111 1111, thanks", "my card is XXXX XXXX XXXX 1111, thanks"),
        ("5500-0000-0000-0004", "XXXX-XXXX-XXXX-0004"),
        ("378282246310005", "XXXXXXXXXXX0005"),
        ("4222222222222 and 6011000990139424", "XXXXXXXXX2222 and XXXXXXXXXXXX9424"),
    ],
)
def test_card_numbers_are_masked(text: str, expected: str) -> None:
    assert expected == mask_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # the check digit is wrong
        "411111111111",  # too short
        "41111111111111114111111111111111",  # too long
        "0000000000000000",
        "order a4111111111111111",
        "4111111111111111b",
        "+33 6 12 34 56 78",
        "2026-01-31 10:00:00",
        "",
    ],
)
def test_what_is_none_stays(text: str) -> None:
    assert text == mask_text(text)


def test_content_is_masked_where_people_read_it_and_works_on() -> None:
    card = "4111111111111111"
    action = {"type": "postback", "text": card, "payload": card}
    before = {"type": "text", "text": card, "actions": [action], "mediaUrl": f"https://example.org/{card}"}
    masked = {**before, "text": "XXXXXXXXXXXX1111", "actions": [{**action, "text": "XXXXXXXXXXXX1111"}]}
    assert masked == msgspec.json.decode(mask_content(msgspec.json.encode(before)))


def test_content_without_a_card_is_the_very_same_bytes() -> None:
    content = b'{"type":"text","text":"7000000000000"}'
    assert content is mask_content(content)


@given(st.text())
def test_masking_keeps_the_length_and_is_done_after_once(text: str) -> None:
    masked = mask_text(text)
    assert len(text) == len(masked)
    assert masked == mask_text(masked)
