"""Scores every target of the five plans in every scenario: probability, date of attainment, band and gap.

Gap of a ratio N/D. From the base year b to the target year t a replicate's ratio grows by n - d (logs of its numerator
and denominator); to reach the target it had to grow by G = ln(target / ratio_b). The gap p50 - target is split with
the logarithmic mean L of p50 and target: the denominator's part is -L x median(d), the rest is the numerator's, that
is what numerator growth fell short of (or exceeded) G.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from experiments.outcomes import PROVINCE, Array, Results
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import TargetRow

QUANTILES = (0.05, 0.5, 0.95)
Number = float | None


@dataclass(frozen=True)
class Score:
    """One row of scorecard.csv; None is written as nothing."""

    scenario: str
    plan: str
    target_id: str
    indicator: str
    unit: str
    target_year: int | None
    target: Number
    baseline: Number
    mean: Number
    p05: Number
    p50: Number
    p95: Number
    probability: Number
    attained_p50: int | None
    gap: Number
    status: str
    note: str
    gap_numerator: Number
    gap_denominator: Number


COLUMNS = tuple(f.name for f in fields(Score))


def unit_factor(indicator_unit: str, target_unit: str) -> float:
    """What an indicator's value is multiplied with to stand in the target's unit. Raises ValueError if it cannot."""
    units = catalogue().units
    if indicator_unit == target_unit:
        return 1.0
    here, there = units.get(indicator_unit), units.get(target_unit)
    if here is None or there is None or here.dimension != there.dimension:
        raise ValueError(f"a value in {indicator_unit!r} cannot be compared with a target in {target_unit!r}")
    return here.factor / there.factor


def base_year_of(row: TargetRow) -> int | None:
    """The year of which a multiple_of_YYYY target is a multiple."""
    return int(row.basis.rpartition("_")[2]) if row.basis.startswith("multiple_of_") else None


def path(row: TargetRow, results: Results) -> Array | None:
    """Values of a target's indicator in the target's unit (n_runs, n_years); multiples of the run's own base year."""
    cat = catalogue()
    if row.indicator not in cat.indicators or not results.years:
        return None
    values: Array = results.yearly[:, :, list(cat.indicators).index(row.indicator)]
    base = base_year_of(row)
    if base is None:
        return values * unit_factor(cat.indicators[row.indicator].unit, row.unit)
    if base not in results.years:
        return None
    first = values[:, [results.years.index(base)]]
    multiples: Array = values / np.where(first == 0.0, np.nan, first)
    return multiples


def wanted(row: TargetRow, years: Sequence[int]) -> npt.NDArray[np.float64]:
    """The value to reach in each year: the target, or the dated national series (nan where there is none)."""
    if row.basis.startswith("national:"):
        series = catalogue().series(row.basis.split(":")[1])
        return np.array([series.get(year, np.nan) for year in years])
    return np.full(len(years), np.nan if row.target is None else row.target)


def tested_years(row: TargetRow, years: Sequence[int]) -> list[int]:
    """Places of the years in which a run must be on the good side: the target year, or each year up to it."""
    if row.target_year is None:
        return []
    first = int(row.basis.rpartition("_")[2]) if "each_year_from_" in row.basis else row.target_year
    return [i for i, year in enumerate(years) if first <= year <= row.target_year]


def good(row: TargetRow, values: Array, limits: Array) -> npt.NDArray[np.bool_]:
    """Whether each value is on the good side of its year's limit."""
    return values <= limits if row.direction == "at_most" else values >= limits


def met(row: TargetRow, results: Results) -> npt.NDArray[np.bool_] | None:
    """Whether each run meets a target, shape (n_runs,); None where it cannot be tested in these runs."""
    values = path(row, results) if row.status == "simulated" else None
    if values is None or row.target_year not in results.years or not row.direction:
        return None
    at, limits = results.years.index(row.target_year), wanted(row, results.years)
    if not np.isfinite(values[:, at]).all() or not math.isfinite(limits[at]):
        return None
    years = [i for i in tested_years(row, results.years) if math.isfinite(limits[i])]  # a series may have gaps
    return np.asarray(good(row, values[:, years], limits[np.newaxis, years]).all(axis=1), np.bool_)


