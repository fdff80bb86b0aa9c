"""Innovation activity in the wide sense of plan E: six kinds, of which one is enough."""

from __future__ import annotations

from sim.agents.world import World
from sim.indicators.census import amount


def covered_firms(world: World) -> float:
    """Above-scale firms that show some innovation activity."""
    return amount(world, "covered")


def covered_firms_changzhi(world: World) -> float:
    """The same in Changzhi."""
    return amount(world, "changzhi_covered")


def above_scale_firms_changzhi(world: World) -> float:
    """Above-scale firms in Changzhi."""
    return amount(world, "changzhi")
