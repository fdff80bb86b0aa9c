"""The figure of an answer: one to three panels of dots with bands, or of lines with bands, told apart by letters.

Letters stand for variants, which the page explains. Each axis has its quantity and unit in both languages.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Protocol

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.figures.fan import FURTHER, SETTINGS
from experiments.figures.labelled import LINE as LINE_OF_TEXT
from experiments.figures.labelled import Label, height_of, lines_of, svg_of_label
from experiments.figures.titled import TITLE_ROOM, bare, svg_of
from experiments.words import Pair

SHADES = ("#1f5673", "#c98500", "#00875f", "#b5568f", "#d0541a", "#3fa0d8", *FURTHER)
WIDTH, ALONE, HEIGHT, ROW = 3.9, 5.4, 2.6, 0.24  # inches: of a panel, of a single one, and of a row of dots
BAND_SHADE = 0.16
LETTER = 0.075  # of the height, between two letters
MOST_BANDS = 3  # more would hide each other
LINE = "#a8432f"
INCH = 72.0  # points
TICKS, EDGE = 30.0, 4.0  # points: of the numbers beside an axis, and between panels


class Shown(Protocol):
    """A series of a panel, in the units of its axes (questions.finding.Series)."""

    @property
    def mark(self) -> str: ...  # noqa: D102
    @property
    def x(self) -> Sequence[float]: ...  # noqa: D102
    @property
    def middle(self) -> Sequence[float]: ...  # noqa: D102
    @property
    def low(self) -> Sequence[float]: ...  # noqa: D102
    @property
    def high(self) -> Sequence[float]: ...  # noqa: D102


class Drawn(Protocol):
    """A panel (questions.drawing.DrawnPanel)."""

    @property
    def shape(self) -> str: ...  # noqa: D102
    @property
    def series(self) -> Sequence[Shown]: ...  # noqa: D102
    @property
    def line(self) -> float | None: ...  # noqa: D102
    @property
    def quantity(self) -> Pair: ...  # noqa: D102
    @property
    def across(self) -> Pair: ...  # noqa: D102


def shade_of(mark: str) -> str:
    """The colour of a letter, the same in all panels."""
    return SHADES[(ord(mark[0]) - ord("A")) % len(SHADES)]


def _number(value: float, _: int) -> str:
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:g}"


def _dots(axes: Axes, panel: Drawn) -> None:
    """One row a series, the first on top."""
    marks = [one.mark for one in panel.series]
    for row, one in enumerate(panel.series):
        y, shade = len(marks) - 1 - row, shade_of(one.mark)
        axes.plot([one.low[0], one.high[0]], [y, y], color=shade, linewidth=2.0, solid_capstyle="butt")
        axes.plot(one.middle[0], y, "o", color=shade, markersize=4.5)
    axes.set_yticks(range(len(marks)), list(reversed(marks)))
    axes.set_ylim(-0.6, len(marks) - 0.4)
    axes.grid(axis="x", color="#e6e6e6", linewidth=0.6)
    if panel.line is not None:
        axes.axvline(panel.line, color=LINE, linewidth=0.9, linestyle=(0, (4, 2)))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.xaxis.set_major_formatter(FuncFormatter(_number))


def _lines(axes: Axes, panel: Drawn) -> None:
    """Lines with their bands, the letter at the end of each."""
    for one in panel.series:
        shade, finite = shade_of(one.mark), np.isfinite(np.asarray(one.middle, float))
        x, middle, low, high = (np.asarray(v, float)[finite] for v in (one.x, one.middle, one.low, one.high))
        if not len(x):
            continue
        if len(panel.series) <= MOST_BANDS:
            axes.fill_between(x, low, high, color=shade, alpha=BAND_SHADE, linewidth=0)
        axes.plot(x, middle, color=shade, linewidth=1.5, marker="o" if len(x) <= 12 else "", markersize=2.6)
    _letters(axes, panel)
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.6)
    if panel.line is not None:
        axes.axhline(panel.line, color=LINE, linewidth=0.9, linestyle=(0, (4, 2)))
    axes.margins(x=0.06)
    axes.xaxis.set_major_locator(
        MaxNLocator(nbins=6, integer=all(float(v).is_integer() for s in panel.series for v in s.x))
    )
    is_years = any(v > 1900 for s in panel.series for v in s.x)
    axes.xaxis.set_major_formatter(FuncFormatter((lambda v, _: f"{v:.0f}") if is_years else _number))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.yaxis.set_major_formatter(FuncFormatter(_number))


def _letters(axes: Axes, panel: Drawn) -> None:
    """The letter of each line at its end, moved apart where ends lie close."""
    low, high = axes.get_ylim()
    ends = [(float(one.middle[-1]), one) for one in panel.series if len(one.middle) and np.isfinite(one.middle[-1])]
    before = -np.inf
    for value, one in sorted(ends, key=lambda pair: pair[0]):
        at = max((value - low) / (high - low), before + LETTER)
        before = at
        axes.annotate(one.mark, (one.x[-1], low + at * (high - low)), xytext=(5, -2), textcoords="offset points",
                      color=shade_of(one.mark), weight="bold", annotation_clip=False)  # fmt: skip


Lines = tuple[Sequence[str], Sequence[str]]


def answered(panels: Sequence[Drawn], title: Pair | None = None) -> str:
    """The figure as SVG text; equal inputs give equal bytes. title : of a figure that stands alone."""
    rows = max((len(panel.series) for panel in panels if panel.shape == "dots"), default=0)
    width = ALONE if len(panels) < 2 else WIDTH * len(panels)
    room = width * INCH / len(panels) - EDGE
    above, below = _labels(panels, room)
    top, bottom = (height_of(one, title is not None) for one in (above, below))
    with mpl.rc_context(SETTINGS):
        height = max(HEIGHT if any(p.shape == "lines" for p in panels) else 1.0, 0.7 + ROW * rows)
        whole = height + (top + bottom + 2 * EDGE) / INCH
        inner = (0.0, (bottom + EDGE) / INCH / whole, 1.0, height / whole)
        figure = Figure(figsize=(width, whole), layout=ConstrainedLayoutEngine(rect=inner))
        for i, panel in enumerate(panels):
            axes = figure.add_subplot(1, len(panels), i + 1)
            (_dots if panel.shape == "dots" else _lines)(axes, panel)
            bare(axes)
        text = _svg(figure, title)
        labels = _placed(figure, above, below, bottom)
    moved = "".join(svg_of_label(one, title is not None) for one in labels)
    if title is not None:
        moved = f'<g transform="translate(0 {TITLE_ROOM:g})">{moved}</g>'
    end = text.rindex("</svg>")
    return f"{text[:end]}{moved}{text[end:]}"


def _labels(panels: Sequence[Drawn], room: float) -> tuple[list[Lines], list[Lines]]:
    """The wrapped labels above and below each panel; what rows of dots tell stands below, along their axis."""
    above, below = list[Lines](), list[Lines]()
    for i, panel in enumerate(panels, 1):
        number = f"({i}) " if len(panels) > 1 else ""
        quantity = number + panel.quantity[0], number + panel.quantity[1]
        is_dots = panel.shape == "dots"
        above.append(lines_of(("", "") if is_dots else quantity, room))
        below.append(lines_of(quantity if is_dots else panel.across, room - TICKS))
    return above, below


def _placed(figure: Figure, above: Sequence[Lines], below: Sequence[Lines], bottom: float) -> list[Label]:
    """The labels at the places of their axes in the drawn figure."""
    width, height = (float(inches) * INCH for inches in figure.get_size_inches())
    found = []
    for i, axes in enumerate(figure.axes):
        box = axes.get_position()
        found.append(Label(above[i], i * width / len(figure.axes) + EDGE, height * (1.0 - box.y1) - EDGE, True))
        found.append(Label(below[i], box.x0 * width, height - bottom - EDGE + LINE_OF_TEXT, False))
    return found


def _svg(figure: Figure, title: Pair | None) -> str:
    if title is not None:
        return svg_of(figure, *title)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]
