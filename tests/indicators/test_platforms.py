"""Platforms and alliances by hand: each kind and tier counted once, by city, and scaled."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.alliance import INDUSTRY, STRATEGIC
from sim.catalogue.loader import catalogue
from sim.indicators import platforms
from sim.indicators.census import take_census
from tests.indicators.three_firms import three_firms

CODE = {row.kind: row.order for row in catalogue().programmes}
CENTRES = [("etc_city", 1, 0), ("etc_city", 1, 3), ("etc_province", 2, 0), ("etc_nation", 3, 0),
           ("key_laboratory", 2, 0),
           ("manufacturing_innovation_centre", 1, 0), ("manufacturing_innovation_centre", 3, 3),
           ("demonstration_firm", 2, 0), ("demonstration_firm", 3, 0), ("innovation_team", 3, 0)]  # fmt: skip


def world_with():
    world = three_firms()
    kinds, tiers, cities = (np.array(column) for column in zip(*CENTRES, strict=True))
    n = len(CENTRES)
    world.centres.add(1 + np.arange(n), programme=[CODE[k] for k in kinds], tier=tiers, city=cities)
    world.alliances.add([1, 2, 3], form=[STRATEGIC, STRATEGIC, INDUSTRY], tier=[2, 3, 2], city=[0, 3, 3])
    take_census(world)
    return world


BY_HAND = {
    "etc_city": 2, "etc_provincial": 1, "etc_national": 1, "etc_three_tier": 4, "labs_and_etrc": 1,
    "engineering_research_centres": 0, "platforms_provincial_plus": 3, "manufacturing_innovation_centres": 1,
    "manufacturing_innovation_pilots": 1, "demonstration_firms": 2, "demonstration_firms_national": 1,
    "first_class_teams": 1, "innovation_alliances": 2, "innovation_alliances_national": 1, "industry_alliances": 1,
    "industry_technology_centres": 0, "national_eng_tech_centres": 0, "industrial_technology_institutes": 0,
    "iur_bases": 0, "graduate_centres": 0, "talent_teams": 0,
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BY_HAND.items())
def test_by_hand_and_by_city(name, value):
    world, function = world_with(), getattr(platforms, name)
    assert function(world) == value
    world.scale = 8
    assert function(world) == 8 * value
    world.scale = 1
    by_city = []
    for city in range(11):
        world.notes["city"] = city
        by_city.append(function(world))
    assert sum(by_city) == value


def test_the_dead_are_not_counted():
    world = world_with()
    world.centres.alive[0], world.alliances.alive[0] = 0, 0
    take_census(world)
    assert platforms.etc_city(world) == 1
    assert platforms.innovation_alliances(world) == 1


def test_every_indicator_of_the_family_is_tested():
    rows = catalogue().indicators.values()
    assert {r.indicator for r in rows if r.family == "platforms" and r.kind != "ratio"} == set(BY_HAND)
