"""Who gains and who loses by city, sector, size class and ownership: paired differences in percent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.dashboard.tables_html import Cell, Row
from experiments.dashboard.view_targets import title_of
from experiments.number_texts import signed
from experiments.outcomes import Results
from experiments.winners import HEADLINES, Difference, differences, group_words
from experiments.words import DIMENSIONS
from sim.catalogue.loader import catalogue

WHOLE_FROM = 1000.0  # percent: from here on without decimals
LEAST_REACH, TIMES_A_BAR = 10.0, 4.0  # percent; one wide band must not make every bar a point


def found_between(sides: Sequence[Results]) -> list[Difference]:
    """Differences of the second of two sides to the first, under the same seeds."""
    return differences(sides)


def group_head(dimension: str, language: int) -> Row:
    """The head: the dimension, then a column a headline."""
    known = catalogue().indicators
    return [DIMENSIONS[dimension][language], *(Cell(title_of(known[i], language), kind="n") for i in HEADLINES)]


def group_rows(found: Sequence[Difference], dimension: str, language: int) -> list[Row]:
    """A row a group, cells in percent with their band, tinted where nearly all seeds agree."""
    by = {(one.dimension, one.group, one.indicator): one for one in found}
    labels = list(dict.fromkeys(one.group for one in found if one.dimension == dimension))
    return [
        [group_words(dimension, label)[language], *(_cell(by.get((dimension, label, i))) for i in HEADLINES)]
        for label in labels
    ]


def _cell(one: Difference | None) -> Cell:
    """A difference in percent; where the reference has nothing, none can be told."""
    if one is None or one.percent is None or one.percent_p05 is None or one.percent_p95 is None:
        return Cell("–", kind="n")
    low, high = _percent(one.percent_p05), _percent(one.percent_p95)
    return Cell(_percent(one.percent), f"{low} … {high}", f"n {one.tint}".strip())


def _percent(value: float) -> str:
    return f"{value:+,.0f}" if abs(value) >= WHOLE_FROM else signed(value, 1)


def reach(points: Sequence[Mapping[str, Any]]) -> list[float]:
    """From where to where the figure goes, percent: all bars, and bands no further than some times the longest bar."""
    most = max([LEAST_REACH, *(TIMES_A_BAR * abs(point["percent"]) for point in points)])
    low, high = min([0.0, *(point["low"] for point in points)]), max([0.0, *(point["high"] for point in points)])
    return [max(low, -most), min(high, most)]


def group_figure(found: Sequence[Difference], dimension: str, indicator: str, language: int) -> dict[str, Any]:
    """Bars with their bands, the furthest first; empty data where nothing can be told."""
    points = [
        {"group": group_words(dimension, one.group)[language], "percent": one.percent, "low": one.percent_p05,
         "high": one.percent_p95, "tint": one.tint or "none"}
        for one in found
        if one.dimension == dimension and one.indicator == indicator and one.percent is not None
    ]  # fmt: skip
    points.sort(key=lambda point: -float(str(point["percent"])))
    names = [point["group"] for point in points]
    order = {"field": "group", "type": "nominal", "title": None, "sort": names,
             "axis": {"labelLimit": 260}}  # fmt: skip
    tints = {"field": "tint", "type": "nominal", "legend": None,
             "scale": {"domain": ["gain", "loss", "none"], "range": ["#2f855a", "#c53030", "#9aa5b1"]}}  # fmt: skip
    ends = reach(points)
    scale = {"domain": ends, "nice": ends[0] < ends[1]}
    value = {"field": "percent", "type": "quantitative", "title": "%", "scale": scale}
    told = [{"field": "group", "title": ""}, *({"field": f, "title": t, "format": "+.2f"} for f, t in
            (("percent", "%"), ("low", "5 %"), ("high", "95 %")))]  # fmt: skip
    return {
        "title": {"text": title_of(catalogue().indicators[indicator], language), "anchor": "start", "fontSize": 14},
        "data": {"values": points}, "height": {"step": 24}, "encoding": {"y": order},
        "layer": [
            {"mark": {"type": "bar", "opacity": 0.85, "clip": True},
             "encoding": {"x": value, "color": tints, "tooltip": told}},
            {"mark": {"type": "rule", "color": "#1f2933", "clip": True},
             "encoding": {"x": value | {"field": "low"}, "x2": {"field": "high"}}},
        ],
    }  # fmt: skip
