"""Innovation activity in the wide sense of plan E: six kinds, of which one is enough."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.indicators.census import amount

CHANGZHI = 3


def _changzhi(world: World) -> npt.NDArray[np.bool_]:
    firms = world.firms
    found: npt.NDArray[np.bool_] = (firms.alive == 1) & (firms.is_above_scale == 1) & (firms.city == CHANGZHI)
    return found


def covered_firms(world: World) -> float:
    """Above-scale firms that show some innovation activity."""
    return amount(world, "covered")


def covered_firms_changzhi(world: World) -> float:
    """The same in Changzhi."""
    return float((_changzhi(world) & (world.firms.covered != 0)).sum()) * world.scale


def above_scale_firms_changzhi(world: World) -> float:
    """Above-scale firms in Changzhi."""
    return float(_changzhi(world).sum()) * world.scale
