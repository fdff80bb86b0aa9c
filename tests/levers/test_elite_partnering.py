"""The elite lever writes projects, amount and its line; nothing without any of the three."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.elite_partnering import ElitePartnering
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(name for name in catalogue().levers["elite_partnering"].acts_on if not name.startswith("budget:"))


@pytest.mark.parametrize("doses", [(0.0, 10.0, 2.0), (20.0, 0.0, 2.0), (20.0, 10.0, 0.0)])
def test_without_its_main_doses_it_writes_nothing(doses):
    world = small_world()
    before = frozen(world)
    ElitePartnering(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


@pytest.mark.parametrize(("start", "yuan"), [("2014Q1", 20_000_000), ("2014Q3", 10_000_000)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, yuan):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    for _ in range(2):
        ElitePartnering(20.0, 10.0, 2.0).apply(world)
    assert frozen(world, but=TERMS) == before
    governments = world.governments
    assert (governments.elite_projects_y[0], governments.elite_amount[0]) == (10.0, 2.0)
    assert world.accounts.left("elite_partnering") == yuan == world.accounts.available.sum()
