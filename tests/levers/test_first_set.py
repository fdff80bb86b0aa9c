"""The first-set lever writes its shares and its line; nothing without money or any share."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.first_set import FirstSet
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(name for name in catalogue().levers["first_set"].acts_on if not name.startswith("budget:"))


@pytest.mark.parametrize("doses", [(0.0, 0.8, 0.1), (40.0, 0.0, 0.0), (0.0, 0.0, 0.0)])
def test_zero_main_doses_write_nothing(doses):
    world = small_world()
    before = frozen(world)
    FirstSet(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


@pytest.mark.parametrize(("start", "yuan"), [("2014Q1", 40_000_000), ("2014Q3", 20_000_000)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, yuan):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    for _ in range(2):
        FirstSet(*(40.0, 0.8, 0.1)).apply(world)
    assert frozen(world, but=TERMS) == before
    assert [float(world.governments[name][0]) for name in ("first_set_premium", "first_set_purchase")] == [0.8, 0.1]
    assert world.accounts.left("first_set") == yuan == world.accounts.available.sum()


def test_a_scaled_run_has_its_part_of_the_money_and_the_same_terms():
    world = small_world()
    world.scale = 8
    FirstSet(*(40.0, 0.8, 0.1)).apply(world)
    assert world.accounts.left("first_set") == 5_000_000
    assert [float(world.governments[name][0]) for name in ("first_set_premium", "first_set_purchase")] == [0.8, 0.1]
