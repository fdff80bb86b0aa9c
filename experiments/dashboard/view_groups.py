"""Who gains and who loses by city, sector, size class and ownership: paired differences in percent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from experiments.dashboard.tables_html import Cell, Row
from experiments.dashboard.view_targets import title_of
from experiments.number_texts import signed
from experiments.outcomes import Results
from experiments.winners import HEADLINES, Difference, differences, group_words
from experiments.words import DIMENSIONS
from sim.catalogue.loader import catalogue


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
    low, high = signed(one.percent_p05, 1), signed(one.percent_p95, 1)
    return Cell(signed(one.percent, 1), f"{low} … {high}", f"n {one.tint}".strip())


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
    value = {"field": "percent", "type": "quantitative", "title": "%"}
    told = [{"field": "group", "title": ""}, *({"field": f, "title": t, "format": "+.2f"} for f, t in
            (("percent", "%"), ("low", "5 %"), ("high", "95 %")))]  # fmt: skip
    return {
        "title": {"text": title_of(catalogue().indicators[indicator], language), "anchor": "start", "fontSize": 14},
        "data": {"values": points}, "height": {"step": 24}, "encoding": {"y": order},
        "layer": [
            {"mark": {"type": "bar", "opacity": 0.85}, "encoding": {"x": value, "color": tints, "tooltip": told}},
            {"mark": {"type": "rule", "color": "#1f2933"}, "encoding": {"x": {"field": "low", "type": "quantitative"},
             "x2": {"field": "high"}}},
        ],
    }  # fmt: skip
