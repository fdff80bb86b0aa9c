"""Centres, laboratories, bases, teams and alliances, counted once at their tier."""

from __future__ import annotations

from functools import cache

import numpy as np

from sim.agents.alliance import INDUSTRY, STRATEGIC
from sim.agents.intermediary import INTERMEDIARY
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.indicators.census import Value, platforms
from sim.indicators.platform_counts import ALLIANCES

NATION = 3
CHANGZHI = 3  # row of cities.csv
YEAR_Q = 4
PROVINCIAL_RUNG = 3  # of manufacturing innovation centres


@cache
def _at_start(kind: str) -> float:
    """Platforms of a kind at the end of 2010."""
    return next(row.start_stock_2010 for row in catalogue().programmes if row.kind == kind)


def _new(world: World, kind: str) -> Value:
    """Platforms of a kind that came since the end of 2010, net of those that closed."""
    return platforms(world, kind) - int(_at_start(kind) / world.scale + 0.5) * world.scale


def etc_city(world: World) -> Value:
    """Enterprise technology centres of the city tier."""
    return platforms(world, "etc_city")


def etc_provincial(world: World) -> Value:
    """Enterprise technology centres of the provincial tier."""
    return platforms(world, "etc_province")


def etc_national(world: World) -> Value:
    """Enterprise technology centres of the national tier."""
    return platforms(world, "etc_nation")


def etc_three_tier(world: World) -> Value:
    """Enterprise technology centres of all three tiers."""
    return etc_city(world) + etc_provincial(world) + etc_national(world)


def industry_technology_centres(world: World) -> Value:
    """Centres that serve a whole industry."""
    return platforms(world, "industry_technology_centre")


def labs_and_etrc(world: World) -> Value:
    """Key laboratories and engineering technology research centres, provincial and national."""
    kinds = ("key_laboratory", "engineering_technology_research_centre", "national_engineering_technology_centre")
    return sum(platforms(world, kind) for kind in kinds)


def engineering_research_centres(world: World) -> Value:
    """Engineering research centres and engineering laboratories."""
    return platforms(world, "engineering_research_centre")


def platforms_provincial_plus(world: World) -> Value:
    """Laboratories, engineering centres and enterprise technology centres of the provincial tier and above."""
    return (labs_and_etrc(world) + engineering_research_centres(world) + etc_provincial(world)
            + etc_national(world))  # fmt: skip


def national_eng_tech_centres(world: World) -> Value:
    """National engineering technology research centres."""
    return platforms(world, "national_engineering_technology_centre")


def industrial_technology_institutes(world: World) -> Value:
    """Industrial technology research institutes."""
    return platforms(world, "industrial_technology_institute")


def manufacturing_innovation_centres(world: World) -> Value:
    """Manufacturing innovation centres of the provincial or national rung."""
    return sum(platforms(world, "manufacturing_innovation_centre", rung) for rung in (3, 4))


def manufacturing_innovation_pilots(world: World) -> Value:
    """Pilots and nursery pilots of manufacturing innovation centres."""
    return sum(platforms(world, "manufacturing_innovation_centre", rung) for rung in (1, 2))


def demonstration_firms(world: World) -> Value:
    """Technology innovation demonstration firms, provincial and national."""
    return platforms(world, "demonstration_firm")


def demonstration_firms_national(world: World) -> Value:
    """National technology innovation demonstration firms."""
    return platforms(world, "demonstration_firm", NATION)


def first_class_teams(world: World) -> Value:
    """Innovation teams of the national tier."""
    return platforms(world, "innovation_team", NATION)


def iur_bases(world: World) -> Value:
    """Industry-university-research demonstration bases."""
    return platforms(world, "cooperation_base")


def graduate_centres(world: World) -> Value:
    """Graduate education innovation centres in firms."""
    return platforms(world, "graduate_centre")


def talent_teams(world: World) -> Value:
    """High-end talent teams."""
    return platforms(world, "talent_team")


def innovation_alliances(world: World) -> Value:
    """Industrial technology innovation strategic alliances."""
    return platforms(world, ALLIANCES[STRATEGIC])


def innovation_alliances_national(world: World) -> Value:
    """Strategic alliances of national rank."""
    return platforms(world, ALLIANCES[STRATEGIC], NATION)


def industry_alliances(world: World) -> Value:
    """Industry alliances in the sense of plan D."""
    return platforms(world, ALLIANCES[INDUSTRY])


