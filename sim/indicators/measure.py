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
from sim.catalogue.rows import IndicatorRow
from sim.core.calendar import QUARTERS_A_YEAR
from sim.indicators.census import Value, add_quarter, set_groups, set_province, take_census
from sim.indicators.firm_counts import DIMENSIONS
from sim.indicators.sums import Count, Sum, Sums

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
        functions: list[tuple[int, IndicatorRow, Callable[[World], Value]]] = [
            (i, row, getattr(import_module(f"sim.indicators.{row.family}"), row.indicator))
            for i, row in enumerate(self.rows)
            if row.kind not in MADE_OF_OTHERS
        ]
        self._sums = Sums([function for _, _, function in functions])  # read at one stroke, the others one by one
        columns = np.array([i for i, _, _ in functions])
        self._of_sums, self._of_counts = columns[self._sums.places_of_sums], columns[self._sums.places_of_counts]
        others = [each for each in functions if not isinstance(each[2], Sum | Count)]
        self._each_quarter = [(i, function) for i, row, function in others if row.kind != "yearly"]
        self._each_year = [(i, function) for i, row, function in others if row.kind == "yearly"]
        self._by_group = [(row, function) for _, row, function in functions if row.by]
        self._group_sums = Sums([function for _, function in self._by_group])
        self._years_by_group: list[list[Value]] = [[] for _ in self._by_group]
        ratios = [(i, row) for i, row in enumerate(self.rows) if row.kind == "ratio"]
        self._ratios = np.array([i for i, _ in ratios])
        self._above = np.array([self.names.index(row.numerator) for _, row in ratios])
        self._below = np.array([self.names.index(row.denominator) for _, row in ratios])
        self._factors = np.array([row.factor for _, row in ratios])
        self._taken = 0
        self._year: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None = None

    @property
    def last(self) -> npt.NDArray[np.float64]:
        """Values of the last quarter measured."""
        values: npt.NDArray[np.float64] = self.quarterly[self._taken - 1]
        return values

    def take(self, world: World) -> None:
        """Measure one quarter; in the last quarter of a year also by group."""
        amounts, numbers = take_census(world)
        values = self.quarterly[self._taken]
        self._taken += 1
        self._year = add_quarter(self._year, (amounts, numbers))
        is_last_of_year = self._taken % QUARTERS_A_YEAR == 0
        values[self._of_sums], values[self._of_counts] = self._sums.sums(world), self._sums.counts(world)
        for i, function in (*self._each_quarter, *self._each_year) if is_last_of_year else self._each_quarter:
            values[i] = function(world)
        above, below = self._factors * values[self._above], values[self._below]
        values[self._ratios] = np.divide(above, below, out=np.full(len(below), np.nan), where=below != 0.0)
        if is_last_of_year:
            self._take_groups(world, *self._year)
            self._year = None
            set_province(world, amounts, numbers)

    def _take_groups(self, world: World, amounts: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64]) -> None:
        """Read the indicators that have groups from the sums of all groups in the whole year at once."""
        set_groups(world, amounts, numbers)
        together = self._group_sums
        at_once = dict(zip(together.places_of_sums, together.sums(world).T, strict=True))
        at_once |= zip(together.places_of_counts, together.counts(world).T, strict=True)
        for i, ((_, function), years) in enumerate(zip(self._by_group, self._years_by_group, strict=True)):
            # of all groups, or of the cities, which stand first
            years.append(at_once[i] if i in at_once else function(world))

    def groups(self) -> dict[tuple[str, str], npt.NDArray[np.float64]]:
        """(indicator, dimension) -> values of the years, shape (n_years, n_groups).

        Raises ValueError for an indicator with groups in the catalogue that is no sum of the census.
        """
        found: dict[tuple[str, str], npt.NDArray[np.float64]] = {}
        for (row, _), years in zip(self._by_group, self._years_by_group, strict=True):
            table = np.array(years, np.float64)
            for dimension in row.by if years else ():
                first, n = DIMENSIONS[dimension]
                if table.ndim != 2 or table.shape[1] < first + n:
                    raise ValueError(f"{row.indicator} has no groups by {dimension}: is it a sum of the census?")
                found[row.indicator, dimension] = table[:, first : first + n].copy()
        return found
