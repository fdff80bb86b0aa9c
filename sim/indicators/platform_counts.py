"""Counts platforms and alliances by place, kind and tier in one pass, for their indicators and those of projects."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.alliance import INDUSTRY, STRATEGIC
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.kernels import kernel

I8 = npt.NDArray[np.int64]
N_CITIES, N_TIERS = 11, 5
ALL = 0  # tiers are numbered from 1 (manufacturing centres have four rungs): the first place holds all of them
ALLIANCES = {STRATEGIC: "strategic_alliance", INDUSTRY: "industry_alliance"}  # kinds beside those of programmes.csv


@cache
def kinds_counted() -> tuple[str, ...]:
    """Names of all that is counted, in the order of the table."""
    return (*(row.kind for row in catalogue().programmes), *(ALLIANCES[form] for form in sorted(ALLIANCES)))


def count_platforms(world: World) -> I8:
    """Platforms by place (0 none, 1 + c the city c), kind and tier."""
    centres, alliances = world.centres, world.alliances
    table = np.zeros((1 + N_CITIES, len(kinds_counted()), N_TIERS), np.int64)
    add_platforms(centres.alive, centres.city, centres.programme, centres.tier, 0, table)
    n = len(catalogue().programmes)
    add_platforms(alliances.alive, alliances.city, alliances.form, alliances.tier, n, table)
    table[:, :, ALL] = table.sum(axis=2)
    return table


def set_platforms(world: World, by_city: bool) -> None:
    """Put the counts by kind where the indicators read them: by tier a number each, or an array of the cities.

    Note `counts` holds the same in a line, N_TIERS a kind: shape (n,), or (n_cities, n).
    """
    table: I8 = world.notes["platforms_by_place"]
    counts = table[1:] if by_city else np.add.reduce(table, axis=0)
    each: Any = counts.transpose(1, 2, 0) if by_city else counts.tolist()
    world.notes["platforms"] = dict(zip(kinds_counted(), each, strict=True))
    world.notes["counts"] = counts.reshape(-1, counts.shape[-2] * N_TIERS) if by_city else counts.ravel()


@kernel
def add_platforms(alive: Any, city: Any, kind: Any, tier: Any, first: int, table: I8) -> None:
    """Add each platform to its place; `first` is the number in the table of the kind 0."""
    for j in range(alive.size):
        if alive[j] != 0:
            table[1 + city[j], first + kind[j], tier[j]] += 1
