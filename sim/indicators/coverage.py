"""Innovation activity in the wide sense of plan E: six kinds, of which one is enough."""

from __future__ import annotations

import numpy as np

from sim.agents.world import World
from sim.indicators.census import Value, amount


def covered_firms(world: World) -> Value:
    """Above-scale firms that show some innovation activity."""
    return amount(world, "covered")


def covered_firms_changzhi(world: World) -> Value:
    """The same in Changzhi."""
    return amount(world, "changzhi_covered")


def above_scale_firms_changzhi(world: World) -> Value:
    """Above-scale firms in Changzhi."""
    return amount(world, "changzhi")


def inactive_firms_changzhi(world: World) -> Value:
    """Above-scale firms of Changzhi that show no activity of their own."""
    return amount(world, "changzhi_inactive")


def assisted_firms_changzhi(world: World) -> Value:
    """Of these, those to which the campaign has sent a helper."""
    return amount(world, "changzhi_assisted")


def covered_on_paper_changzhi(world: World) -> Value:
    """Above-scale firms of Changzhi that are covered by nothing but a paper of the campaign."""
    return amount(world, "changzhi_on_paper")


def covered_without_rd_changzhi(world: World) -> Value:
    """Covered above-scale firms of Changzhi that carry out no R&D."""
    return amount(world, "changzhi_without_rd")


def covered_basic_changzhi(world: World) -> Value:
    """Covered above-scale firms of Changzhi that show kinds of the basic level only."""
    return amount(world, "changzhi_basic")


def counties_fully_covered_changzhi(world: World) -> float:
    """Counties of Changzhi with above-scale firms, all of which are covered; counties are not scaled."""
    there, covered = world.notes["counties"].T
    return float(np.count_nonzero((there > 0) & (covered == there)))
