"""The training lever writes places and its line; nothing without places or money."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.policy_training import PolicyTraining
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(name for name in catalogue().levers["policy_training"].acts_on if not name.startswith("budget:"))


@pytest.mark.parametrize("doses", [(0.0, 20.0), (800.0, 0.0)])
def test_without_its_main_doses_it_writes_nothing(doses):
    world = small_world()
    before = frozen(world)
    PolicyTraining(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


@pytest.mark.parametrize(("start", "yuan"), [("2014Q1", 20_000_000), ("2014Q3", 10_000_000)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, yuan):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    for _ in range(2):
        PolicyTraining(800.0, 20.0).apply(world)
    assert frozen(world, but=TERMS) == before
    governments = world.governments
    assert governments.training_places_y[0] == 800.0
    assert world.accounts.left("policy_training") == yuan == world.accounts.available.sum()
