"""The tree of a help centre: what is in it, in which order, and that what holds nothing is not there."""

from __future__ import annotations

from domain.help.contents import Contents, Heading, Line

SHOP, CLUB, EMPTY = Heading("category", 1, "Shop", position=1), Heading("category", 2, "Club"), Heading("category", 3, "Empty")
ORDERS = Heading("section", 10, "Orders", category_id=1)
LATE = Heading("section", 11, "Late", category_id=1, over=10)
HIDDEN = Heading("section", 12, "Staff only", category_id=1)
POINTS = Heading("section", 20, "Points", category_id=2)
LINES = [
    Line(100, 11, "Lost parcels", position=2, votes=3),
    Line(101, 11, "Late parcels", position=1, votes=5),
    Line(102, 10, "Ordering", promoted=True, votes=9),
    Line(103, 20, "Points", votes=-1),
    Line(104, 99, "In a section that is gone"),
]


def tree(*lines: Line) -> Contents:
    return Contents([SHOP, CLUB, EMPTY, ORDERS, LATE, HIDDEN, POINTS], lines or LINES)


def test_what_holds_nothing_is_not_there() -> None:
    assert [CLUB, SHOP] == tree().categories
    assert (None, None, None) == (tree().section(12), tree().category(3), tree().line(104))


def test_sections_lie_in_each_other() -> None:
    assert [ORDERS] == tree().sections_of(SHOP)
    assert [LATE] == tree().sections_of(ORDERS)
    assert ["Ordering", "Late parcels", "Lost parcels"] == [one.title for one in tree().articles_below(SHOP)]
    assert ["Late parcels", "Lost parcels"] == [one.title for one in tree().articles_of(LATE)]
    assert [SHOP, ORDERS, LATE] == tree().trail(11)


def test_the_only_category_is_passed_over() -> None:
    alone = tree(*LINES[:3])
    assert ([ORDERS], [ORDERS, LATE]) == (alone.tops, alone.trail(11))


def test_what_is_promoted_and_what_is_liked() -> None:
    assert [102] == [one.id for one in tree().promoted(5)]
    assert [101, 100] == [one.id for one in tree().popular(5)]
    assert [101] == [one.id for one in tree().popular(1)]


def test_nothing_at_all() -> None:
    empty = Contents([], [])
    assert ([], [], [], []) == (empty.tops, empty.promoted(5), empty.popular(5), empty.trail(1))
