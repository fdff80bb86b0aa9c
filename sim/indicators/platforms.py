"""Centres, laboratories, bases, teams and alliances, counted once at their tier."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from sim.agents.alliance import INDUSTRY, STRATEGIC
from sim.agents.intermediary import INTERMEDIARY
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.indicators.platform_counts import N_TIERS

NATION = 3
CHANGZHI = 3  # row of cities.csv
YEAR_Q = 4
PROVINCIAL_RUNG = 3  # of manufacturing innovation centres


@cache
def _codes(kinds: tuple[str, ...]) -> tuple[int, ...]:
    """Numbers of the programmes of the kinds."""
    return tuple(row.order for row in catalogue().programmes if row.kind in kinds)


def _centres(world: World, kinds: Sequence[str], tiers: Sequence[int] = range(N_TIERS)) -> float:
    """Centres of the kinds (and tiers) in the province, or in the one city that is being measured."""
    city = world.notes.get("city")
    counts = world.notes["platforms"][0 if city is None else 1 + city]
    return float(sum(counts[code][tier] for code in _codes(tuple(kinds)) for tier in tiers)) * world.scale


def _new(world: World, kind: str) -> float:
    """Platforms of a kind that came since the end of 2010, net of those that closed."""
    stock = next(row.start_stock_2010 for row in catalogue().programmes if row.kind == kind)
    return _centres(world, [kind]) - int(stock / world.scale + 0.5) * world.scale


def _alliances(world: World, kind: int, least_tier: int = 0) -> float:
    alliances = world.alliances
    keep = (alliances.alive == 1) & (alliances.form == kind) & (alliances.tier >= least_tier)
    city = world.notes.get("city")
    if city is not None:
        keep &= alliances.city == city
    return float(keep.sum()) * world.scale


def etc_city(world: World) -> float:
    """Enterprise technology centres of the city tier."""
    return _centres(world, ["etc_city"])


def etc_provincial(world: World) -> float:
    """Enterprise technology centres of the provincial tier."""
    return _centres(world, ["etc_province"])


def etc_national(world: World) -> float:
    """Enterprise technology centres of the national tier."""
    return _centres(world, ["etc_nation"])


def etc_three_tier(world: World) -> float:
    """Enterprise technology centres of all three tiers."""
    return etc_city(world) + etc_provincial(world) + etc_national(world)


def industry_technology_centres(world: World) -> float:
    """Centres that serve a whole industry."""
    return _centres(world, ["industry_technology_centre"])


def labs_and_etrc(world: World) -> float:
    """Key laboratories and engineering technology research centres, provincial and national."""
    kinds = ["key_laboratory", "engineering_technology_research_centre", "national_engineering_technology_centre"]
    return _centres(world, kinds)


def engineering_research_centres(world: World) -> float:
    """Engineering research centres and engineering laboratories."""
    return _centres(world, ["engineering_research_centre"])


def platforms_provincial_plus(world: World) -> float:
    """Laboratories, engineering centres and enterprise technology centres of the provincial tier and above."""
    return (labs_and_etrc(world) + engineering_research_centres(world) + etc_provincial(world)
            + etc_national(world))  # fmt: skip


def national_eng_tech_centres(world: World) -> float:
    """National engineering technology research centres."""
    return _centres(world, ["national_engineering_technology_centre"])


def industrial_technology_institutes(world: World) -> float:
    """Industrial technology research institutes."""
    return _centres(world, ["industrial_technology_institute"])


def manufacturing_innovation_centres(world: World) -> float:
    """Manufacturing innovation centres of the provincial or national rung."""
    return _centres(world, ["manufacturing_innovation_centre"], [3, 4])


def manufacturing_innovation_pilots(world: World) -> float:
    """Pilots and nursery pilots of manufacturing innovation centres."""
    return _centres(world, ["manufacturing_innovation_centre"], [1, 2])


def demonstration_firms(world: World) -> float:
    """Technology innovation demonstration firms, provincial and national."""
    return _centres(world, ["demonstration_firm"])


def demonstration_firms_national(world: World) -> float:
    """National technology innovation demonstration firms."""
    return _centres(world, ["demonstration_firm"], [NATION])


def first_class_teams(world: World) -> float:
    """Innovation teams of the national tier."""
    return _centres(world, ["innovation_team"], [NATION])


def iur_bases(world: World) -> float:
    """Industry-university-research demonstration bases."""
    return _centres(world, ["cooperation_base"])


def graduate_centres(world: World) -> float:
    """Graduate education innovation centres in firms."""
    return _centres(world, ["graduate_centre"])


def talent_teams(world: World) -> float:
    """High-end talent teams."""
    return _centres(world, ["talent_team"])


def innovation_alliances(world: World) -> float:
    """Industrial technology innovation strategic alliances."""
    return _alliances(world, STRATEGIC)


def innovation_alliances_national(world: World) -> float:
    """Strategic alliances of national rank."""
    return _alliances(world, STRATEGIC, NATION)


def industry_alliances(world: World) -> float:
    """Industry alliances in the sense of plan D."""
    return _alliances(world, INDUSTRY)


def industry_alliances_changzhi(world: World) -> float:
    """Industry alliances led from Changzhi."""
    alliances = world.alliances
    found = (alliances.alive == 1) & (alliances.form == INDUSTRY) & (alliances.city == CHANGZHI)
    return float(found.sum()) * world.scale


def manufacturing_centre_candidates(world: World) -> float:
    """Manufacturing innovation centres that have held the provincial rung for a year, or stand above it."""
    centres = world.centres
    mine = (centres.alive != 0) & (centres.programme == _codes(("manufacturing_innovation_centre",))[0])
    fit = (centres.tier > PROVINCIAL_RUNG) | ((centres.tier == PROVINCIAL_RUNG) & (centres.age_q >= YEAR_Q))
    return float(np.count_nonzero(mine & fit)) * world.scale


def key_laboratories_national_new(world: World) -> float:
    """Key laboratories that gained national rank since the end of 2010."""
    start = catalogue().parameter("population_platforms.national_laboratories").value
    first = int(start / world.scale + 0.5) * world.scale
    return _centres(world, ["key_laboratory"], [NATION]) - first


def key_laboratories_new(world: World) -> float:
    """Provincial key laboratories set up since the end of 2010, without those that came to national rank."""
    return _new(world, "key_laboratory") - key_laboratories_national_new(world)


def engineering_technology_centres_new(world: World) -> float:
    """Provincial engineering technology research centres built since the end of 2010."""
    return _new(world, "engineering_technology_research_centre")


def innovation_teams_new(world: World) -> float:
    """Innovation teams approved since the end of 2010."""
    return _new(world, "innovation_team")


def national_incubators(world: World) -> float:
    """Incubators of national rank."""
    return _centres(world, ["national_incubator"])


def national_incubators_new(world: World) -> float:
    """Incubators that gained national rank since the end of 2010."""
    return _new(world, "national_incubator")


def incubator_tenants(world: World) -> float:
    """Firms housed in incubators and parks that are paid for it."""
    houses = world.intermediaries
    mine = (houses.alive != 0) & (houses.role != INTERMEDIARY)
    if world.notes.get("city") is not None:
        mine &= houses.city == world.notes["city"]
    return float(houses.tenants[mine].sum()) * world.scale


def key_technologies(world: World) -> float:
    """Key technologies worked on or completed under their programme."""
    return _centres(world, ["key_technology"])


def renovation_benchmarks(world: World) -> float:
    """Renovation benchmark projects running or completed."""
    return _centres(world, ["renovation_benchmark"])


def technology_promotions(world: World) -> float:
    """Technology promotion demonstrations."""
    return _centres(world, ["technology_promotion"])


def smart_manufacturing_pilots(world: World) -> float:
    """Smart-manufacturing demonstrations of provincial rank and above."""
    return _centres(world, ["smart_manufacturing"])


def green_factories(world: World) -> float:
    """Green factories of national rank."""
    return _centres(world, ["green_factory"])


def big_data_pilots(world: World) -> float:
    """Big-data pilot projects."""
    return _centres(world, ["big_data_pilot"])


def hydrogen_pilot_cities(world: World) -> float:
    """Hydrogen pilot cities."""
    return _centres(world, ["hydrogen_pilot_city"])


def ip_pilot_firms(world: World) -> float:
    """Pilot firms for the use of intellectual property."""
    return _centres(world, ["ip_pilot_firm"])


def innovative_entrepreneurs(world: World) -> float:
    """Innovative entrepreneurs developed, counted with their firm."""
    return _centres(world, ["innovative_entrepreneur"])


def pilot_cities(world: World) -> float:
    """Innovation pilot cities."""
    return _centres(world, ["pilot_city"])


def pilot_counties(world: World) -> float:
    """Innovation pilot counties."""
    return _centres(world, ["pilot_county"])


def coalbed_methane_bases(world: World) -> float:
    """Coalbed-methane bases."""
    return _centres(world, ["coalbed_methane_base"])


def innovation_clusters(world: World) -> float:
    """Innovation industry cluster pilots of national rank."""
    return _centres(world, ["innovation_cluster"])


def zone_institutes(world: World) -> float:
    """R&D bodies in the Science-Innovation City."""
    return _centres(world, ["zone_institute"])


def smart_manufacturing_pilots_national(world: World) -> float:
    """Smart-manufacturing demonstrations of national rank."""
    return _centres(world, ["smart_manufacturing"], [NATION])


def pilot_cities_national(world: World) -> float:
    """Innovation pilot cities on the national list."""
    return _centres(world, ["pilot_city"], [NATION])
