"""Estimators of the facts, pure on arrays: exponents, shapes, slopes, shares and counts.

Each takes arrays of one row a firm (or year of a firm) and returns a number; not a number where there is too little
to say. No estimator knows the model.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]
NOTHING = float("nan")
FEWEST = 8  # observations below which nothing is said
GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


def tail_exponent(sizes: F8, share: float = 0.05) -> float:
    """Exponent of the share of firms above a size in the largest `share` of them, by log(rank - 1/2) on log size.

    The half takes away the bias of small samples (Gabaix and Ibragimov).
    """
    largest = np.sort(sizes[sizes > 0.0])[::-1]
    largest = largest[: int(len(largest) * share)]
    if len(largest) < FEWEST:
        return NOTHING
    return -slope(np.log(largest), np.log(np.arange(1, len(largest) + 1) - 0.5))


def slope(x: F8, y: F8) -> float:
    """Slope of y on x by least squares; not a number where x does not vary."""
    spread = x - x.mean()
    below = float(spread @ spread)
    return float(spread @ (y - y.mean())) / below if below > 0.0 else NOTHING


def subbotin_shape(growth: F8, low: float = 0.2, high: float = 5.0) -> float:
    """Shape b of a Subbotin density around the median by maximum likelihood: 1 is Laplace, 2 the normal.

    ln f = - ln(2 a b^(1/b) Gamma(1 + 1/b)) - |x / a|^b / b, its scale a at its best for each b.
    """
    if len(growth) < FEWEST:
        return NOTHING
    size = np.abs(growth - np.median(growth))
    size = size[size > 0.0]

    def likelihood(b: float) -> float:
        scale = float(np.mean(size**b)) ** (1.0 / b)
        return -(math.log(2.0 * scale) + math.log(b) / b + math.lgamma(1.0 + 1.0 / b) + 1.0 / b)

    return highest(likelihood, low, high)


def highest(function: Callable[[float], float], low: float, high: float, steps: int = 60) -> float:
    """Where a function with one peak is highest, by golden section."""
    a, b = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_a, at_b = function(a), function(b)
    for _ in range(steps):
        if at_a > at_b:
            high, b, at_b = b, a, at_a
            a = high - GOLDEN * (high - low)
            at_a = function(a)
        else:
            low, a, at_a = a, b, at_b
            b = low + GOLDEN * (high - low)
            at_b = function(b)
    return 0.5 * (low + high)


def spread_slope(sizes: F8, growth: F8, bins: int = 20) -> float:
    """Slope of the log standard deviation of growth on log size, over bins of equally many firms."""
    if len(sizes) < bins * FEWEST:
        return NOTHING
    parts = np.array_split(np.argsort(sizes, kind="stable"), bins)
    spread = np.array([growth[part].std() for part in parts])
    middle = np.array([np.log(sizes[part]).mean() for part in parts])
    return slope(middle[spread > 0.0], np.log(spread[spread > 0.0]))


def skewness(values: F8) -> float:
    """Third moment about the mean over the cubed standard deviation."""
    if len(values) < FEWEST or values.std() == 0.0:
        return NOTHING
    return float(np.mean(((values - values.mean()) / values.std()) ** 3))


def within(values: F8, groups: I8) -> F8:
    """Values less the mean of their group."""
    _, place = np.unique(groups, return_inverse=True)
    means = np.bincount(place, values) / np.bincount(place)
    inside: F8 = values - means[place]
    return inside


def within_elasticity(sizes: F8, amounts: F8, groups: I8) -> float:
    """Elasticity of the amounts to the sizes inside groups: log on log with a constant for each group."""
    kept = (sizes > 0.0) & (amounts > 0.0)
    if np.count_nonzero(kept) < FEWEST:
        return NOTHING
    return slope(within(np.log(sizes[kept]), groups[kept]), within(np.log(amounts[kept]), groups[kept]))


def group_share(values: F8, groups: I8) -> float:
    """Share of the variance that lies between groups (R squared of a constant for each group)."""
    total = float(values.var())
    return 1.0 - float(np.mean(within(values, groups) ** 2)) / total if total > 0.0 else NOTHING


def top_share(amounts: F8, share: float = 0.1) -> float:
    """Part of the sum that the largest `share` of the firms hold, the last of them in part."""
    if len(amounts) < FEWEST or amounts.sum() <= 0.0:
        return NOTHING
    number = share * len(amounts)
    whole = int(number)
    ordered = np.sort(amounts)[::-1]
    return float((ordered[:whole].sum() + (number - whole) * ordered[whole]) / amounts.sum())


def overdispersion(counts: npt.NDArray[Any]) -> float:
    """Variance over mean: 1 for a Poisson law."""
    mean = float(counts.mean()) if len(counts) else 0.0
    return float(counts.var()) / mean if mean > 0.0 else NOTHING


def count_elasticity(counts: npt.NDArray[Any], amounts: F8, controls: F8 | None = None) -> float:
    """Elasticity of counts to amounts by a negative binomial law (variance m + alpha m^2), maximum likelihood.

    controls : further columns, shape (n, n_controls). Steps of Fisher scoring at a given alpha, alpha by golden
    section over the profile.
    """
    kept = amounts > 0.0
    if np.count_nonzero(kept) < FEWEST or not counts[kept].any():
        return NOTHING
    y, columns = counts[kept].astype(float), [np.ones(int(kept.sum())), np.log(amounts[kept])]
    x = np.column_stack(columns if controls is None else [*columns, controls[kept]])
    log_factorial = np.array([math.lgamma(v + 1.0) for v in y])

    def profile(log_alpha: float) -> float:
        beta = _scored(x, y, math.exp(log_alpha))
        return _log_likelihood(x @ beta, y, math.exp(log_alpha), log_factorial)

    alpha = math.exp(highest(profile, math.log(0.05), math.log(50.0), steps=25))
    return float(_scored(x, y, alpha)[1])


def _scored(x: F8, y: F8, alpha: float) -> F8:
    """Coefficients at a given alpha, by Fisher scoring from the constant."""
    beta = np.zeros(x.shape[1])
    beta[0] = math.log(y.mean())
    for _ in range(50):
        mean = np.exp(np.clip(x @ beta, -30.0, 30.0))
        weight = mean / (1.0 + alpha * mean)
        step = np.linalg.lstsq(x.T @ (weight[:, None] * x), x.T @ (weight * (y / mean - 1.0)), rcond=None)[0]
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        beta = beta + step
        if float(np.abs(step).max()) < 1e-8:
            break
    return beta


def _log_likelihood(linear: F8, y: F8, alpha: float, log_factorial: F8) -> float:
    mean, r = np.exp(np.clip(linear, -30.0, 30.0)), 1.0 / alpha
    rising = np.array([math.lgamma(v + r) for v in y]) - math.lgamma(r) - log_factorial
    return float(np.sum(rising + y * np.log(mean / (mean + r)) + r * np.log(r / (mean + r))))
