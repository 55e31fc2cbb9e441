"""A plan is drawn from its seed alone, holds every fault, and can be taken up at any step."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import pytest

from tests.chaos.faults import FAULTS
from tests.chaos.plan import Step, plan
from tests.chaos.site import Impossible, Shape

SHAPES = (Shape("sqlite"), Shape("postgresql"), Shape("postgresql", servers=2), Shape("postgresql", placement="dedicated"))


def steps(shape: Shape = SHAPES[0], seed: int = 1, first: int = 0, count: int = 100, **more: float) -> list[Step]:
    return list(itertools.islice(plan(FAULTS, shape, seed, first, **more), count))


def test_the_same_seed_gives_the_same_plan() -> None:
    assert steps(seed=1) == steps(seed=1)
    assert steps(seed=1) != steps(seed=2)


@pytest.mark.parametrize("first", [1, 17, 60])
def test_a_plan_is_taken_up_where_it_was_left(first: int) -> None:
    assert steps(count=100)[first:] == steps(first=first, count=100 - first)


def test_steps_are_numbered_from_nought() -> None:
    assert list(range(100)) == [step.number for step in steps()]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_each_round_has_every_fault_of_the_shape_by_its_weight(shape: Shape) -> None:
    weights = {fault.name: fault.weight for fault in FAULTS if fault.fits(shape)}
    round_s = sum(weights.values())
    for turn in range(3):
        assert weights == Counter(step.fault.name for step in steps(shape, first=turn * round_s, count=round_s))


def test_nothing_lasts_longer_than_it_may() -> None:
    assert max(step.lasts_s for step in steps(longest_s=2.0)) == 2.0
    assert all(step.fault.lasts_s[0] <= step.lasts_s <= step.fault.lasts_s[1] for step in steps())


def test_names_are_one_fault_each() -> None:
    names = [fault.name for fault in FAULTS]
    assert sorted(set(names)) == sorted(names)


def test_shapes_have_a_name_each() -> None:
    assert ["sqlite", "postgresql", "postgresql-2-servers", "postgresql-dedicated"] == [str(shape) for shape in SHAPES]


@pytest.mark.parametrize("wrong", [("sqlite", 2), ("postgresql", 2, "shared", "ray")])
def test_a_shape_that_cannot_be_is_refused(wrong: tuple[Any, ...]) -> None:
    with pytest.raises(Impossible):
        Shape(*wrong)
