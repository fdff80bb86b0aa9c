"""Counts platforms by place, kind and tier in one pass; the indicators of platforms and projects read them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.kernels import kernel

N_CITIES, N_TIERS = 11, 5  # tiers are numbered from 1; manufacturing centres have four rungs


def count_platforms(world: World) -> list[list[list[int]]]:
    """Centres by place (0 the province, 1 + c the city c), programme and tier."""
    centres = world.centres
    table = np.zeros((1 + N_CITIES, len(catalogue().programmes), N_TIERS), np.int64)
    add_platforms(centres.alive, centres.city, centres.programme, centres.tier, table)
    counted: list[list[list[int]]] = table.tolist()
    return counted


@kernel
def add_platforms(alive: Any, city: Any, programme: Any, tier: Any, table: npt.NDArray[np.int64]) -> None:
    """Add each centre to the province and, where it has one, to its city."""
    for j in range(alive.size):
        if alive[j] != 0:
            table[0, programme[j], tier[j]] += 1
            if city[j] >= 0:
                table[1 + city[j], programme[j], tier[j]] += 1
