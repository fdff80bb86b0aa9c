"""Centres, laboratories, bases, teams and alliances, counted once at their tier."""

from __future__ import annotations

from functools import cache
from typing import Any

from sim.agents.alliance import INDUSTRY, STRATEGIC
from sim.agents.intermediary import INTERMEDIARY
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.kernels import kernel
from sim.indicators.census import Value, platforms
from sim.indicators.platform_counts import ALLIANCES
from sim.indicators.sums import Count

NATION = 3
CHANGZHI = 3  # row of cities.csv
YEAR_Q = 4
PROVINCIAL_RUNG = 3  # of manufacturing innovation centres
RUNGS = "manufacturing_innovation_centre"  # its tiers are rungs: two of pilots, then the provincial and the national
LABORATORIES = ("key_laboratory", "engineering_technology_research_centre", "national_engineering_technology_centre")


@cache
def _at_start(kind: str) -> float:
    """Platforms of a kind at the end of 2010."""
    return next(row.start_stock_2010 for row in catalogue().programmes if row.kind == kind)


def _new(world: World, kind: str) -> Value:
    """Platforms of a kind that came since the end of 2010, net of those that closed."""
    return platforms(world, kind) - int(_at_start(kind) / world.scale + 0.5) * world.scale


etc_city = Count("Enterprise technology centres of the city tier.", "etc_city")
etc_provincial = Count("Enterprise technology centres of the provincial tier.", "etc_province")
etc_national = Count("Enterprise technology centres of the national tier.", "etc_nation")
etc_three_tier = Count("Enterprise technology centres of all three tiers.", "etc_city", "etc_province", "etc_nation")
industry_technology_centres = Count("Centres that serve a whole industry.", "industry_technology_centre")
labs_and_etrc = Count(
    "Key laboratories and engineering technology research centres, provincial and national.", *LABORATORIES
)
engineering_research_centres = Count(
    "Engineering research centres and engineering laboratories.", "engineering_research_centre"
)
platforms_provincial_plus = Count(
    "Laboratories, engineering centres and enterprise technology centres of the provincial tier and above.",
    *LABORATORIES,
    "engineering_research_centre",
    "etc_province",
    "etc_nation",
)
national_eng_tech_centres = Count(
    "National engineering technology research centres.", "national_engineering_technology_centre"
)
industrial_technology_institutes = Count(
    "Industrial technology research institutes.", "industrial_technology_institute"
)
manufacturing_innovation_centres = Count(
    "Manufacturing innovation centres of the provincial or national rung.", (RUNGS, 3), (RUNGS, 4)
)
manufacturing_innovation_pilots = Count(
    "Pilots and nursery pilots of manufacturing innovation centres.", (RUNGS, 1), (RUNGS, 2)
)
demonstration_firms = Count("Technology innovation demonstration firms, provincial and national.", "demonstration_firm")
demonstration_firms_national = Count(
    "National technology innovation demonstration firms.", ("demonstration_firm", NATION)
)
first_class_teams = Count("Innovation teams of the national tier.", ("innovation_team", NATION))
iur_bases = Count("Industry-university-research demonstration bases.", "cooperation_base")
graduate_centres = Count("Graduate education innovation centres in firms.", "graduate_centre")
talent_teams = Count("High-end talent teams.", "talent_team")
innovation_alliances = Count("Industrial technology innovation strategic alliances.", ALLIANCES[STRATEGIC])
innovation_alliances_national = Count("Strategic alliances of national rank.", (ALLIANCES[STRATEGIC], NATION))
industry_alliances = Count("Industry alliances in the sense of plan D.", ALLIANCES[INDUSTRY])


def industry_alliances_changzhi(world: World) -> Value:
    """Industry alliances led from Changzhi."""
    alliances = world.alliances
    found = (alliances.alive == 1) & (alliances.form == INDUSTRY) & (alliances.city == CHANGZHI)
    return float(found.sum()) * world.scale


def manufacturing_centre_candidates(world: World) -> Value:
    """Manufacturing innovation centres that have held the provincial rung for a year, or stand above it."""
    centres, number = world.centres, catalogue().programme(RUNGS)
    found = count_candidates(centres.alive, centres.programme, centres.tier, centres.age_q, number)
    return float(found) * world.scale


@kernel
def count_candidates(alive: Any, programme: Any, tier: Any, age_q: Any, number: int) -> int:
    """Centres of the kind that have held the provincial rung for a year, or stand above it."""
    found = 0
    for j in range(alive.size):
        held = (tier[j] == PROVINCIAL_RUNG) & (age_q[j] >= YEAR_Q)
        found += (alive[j] != 0) & (programme[j] == number) & ((tier[j] > PROVINCIAL_RUNG) | held)
    return found


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


national_incubators = Count("Incubators of national rank.", "national_incubator")


def national_incubators_new(world: World) -> Value:
    """Incubators that gained national rank since the end of 2010."""
    return _new(world, "national_incubator")


def incubator_tenants(world: World) -> Value:
    """Firms housed in incubators and parks that are paid for it."""
    houses = world.intermediaries
    mine = (houses.alive != 0) & (houses.role != INTERMEDIARY)
    return float(houses.tenants[mine].sum()) * world.scale


key_technologies = Count("Key technologies worked on or completed under their programme.", "key_technology")
renovation_benchmarks = Count("Renovation benchmark projects running or completed.", "renovation_benchmark")
technology_promotions = Count("Technology promotion demonstrations.", "technology_promotion")
smart_manufacturing_pilots = Count(
    "Smart-manufacturing demonstrations of provincial rank and above.", "smart_manufacturing"
)
green_factories = Count("Green factories of national rank.", "green_factory")
big_data_pilots = Count("Big-data pilot projects.", "big_data_pilot")
hydrogen_pilot_cities = Count("Hydrogen pilot cities.", "hydrogen_pilot_city")
ip_pilot_firms = Count("Pilot firms for the use of intellectual property.", "ip_pilot_firm")
innovative_entrepreneurs = Count(
    "Innovative entrepreneurs developed, counted with their firm.", "innovative_entrepreneur"
)
pilot_cities = Count("Innovation pilot cities.", "pilot_city")
pilot_counties = Count("Innovation pilot counties.", "pilot_county")
coalbed_methane_bases = Count("Coalbed-methane bases.", "coalbed_methane_base")
innovation_clusters = Count("Innovation industry cluster pilots of national rank.", "innovation_cluster")
zone_institutes = Count("R&D bodies in the Science-Innovation City.", "zone_institute")
smart_manufacturing_pilots_national = Count(
    "Smart-manufacturing demonstrations of national rank.", ("smart_manufacturing", NATION)
)
pilot_cities_national = Count("Innovation pilot cities on the national list.", ("pilot_city", NATION))
