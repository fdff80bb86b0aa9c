"""The page of a judgement: its charts with titles in Chinese and English, self-contained, without a script."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from experiments.figures.judged import SHADES, Fan, judged_chart
from experiments.judgement.fit import Bar
from experiments.judgement.forecasts import CONDITIONAL, UNCONDITIONAL, Later
from experiments.judgement.naive import known_to, plan_path
from experiments.judgement.observed import Series
from experiments.judgement.scores import HIGH, LOW, MIDDLE
from experiments.judgement.tables import Texts, bar_rows
from experiments.outcomes import Results, indicator_places
from experiments.pages import page as written

Figure = dict[str, Any]


def fan_of(results: Results, series: Series, shade: str, first: int) -> Fan:
    """The 5, 50 and 95 % of the runs alone from a year on; years in which no run has a value are left out."""
    column = results.yearly[:, :, indicator_places()[series.indicator]]
    years = [year for year in results.years if year >= first]
    values = column[:, [results.years.index(year) for year in years]]
    kept = np.flatnonzero(np.isfinite(values).any(axis=0))
    low, middle, high = np.nanquantile(values[:, kept], (LOW, MIDDLE, HIGH), axis=0)
    return Fan(shade, [years[i] for i in kept], low, middle, high)


def fit_figures(series: Sequence[Series], results: Results) -> list[Figure]:
    """A chart of each series with the band of the fit."""
    return [
        _figure(one, judged_chart([fan_of(results, one, "fit", results.years[0])], (one.values, one.errors)))
        for one in series
    ]


def forecast_figures(later: Sequence[Later], worlds: Mapping[str, Results], origin: int) -> list[Figure]:
    """A chart of each series with observations after the origin, both forecasts beside each other."""
    found = []
    for one in later:
        series = one.series
        fans = [fan_of(worlds[name], series, name, origin + 1) for name in (UNCONDITIONAL, CONDITIONAL)]
        known = known_to(series.values, origin)
        years = list(range(min(known, default=origin), max(one.values) + 1))
        plan = {year: math.exp(m[0]) for year, m in plan_path(series.indicator, known, origin, years).items()}
        observed = ({**known, **one.values}, {**series.errors, **one.errors})
        found.append(_figure(series, judged_chart(fans, observed, origin, plan)))
    return found


def _figure(series: Series, svg: str) -> Figure:
    return {"title_en": series.title_en, "title_zh": series.title_zh, "unit": series.unit, "svg": Markup(svg)}


def page(
    bars: Sequence[Bar], rows: Mapping[str, Sequence[Texts]], figures: Mapping[str, Sequence[Figure]], about: Texts
) -> str:
    """The page as text.

    rows, figures : of the parts fit, inner and later, those that there are; about : what was run, by word.
    """
    return written(
        "judgement.html",
        bars=bar_rows(bars),
        rows=rows,
        figures=figures,
        shades=SHADES,
        about=about,
    )
