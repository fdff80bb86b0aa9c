"""Projects of programmes that were completed: key technologies and benchmark renovations."""

from __future__ import annotations

from functools import cache

from sim.agents.world import World
from sim.catalogue.loader import catalogue


@cache
def _code(kind: str) -> int:
    return next(row.order for row in catalogue().programmes if row.kind == kind)


def _completed(world: World, kind: str) -> float:
    """Completed projects of a kind in the province, or in the one city that is being measured."""
    city = world.notes.get("city")
    return float(sum(world.notes["platforms"][0 if city is None else 1 + city][_code(kind)])) * world.scale


def key_technologies_completed(world: World) -> float:
    """Projects on key technologies that succeeded."""
    return _completed(world, "key_technology")


def renovation_benchmarks(world: World) -> float:
    """Benchmark renovations that were completed."""
    return _completed(world, "renovation_benchmark")
