"""Indicators that are plain sums: each says which, so that a quarter's are read from the census at one stroke.

`hnte_stock = Sum("...", "certified")` is a function of the world like any other indicator, and is called as one where
it is a part of another; `Sums` reads many of them with one look at the table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.indicators.census import NAMES, Value, amount, platforms
from sim.indicators.platform_counts import ALL, N_TIERS, kinds_counted

F8 = npt.NDArray[np.float64]
Indicator = Callable[[World], Value]


class Sum:
    """A sum of the census in the indicator's unit: `says` what it is, `part` of the census, over `divisor`."""

    def __init__(self, says: str, part: str, divisor: float = 1.0) -> None:
        self.__doc__, self.part, self.divisor = says, part, divisor

    def __call__(self, world: World) -> Value:
        """A number for the province, an array where groups are measured."""
        return amount(world, self.part) / self.divisor


class Count:
    """Platforms: `says` what they are; `parts` are kinds, all tiers of them, or pairs of a kind and a tier."""

    def __init__(self, says: str, *parts: str | tuple[str, int]) -> None:
        self.__doc__ = says
        self.parts = [(part, ALL) if isinstance(part, str) else part for part in parts]

    def __call__(self, world: World) -> Value:
        """A number for the province, an array of the cities where groups are measured."""
        return sum(platforms(world, kind, tier) for kind, tier in self.parts)


class Sums:
    """Those of the functions that are a `Sum` or a `Count`; `places` are where they stand among the functions given."""

    def __init__(self, functions: Sequence[Indicator]) -> None:
        sums = [(i, each) for i, each in enumerate(functions) if isinstance(each, Sum)]
        counts = [(i, each) for i, each in enumerate(functions) if isinstance(each, Count)]
        self.places_of_sums = np.array([i for i, _ in sums], np.int64)
        self.places_of_counts = np.array([i for i, _ in counts], np.int64)
        self._parts = np.array([NAMES.index(each.part) for _, each in sums], np.int64)
        self._divisors = np.array([each.divisor for _, each in sums])
        kinds = kinds_counted()
        counted = [[N_TIERS * kinds.index(kind) + tier for kind, tier in each.parts] for _, each in counts]
        self._counted = np.array([place for places in counted for place in places], np.int64)
        self._first = np.cumsum([0, *(len(places) for places in counted)])[:-1]

    def sums(self, world: World) -> F8:
        """Values of each `Sum`: shape (n,), or (n_groups, n) where groups are measured."""
        found: F8 = world.notes["sums"][..., self._parts] * world.scale / self._divisors
        return found

    def counts(self, world: World) -> F8:
        """Values of each `Count`: shape (n,), or (n_cities, n) where groups are measured."""
        if not len(self._first):
            return np.empty((*world.notes["counts"].shape[:-1], 0))
        counted = np.add.reduceat(world.notes["counts"][..., self._counted], self._first, axis=-1)
        return (counted * world.scale).astype(np.float64)
