"""Links between rows as compressed sparse rows (CSR): for each row, the slice of its neighbours.

`ends[starts[i]:starts[i + 1]]` are the neighbours of row i, in the order in which the pairs were given, so that rows
may be renumbered without changing anything. Kernels take the two arrays. `pair[k]` is the position of the pair from
which link k was made: index the pairs' own attributes (weights, ages) with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Links:
    """Directed links from rows 0 ... n-1; an undirected tie is two links.

    `starts` has shape (n + 1,), `ends` and `pair` shape (number of links,).
    """

    starts: Integers
    ends: Integers
    pair: Integers

    @classmethod
    def directed(cls, sources: npt.ArrayLike, ends: npt.ArrayLike, n: int, n_ends: int | None = None) -> Links:
        """Links from `sources[k]` (of `n` rows) to `ends[k]` (of `n_ends` rows, `n` if both are one kind).

        Raises
        ------
        ValueError : the two differ in length, or a row is out of range.
        """
        first, second = _checked(sources, n, "source"), _checked(ends, n if n_ends is None else n_ends, "end")
        if len(first) != len(second):
            raise ValueError(f"{len(first)} sources and {len(second)} ends")
        return _compressed(first, second, np.arange(len(first), dtype=np.int64), n)

    @classmethod
    def undirected(cls, one: npt.ArrayLike, other: npt.ArrayLike, n: int) -> Links:
        """Ties between `one[k]` and `other[k]` among `n` rows: each is seen from both sides.

        Raises
        ------
        ValueError : as for `directed`, or a row is tied to itself.
        """
        first, second = _checked(one, n, "row"), _checked(other, n, "row")
        if len(first) != len(second):
            raise ValueError(f"{len(first)} rows and {len(second)} others")
        if (first == second).any():
            raise ValueError(f"row {first[first == second][0]} is tied to itself")
        pair = np.repeat(np.arange(len(first), dtype=np.int64), 2)  # interleaved: order of the pairs on both sides
        sides = np.stack([first, second], axis=1).ravel()
        return _compressed(sides, np.stack([second, first], axis=1).ravel(), pair, n)

    def __len__(self) -> int:
        """Number of links (an undirected tie counts twice)."""
        return len(self.ends)

    @property
    def degree(self) -> Integers:
        """Number of links of each row, shape (n,)."""
        return np.diff(self.starts)

    @property
    def sources(self) -> Integers:
        """Row from which each link goes, shape (number of links,)."""
        return np.repeat(np.arange(len(self.starts) - 1, dtype=np.int64), self.degree)

    def neighbours(self, row: int) -> Integers:
        """Rows to which a row is linked, shape (degree,); a view."""
        if not 0 <= row < len(self.starts) - 1:
            raise IndexError(f"row {row} of {len(self.starts) - 1}")
        return self.ends[self.starts[row] : self.starts[row + 1]]

    def turned(self, n_ends: int) -> Links:
        """The same links seen from their ends (who points at me), over `n_ends` rows."""
        order = np.argsort(self.pair, kind="stable")
        return _compressed(self.ends[order], self.sources[order], self.pair[order], n_ends)

    def without(self, gone: npt.ArrayLike, gone_ends: npt.ArrayLike | None = None) -> Links:
        """Links that touch none of the rows `gone` (`gone_ends` among the ends, the same if both are one kind)."""
        sources = self.sources
        lost = np.asarray(gone, np.int64)
        lost_ends = lost if gone_ends is None else np.asarray(gone_ends, np.int64)
        keep = ~(np.isin(sources, lost) | np.isin(self.ends, lost_ends))
        return _compressed(sources[keep], self.ends[keep], self.pair[keep], len(self.starts) - 1)


def _checked(rows: npt.ArrayLike, n: int, what: str) -> Integers:
    checked = np.atleast_1d(np.asarray(rows, np.int64))
    if checked.size and (checked.min() < 0 or checked.max() >= n):
        raise ValueError(f"{what} {checked.min() if checked.min() < 0 else checked.max()} is not a row of {n}")
    return checked


def _compressed(sources: Integers, ends: Integers, pair: Integers, n: int) -> Links:
    order = np.argsort(sources, kind="stable")
    starts = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(sources, minlength=n), out=starts[1:])
    return Links(starts, ends[order], pair[order])
