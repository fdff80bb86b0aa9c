"""The incubator lever writes places and rent cut and its line; nothing without money."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.incubators_and_parks import IncubatorsAndParks
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(n for n in catalogue().levers["incubators_and_parks"].acts_on if not n.startswith("budget:"))


def test_a_neutral_main_dose_writes_nothing():
    world = small_world()
    before = frozen(world)
    IncubatorsAndParks(0.0, 100.0, 0.5).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


@pytest.mark.parametrize(("start", "yuan"), [("2014Q1", 40_000_000), ("2014Q3", 20_000_000)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, yuan):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    IncubatorsAndParks(40.0, 100.0, 0.5).apply(world)
    assert frozen(world, but=TERMS) == before
    assert world.governments.incubator_places_y[0] == 100.0
    assert world.governments.incubator_rent_cut[0] == 0.5
    assert world.accounts.left("incubators_and_parks") == yuan == world.accounts.available.sum()
    IncubatorsAndParks(40.0, 100.0, 0.5).apply(world)
    assert world.accounts.left("incubators_and_parks") == yuan, "once a year"
