"""Figures of a discovery: how often mixes meet the targets and what they lose, where they fail, what to measure."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from experiments.discovery.boxes import Box
from experiments.discovery.gaps import Gap
from experiments.discovery.robustness import Robust, Table, regrets
from experiments.figures.fan import SETTINGS
from experiments.figures.titled import bare, letters, named, svg_of
from experiments.pairs import QUANTILES
from experiments.tables import short

BLUE, GREY, ORANGE, LINE = "#0072b2", "#b4b4b4", "#c98500", "#888888"
ROOM, EACH = 0.9, 0.26  # inches: of a figure without rows, and of a row
MOST_SHOWN = 12
ROBUST = ("Share of runs that meet all targets, and regret", "全部目标实现的运行占比与后悔值")
FAILS = ("Where a mix fails: limits inside the range of each number", "组合失效的条件：各参数取值范围内的区间")
GAPS = ("How much narrower the band would be, were a number known", "若该数已知，区间可收窄的幅度")


def robust_figure(table: Table, rows: Sequence[Robust]) -> str:
    """Satisficing with its interval on the left, regret with its 5-95 % on the right, one line a mix."""
    regret = regrets(table)
    whole = regret[:, ~np.isnan(regret).any(axis=0)]
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(6.2, ROOM + EACH * len(rows)), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        for place, (one, mine) in enumerate(zip(reversed(rows), reversed(whole), strict=True)):
            off = [[max(one.met - one.met_p05, 0.0)], [max(one.met_p95 - one.met, 0.0)]]
            left.barh(place, one.met, 0.5, color=BLUE)
            left.errorbar([one.met], [place], xerr=off, color="#222222", linewidth=0.8)
            if mine.size:
                low, high = (100.0 * float(q) for q in np.quantile(mine, QUANTILES))
                right.plot([low, high], [place, place], color=GREY, linewidth=3.0, solid_capstyle="butt")
                right.plot([100.0 * float(mine.mean())], [place], "o", color=ORANGE, markersize=4)
        left.set_yticks(range(len(rows)), [one.mix for one in reversed(rows)])
        left.set_xlim(0.0, 1.0)
        named(left, ("share of runs that meet all targets", "全部目标实现的运行占比"))
        named(right, ("regret, % of the target (mean, 5-95 %)", "后悔值，占目标的%（均值，5–95%）"))
        for axes in (left, right):
            bare(axes)
        return svg_of(figure, *ROBUST)


def box_figure(box: Box, names: Sequence[str], spans: Sequence[tuple[float, float]]) -> str:
    """One box: for each number that it restricts, the limits on a line from the bottom to the top of its range."""
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(6.2, ROOM + EACH * len(box.limits)), layout="constrained")
        axes = figure.add_subplot()
        for place, one in enumerate(reversed(box.limits)):
            low, high = spans[one.place]
            width = (high - low) or 1.0
            axes.plot([0.0, 1.0], [place, place], color="#dddddd", linewidth=5.0, solid_capstyle="butt")
            ends = [(one.low - low) / width, (one.high - low) / width]
            axes.plot(ends, [place, place], color=ORANGE, linewidth=5.0, solid_capstyle="butt")
            for end, value, side in ((ends[0], one.low, "left"), (ends[1], one.high, "right")):
                axes.annotate(short(value), (end, place), xytext=(0, 6), textcoords="offset points", ha=side,
                              fontsize=6.0)  # fmt: skip
        axes.set_yticks(range(len(box.limits)), [names[one.place] for one in reversed(box.limits)])
        axes.set_xticks([0.0, 1.0], ["最低 · lowest", "最高 · highest"], fontproperties=letters(7.0))
        axes.set_ylim(-0.6, len(box.limits) - 0.2)
        inside, of_all = f"{box.density:.0%}", f"{box.coverage:.0%}"
        told = f"{box.mix}: {inside} of the runs inside fail; {of_all} of all failures"
        named(axes, (told, f"{box.mix}：区间内{inside}的运行失效；占全部失效的{of_all}"))
        bare(axes)
        return svg_of(figure, *FAILS)


def gap_figure(found: Sequence[Gap], outcome: str) -> str:
    """The numbers that narrow one outcome most; dark what is more than chance."""
    rows = [one for one in found if one.outcome == outcome and one.first > 0.0][:MOST_SHOWN]
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(6.2, ROOM + EACH * max(len(rows), 1)), layout="constrained")
        axes = figure.add_subplot()
        for place, one in enumerate(reversed(rows)):
            axes.barh(place, 100.0 * one.narrowing, 0.55, color=BLUE if one.is_sure else GREY)
        axes.set_yticks(range(len(rows)), [one.unknown.key for one in reversed(rows)])
        named(axes, ("% narrower in the mean (grey: no more than chance)", "平均收窄%（灰色：不超出随机差异）"))
        axes.set_xlim(left=0.0)
        axes.axvline(0.0, color=LINE, linewidth=0.6)
        bare(axes)
        return svg_of(figure, f"{GAPS[0]}: {outcome}", f"{GAPS[1]}：{outcome}")
