"""Test 63: sizes and growth of firms without any policy: the tail, the shape of growth, its spread by size."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from experiments.responses.arms import Arm
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.lab import Lab, Trace, both

Array = npt.NDArray[np.float64]
NOTHING = Arm(base="no_policy")
YEARS = (2015, 2016, 2017, 2018, 2019, 2020)
TAIL = 0.1  # part of the firms above scale that is the tail
GROUPS = 20  # of equal number by size, for the spread of growth
SHAPES = np.arange(0.4, 2.6, 0.02)


def hill(sales: Array) -> float:
    """Pareto exponent (CCDF) of the largest TAIL of the firms."""
    ordered = np.sort(sales)[::-1]
    n = max(int(TAIL * len(ordered)), 2)
    return float(1.0 / np.mean(np.log(ordered[: n - 1] / ordered[n - 1]))) if len(ordered) > n else float("nan")


def growth(trace: Trace) -> tuple[Array, Array]:
    """Log growth of yearly sales and log of mean sales of firms above scale in two years, as in the sources."""
    changes, sizes = [], []
    for year in YEARS:
        one, two = trace.firms(year - 1), trace.firms(year)
        i, j = both(one, two)
        kept = (one["is_above_scale"][i] == 1) & (two["is_above_scale"][j] == 1)
        kept &= (one["age_q"][i] > 4) & (one["sales_year"][i] > 0.0) & (two["sales_year"][j] > 0.0)
        before, after = one["sales_year"][i][kept], two["sales_year"][j][kept]
        change = np.log(after / before)
        changes.append(change - change.mean())
        sizes.append(0.5 * np.log(before * after))
    return np.concatenate(changes), np.concatenate(sizes)


def subbotin(changes: Array) -> float:
    """Shape of a Subbotin law by maximum likelihood, its scale concentrated out."""
    size = np.abs(changes - np.median(changes))
    size = size[size > 0.0]
    likelihood = []
    for b in SHAPES:
        scale = np.mean(size**b) ** (1.0 / b)
        likelihood.append(-math.log(2.0 * scale) - math.log(b ** (1.0 / b)) - math.lgamma(1.0 + 1.0 / b) - 1.0 / b)
    return float(SHAPES[int(np.argmax(likelihood))])


def spread_by_size(changes: Array, sizes: Array) -> float:
    """Slope of the log standard deviation of growth on log size, over groups of equal number."""
    order = np.array_split(np.argsort(sizes, kind="stable"), GROUPS)
    spread = np.log([changes[rows].std() for rows in order])
    level = np.array([sizes[rows].mean() for rows in order])
    return float(np.polyfit(level, spread, 1)[0])


def sizes_and_growth(lab: Lab) -> Measured:
    """Test 63: all in firms above scale, of which the sources speak."""
    trace = lab.trace(NOTHING)
    last = trace.firms(YEARS[-1])
    changes, sizes = growth(trace)
    slope = spread_by_size(changes, sizes)
    return {
        "63_tail": hill(last["sales_year"][last["is_above_scale"] == 1]),
        "63_shape": subbotin(changes / np.exp(slope * sizes)),  # one law for all sizes
        "63_spread": slope,
    }


EXPERIMENTS = (Experiment(63, sizes_and_growth),)
