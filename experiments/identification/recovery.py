"""Simulation-based calibration: parameters known from held-out synthetic data sets are looked for in the table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from experiments.identification.coverage import Coverage, coverages
from experiments.identification.history import Metric
from experiments.identification.reference import HELD_OUT, REFERENCE, Table, normals
from experiments.identification.rejection import Draws, posterior, summaries, together
from experiments.outcomes import Array

Rows = npt.NDArray[np.int64]
FURTHER, COPIES = 10, 4  # streams of errors for the regressions
ADJUSTED, PLAIN, NO_ERROR = "adjusted", "plain", "no_error"
WAYS = (ADJUSTED, PLAIN, NO_ERROR)  # regression-adjusted; rejection alone; so too, and runs without the error of data


@dataclass(frozen=True)
class Recovery:
    """What came of all synthetic sets: way to the coverage of each parameter; ranks (n_sets, n_parameters) by way."""

    coverage: dict[str, list[Coverage]]
    ranks: dict[str, Array]


@dataclass(frozen=True)
class Posteriors:
    """Posteriors from a reference table, of synthetic data and of the real ones.

    accepted : draws that are taken as the nearest; seed : of the errors of the data.
    """

    table: Table
    metric: Metric
    accepted: int
    seed: int

    def _errors(self, n: int, stream: int) -> Array:
        return normals(n, len(self.metric.scale), self.seed, stream)

    def coordinates(self, way: str) -> Array:
        """Coordinates of the table, with the error of data but for the way NO_ERROR."""
        errors = None if way == NO_ERROR else self._errors(len(self.table.points), REFERENCE)
        return self.metric.coordinates(self.table.points, errors)

    def _directions(self, rows: Rows) -> Array:
        """What the adjustment looks at, from some rows; with errors of their own, else it would learn the table's."""
        found = [self._errors(len(self.table.points), FURTHER + i)[rows] for i in range(COPIES)]
        coordinates = np.concatenate([self.metric.coordinates(self.table.points[rows], errors) for errors in found])
        return summaries(np.tile(self.table.places[rows], (COPIES, 1)), coordinates)

    def of(self, data: Array, way: str = ADJUSTED) -> list[Draws]:
        """The posterior of each data set. data : coordinates with their errors, (n_sets, n_points)."""
        places, coordinates = self.table.places, self.coordinates(way)
        if way != ADJUSTED:
            return [posterior(places, coordinates, one, self.accepted) for one in data]
        rows = np.arange(len(places))
        halves = [(rows[side::2], self._directions(rows[1 - side :: 2])) for side in (0, 1)]
        return [
            together([posterior(places[r], coordinates[r], one, self.accepted // 2, d) for r, d in halves])
            for one in data
        ]

    def observed(self, points: Array, way: str = ADJUSTED) -> Draws:
        """The posterior of real data, points (n_points,), which have their errors already."""
        return self.of(self.metric.coordinates(points)[None, :], way)[0]

    def recovered(self, held_out: Table) -> Recovery:
        """Look for the parameters of held-out runs, whose points get errors of their own."""
        data = self.metric.coordinates(held_out.points, self._errors(len(held_out.points), HELD_OUT))
        ranks, sds = dict[str, Array](), dict[str, Array]()
        for way in WAYS:
            found = self.of(data, way)
            ranks[way] = np.array([one.below(truth) for one, truth in zip(found, held_out.places, strict=True)])
            sds[way] = np.array([one.sd() for one in found])
        return Recovery({way: coverages(ranks[way], sds[way]) for way in WAYS}, ranks)


def profile(places: Array, distances: Array, bins: int) -> Array:
    """Least distance by bin of one parameter's place, smoothed over neighbours, shape (bins,); nan where empty."""
    which = np.minimum((places * bins).astype(np.int64), bins - 1)
    least = np.array([distances[which == b].min() if (which == b).any() else np.nan for b in range(bins)])
    padded = np.concatenate([least[:1], least, least[-1:]])
    found: Array = 0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:]
    return found
