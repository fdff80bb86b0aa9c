"""Projects of programmes: key technologies completed, benchmark renovations completed."""

from __future__ import annotations

from sim.agents.world import World
from sim.indicators.census import Value, platforms

COMPLETED = 2  # tier of a project


def key_technologies_completed(world: World) -> Value:
    """Projects on key technologies that succeeded."""
    return platforms(world, "key_technology", COMPLETED)


def renovation_benchmarks_completed(world: World) -> Value:
    """Benchmark renovations that were completed."""
    return platforms(world, "renovation_benchmark", COMPLETED)
