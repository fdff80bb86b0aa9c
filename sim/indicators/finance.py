"""Venture capital, listed firms and new firms."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.agents.world import World
from sim.core.fixed_point import unfixed
from sim.core.kernels import kernel

MILLION_IN_100M = 100.0
YOUNG_QUARTERS = 12  # three years


def venture_deals(world: World) -> float:
    """Firms that the guidance fund and its partners invested in during the quarter."""
    return unfixed(world.flows.get("venture_deals", 0)) * world.scale


def venture_private(world: World) -> float:
    """Private venture capital that came with the guidance fund in the quarter, 100m yuan."""
    return unfixed(world.flows.get("venture_private", 0)) * world.scale / MILLION_IN_100M


def listed_firms(world: World) -> float:
    """Living firms that listed on a board with an award."""
    firms = world.firms
    return float(np.count_nonzero(firms.alive.view(np.bool_) & firms.is_listed.view(np.bool_)) * world.scale)


def young_firms(world: World) -> float:
    """Living firms below the above-scale line that are younger than three years."""
    firms = world.firms
    return float(count_young(firms.alive, firms.is_above_scale, firms.age_q) * world.scale)


@kernel
def count_young(alive: Any, above: Any, age_q: Any) -> int:
    """Living firms below the line that are younger than three years."""
    young = 0
    for j in range(alive.size):
        young += (alive[j] != 0) & (above[j] == 0) & (age_q[j] < YOUNG_QUARTERS)
    return young
