"""The pool lever writes places and award and its line; nothing without places, no award without money."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.hnte_pool import HntePool
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(name for name in catalogue().levers["hnte_pool"].acts_on if not name.startswith("budget:"))


@pytest.mark.parametrize("doses", [(0.0, 0.2, 20.0), (0.0, 0.0, 0.0)])
def test_zero_places_write_nothing(doses):
    world = small_world()
    before = frozen(world)
    HntePool(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


@pytest.mark.parametrize(("award", "budget"), [(0.0, 20.0), (0.2, 0.0)])
def test_no_award_without_money_and_no_money_without_award(award, budget):
    world = small_world()
    HntePool(100.0, award, budget).apply(world)
    assert world.governments.pool_places_y[0] == 100.0
    assert world.governments.certificate_award[0] == 0.0
    assert not world.accounts.available.any()


@pytest.mark.parametrize(("start", "yuan"), [("2014Q1", 20_000_000), ("2014Q3", 10_000_000)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, yuan):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    for _ in range(2):
        HntePool(100.0, 0.2, 20.0).apply(world)
    assert frozen(world, but=TERMS) == before
    assert (world.governments.pool_places_y[0], world.governments.certificate_award[0]) == (100.0, 0.2)
    assert world.accounts.left("hnte_award") == yuan == world.accounts.available.sum()


def test_a_scaled_run_has_its_part_of_the_money_and_the_same_award():
    world = small_world()
    world.scale = 8
    HntePool(100.0, 0.2, 20.0).apply(world)
    assert world.accounts.left("hnte_award") == 2_500_000
    assert world.governments.certificate_award[0] == 0.2