def industry_alliances_changzhi(world: World) -> Value:
    """Industry alliances led from Changzhi."""
    alliances = world.alliances
    found = (alliances.alive == 1) & (alliances.form == INDUSTRY) & (alliances.city == CHANGZHI)
    return float(found.sum()) * world.scale


def manufacturing_centre_candidates(world: World) -> Value:
    """Manufacturing innovation centres that have held the provincial rung for a year, or stand above it."""
    centres = world.centres
    rows = np.flatnonzero(centres.programme == catalogue().programme("manufacturing_innovation_centre"))
    tier = np.where(centres.alive[rows] != 0, centres.tier[rows], 0)
    fit = (tier > PROVINCIAL_RUNG) | ((tier == PROVINCIAL_RUNG) & (centres.age_q[rows] >= YEAR_Q))
    return float(np.count_nonzero(fit)) * world.scale


def key_laboratories_national_new(world: World) -> Value:
    """Key laboratories that gained national rank since the end of 2010."""
    start = catalogue().parameter("population_platforms.national_laboratories").value
    first = int(start / world.scale + 0.5) * world.scale
    return platforms(world, "key_laboratory", NATION) - first


def key_laboratories_new(world: World) -> Value:
    """Provincial key laboratories set up since the end of 2010, without those that came to national rank."""
    return _new(world, "key_laboratory") - key_laboratories_national_new(world)


def engineering_technology_centres_new(world: World) -> Value:
    """Provincial engineering technology research centres built since the end of 2010."""
    return _new(world, "engineering_technology_research_centre")


def innovation_teams_new(world: World) -> Value:
    """Innovation teams approved since the end of 2010."""
    return _new(world, "innovation_team")


def national_incubators(world: World) -> Value:
    """Incubators of national rank."""
    return platforms(world, "national_incubator")


def national_incubators_new(world: World) -> Value:
    """Incubators that gained national rank since the end of 2010."""
    return _new(world, "national_incubator")


def incubator_tenants(world: World) -> Value:
    """Firms housed in incubators and parks that are paid for it."""
    houses = world.intermediaries
    mine = (houses.alive != 0) & (houses.role != INTERMEDIARY)
    return float(houses.tenants[mine].sum()) * world.scale


def key_technologies(world: World) -> Value:
    """Key technologies worked on or completed under their programme."""
    return platforms(world, "key_technology")


def renovation_benchmarks(world: World) -> Value:
    """Renovation benchmark projects running or completed."""
    return platforms(world, "renovation_benchmark")


def technology_promotions(world: World) -> Value:
    """Technology promotion demonstrations."""
    return platforms(world, "technology_promotion")


def smart_manufacturing_pilots(world: World) -> Value:
    """Smart-manufacturing demonstrations of provincial rank and above."""
    return platforms(world, "smart_manufacturing")


def green_factories(world: World) -> Value:
    """Green factories of national rank."""
    return platforms(world, "green_factory")


def big_data_pilots(world: World) -> Value:
    """Big-data pilot projects."""
    return platforms(world, "big_data_pilot")


def hydrogen_pilot_cities(world: World) -> Value:
    """Hydrogen pilot cities."""
    return platforms(world, "hydrogen_pilot_city")


def ip_pilot_firms(world: World) -> Value:
    """Pilot firms for the use of intellectual property."""
    return platforms(world, "ip_pilot_firm")


def innovative_entrepreneurs(world: World) -> Value:
    """Innovative entrepreneurs developed, counted with their firm."""
    return platforms(world, "innovative_entrepreneur")


def pilot_cities(world: World) -> Value:
    """Innovation pilot cities."""
    return platforms(world, "pilot_city")


def pilot_counties(world: World) -> Value:
    """Innovation pilot counties."""
    return platforms(world, "pilot_county")


def coalbed_methane_bases(world: World) -> Value:
    """Coalbed-methane bases."""
    return platforms(world, "coalbed_methane_base")


def innovation_clusters(world: World) -> Value:
    """Innovation industry cluster pilots of national rank."""
    return platforms(world, "innovation_cluster")


def zone_institutes(world: World) -> Value:
    """R&D bodies in the Science-Innovation City."""
    return platforms(world, "zone_institute")


def smart_manufacturing_pilots_national(world: World) -> Value:
    """Smart-manufacturing demonstrations of national rank."""
    return platforms(world, "smart_manufacturing", NATION)


def pilot_cities_national(world: World) -> Value:
    """Innovation pilot cities on the national list."""
    return platforms(world, "pilot_city", NATION)
