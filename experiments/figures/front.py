"""Cost against chance: all mixes that were tried, the front with its intervals, what is wanted, and the winner."""

from __future__ import annotations

import math
from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.fan import SETTINGS
from experiments.figures.titled import bare, letters, named, svg_of
from experiments.optimisation.attainment import Reached, interval
from experiments.optimisation.choice import Choice
from experiments.optimisation.search import Tried, Wanted, is_hopeless
from experiments.optimisation.texts import MILLION_IN_100M

BLUE, GREY, ORANGE, LINE = "#0072b2", "#b4b4b4", "#c98500", "#555555"
TRIED, FRONT = "所试组合 · mixes tried", "前沿 · front"
WINNER, BEST = "最优组合（新种子） · winner, fresh seeds", "预算内最好 · best inside the budget"
COST = (
    "public cost beyond the scenario, 100m yuan a year (dotted: budget)",
    "较原情景年均新增财政投入，亿元/年（点线：预算）",
)
CHANCE = ("chance of all targets (dashed: wanted)", "全部目标实现概率（虚线：要求）")
TITLES = {
    False: ("Chance of all targets against public cost beyond the scenario", "全部目标实现概率与年均新增财政投入"),
    True: ("How near the targets mixes come, against public cost", "各组合距目标的差距与年均新增财政投入"),
}


def front_figure(tried: Sequence[Tried], choice: Choice, wanted: Wanted) -> str:
    """The figure as SVG text; equal results give equal bytes. Where no run met the targets, how near mixes come."""
    near = is_hopeless(tried)
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(5.4, 3.3), layout="constrained")
        axes = figure.add_subplot()

        def height(one: Reached) -> float:
            return 100.0 * one.margin_at(wanted.probability) if near else one.probability

        there = [one.reached for one in tried if math.isfinite(one.reached.mean_cost)]
        axes.scatter([_cost(one) for one in there], [height(one) for one in there], s=9, c=GREY, linewidth=0,
                     label=TRIED)  # fmt: skip
        axes.axhline(0.0 if near else wanted.probability, color=LINE, linewidth=0.7, linestyle="--")
        axes.axvline(wanted.budget / MILLION_IN_100M, color=LINE, linewidth=0.7, linestyle=":")
        rows = [one.reached for one in choice.front if math.isfinite(one.reached.mean_cost)]
        axes.step([_cost(one) for one in rows], [height(one) for one in rows], where="post", color=BLUE, linewidth=1.0)
        for one in rows:
            _point(axes, one, height(one), not near, (BLUE, FRONT if one is rows[0] else "", "o"))
        if choice.winner is not None:
            _point(axes, choice.winner.fresh, height(choice.winner.fresh), True, (ORANGE, WINNER, "D"))
        elif choice.best is not None:
            mark = (ORANGE, BEST, "D")
            _point(axes, choice.best.reached, height(choice.best.reached), not near, mark)
        share = f"{wanted.probability:.0%}"
        off_target = (f"reached by {share} of runs, % off the target", f"{share}的运行达到的水平，与目标之差（%）")
        named(axes, COST, off_target if near else CHANCE)
        if not near:
            axes.set_ylim(-0.03, 1.03)
        axes.legend(loc="best", prop=letters(6.5), frameon=False)
        bare(axes)
        return svg_of(figure, *TITLES[near])


def _cost(reached: Reached) -> float:
    return reached.mean_cost / MILLION_IN_100M


def _point(axes: Axes, one: Reached, height: float, with_interval: bool, mark: tuple[str, str, str]) -> None:
    """A mix, with the interval of its chance. mark : colour, label and marker."""
    (colour, label, marker), off = mark, None
    if with_interval:
        low, high = interval(one.met, len(one.cost))
        off = [[max(height - low, 0.0)], [max(high - height, 0.0)]]
    axes.errorbar([_cost(one)], [height], yerr=off, fmt=marker, color=colour, markersize=3.6, linewidth=0.8,
                  label=label or None)  # fmt: skip
