"""Simulation-based calibration: parameters known from held-out synthetic data sets are looked for in the table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from experiments.identification.coverage import Coverage, coverages
from experiments.identification.history import Metric
from experiments.identification.reference import HELD_OUT, REFERENCE, Table, normals
from experiments.identification.rejection import Draws, posterior, summaries
from experiments.outcomes import Array

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

    def _directions(self, way: str) -> Array | None:
        """What the adjustment looks at; fitted with errors other than those of the table, else it would learn these."""
        if way != ADJUSTED:
            return None
        copies = [self._errors(len(self.table.points), FURTHER + i) for i in range(COPIES)]
        coordinates = np.concatenate([self.metric.coordinates(self.table.points, errors) for errors in copies])
        return summaries(np.tile(self.table.places, (COPIES, 1)), coordinates)

    def observed(self, points: Array, way: str = ADJUSTED) -> Draws:
        """The posterior of real data, points (n_points,), which have their errors already."""
        coordinates = self.coordinates(way)
        directions = self._directions(way)
        found = self.metric.coordinates(points)
        return posterior(self.table.places, coordinates, found, self.accepted, directions)

    def recovered(self, held_out: Table) -> Recovery:
        """Look for the parameters of held-out runs, whose points get errors of their own."""
        data = self.metric.coordinates(held_out.points, self._errors(len(held_out.points), HELD_OUT))
        ranks, sds = dict[str, Array](), dict[str, Array]()
        for way in WAYS:
            coordinates = self.coordinates(way)
            directions = self._directions(way)
            found = [posterior(self.table.places, coordinates, one, self.accepted, directions) for one in data]
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
