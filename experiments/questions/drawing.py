"""Panels as they are drawn: numbers in units that planners read, and on each axis its quantity with that unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from experiments.figures.answered import answered
from experiments.questions.finding import Panel, Series
from experiments.questions.telling import MONEY, YUAN_10K, YUAN_100M, YUAN_MILLION, in_words
from experiments.words import Pair
from sim.catalogue.loader import catalogue

MANY = 2.0  # units of what is counted stand in the plural on an axis


@dataclass(frozen=True)
class Axis:
    """A quantity of an axis: a value times `factor` is in `unit`, the same for both languages."""

    factor: float
    unit: Pair


@dataclass(frozen=True)
class DrawnPanel:
    """A panel in the units of its axes. quantity : of what is drawn; across : of x, nothing where rows are variants."""

    shape: str
    series: Sequence[Series]
    line: float | None
    quantity: Pair
    across: Pair


def axis_of(unit: str, size: float) -> Axis:
    """The axis for values of a unit, the largest of which is `size`: money in 亿元, or 万元 where that is too large."""
    row = catalogue().units.get(unit)
    if row is not None and row.dimension in MONEY and unit != "yuan":
        english, chinese = MONEY[row.dimension]
        if 0.0 < size * row.factor < YUAN_MILLION:
            return Axis(row.factor / YUAN_10K, (f"10,000 yuan{english}", f"万元{chinese}"))
        return Axis(row.factor / YUAN_100M, (f"100m yuan{english}", f"亿元{chinese}"))
    (factor, english), (_, chinese) = in_words(unit, MANY)
    return Axis(factor, (english.strip(), chinese))


def labelled(title: Pair, unit: Pair) -> Pair:
    """A quantity with its unit."""
    english, chinese = (f"{title[0]}, {unit[0]}" if unit[0] else title[0]), title[1]
    return english[:1].upper() + english[1:], f"{chinese}（{unit[1]}）" if unit[1] else chinese


def drawn(panel: Panel) -> DrawnPanel:
    """A panel with its numbers in the units of its axes."""
    every = [*(v for one in panel.series for row in (one.middle, one.low, one.high) for v in row), panel.line or 0.0]
    axis = axis_of(panel.unit, max(map(abs, every)))
    across = axis_of(panel.across_unit, max((abs(v) for one in panel.series for v in one.x), default=0.0))

    def scaled(values: Sequence[float], factor: float) -> list[float]:
        return [value * factor for value in values]

    series = [
        Series(
            one.mark, scaled(one.x, across.factor), *(scaled(v, axis.factor) for v in (one.middle, one.low, one.high))
        )
        for one in panel.series
    ]
    line = None if panel.line is None else panel.line * axis.factor
    below = labelled(panel.across, across.unit) if panel.shape == "lines" else ("", "")
    return DrawnPanel(panel.shape, series, line, labelled(panel.title, axis.unit), below)


def figure_of(panels: Sequence[Panel], title: Pair | None = None) -> str:
    """The figure of panels as SVG text, nothing without panels. title : of one that stands alone."""
    return answered([drawn(panel) for panel in panels], title) if panels else ""
