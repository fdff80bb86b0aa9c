"""The interest lever writes its points and its line, and nothing without money or points."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.interest_subsidy import InterestSubsidy
from tests.mechanisms.worlds import frozen, small_world

LINE = "interest_subsidy"
ACTS_ON = catalogue().levers[LINE].acts_on
TERMS = tuple(name for name in ACTS_ON if not name.startswith("budget:"))
WRITTEN = [("interest_points", 2.0)]


@pytest.mark.parametrize("doses", [(0.0, 2.0), (20.0, 0.0)])
def test_zero_writes_nothing(doses):
    world = small_world()
    before = frozen(world)
    InterestSubsidy(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


@pytest.mark.parametrize(("start", "yuan"), [("2014Q1", 20_000_000), ("2014Q3", 10_000_000)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, yuan):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    for _ in range(2):
        InterestSubsidy(20.0, 2.0).apply(world)
    assert frozen(world, but=TERMS) == before
    assert set(TERMS) == {f"government.{term}" for term, _ in WRITTEN}
    for term, value in WRITTEN:
        assert world.governments[term].tolist() == [value] + [0.0] * 11
    assert f"budget:{LINE}" in ACTS_ON
    assert world.accounts.left(LINE) == yuan == world.accounts.available.sum()


def test_a_scaled_run_has_its_part_of_the_money():
    world = small_world()
    world.scale = 8
    InterestSubsidy(20.0, 2.0).apply(world)
    assert world.accounts.left(LINE) == 2_500_000
