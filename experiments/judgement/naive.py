"""Three forecasts that know nothing of the model: random walk, log-linear trend, and the path that a plan promised.

Each gives, for every year asked for, an ensemble of logarithms, as the model does. A random walk spreads by the size
of the changes seen so far, with the root of time; a trend has the prediction interval of its regression (Student's t);
a plan's path is a straight line from its base to its target, without a band.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, stdtrit

from experiments.scorecard import unit_factor
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import TargetRow

Array = npt.NDArray[np.float64]
Forecast = dict[int, Array]
QUANTILES: Array = (np.arange(400) + 0.5) / 400
LEAST_CHANGES = 2  # of which the spread of a random walk is taken
LEAST_POINTS = 4  # of a trend: with three its interval has no finite score
PLANS = {"A": 2014, "B": 2014, "C": 2016, "D": 2019}  # year from which a plan of the province is known
LEVEL = "level"


def known_to(values: Mapping[int, float], origin: int) -> dict[int, float]:
    """Positive values up to a year, in order of time."""
    return {year: value for year, value in sorted(values.items()) if year <= origin and value > 0.0}


def last_value(known: Mapping[int, float], year: int) -> Array | None:
    """The random walk of one year ahead, without a band: the logarithm (1,) of the last value before a year."""
    earlier = [y for y in known if y < year]
    return np.array([math.log(known[max(earlier)])]) if earlier else None


def yearly_spread(known: Mapping[int, float]) -> float | None:
    """Root mean square of yearly log changes, without a drift; None for fewer than LEAST_CHANGES.

    A change over a gap of several years counts as so many changes of one year.
    """
    years = sorted(known)
    squares = [math.log(known[b] / known[a]) ** 2 / (b - a) for a, b in pairwise(years)]
    return math.sqrt(sum(squares) / len(squares)) if len(squares) >= LEAST_CHANGES else None


def random_walk(known: Mapping[int, float], years: Sequence[int]) -> Forecast:
    """The last known value, spread by the changes seen so far times the root of the years since; empty if unknown."""
    spread = yearly_spread(known)
    if spread is None:
        return {}
    last, normal = max(known), ndtri(QUANTILES)
    return {y: math.log(known[last]) + spread * math.sqrt(y - last) * normal for y in years if y > last}


def log_linear(known: Mapping[int, float], years: Sequence[int]) -> Forecast:
    """The straight line through the logarithms with its prediction interval; empty for fewer than LEAST_POINTS."""
    n = len(known)
    if n < LEAST_POINTS:
        return {}
    x, y = np.array(sorted(known), np.float64), np.log([known[year] for year in sorted(known)])
    from_mean = x - x.mean()
    slope = float(from_mean @ y / (from_mean @ from_mean))
    rest = y - y.mean() - slope * from_mean
    variance = float(rest @ rest) / (n - 2)
    student: Array = stdtrit(n - 2, QUANTILES)

    def at(year: int) -> Array:
        ahead = year - x.mean()
        wide = math.sqrt(variance * (1.0 + 1.0 / n + ahead**2 / float(from_mean @ from_mean)))
        result: Array = y.mean() + slope * ahead + wide * student
        return result

    return {year: at(year) for year in years if year > max(known)}


def plan_target(indicator: str, origin: int) -> TargetRow | None:
    """The level that the latest plan known in a year sets for an indicator; None where no plan does."""
    rows = [
        row
        for row in catalogue().targets.values()
        if row.indicator == indicator and row.basis == LEVEL and row.status == "simulated" and row.direction
        and PLANS.get(row.plan, origin + 1) <= origin and row.target and row.target_year
    ]  # fmt: skip
    return max(rows, key=lambda row: (PLANS[row.plan], row.target_id), default=None)


def plan_path(indicator: str, known: Mapping[int, float], origin: int, years: Sequence[int]) -> Forecast:
    """The straight line from a plan's base to its target, up to the target's year; one member a year.

    A plan that names no base starts from the last value known when it was made. Empty without plan or base.
    """
    row = plan_target(indicator, origin)
    if row is None or row.target is None or row.target_year is None:
        return {}
    factor = unit_factor(row.unit, catalogue().indicators[indicator].unit)
    start, base = row.baseline_year, row.baseline
    if start is None or not base:
        start = max((year for year in known if year < PLANS[row.plan]), default=None)
        base = None if start is None else known[start] / factor
    if start is None or base is None or start >= row.target_year:
        return {}
    slope = (row.target - base) / (row.target_year - start)
    found = {year: factor * (base + slope * (year - start)) for year in years if start < year <= row.target_year}
    return {year: np.array([math.log(value)]) for year, value in found.items() if value > 0.0}
