"""Columns of one type side by side in memory, and the loops that write them on the rows of new agents."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.core.kernels import kernel

if TYPE_CHECKING:
    from sim.core.columns import Column

Array = npt.NDArray[Any]


@kernel
def write_rows(
    values: Array, rows: npt.NDArray[np.int64], default: Array, source: npt.NDArray[np.int64], given: Array
) -> None:
    """Fill the places of a block's columns on the rows, each place once: they are far apart in memory.

    values, default : those of the block; given : shape (n_given, n_rows), values for some of its columns.
    source : shape (n_columns,), for each column its line of `given`, or -1 for the default.
    """
    for i in range(values.shape[0]):
        line = source[i]
        if line < 0:
            for j in rows:
                values[i, j] = default[i, 0]
        else:
            for k in range(rows.size):
                values[i, rows[k]] = given[line, k]


@kernel
def write_table(table: Array, rows: npt.NDArray[np.int64], default: float) -> None:
    """Fill the rows of a table, shape (capacity, width), with its default."""
    for j in rows:
        for k in range(table.shape[1]):
            table[j, k] = default


@kernel
def lowest_free(alive: npt.NDArray[np.uint8], n: int) -> npt.NDArray[np.int64]:
    """The lowest `n` free rows, ascending, or all of them if there are fewer."""
    rows = np.empty(n, np.int64)
    found = 0
    for j in range(alive.size):
        if found == n:
            break
        if alive[j] == 0:
            rows[found] = j
            found += 1
    return rows[:found]


class Block:
    """Columns of one type with one value a row, side by side: entrants and neutral terms are written at one stroke.

    Attributes
    ----------
    values : shape (n_columns, capacity); default : shape (n_columns, 1).
    terms : first, last + 1 and neutral value of the columns that are policy terms of one neutral value.
    """

    def __init__(self, columns: Mapping[str, Column], capacity: int) -> None:
        self.names = {name: i for i, name in enumerate(columns)}
        self._all_default = np.full(len(columns), -1)
        dtype = next(iter(columns.values())).dtype
        self.default: Array = np.array([[column.default] for column in columns.values()], dtype)
        self.values: Array = np.zeros((len(columns), capacity), dtype)  # zeros take no memory until they are touched
        for line in np.flatnonzero(self.default):
            self.values[line] = self.default[line]
        self.terms: list[tuple[int, int, float]] = []
        for i, column in enumerate(columns.values()):
            if column.neutral is not None:
                joins = bool(self.terms) and self.terms[-1][1:] == (i, column.neutral)
                first = self.terms.pop()[0] if joins else i
                self.terms.append((first, i + 1, column.neutral))

    def fill(self, rows: npt.NDArray[np.int64], values: Mapping[str, npt.ArrayLike]) -> None:
        """Values of new agents on rows anywhere; columns without a value take their default."""
        mine = [name for name in values if name in self.names]
        given: Array = np.empty((len(mine), len(rows)), self.values.dtype)
        source = self._all_default.copy()
        for line, name in enumerate(mine):
            given[line], source[self.names[name]] = values[name], line
        write_rows(self.values, rows, self.default, source, given)


@lru_cache(maxsize=256)  # a declaration does not change, and every run has the same kinds
def by_type(declared: tuple[tuple[str, Column], ...]) -> tuple[Mapping[str, Column], ...]:
    """Columns with one value a row by type, policy terms of one neutral value side by side."""
    single = [(name, column) for name, column in declared if column.width is None]
    single.sort(key=lambda one: (one[1].dtype.str, one[1].neutral is not None, one[1].neutral or 0.0))
    return tuple(dict(group) for _, group in groupby(single, key=lambda one: one[1].dtype.str))
