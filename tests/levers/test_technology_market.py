"""The market lever writes each of its four terms on its own; only intermediaries cost money."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.technology_market import TechnologyMarket
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(name for name in catalogue().levers["technology_market"].acts_on if not name.startswith("budget:"))


@pytest.mark.parametrize("doses", [(0.0,) * 5, (20.0, 0.0, 0.0, 0.0, 0.0), (0.0, 8.0, 0.0, 0.0, 0.0)])
def test_without_its_main_doses_it_writes_nothing(doses):
    world = small_world()
    before = frozen(world)
    TechnologyMarket(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


@pytest.mark.parametrize(("start", "yuan"), [("2014Q1", 20_000_000), ("2014Q3", 10_000_000)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, yuan):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    for _ in range(2):
        TechnologyMarket(20.0, 8.0, 0.5, 2.0, 0.06).apply(world)
    assert frozen(world, but=TERMS) == before
    governments = world.governments
    assert [float(governments[name.split(".")[1]][0]) for name in TERMS] == [8.0, 0.5, 2.0, 0.06]
    assert world.accounts.left("technology_market") == yuan == world.accounts.available.sum()


@pytest.mark.parametrize(("place", "term"), [(2, "registration_push"), (3, "listing_years"), (4, "contract_relief")])
def test_rules_and_relief_need_no_budget(place, term):
    world = small_world()
    before = frozen(world, but=(f"government.{term}",))
    doses = [0.0] * 5
    doses[place] = 0.5
    TechnologyMarket(*doses).apply(world)
    assert frozen(world, but=(f"government.{term}",)) == before
    assert world.governments[term][0] == 0.5
    assert not world.accounts.available.any()
