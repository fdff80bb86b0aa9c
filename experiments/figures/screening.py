"""Figures of sensitivity: mu* against sigma, and Sobol's shares as bars with their intervals, one pair an outcome.

Inputs bear their addresses here; their titles in both languages stand in the table beside the figures.
"""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.figure import Figure

from experiments.figures.fan import SETTINGS
from experiments.figures.titled import bare, svg_of
from experiments.sensitivity.findings import Finding

BLUE, GREY, ORANGE = "#0072b2", "#9a9a9a", "#c98500"
LABELLED = 8


def morris_figure(found: Sequence[Finding], titles: tuple[str, str], unit: str) -> str:
    """mu* against sigma of one outcome; inputs beyond the noise of a seed are dark, the largest bear their address."""
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(4.6, 3.2), layout="constrained")
        axes = figure.add_subplot()
        floor = found[0].noise
        axes.axvspan(0.0, floor, color="#eeeeee", linewidth=0)
        shades = [BLUE if one.mu_star > floor else GREY for one in found]
        axes.scatter([one.mu_star for one in found], [one.sigma for one in found], s=9, c=shades, linewidth=0)
        largest = max(one.mu_star for one in found)
        for one in found[:LABELLED]:
            is_right = one.mu_star > 0.6 * largest
            axes.annotate(one.varied.address, (one.mu_star, one.sigma), fontsize=5.5, color="#333333",
                          xytext=(-3, 3) if is_right else (3, 3), textcoords="offset points",
                          ha="right" if is_right else "left")  # fmt: skip
        axes.set_xlabel(f"mu*, {unit} for the whole range (grey: two seeds differ as much)")
        axes.set_ylabel("sigma")
        axes.set_xlim(left=0.0)
        axes.set_ylim(bottom=0.0)
        bare(axes)
        return svg_of(figure, *titles)


def sobol_figure(found: Sequence[Finding], titles: tuple[str, str]) -> str:
    """First and total shares of one outcome with 95 % intervals, the largest total on top."""
    rows = sorted(((one.varied.address, one.shares) for one in found if one.shares), key=lambda row: row[1][2])
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(4.6, 0.6 + 0.22 * len(rows)), layout="constrained")
        axes = figure.add_subplot()
        for place, (_, (first, first_ci, total, total_ci)) in enumerate(rows):
            axes.barh(place + 0.19, total, 0.36, xerr=total_ci, color=BLUE, error_kw={"linewidth": 0.7})
            axes.barh(place - 0.19, first, 0.36, xerr=first_ci, color=ORANGE, error_kw={"linewidth": 0.7})
        axes.set_yticks(range(len(rows)), [address for address, _ in rows])
        axes.set_xlabel("share of variance with 95 % interval; blue: total, orange: alone")
        axes.grid(axis="x", color="#e6e6e6", linewidth=0.6)
        axes.axvline(0.0, color="#888888", linewidth=0.6)
        bare(axes)
        return svg_of(figure, *titles)
