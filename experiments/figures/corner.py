"""A corner picture of a fit: each parameter's draws over its prior range, and below the diagonal each pair of them."""

from __future__ import annotations

import io
from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.fan import COLOURS, SETTINGS
from experiments.outcomes import Array

BINS = 20
INCHES = 1.05  # of a panel
DPI = 110
SHADE, PRIOR = COLOURS["plan_a_2014"], COLOURS["no_policy"]


def corner(names: Sequence[str], draws: Array, ranges: Sequence[tuple[float, float]], centre: Sequence[float]) -> bytes:
    """The picture as PNG, fixed bytes for fixed numbers.

    draws : shape (n, n_names), equally weighted; ranges : of the priors, which are drawn as flat lines (a prior that is
    uniform in the logarithm should be given as logarithms); centre : marked in red.
    """
    n = len(names)
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(INCHES * n + 0.8, INCHES * n + 0.8))
        grid = figure.subplots(n, n, squeeze=False)
        for i in range(n):
            for j in range(n):
                axes = grid[i][j]
                if j > i:
                    axes.axis("off")
                    continue
                _panel(axes, draws, ranges, centre, i, j)
                _labels(axes, names, i, j, n)
        figure.subplots_adjust(left=0.09, right=0.99, top=0.98, bottom=0.09, wspace=0.12, hspace=0.12)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    return buffer.getvalue()


def _panel(
    axes: Axes, draws: Array, ranges: Sequence[tuple[float, float]], centre: Sequence[float], i: int, j: int
) -> None:  # fmt: skip
    """One parameter's histogram over its prior, or the density of two."""
    axes.set_xlim(*ranges[j])
    if i == j:
        axes.hist(draws[:, i], bins=BINS, range=ranges[i], density=True, color=SHADE, alpha=0.75)
        axes.axhline(1.0 / (ranges[i][1] - ranges[i][0]), color=PRIOR, linewidth=1.0)
        axes.axvline(centre[i], color="#b03a2e", linewidth=1.0)
        axes.set_yticks([])
        return
    density, *_ = np.histogram2d(draws[:, j], draws[:, i], bins=BINS, range=[ranges[j], ranges[i]])
    axes.imshow(density.T, origin="lower", aspect="auto", cmap="Blues", extent=(*ranges[j], *ranges[i]))
    axes.plot(centre[j], centre[i], "o", markersize=2.5, color="#b03a2e")
    axes.set_ylim(*ranges[i])


def _labels(axes: Axes, names: Sequence[str], i: int, j: int, n: int) -> None:
    """Names on the outer edges only, the last part of an address below its first."""
    axes.tick_params(labelsize=5, length=2)
    if i == n - 1:
        axes.set_xlabel(names[j].replace(".", "\n"), fontsize=5.5)
    else:
        axes.set_xticklabels([])
    if j == 0 and i > 0:
        axes.set_ylabel(names[i].replace(".", "\n"), fontsize=5.5)
    elif i != j:
        axes.set_yticklabels([])
