"""A chart of one series that is judged: bands of worlds, what was observed with its error, and naive paths.

As in the fan charts, the SVG holds Latin digits only, drawn as paths; titles stand in the page in both languages.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.fan import SETTINGS, dress

SHADES = {"fit": "#2f3e4e", "conditional": "#0072b2", "unconditional": "#d0541a", "plan": "#00875f"}
ERRORS = 1.645  # standard errors from the middle to the end of a 90 % band


@dataclass(frozen=True)
class Fan:
    """A world's 5, 50 and 95 % by year, arrays (n_years,); `shade` is one of SHADES."""

    shade: str
    years: Sequence[int]
    low: npt.NDArray[np.float64]
    middle: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]


def _fan(axes: Axes, fan: Fan) -> None:
    shade = SHADES[fan.shade]
    axes.fill_between(fan.years, fan.low, fan.high, color=shade, alpha=0.2, linewidth=0)
    axes.plot(fan.years, fan.middle, color=shade, linewidth=1.5, zorder=4)


def _observed(axes: Axes, values: Mapping[int, float], errors: Mapping[int, float]) -> None:
    """Open circles with the 90 % band of the error of observation."""
    years = sorted(values)
    middle = np.array([values[year] for year in years])
    factor = np.exp(ERRORS * np.array([errors[year] for year in years]))
    reach = np.array([middle - middle / factor, middle * factor - middle])
    axes.errorbar(years, middle, yerr=reach, fmt="o", markersize=3.6, markerfacecolor="white", markeredgecolor="black",
                  markeredgewidth=0.8, ecolor="black", elinewidth=0.6, capsize=0, zorder=5)  # fmt: skip


def judged_chart(
    fans: Sequence[Fan], observed: tuple[Mapping[int, float], Mapping[int, float]],
    origin: int | None = None, plan: Mapping[int, float] | None = None,
) -> str:  # fmt: skip
    """The chart as SVG text; equal inputs give equal bytes.

    observed : values and log standard errors by year; origin : the last year that was known; plan : its path.
    """
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(3.9, 2.35), layout="constrained")
        axes = figure.add_subplot()
        for fan in fans:
            _fan(axes, fan)
        _observed(axes, *observed)
        if origin is not None:
            axes.axvline(origin + 0.5, color="#888888", linewidth=0.7, linestyle=(0, (2, 2)))
        if plan:
            axes.plot(list(plan), list(plan.values()), color=SHADES["plan"], linewidth=1.0, linestyle=(0, (4, 2)))
        years = sorted({*observed[0], *(year for fan in fans for year in fan.years)})
        dress(axes, years, has_zero=True)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]
