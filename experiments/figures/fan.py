"""A fan chart: an indicator's path in all scenarios with the reference's 5-95 % band, observations and targets.

The SVG holds Latin digits and letters only, drawn as paths; titles stand in the page in both languages.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.outcomes import Results
from experiments.scorecard import unit_factor
from sim.catalogue.loader import catalogue

COLOURS = {
    "history": "#2f3e4e",
    "no_policy": "#9a9a9a",
    "plan_a_2014": "#0072b2",
    "plan_b_2014": "#c98500",
    "plan_c_13fyp": "#00875f",
    "plan_d_2019": "#b5568f",
    "plan_e_changzhi": "#d0541a",
    "all_plans": "#3fa0d8",
}
FURTHER = ("#6a51a3", "#8c6d31", "#1b7f8c", "#a63a50")
SETTINGS: Any = {
    "svg.fonttype": "path",
    "svg.hashsalt": "innopolicy",
    "font.family": "DejaVu Sans",
    "font.size": 7.5,
    "axes.linewidth": 0.6,
    "axes.unicode_minus": False,
}
OBSERVED_TO = 2017


def colour(name: str, names: Sequence[str]) -> str:
    """The colour of a scenario, the same in every figure and in the page's legend."""
    unknown = [other for other in names if other not in COLOURS]
    return COLOURS.get(name) or FURTHER[unknown.index(name) % len(FURTHER)]


def _thousands(value: float, _: int) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"


def _paths(axes: Axes, indicator: str, results: Sequence[Results]) -> None:
    """The first scenario's band and everybody's median."""
    column = list(catalogue().indicators).index(indicator)
    names = [one.scenario.name for one in results]
    for number, one in reversed(list(enumerate(results))):
        values, shade = one.yearly[:, :, column], colour(one.scenario.name, names)
        if number == 0:
            low, high = np.quantile(values, (0.05, 0.95), axis=0)
            axes.fill_between(one.years, low, high, color=shade, alpha=0.16, linewidth=0)
        width, order = (1.7, 4) if number == 0 else (1.0, 3)
        axes.plot(one.years, np.median(values, axis=0), color=shade, linewidth=width, zorder=order)


def _observations(axes: Axes, indicator: str, years: Sequence[int]) -> None:
    """Observed values as open circles."""
    row = catalogue().indicators[indicator]
    if not row.observed:
        return
    seen = {y: v for y, v in catalogue().series(row.observed).items() if years[0] <= y <= OBSERVED_TO}
    axes.plot(list(seen), list(seen.values()), "o", markersize=3.6, markerfacecolor="white", markeredgecolor="black",
              markeredgewidth=0.8, linestyle="none", zorder=5)  # fmt: skip


def _targets(axes: Axes, indicator: str, names: Sequence[str]) -> None:
    """Targets as flags with the plan's letter."""
    unit = catalogue().indicators[indicator].unit
    seen: set[tuple[int, float]] = set()
    for row in catalogue().targets.values():
        if row.indicator != indicator or not row.basis.startswith(("level", "each_year_from_")) or not row.direction:
            continue
        if row.target is None or row.target_year is None or row.status != "simulated":
            continue
        point = (row.target_year, row.target / unit_factor(unit, row.unit))
        mark = f"plan_{row.plan.lower()}_"
        shade = next((colour(name, names) for name in names if name.startswith(mark)), "#444444")
        lift = 4 + 8 * sum(point == other for other in seen)
        seen.add(point)
        axes.plot(*point, marker="_", markersize=11, markeredgewidth=1.8, color=shade, zorder=6)
        axes.annotate(row.plan, point, xytext=(5, lift), textcoords="offset points", color=shade, weight="bold",
                      fontsize=7, zorder=6)  # fmt: skip


def dress(axes: Axes, years: Sequence[int], has_zero: bool) -> None:
    """Axes in the style of the figures, with room above for the plans' letters; from zero on where there is one."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color("#888888")
    axes.tick_params(length=2.5, width=0.6, color="#888888", labelcolor="#333333")
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.yaxis.set_major_formatter(FuncFormatter(_thousands))
    axes.set_xlim(years[0] - 0.3, max(years[-1], years[0] + 1) + 0.7)
    bottom, top = axes.get_ylim()
    floor = min(0.0, bottom) if has_zero else bottom
    axes.set_ylim(floor, top + 0.06 * (top - floor))


def fan_chart(indicator: str, results: Sequence[Results]) -> str:
    """The chart as SVG text; equal inputs give equal bytes."""
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(3.9, 2.35), layout="constrained")
        axes = figure.add_subplot()
        years = results[0].years
        _paths(axes, indicator, results)
        _observations(axes, indicator, years)
        _targets(axes, indicator, [one.scenario.name for one in results])
        # An index has no zero to start from.
        dress(axes, years, has_zero=catalogue().indicators[indicator].kind != "index")
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]
