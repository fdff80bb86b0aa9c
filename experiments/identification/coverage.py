"""Whether posteriors tell the truth: how often intervals hold known parameters, and ranks of the truth (Cook 2006).

Where draws of the prior are recovered by a right posterior, the posterior's weight below the truth is uniform.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from experiments.outcomes import Array

BINS = 10
LEVELS = (0.5, 0.9)
NORMAL_95 = 1.959964
PRIOR_SD = 12.0**-0.5  # of a place that is uniform from 0 to 1
SILENT = 0.9  # posterior over prior standard deviation beyond which the data say nothing
FALSE_ALARM = 0.01  # probability of a rank histogram below which it is called uneven


@dataclass(frozen=True)
class Coverage:
    """One parameter over all synthetic data sets.

    Attributes
    ----------
    inside : level to the share of sets whose central interval holds the truth; limits : level to its Wilson interval.
    p_value : of the rank histogram being flat; histogram : sets by bin of rank.
    contraction : mean posterior standard deviation over that of the prior.
    """

    inside: dict[float, float]
    limits: dict[float, tuple[float, float]]
    p_value: float
    histogram: tuple[int, ...]
    contraction: float

    @property
    def is_silent(self) -> bool:
        """Whether the data say nothing about it."""
        return self.contraction > SILENT

    def is_right(self, level: float) -> bool:
        """Whether the level lies inside the Wilson interval of what was found."""
        low, high = self.limits[level]
        return low <= level <= high

    @property
    def is_overconfident(self) -> bool:
        """Whether intervals hold the truth too seldom, beyond chance."""
        return any(self.limits[level][1] < level for level in LEVELS)


def wilson(hits: int, n: int, z: float = NORMAL_95) -> tuple[float, float]:
    """Interval of a share by Wilson (1927)."""
    share, square = hits / n, z * z / n
    middle = (share + square / 2.0) / (1.0 + square)
    half = z * np.sqrt(share * (1.0 - share) / n + square / (4.0 * n)) / (1.0 + square)
    return float(max(middle - half, 0.0)), float(min(middle + half, 1.0))


def coverage(ranks: Array, contractions: Array) -> Coverage:
    """Coverage of one parameter. ranks : posterior weight below the truth, (n_sets,); contractions : (n_sets,)."""
    n = len(ranks)
    hits = {level: int(np.sum(np.abs(ranks - 0.5) <= level / 2.0)) for level in LEVELS}
    histogram = np.bincount(np.minimum((ranks * BINS).astype(np.int64), BINS - 1), minlength=BINS)
    statistic = float(((histogram - n / BINS) ** 2 / (n / BINS)).sum())
    return Coverage(
        {level: count / n for level, count in hits.items()},
        {level: wilson(count, n) for level, count in hits.items()},
        float(chi2.sf(statistic, BINS - 1)), tuple(int(count) for count in histogram), float(contractions.mean()),
    )  # fmt: skip


def coverages(ranks: Array, sds: Array) -> list[Coverage]:
    """Coverage of all parameters. ranks, sds : (n_sets, n_parameters), sds of places."""
    return [coverage(rank, sd / PRIOR_SD) for rank, sd in zip(ranks.T, sds.T, strict=True)]
