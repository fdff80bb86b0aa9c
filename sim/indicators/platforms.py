"""Centres, laboratories, bases, teams and alliances, counted once at their tier."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sim.agents.alliance import INDUSTRY, STRATEGIC
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.indicators.census import N_TIERS

NATION = 3


@cache
def _codes(kinds: tuple[str, ...]) -> tuple[int, ...]:
    """Numbers of the programmes of the kinds."""
    return tuple(row.order for row in catalogue().programmes if row.kind in kinds)


def _centres(world: World, kinds: Sequence[str], tiers: Sequence[int] = range(N_TIERS)) -> float:
    """Centres of the kinds (and tiers) in the province, or in the one city that is being measured."""
    city = world.notes.get("city")
    counts = world.notes["platforms"][0 if city is None else 1 + city]
    return float(sum(counts[code][tier] for code in _codes(tuple(kinds)) for tier in tiers)) * world.scale


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
