"""The zone lever writes places for R&D bodies and its line; nothing without money."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.science_city_zone import ScienceCityZone
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(n for n in catalogue().levers["science_city_zone"].acts_on if not n.startswith("budget:"))
KINDS = [row.kind for row in catalogue().programmes]


def test_a_neutral_main_dose_writes_nothing():
    world = small_world()
    before = frozen(world)
    ScienceCityZone(0.0, 10.0).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


@pytest.mark.parametrize(("start", "yuan"), [("2014Q1", 40_000_000), ("2014Q3", 20_000_000)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, yuan):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    ScienceCityZone(40.0, 10.0).apply(world)
    assert frozen(world, but=TERMS) == before
    assert world.governments.centre_places_y[0, KINDS.index("zone_institute")] == 10.0
    assert world.governments.centre_places_y.sum() == 10.0
    assert world.accounts.left("science_city_zone") == yuan == world.accounts.available.sum()
    ScienceCityZone(40.0, 10.0).apply(world)
    assert world.accounts.left("science_city_zone") == yuan, "once a year"
