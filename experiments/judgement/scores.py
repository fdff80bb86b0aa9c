"""How well a forecast met an observation: CRPS, 90 % band, coverage and skill, all in logarithms.

A forecast is an ensemble of logarithms, so that errors are relative and series of all sizes weigh the same. What is
observed bears an error of its own (confidence class of the observation); a predictive band is that of an observation,
so it contains this error: each member is spread over the quantiles of a normal law. Nothing is drawn at random.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

Array = npt.NDArray[np.float64]
LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
SPREAD = 40  # points by which the error of an observation is spread around each member
LEAST_PART = 0.01  # what is zero counts as this part of the observed value: a logarithm needs more than nothing


@dataclass(frozen=True)
class Verdict:
    """One forecast of one number, against what was observed.

    Attributes
    ----------
    low, median, high : 5, 50 and 95 % of the forecast, in the unit of the series.
    crps : continuous ranked probability score of the logarithms, about the relative error; zero is best.
    """

    low: float
    median: float
    high: float
    seen: float
    crps: float

    @property
    def is_inside(self) -> bool:
        """Whether the observed value lies in the 90 % band."""
        return self.low <= self.seen <= self.high

    @property
    def width(self) -> float:
        """The band's upper over its lower end."""
        return self.high / self.low


def logarithms(values: Array, seen: float) -> Array:
    """Logarithms of simulated values; zero and what is no number count as a hundredth of what was seen."""
    result: Array = np.log(np.fmax(values, LEAST_PART * seen))
    return result


def with_error(members: Array, error: float) -> Array:
    """Members (n,) spread by a standard error of the logarithms: shape (n * SPREAD,), or as they are without error."""
    if error <= 0.0:
        return members
    quantiles: Array = ndtri((np.arange(SPREAD) + 0.5) / SPREAD)
    quantiles *= error / float(np.sqrt(np.mean(quantiles**2)))
    spread: Array = (members[:, np.newaxis] + quantiles[np.newaxis, :]).ravel()
    return spread


def crps(members: Array, seen: float) -> float:
    """Mean distance to what was seen, less half the mean distance between members; exact for the ensemble (n,)."""
    ordered, n = np.sort(members), members.size
    ranks = 2.0 * np.arange(1, n + 1) - n - 1.0
    return float(np.mean(np.abs(ordered - seen)) - np.sum(ranks * ordered) / n**2)


def verdict(members: Array, seen: float, error: float = 0.0) -> Verdict:
    """A forecast's logarithms (n,) against an observed value; `error` is the observation's log standard error.

    Raises ValueError for an observed value that is not above zero.
    """
    if not seen > 0.0:
        raise ValueError(f"an observed value of {seen} has no logarithm")
    spread = with_error(members, error)
    low, median, high = (math.exp(float(q)) for q in np.quantile(spread, (LOW, MIDDLE, HIGH)))
    return Verdict(low, median, high, seen, crps(spread, math.log(seen)))


def coverage(verdicts: Sequence[Verdict]) -> float:
    """Share of the observed values that lie in their 90 % bands; not a number for none."""
    return float(np.mean([one.is_inside for one in verdicts])) if verdicts else math.nan


def mean_width(verdicts: Sequence[Verdict]) -> float:
    """Mean of p95 / p05; not a number for none."""
    return float(np.mean([one.width for one in verdicts])) if verdicts else math.nan


def mean_crps(verdicts: Sequence[Verdict]) -> float:
    """Mean score; not a number for none."""
    return float(np.mean([one.crps for one in verdicts])) if verdicts else math.nan


def skill(ours: float, theirs: float) -> float:
    """1 - ours / theirs: above zero is better than the other forecast; not a number where that one is perfect."""
    return 1.0 - ours / theirs if theirs > 0.0 else math.nan
