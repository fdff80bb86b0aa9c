"""Cost against chance: all mixes that were tried, the front with its intervals, what is wanted, and the winner."""

from __future__ import annotations

import math
from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.fan import SETTINGS
from experiments.figures.titled import bare, svg_of
from experiments.optimisation.attainment import Reached, interval
from experiments.optimisation.choice import Choice
from experiments.optimisation.search import Tried, Wanted
from experiments.optimisation.texts import MILLION_IN_100M

BLUE, GREY, ORANGE, LINE = "#0072b2", "#b4b4b4", "#c98500", "#555555"
TITLES = ("Chance of all targets against public cost beyond the scenario", "全部目标实现概率与年均新增财政投入")


def front_figure(tried: Sequence[Tried], choice: Choice, wanted: Wanted) -> str:
    """The figure as SVG text; equal results give equal bytes."""
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(5.4, 3.3), layout="constrained")
        axes = figure.add_subplot()
        there = [one.reached for one in tried if math.isfinite(one.reached.mean_cost)]
        axes.scatter([_cost(one) for one in there], [one.probability for one in there], s=9, c=GREY, linewidth=0,
                     label="mixes tried")  # fmt: skip
        axes.axhline(wanted.probability, color=LINE, linewidth=0.7, linestyle="--")
        axes.axvline(wanted.budget / MILLION_IN_100M, color=LINE, linewidth=0.7, linestyle=":")
        _front(axes, [one.reached for one in choice.front if math.isfinite(one.reached.mean_cost)])
        if choice.winner is not None:
            _point(axes, choice.winner.fresh, ORANGE, "winner on fresh seeds", "D")
        elif choice.best is not None:
            _point(axes, choice.best.reached, ORANGE, "best inside the budget", "D")
        axes.set_xlabel("public cost beyond the scenario, 100m yuan a year (dotted: budget)")
        axes.set_ylabel("chance (dashed: wanted)")
        axes.set_ylim(-0.03, 1.03)
        axes.legend(loc="best", fontsize=6.5, frameon=False)
        bare(axes)
        return svg_of(figure, *TITLES)


def _cost(reached: Reached) -> float:
    return reached.mean_cost / MILLION_IN_100M


def _front(axes: Axes, rows: Sequence[Reached]) -> None:
    """The front as steps with the interval of each chance."""
    costs, chances = [_cost(one) for one in rows], [one.probability for one in rows]
    axes.step(costs, chances, where="post", color=BLUE, linewidth=1.0)
    for one in rows:
        _point(axes, one, BLUE, "front" if one is rows[0] else "", "o")


def _point(axes: Axes, one: Reached, colour: str, label: str, marker: str) -> None:
    """A mix with the interval of its chance."""
    low, high = interval(one.met, len(one.cost))
    off = [[max(one.probability - low, 0.0)], [max(high - one.probability, 0.0)]]
    axes.errorbar([_cost(one)], [one.probability], yerr=off, fmt=marker, color=colour, markersize=3.6, linewidth=0.8,
                  label=label or None)  # fmt: skip
