"""Projects of programmes: key technologies completed, benchmark renovations completed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sim.agents.world import World
from sim.catalogue.loader import catalogue

COMPLETED = 2  # tier of a project


@cache
def _code(kind: str) -> int:
    return catalogue().programme(kind)


def _projects(world: World, kind: str, tiers: Sequence[int]) -> float:
    """Projects of a kind and of some tiers in the province, or in the one city that is being measured."""
    city = world.notes.get("city")
    counts = world.notes["platforms"][0 if city is None else 1 + city][_code(kind)]
    return float(sum(counts[tier] for tier in tiers)) * world.scale


def key_technologies_completed(world: World) -> float:
    """Projects on key technologies that succeeded."""
    return _projects(world, "key_technology", (COMPLETED,))


def renovation_benchmarks_completed(world: World) -> float:
    """Benchmark renovations that were completed."""
    return _projects(world, "renovation_benchmark", (COMPLETED,))
