"""Measures the world every quarter: one value an indicator for the province, and by group once a year.

Kinds: a flow or stock has a value every quarter; a yearly one in the last quarter of a year, and is not a number in the
others; a ratio is made of two of these; an index compares years and is made when the years are (experiments/outcomes).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.catalogue.loader import Catalogue
from sim.core.calendar import QUARTERS_A_YEAR
from sim.indicators.census import CITIES, DIMENSIONS, add_quarter, set_census, take_census

MADE_OF_OTHERS = ("ratio", "index")


class Record:
    """What a run has measured so far.

    Attributes
    ----------
    names : indicators in the order of the catalogue.
    quarterly : float64, shape (n_quarters, n_indicators).
    must_be_finite : mask of the indicators that may never be undefined: flows and stocks.
    """

    def __init__(self, cat: Catalogue, n_quarters: int) -> None:
        self.rows = tuple(cat.indicators.values())
        self.names = tuple(cat.indicators)
        self.quarterly = np.full((n_quarters, len(self.names)), np.nan)
        self.must_be_finite = np.array([row.kind in ("flow", "stock") for row in self.rows])
        self.functions: list[Callable[[World], float] | None] = [
            None
            if row.kind in MADE_OF_OTHERS
            else getattr(import_module(f"sim.indicators.{row.family}"), row.indicator)
            for row in self.rows
        ]
        position = {name: i for i, name in enumerate(self.names)}
        self._ratios = [
            (i, position[row.numerator], position[row.denominator], row.factor)
            for i, row in enumerate(self.rows)
            if row.kind == "ratio"
        ]
        self._taken = 0
        self._year: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None = None
        self._groups: dict[tuple[str, str], list[npt.NDArray[np.float64]]] = {}

    @property
    def last(self) -> npt.NDArray[np.float64]:
        """Values of the last quarter measured."""
        values: npt.NDArray[np.float64] = self.quarterly[self._taken - 1]
        return values

    def take(self, world: World) -> None:
        """Measure one quarter; in the last quarter of a year also by group."""
        amounts, numbers = take_census(world)
        values = self.quarterly[self._taken]
        is_last_of_year = (self._taken + 1) % QUARTERS_A_YEAR == 0
        for i, function in enumerate(self.functions):
            if function is not None and (is_last_of_year or self.rows[i].kind != "yearly"):
                values[i] = function(world)
        for i, above, below, factor in self._ratios:
            values[i] = factor * values[above] / values[below] if values[below] else np.nan
        self._taken += 1
        self._year = add_quarter(self._year, (amounts, numbers))
        if is_last_of_year:
            self._take_groups(world, *self._year)
            self._year = None
            set_census(world, amounts[CITIES].sum(axis=0), numbers[CITIES].sum(axis=0))

    def _take_groups(self, world: World, amounts: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64]) -> None:
        """Read the indicators that have groups from the sums of each group in the whole year."""
        for dimension, (first, n) in DIMENSIONS.items():
            wanted = [
                (row.indicator, function)
                for row, function in zip(self.rows, self.functions, strict=True)
                if function is not None and dimension in row.by
            ]
            table = np.empty((len(wanted), n))
            for group in range(n):
                set_census(world, amounts[first + group], numbers[first + group])
                world.notes["city"] = group if dimension == "city" else None
                for k, (_, function) in enumerate(wanted):
                    table[k, group] = function(world)
            world.notes["city"] = None
            for k, (name, _) in enumerate(wanted):
                self._groups.setdefault((name, dimension), []).append(table[k])

    def groups(self) -> dict[tuple[str, str], npt.NDArray[np.float64]]:
        """(indicator, dimension) -> values of the years, shape (n_years, n_groups)."""
        return {key: np.array(years) for key, years in self._groups.items()}
