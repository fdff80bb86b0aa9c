"""Forecasts from a year against what came after: the model in two worlds, and three that know nothing of it.

Skill is 1 - CRPS / CRPS of the other forecast, over the points that both have: first the mean of a series over its
years, then over series, so that a series with many years weighs no more than another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.judgement.naive import Forecast, known_to, log_linear, plan_path, random_walk
from experiments.judgement.observed import Series
from experiments.judgement.scores import Verdict, coverage, logarithms, mean_width, skill, verdict
from experiments.outcomes import Results, indicator_places

CONDITIONAL, UNCONDITIONAL = "conditional", "unconditional"
WALK, TREND, PLAN = "random_walk", "trend", "plan"
OURS, NAIVE = (CONDITIONAL, UNCONDITIONAL), (WALK, TREND, PLAN)
TITLES = {
    CONDITIONAL: ("model, observed drivers and dated law", "模型，已知驱动因素与实际法规"),
    UNCONDITIONAL: ("model, drivers forecast, law as it stood", "模型，驱动因素为预测值、法规不变"),
    WALK: ("random walk", "随机游走"),
    TREND: ("log-linear trend", "对数线性趋势"),
    PLAN: ("the plan's own path", "规划自身路径"),
}
Verdicts = Mapping[str, Mapping[int, Verdict]]  # indicator -> year -> verdict


@dataclass(frozen=True)
class Later:
    """Observations after the origin: values and log errors by year, with the series that they go on from."""

    series: Series
    values: Mapping[int, float]
    errors: Mapping[int, float]


@dataclass(frozen=True)
class Row:
    """One forecast of one series (or of all, where the indicator is empty) against what came.

    Attributes
    ----------
    points : observed numbers that it has a value for; crps, coverage, width : means over them.
    skills : against each naive forecast, over common points; not a number where there are none.
    """

    indicator: str
    title_en: str
    title_zh: str
    forecast: str
    points: int
    crps: float
    coverage: float
    width: float
    skills: Mapping[str, float]


def later_of(series: Sequence[Series], origin: int, last: int) -> list[Later]:
    """What was observed of series from the year after the origin to the last; series without are left out."""
    found = [(one, one.years(origin + 1, last)) for one in series]
    return [
        Later(one, {year: one.values[year] for year in years}, {year: one.errors[year] for year in years})
        for one, years in found
        if years
    ]


def model_verdicts(later: Sequence[Later], results: Results) -> dict[str, dict[int, Verdict]]:
    """The runs against what came; the band is that of an observation, with its error."""
    found: dict[str, dict[int, Verdict]] = {}
    for one in later:
        values = results.yearly[:, :, indicator_places()[one.series.indicator]]
        found[one.series.indicator] = {
            year: verdict(logarithms(values[:, results.years.index(year)], seen), seen, one.errors[year])
            for year, seen in one.values.items()
        }
    return found


def naive_verdicts(later: Sequence[Later], origin: int) -> dict[str, dict[str, dict[int, Verdict]]]:
    """Each naive forecast from what was known in the origin, against what came: forecast -> indicator -> year."""
    found: dict[str, dict[str, dict[int, Verdict]]] = {name: {} for name in NAIVE}
    for one in later:
        known, years, name = known_to(one.series.values, origin), list(one.values), one.series.indicator
        forecasts: dict[str, Forecast] = {
            WALK: random_walk(known, years),
            TREND: log_linear(known, years),
            PLAN: plan_path(name, known, origin, years),
        }
        for forecast, members in forecasts.items():
            if members:
                found[forecast][name] = {year: verdict(m, one.values[year]) for year, m in members.items()}
    return found


def mean_score(verdicts: Verdicts, points: Mapping[str, Sequence[int]]) -> float:
    """Mean over series of the mean score over their years; not a number for none."""
    means = [float(np.mean([verdicts[name][year].crps for year in years])) for name, years in points.items() if years]
    return float(np.mean(means)) if means else math.nan


def common(ours: Verdicts, theirs: Verdicts) -> dict[str, list[int]]:
    """Years by series that two forecasts both have."""
    return {name: [year for year in ours[name] if year in theirs[name]] for name in ours if name in theirs}


def skills_of(ours: Verdicts, naive: Mapping[str, Verdicts]) -> dict[str, float]:
    """Skill against each naive forecast."""
    found = {}
    for name, theirs in naive.items():
        points = common(ours, theirs)
        found[name] = skill(mean_score(ours, points), mean_score(theirs, points))
    return found


def rows_of(later: Sequence[Later], forecasts: Mapping[str, Verdicts]) -> list[Row]:
    """A row for each series and forecast, then one of all series for each forecast."""
    naive = {name: forecasts[name] for name in NAIVE if name in forecasts}
    found = []
    for one in later:
        name = one.series.indicator
        for forecast, verdicts in forecasts.items():
            if verdicts.get(name):
                titles = (one.series.title_en, one.series.title_zh)
                found.append(_row(name, titles, forecast, {name: verdicts[name]}, naive))
    for forecast, verdicts in forecasts.items():
        if verdicts:
            found.append(_row("", ("all series", "全部序列"), forecast, verdicts, naive))
    return found


def _row(
    name: str, titles: tuple[str, str], forecast: str, verdicts: Verdicts, naive: Mapping[str, Verdicts]
) -> Row:  # fmt: skip
    every = [one for years in verdicts.values() for one in years.values()]
    score = mean_score(verdicts, {indicator: list(years) for indicator, years in verdicts.items()})
    against = skills_of(verdicts, naive) if forecast in OURS else {}
    return Row(name, *titles, forecast, len(every), score, coverage(every), mean_width(every), against)