def score(row: TargetRow, results: Results) -> Score:
    """The row of one target in one scenario."""
    found: dict[str, Any] = dict.fromkeys(COLUMNS)
    found |= {"scenario": results.scenario.name, "plan": row.plan, "target_id": row.target_id, "unit": row.unit,
              "indicator": row.indicator, "target_year": row.target_year, "target": row.target,
              "baseline": row.baseline, "status": row.status, "note": row.note}  # fmt: skip
    values = path(row, results) if row.status == "simulated" else None
    if values is None or row.target_year not in results.years:
        return Score(**found)
    at, limits = results.years.index(row.target_year), wanted(row, results.years)
    there = values[:, at]
    if not np.isfinite(there).all():
        return Score(**found)
    p05, p50, p95 = (float(q) for q in np.quantile(there, QUANTILES))
    found |= {"mean": float(there.mean()), "p05": p05, "p50": p50, "p95": p95}
    held = met(row, results)
    if held is None:
        return Score(**found)
    limit = float(limits[at])
    found |= {"target": limit, "gap": p50 - limit, "probability": float(held.mean()),
              "attained_p50": attained(row, values, limits, results.years)}  # fmt: skip
    return Score(**(found | split_gap(row, results, p50, limit)))


def attained(row: TargetRow, values: Array, limits: Array, years: Sequence[int]) -> int | None:
    """The first year end at which half the runs are on the good side; a multiple counts after its base year only."""
    base = base_year_of(row) or years[0] - 1
    share = good(row, values, limits[np.newaxis, :]).mean(axis=0)
    return next((year for year, part in zip(years, share, strict=True) if year > base and part >= 0.5), None)


def split_gap(row: TargetRow, results: Results, p50: float, limit: float) -> dict[str, Number]:
    """The gap's parts of numerator and denominator, for ratios (see the module's text); empty for others."""
    cat = catalogue()
    indicator = cat.indicators[row.indicator]
    if indicator.kind != "ratio" or p50 <= 0.0 or limit <= 0.0 or row.target_year is None:
        return {}
    base = base_year_of(row) or row.baseline_year
    first = results.years.index(base) if base in results.years else 0
    column = list(cat.indicators).index(indicator.denominator)
    below = results.yearly[:, :, column]
    start, end = below[:, first], below[:, results.years.index(row.target_year)]
    if (start <= 0.0).any() or (end <= 0.0).any():
        return {}
    gap = p50 - limit
    mean = p50 if abs(gap) < 1e-12 * limit else gap / math.log(p50 / limit)
    denominator = -mean * float(np.median(np.log(end / start)))
    return {"gap_denominator": denominator, "gap_numerator": gap - denominator}


def scorecard(results: Sequence[Results]) -> list[Score]:
    """Every target of every plan for every scenario, in the catalogue's order."""
    return [score(row, one) for one in results for row in catalogue().targets.values()]


def write_number(value: object) -> str:
    """A cell: ten significant digits, nothing for None and for what is not a number."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def cells(one: Score) -> list[str]:
    """The cells of a row of scorecard.csv."""
    return [write_number(value) for value in astuple(one)]


def summary(values: Array) -> dict[str, Array]:
    """Mean and 5, 50, 95 % over runs (first axis)."""
    p05, p50, p95 = np.quantile(values, QUANTILES, axis=0)
    return {"mean": values.mean(axis=0), "p05": p05, "p50": p50, "p95": p95}


def _observed_factor(ours: str, seen: str) -> float:
    """As unit_factor; statistics name one count by several words (platform, unit), which are then taken as one."""
    counts = all(unit in catalogue().units and catalogue().units[unit].factor == 1.0 for unit in (ours, seen))
    return 1.0 if counts else unit_factor(ours, seen)


def observed_rows(results: Results, years: Sequence[int]) -> list[tuple[str, str, dict[int, tuple[float, float]]]]:
    """Indicator, unit, and by year the median of the runs and the observed value, where both are there."""
    cat = catalogue()
    rows: list[tuple[str, str, dict[int, tuple[float, float]]]] = []
    for i, row in enumerate(cat.indicators.values()):
        if not row.observed or not results.years:
            continue
        series: Mapping[int, float] = cat.series(row.observed)
        factor = _observed_factor(row.unit, cat.series_rows(row.observed)[0].unit)
        median = np.median(results.groups[PROVINCE][:, :, i], axis=0) * factor
        both = {y: (float(median[results.years.index(y)]), series[y])
                for y in years if y in series and y in results.years}  # fmt: skip
        if both:
            rows.append((row.indicator, cat.series_rows(row.observed)[0].unit, both))
    return rows
