"""Platforms and alliances by hand: each kind and tier counted once, by city, and scaled."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.alliance import INDUSTRY, STRATEGIC
from sim.agents.intermediary import INCUBATOR, INTERMEDIARY, PARK
from sim.catalogue.loader import catalogue
from sim.indicators import platforms
from sim.indicators.census import take_census
from sim.indicators.platform_counts import set_platforms
from tests.indicators.three_firms import three_firms

CODE = {row.kind: row.order for row in catalogue().programmes}
CENTRES = [("etc_city", 1, 0), ("etc_city", 1, 3), ("etc_province", 2, 0), ("etc_nation", 3, 0),
           ("key_laboratory", 2, 0),
           ("manufacturing_innovation_centre", 1, 0), ("manufacturing_innovation_centre", 3, 3),
           ("demonstration_firm", 2, 0), ("demonstration_firm", 3, 0), ("innovation_team", 3, 0),
           ("key_technology", 1, 0), ("key_technology", 2, 3), ("renovation_benchmark", 1, 0),
           ("technology_promotion", 2, 0), ("smart_manufacturing", 2, 0), ("smart_manufacturing", 3, 0),
           ("green_factory", 3, 3), ("big_data_pilot", 2, 0), ("hydrogen_pilot_city", 2, 3), ("ip_pilot_firm", 2, 0),
           ("innovative_entrepreneur", 2, 0), ("pilot_city", 2, 0), ("pilot_city", 3, 3), ("pilot_county", 2, 3),
           ("pilot_county", 2, 3), ("coalbed_methane_base", 2, 3), ("innovation_cluster", 3, 0),
           ("zone_institute", 2, 6), ("national_incubator", 3, 0)]  # fmt: skip


def world_with():
    world = three_firms()
    kinds, tiers, cities = (np.array(column) for column in zip(*CENTRES, strict=True))
    n = len(CENTRES)
    world.centres.add(1 + np.arange(n), programme=[CODE[k] for k in kinds], tier=tiers, city=cities)
    world.alliances.add([1, 2, 3], form=[STRATEGIC, STRATEGIC, INDUSTRY], tier=[2, 3, 2], city=[0, 3, 3])
    world.intermediaries.role[:] = [INTERMEDIARY, INCUBATOR, PARK, INCUBATOR]
    world.intermediaries.city[:] = [0, 0, 3, 6]
    world.intermediaries.tenants[:] = [9, 4, 2, 1]
    take_census(world)
    return world


BY_HAND = {
    "etc_city": 2, "etc_provincial": 1, "etc_national": 1, "etc_three_tier": 4, "labs_and_etrc": 1,
    "engineering_research_centres": 0, "platforms_provincial_plus": 3, "manufacturing_innovation_centres": 1,
    "manufacturing_innovation_pilots": 1, "demonstration_firms": 2, "demonstration_firms_national": 1,
    "first_class_teams": 1, "innovation_alliances": 2, "innovation_alliances_national": 1, "industry_alliances": 1,
    "industry_technology_centres": 0, "national_eng_tech_centres": 0, "industrial_technology_institutes": 0,
    "iur_bases": 0, "graduate_centres": 0, "talent_teams": 0, "key_technologies": 2, "renovation_benchmarks": 1,
    "technology_promotions": 1, "smart_manufacturing_pilots": 2, "smart_manufacturing_pilots_national": 1,
    "green_factories": 1, "big_data_pilots": 1, "hydrogen_pilot_cities": 1, "ip_pilot_firms": 1,
    "innovative_entrepreneurs": 1, "pilot_cities": 2, "pilot_cities_national": 1, "pilot_counties": 2,
    "coalbed_methane_bases": 1, "innovation_clusters": 1, "zone_institutes": 1, "national_incubators": 1,
    "incubator_tenants": 7,
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BY_HAND.items())
def test_by_hand_and_by_city(name, value):
    world, function = world_with(), getattr(platforms, name)
    assert function(world) == value
    world.scale = 8
    assert function(world) == 8 * value
    set_platforms(world, by_city=True)
    if "city" in catalogue().indicators[name].by:
        by_city = function(world)
        assert by_city.shape == (11,)
        assert by_city.sum() == by_city[[0, 3, 6]].sum() == 8 * value


def test_platforms_of_a_city_are_its_own():
    world = world_with()
    set_platforms(world, by_city=True)
    assert platforms.etc_city(world)[[0, 3]].tolist() == [1, 1]
    assert platforms.manufacturing_innovation_centres(world)[[0, 3]].tolist() == [0, 1]
    assert platforms.innovation_alliances(world)[[0, 3]].tolist() == [1, 1]
    assert platforms.innovation_alliances_national(world)[[0, 3]].tolist() == [0, 1]
    assert platforms.demonstration_firms(world)[[0, 3]].tolist() == [2, 0]


OF_THE_PROVINCE = {
    "industry_alliances_changzhi", "manufacturing_centre_candidates", "key_laboratories_new",
    "key_laboratories_national_new", "engineering_technology_centres_new", "innovation_teams_new",
    "national_incubators_new",
}  # fmt: skip


def test_alliances_of_changzhi_are_those_of_industry_led_from_there():
    assert platforms.industry_alliances_changzhi(world_with()) == 1


def test_a_manufacturing_centre_may_bid_after_a_year_on_the_provincial_rung():
    world = world_with()
    assert platforms.manufacturing_centre_candidates(world) == 0, "just arrived"
    world.centres.age_q[:] = 4
    assert platforms.manufacturing_centre_candidates(world) == 1, "the pilot of the same age may not"
    world.centres.tier[6], world.centres.age_q[6] = 4, 0
    assert platforms.manufacturing_centre_candidates(world) == 1, "the national rung is above"


@pytest.mark.parametrize("scale", [1, 8])
def test_what_is_new_is_counted_beyond_the_start_in_whole_agents(scale):
    world = three_firms()
    world.scale = scale
    number = {"key_laboratory": (23, 30), "engineering_technology_research_centre": (44, 50),
              "innovation_team": (10, 13), "national_incubator": (3, 5)}  # fmt: skip
    start = {kind: int(first / scale + 0.5) for kind, (first, _) in number.items()}
    national = int(3 / scale + 0.5)
    for kind, (first, last) in number.items():
        n = start[kind] + last - first
        uids = world.centres.new_uids(n)
        tier = np.where(np.arange(n) < (national + 2 if kind == "key_laboratory" else 0), 3, 2)
        world.centres.add(uids, programme=np.full(n, CODE[kind]), tier=tier)
    take_census(world)
    assert platforms.key_laboratories_national_new(world) == 2 * scale
    assert platforms.key_laboratories_new(world) == (30 - 23 - 2) * scale
    assert platforms.engineering_technology_centres_new(world) == (50 - 44) * scale
    assert platforms.innovation_teams_new(world) == (13 - 10) * scale
    assert platforms.national_incubators_new(world) == (5 - 3) * scale


def test_the_dead_are_not_counted():
    world = world_with()
    world.centres.alive[0], world.alliances.alive[0] = 0, 0
    take_census(world)
    assert platforms.etc_city(world) == 1
    assert platforms.innovation_alliances(world) == 1


def test_every_indicator_of_the_family_is_tested():
    rows = (row for row in catalogue().indicators.values() if row.family == "platforms" and row.kind != "ratio")
    assert {row.indicator for row in rows} == set(BY_HAND) | OF_THE_PROVINCE
