"""A dose swept: margins of targets, the dose at which each run crosses over, the quantile of these with its interval.

A run's margins are made monotone over the doses (pooled neighbours) and joined by straight lines. The dose for a
probability p is the p-quantile of the runs' own doses; its 90 % interval are the order statistics of so few runs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from experiments.outcomes import Array, Results
from experiments.scorecard import path, tested_years, wanted
from sim.catalogue.rows import TargetRow


def margins(row: TargetRow, results: Results) -> Array | None:
    """How far each run is on the good side, the worst of the tested years, shape (n_runs,), in the target's unit."""
    values = path(row, results)
    if values is None or row.target_year not in results.years:
        return None
    limits = wanted(row, results.years)
    years = [i for i in tested_years(row, results.years) if math.isfinite(limits[i])]
    if not years:
        return None
    sign = -1.0 if row.direction == "at_most" else 1.0
    found: Array = (sign * (values[:, years] - limits[np.newaxis, years])).min(axis=1)
    return found if np.isfinite(found).all() else None


def monotone(values: Array, is_rising: bool) -> Array:
    """The nearest monotone values along the first axis, shape (n_doses, n_runs)."""
    from scipy.optimize import isotonic_regression  # takes long to load, and only sweeps need it

    columns = [isotonic_regression(column, increasing=is_rising).x for column in values.T]
    return np.array(columns).T


def crossings(axis: Sequence[float], values: Array, is_least: bool) -> Array:
    """The dose at which each run crosses zero, shape (n_runs,): the least with a margin, or the most that keeps one.

    Infinite where a run never has one: no dose is enough, or none is small enough.
    """
    smooth = monotone(values, is_least)
    doses = np.asarray(axis, float)
    if not is_least:
        doses, smooth = -doses[::-1], smooth[::-1]
    found = np.full(smooth.shape[1], np.inf)
    for run, column in enumerate(smooth.T):
        there = np.flatnonzero(column >= 0.0)
        if len(there):
            i = int(there[0])
            found[run] = doses[i]
            if i:
                below, above = column[i - 1], column[i]
                found[run] = doses[i - 1] + (doses[i] - doses[i - 1]) * -below / (above - below)
    return found if is_least else -found


def dose_for(found: Array, chance: float, is_least: bool) -> tuple[float, float, float]:
    """The dose at which a share of the runs is there, with the 90 % interval of that quantile; infinite for none."""
    ordered = np.sort(found if is_least else -found)
    runs = len(ordered)
    at = [math.ceil(chance * runs - 1e-9), _quantile(runs, chance, 0.05), _quantile(runs, chance, 0.95) + 1]
    middle, low, high = (float(ordered[min(max(k, 1), runs) - 1]) if k <= runs else math.inf for k in at)
    return (middle, low, high) if is_least else (-middle, -high, -low)


def _quantile(runs: int, chance: float, level: float) -> int:
    """The quantile of a binomial number."""
    total = 0.0
    for k in range(runs + 1):
        total += math.comb(runs, k) * chance**k * (1.0 - chance) ** (runs - k)
        if total >= level:
            return k
    return runs


def between(axis: Sequence[float], values: Array, dose: float) -> Array:
    """Values of each run at a dose between those that were run, shape (n_runs,), from (n_doses, n_runs)."""
    return np.array([np.interp(dose, axis, column) for column in values.T])
