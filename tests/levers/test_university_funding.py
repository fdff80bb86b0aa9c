"""Performance funding writes its weight and its line, and nothing without money."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.university_funding import UniversityFunding
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(name for name in catalogue().levers["university_funding"].acts_on if not name.startswith("budget:"))


@pytest.mark.parametrize("doses", [(0.0, 0.5), (0.0, 0.0)])
def test_zero_writes_nothing(doses):
    world = small_world()
    before = frozen(world)
    UniversityFunding(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.appropriated_year.any()


@pytest.mark.parametrize(("start", "part"), [("2014Q1", 4), ("2014Q2", 3), ("2014Q4", 1)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, part):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    for _ in range(2):
        UniversityFunding(100.0, 0.5).apply(world)
    assert frozen(world, but=TERMS) == before
    assert [world.governments[name.split(".")[1]][0] for name in TERMS] == [0.5]
    assert not any(world.governments[name.split(".")[1]][1:].any() for name in TERMS)
    assert world.accounts.left("university_funding") == part * 25_000_000 == world.accounts.available.sum()


def test_a_scaled_run_has_its_part_of_the_money_and_the_same_terms():
    world = small_world()
    world.scale = 8
    UniversityFunding(100.0, 0.5).apply(world)
    assert world.accounts.left("university_funding") == 12_500_000
    assert [world.governments[name.split(".")[1]][0] for name in TERMS] == [0.5]
