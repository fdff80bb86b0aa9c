"""How far a run is from what was observed, as one number.

A point counts by its log difference over its scale (error and discrepancy). Squares are averaged over the points of a
series, then over the series, so that seven years of patents weigh as much as the one year of new products; the
distance is the root. Where a run has next to nothing of what was observed (or nothing at all, on a coarse population)
it counts as if it had a twentieth; a run that leaves no number is infinitely far.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from experiments.calibration.targets import Target
from experiments.outcomes import Array

FLOOR = 0.05  # share of the observed value: the logarithm of less says nothing more
BEYOND = 1e12  # squared deviation of a point that has none: an infinity times a share of zero would be no number


class Distance:
    """The distance of points (n_targets,) in the order of the targets."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self.groups = tuple(dict.fromkeys(target.group for target in targets))
        self.observed = np.array([target.value for target in targets])
        self.scale = np.array([target.scale for target in targets])
        group = np.array([self.groups.index(target.group) for target in targets])
        self._shares = np.zeros((len(self.groups), len(targets)))
        self._shares[group, np.arange(len(targets))] = 1.0 / np.bincount(group)[group]

    def deviations(self, points: Array) -> Array:
        """Log difference over scale, in the shape of the points (..., n_targets); nan where there is no number."""
        found: Array = np.log(np.maximum(points / self.observed, FLOOR)) / self.scale
        return found

    def of_series(self, points: Array) -> Array:
        """Mean squared deviation of each group, shape (..., n_groups); inf where the run has no number."""
        squares = self.deviations(points) ** 2
        found: Array = np.where(np.isfinite(squares), squares, BEYOND) @ self._shares.T
        return np.where(found < BEYOND / squares.shape[-1], found, np.inf)

    def __call__(self, points: Array) -> float:
        """The distance of one run's points, shape (n_targets,)."""
        return float(np.sqrt(self.of_series(points).mean()))
