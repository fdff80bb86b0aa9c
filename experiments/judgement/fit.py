"""The fit: each observed point of 2011-2017 against the runs of the posterior, and the bars that it has to meet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtri

from experiments.judgement.naive import QUANTILES, last_value, yearly_spread
from experiments.judgement.observed import CONTRACTS, FIRST_YEAR, LAST_YEAR, OTHER, STOCK, Series
from experiments.judgement.scores import (
    Verdict,
    coverage,
    crps,
    logarithms,
    mean_crps,
    mean_width,
    verdict,
)
from experiments.outcomes import Results, indicator_places

SLUMP = (2014, 2015)
AFTER_SLUMP = ((2014, 2015), (2015, 2016), (2016, 2017), (2014, 2017))
SLUMP_SERIES = ("rd_expenditure", "ind_rd_expenditure")


@dataclass
class Fit:
    """One series against the runs, by year.

    Attributes
    ----------
    verdicts : of the band of an observation, which contains its error; plain : of the runs alone.
    walk : score of the last observed value (a random walk of one year, no band); spread_walk : with the band of its
        changes over 2010-2017, which it could not have known.
    """

    series: Series
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    plain: dict[int, Verdict] = field(default_factory=dict)
    walk: dict[int, float] = field(default_factory=dict)
    spread_walk: dict[int, float] = field(default_factory=dict)

    def score(self, years: Sequence[int]) -> float:
        """Mean score of the runs over some years; not a number for none."""
        return mean_crps([self.verdicts[year] for year in years])

    def is_better(self, other: dict[int, float]) -> bool | None:
        """Whether the runs score better than another forecast where that has a value; None where it has none."""
        return self.score(list(other)) < float(np.mean(list(other.values()))) if other else None


def fit_of(series: Series, results: Results) -> Fit:
    """A series against the runs of the posterior."""
    found, place = Fit(series), indicator_places()[series.indicator]
    spread = yearly_spread(series.values)
    for year in series.years(FIRST_YEAR, LAST_YEAR):
        seen = series.values[year]
        members = logarithms(results.yearly[:, results.years.index(year), place], seen)
        found.plain[year] = verdict(members, seen)
        found.verdicts[year] = verdict(members, seen, series.errors[year])
        last = last_value(series.values, year)
        if last is None:
            continue
        found.walk[year] = crps(last, math.log(seen))
        if spread is not None:
            gap = year - max(y for y in series.values if y < year)
            found.spread_walk[year] = crps(last + spread * math.sqrt(gap) * ndtri(QUANTILES), math.log(seen))
    return found


def fits_of(series: Sequence[Series], results: Results) -> list[Fit]:
    """All series against the runs."""
    return [fit_of(one, results) for one in series]


@dataclass(frozen=True)
class Bar:
    """One line of the summary: a number with its bar, if it has one.

    Attributes
    ----------
    bar : what has to be reached; None: reported only. is_least : whether the bar is the least or the most allowed.
    """

    item: str
    title_en: str
    title_zh: str
    value: float
    bar: float | None = None
    is_least: bool = True

    @property
    def passed(self) -> bool | None:
        """Whether the bar is met; None without a bar, False for what could not be measured."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.is_least else self.value < self.bar


def changes(results: Results, series: Series, first: int, last: int) -> tuple[float, float]:
    """Log change between two years: the runs' median, and the observed one."""
    values, years = results.yearly[:, :, indicator_places()[series.indicator]], results.years
    before, after = values[:, years.index(first)], values[:, years.index(last)]
    change = logarithms(after, series.values[last]) - logarithms(before, series.values[first])
    return float(np.median(change)), math.log(series.values[last] / series.values[first])


def depth(results: Results, series: Series) -> float:
    """The part of the fall in the slump that the runs reproduce: above one where theirs is the deeper."""
    ours, seen = changes(results, series, *SLUMP)
    return ours / seen


def share_better(fits: Sequence[Fit], spread: bool = False) -> float:
    """Share of the series that can be compared on which the runs score better than a random walk."""
    told = [one.is_better(one.spread_walk if spread else one.walk) for one in fits]
    found = [better for better in told if better is not None]
    return float(np.mean(found)) if found else math.nan


def _widths(fits: Sequence[Fit], group: str) -> list[list[Verdict]]:
    """Verdicts of a group with and without the error of observation."""
    chosen = [one for one in fits if one.series.group == group]
    return [[v for one in chosen for v in one.verdicts.values()], [v for one in chosen for v in one.plain.values()]]


def bars(fits: Sequence[Fit], results: Results) -> list[Bar]:
    """The summary of the fit over the series that were fitted, and beside it over all observed outcomes."""
    fitted = [one for one in fits if one.series.is_fitted]
    points = [v for one in fitted for v in one.verdicts.values()]
    plain = [v for one in fitted for v in one.plain.values()]
    every = [v for one in fits for v in one.verdicts.values()]
    found = [
        Bar("inside", "points inside the 90 % band", "落入90%区间的点所占比例", coverage(points), 0.8),
        Bar("inside_plain", "the same, band without error of observation", "同上，区间不含观测误差", coverage(plain)),
        Bar("inside_all", "the same, all observed outcomes", "同上，全部有观测的结果指标", coverage(every)),
    ]
    for group, title_en, title_zh, bar in (
        (STOCK, "stocks", "存量", 1.6),
        (CONTRACTS, "contract values", "合同成交额", 2.5),
        (OTHER, "other flows and ratios", "其他流量和比率", None),
    ):
        wide, narrow = (mean_width(one) for one in _widths(fitted, group))
        found.append(
            Bar(
                f"width_{group}", f"mean band p95/p05, {title_en}", f"平均区间宽度p95/p05，{title_zh}", wide, bar, False
            )
        )
        found.append(
            Bar(f"width_{group}_plain", "the same, without error of observation", "同上，不含观测误差", narrow)
        )
    return found + _against_walk(fitted) + _slump({one.series.indicator: one.series for one in fits}, results)


def _against_walk(fitted: Sequence[Fit]) -> list[Bar]:
    """Share of series on which the runs score better than a random walk."""
    return [
        Bar("better", "series with a better CRPS than a random walk", "CRPS优于随机游走的序列所占比例",
            share_better(fitted), 0.5),
        Bar("better_spread", "the same, against a walk with the band of its changes", "同上，随机游走带有其变动区间",
            share_better(fitted, spread=True)),
    ]  # fmt: skip


def _slump(series: dict[str, Series], results: Results) -> list[Bar]:
    """How much of the fall of R&D from 2014 to 2015 the runs show, and what followed."""
    total, industry = (series[name] for name in SLUMP_SERIES)
    found = [
        Bar("slump", "part of the fall of R&D 2014-2015 that is reproduced", "再现的2014–2015年研发经费下降幅度",
            depth(results, total), 0.75),
        Bar("slump_industry", "the same, above-scale industry", "同上，规上工业", depth(results, industry)),
    ]  # fmt: skip
    for first, last in AFTER_SLUMP:
        ours, seen = (100.0 * math.expm1(change) for change in changes(results, total, first, last))
        found.append(
            Bar(f"change_{first}_{last}", f"change of R&D {first}-{last}, % (observed {seen:+.1f})",
                f"{first}–{last}年研发经费变化，%（观测值{seen:+.1f}）", ours)
        )  # fmt: skip
    return found
