"""Figures of identification: rank histograms of recovered parameters, and profiles of the distance to the real data."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.fan import SETTINGS
from experiments.figures.titled import bare, svg_of
from experiments.identification.coverage import BINS, Coverage
from experiments.outcomes import Array

BLUE, GREY = "#0072b2", "#9a9a9a"
COLUMNS = 4
BAND = 1.96  # standard deviations of a binomial count


def panels(names: Sequence[str], draw: Callable[[Axes, int], None], titles: tuple[str, str]) -> str:
    """One small chart a parameter, drawn by `draw`, with its address above."""
    rows = -(-len(names) // COLUMNS)
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(1.75 * COLUMNS, 0.2 + 1.25 * rows), layout="constrained")
        grid = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
        for i, axes in enumerate(grid):
            if i < len(names):
                draw(axes, i)
                axes.set_title(names[i], fontsize=5.5, loc="left")
                bare(axes)
            else:
                axes.set_axis_off()
        return svg_of(figure, *titles)


def rank_figure(names: Sequence[str], found: Sequence[Coverage]) -> str:
    """Sets by rank of the truth; where the posterior is right the bars stay inside the grey band."""

    def draw(axes: Axes, i: int) -> None:
        counts = found[i].histogram
        n = sum(counts)
        half = BAND * np.sqrt(n / BINS * (1.0 - 1.0 / BINS))
        axes.axhspan(max(n / BINS - half, 0.0), n / BINS + half, color="#eeeeee", linewidth=0)
        axes.bar(
            (np.arange(BINS) + 0.5) / BINS, counts, 0.9 / BINS, color=BLUE if found[i].p_value > 0.01 else "#c98500"
        )
        axes.set_xlim(0.0, 1.0)

    titles = ("Rank of the true value among posterior draws, synthetic data", "合成数据中真值在后验抽样中的秩")
    return panels(names, draw, titles)


def profile_figure(
    names: Sequence[str], values: Sequence[Array], logs: Sequence[bool], profiles: Sequence[Array], plain: float
) -> str:
    """Least distance to the observed data along each parameter.

    values, profiles : (n_bins,) each; logs : which axes are logarithmic; plain : distance of the median draw, dashed.
    """
    top = max(plain, *(float(np.nanmax(one)) for one in profiles))
    bottom = min(float(np.nanmin(one)) for one in profiles)

    def draw(axes: Axes, i: int) -> None:
        axes.plot(values[i], profiles[i], color=BLUE, linewidth=1.2)
        axes.axhline(plain, color=GREY, linewidth=0.6, linestyle="--")
        axes.set_ylim(bottom - 0.05 * (top - bottom), top + 0.05 * (top - bottom))
        if logs[i]:
            axes.set_xscale("log")
            axes.set_xticks([values[i][0], values[i][-1]])
            axes.xaxis.set_major_formatter("{x:.2g}")
            axes.minorticks_off()

    titles = ("Least distance to the observed data along each parameter", "沿各参数与观测数据的最小距离")
    return panels(names, draw, titles)
