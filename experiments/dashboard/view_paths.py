"""Yearly paths as figures: median and band of each side, what was observed, and the targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments.dashboard.view_targets import title_of, unit_text
from experiments.outcomes import Results
from experiments.scorecard import unit_factor
from experiments.words import Pair
from sim.catalogue.loader import catalogue

OBSERVED_TO = 2017
COLOURS = ("#a9b4c0", "#1f5f99", "#c2571a")  # the reference, a mix, a second mix
HEADLINE = ("rd_gdp_ratio", "rd_expenditure", "hnte_stock", "patents_valid_invention", "tech_contracts_total",
            "ind_firms_with_rd", "ind_newproduct_sales", "rd_personnel_fte")  # fmt: skip
RED, FORMAT = "#a12622", ",.4~g"
Points = list[dict[str, Any]]


def paths(indicator: str, sides: Sequence[tuple[str, Results]]) -> Points:
    """Median and band by side and year, in the indicator's unit; nothing where an indicator has no value."""
    column = list(catalogue().indicators).index(indicator)
    found: Points = []
    for name, one in sides:
        if not one.years:
            continue
        low, middle, high = np.quantile(one.yearly[:, :, column], (0.05, 0.5, 0.95), axis=0)
        found += [
            {"year": year, "side": name, "p05": float(a), "p50": float(b), "p95": float(c)}
            for year, a, b, c in zip(one.years, low, middle, high, strict=True)
            if np.isfinite((a, b, c)).all()
        ]
    return found


def observed(indicator: str) -> Points:
    """Observed values by year, in the indicator's unit."""
    row = catalogue().indicators[indicator]
    if not row.observed:
        return []
    series_unit = catalogue().series_rows(row.observed)[0].unit
    try:
        factor = unit_factor(series_unit, row.unit)
    except ValueError:  # statistics name one count by several words
        factor = 1.0
    series = catalogue().series(row.observed)
    return [{"year": y, "value": v * factor} for y, v in sorted(series.items()) if 2011 <= y <= OBSERVED_TO]


def goals(indicator: str, years: Sequence[int]) -> Points:
    """Targets with a number on this indicator, with the letter of their plan; equal ones share a mark."""
    unit = catalogue().indicators[indicator].unit
    found: dict[tuple[int, float], str] = {}
    for row in catalogue().targets.values():
        if row.indicator != indicator or row.target is None or row.status != "simulated" or row.basis != "level":
            continue
        if row.target_year in years:
            point = (int(row.target_year or 0), row.target / unit_factor(unit, row.unit))
            letters = found.get(point, "")
            found[point] = letters if row.plan in letters else f"{letters}{row.plan}"
    return [{"year": year, "goal": value, "plan": letters} for (year, value), letters in found.items()]


def figure(
    indicator: str, sides: Sequence[tuple[str, Results]], words: dict[str, str], language: int
) -> dict[str, Any]:  # fmt: skip
    """A figure in the grammar of Vega-Lite with its data inside. words : titles of observed, median and target."""
    row, points = catalogue().indicators[indicator], paths(indicator, sides)
    names = [name for name, _ in sides]
    scale = {"domain": names, "range": [shade for _, shade in colours(names)]}
    colour = {"field": "side", "type": "nominal", "legend": None, "scale": scale}
    axis = {"format": "d", "tickMinStep": 1, "grid": False, "labelFlush": False}
    year = {"field": "year", "type": "quantitative", "title": None, "axis": axis, "scale": {"nice": False}}
    goal_points = goals(indicator, sorted({point["year"] for point in points}))
    return {
        "title": {"text": title_of(row, language), "subtitle": unit_text(row.unit, language), "anchor": "start",
                  "fontSize": 14, "subtitleFontSize": 11, "subtitleColor": "#7b8794", "fontWeight": 600},
        "data": {"values": points}, "height": 230, "encoding": {"x": year},
        "layer": [
            *_side_layers(colour, names, row.kind != "index", words),
            *_observed_layers(observed(indicator), words),
            *_goal_layers(goal_points, words),
        ],
    }  # fmt: skip


def _side_layers(
    colour: dict[str, Any], names: Sequence[str], has_zero: bool, words: dict[str, str]
) -> list[dict[str, Any]]:  # fmt: skip
    """Band, median, and points that tell their numbers when they are touched."""

    def height(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "title": None, "scale": {"zero": has_zero}}

    numbers = (("p50", words["median"]), ("p05", "5 %"), ("p95", "95 %"))
    told = [
        {"field": "side", "title": " "},
        {"field": "year", "title": words["year"]},
        *({"field": field, "title": title, "format": FORMAT} for field, title in numbers),
    ]
    # The reference lies below, as a broad line, so that it is seen where a mix does what it does.
    widths = [5.0, *[2.0] * (len(names) - 1)] if len(names) > 1 else [2.0]
    width = {"field": "side", "type": "ordinal", "legend": None, "scale": {"domain": list(names), "range": widths}}
    band = {"y": height("p05"), "y2": {"field": "p95"}, "color": colour}
    return [
        {"mark": {"type": "area", "opacity": 0.16}, "encoding": band},
        {"mark": {"type": "line"}, "encoding": {"y": height("p50"), "color": colour, "strokeWidth": width}},
        {"mark": {"type": "point", "size": 60, "opacity": 0}, "encoding": {"y": height("p50"), "tooltip": told}},
    ]


def _observed_layers(points: Points, words: dict[str, str]) -> list[dict[str, Any]]:
    """A circle for each observed value."""
    told = [
        {"field": "year", "title": words["year"]},
        {"field": "value", "title": words["observed"], "format": FORMAT},
    ]
    place = {"field": "value", "type": "quantitative"}
    mark = {"type": "point", "color": "#1f2933", "size": 36}
    return [{"data": {"values": points}, "mark": mark, "encoding": {"y": place, "tooltip": told}}] if points else []


def _goal_layers(points: Points, words: dict[str, str]) -> list[dict[str, Any]]:
    """A short bar with the plan's letter at each target."""
    if not points:
        return []
    place = {"field": "goal", "type": "quantitative"}
    told = [
        {"field": "plan", "title": words["plan"]},
        {"field": "year", "title": words["year"]},
        {"field": "goal", "title": words["target"], "format": FORMAT},
    ]
    bar = {"type": "tick", "orient": "horizontal", "thickness": 2.5, "size": 16, "color": RED}
    letter = {"type": "text", "dx": 11, "dy": -7, "fontWeight": 700, "color": RED}
    return [
        {"data": {"values": points}, "mark": bar, "encoding": {"y": place, "tooltip": told}},
        {"data": {"values": points}, "mark": letter, "encoding": {"y": place, "text": {"field": "plan"}}},
    ]


def colours(names: Sequence[str]) -> list[tuple[str, str]]:
    """Names with their colours; one alone has that of a mix."""
    shades = COLOURS if len(names) > 1 else COLOURS[1:]
    return list(zip(names, shades, strict=False))


def sides_of(pairs: Sequence[tuple[Pair, Results]], language: int) -> list[tuple[str, Results]]:
    """Names in the reader's language beside their runs; a name that stands twice gets its number."""
    names = [name[language] for name, _ in pairs]
    return [
        (name if names.index(name) == place else f"{name} ({place + 1})", results)
        for place, (name, (_, results)) in enumerate(zip(names, pairs, strict=True))
    ]
