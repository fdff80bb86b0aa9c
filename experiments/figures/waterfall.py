"""A waterfall: from the value without any group of levers to that with all, one step a group, with its band.

The steps are in order of size and begin where the last one ended, so they show parts of a sum and no order in time.
Names of groups stand in both languages beside the steps, as outlines of the shipped font.
"""

from __future__ import annotations

from html import escape

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.attribution.digits import decimals_of, fixed
from experiments.attribution.parts import Parts
from experiments.figures.fan import SETTINGS
from experiments.figures.titled import bare, outlined, svg_of
from experiments.words import Pair, head
from sim.catalogue.loader import catalogue
from sim.scenario import Scenario

UP, DOWN, END, INK, SOFT = "#00875f", "#d0541a", "#2f3e4e", "#222222", "#5b6673"
POINTS = 72.0
WIDTH, LEFT, RIGHT, TOP, BOTTOM, ROW = 6.9, 2.15, 1.75, 0.08, 0.45, 0.34  # inches
LONGEST = 34  # characters of a name in English; Chinese ones count double
WITHOUT: Pair = ("No group in force", "各类工具均不实施")
WITH: Pair = ("All groups in force", "各类工具全部实施")
HUNDRED = 100.0


def waterfall(parts: Parts, scenario: Scenario) -> str:
    """The figure as SVG text; equal inputs give equal bytes."""
    order = sorted(range(len(parts.groups)), key=lambda i: (-abs(float(parts.exact(i))), i))
    n_rows = len(order) + 2
    height = TOP + BOTTOM + ROW * n_rows
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, height))
        box = (LEFT / WIDTH, BOTTOM / height, (WIDTH - LEFT - RIGHT) / WIDTH, ROW * n_rows / height)
        axes = figure.add_axes(box)
        _steps(axes, parts, order)
        axes.set_ylim(n_rows - 0.5, -0.5)
        axes.set_yticks([])
        axes.grid(axis="x", color="#e6e6e6", linewidth=0.6)
        axes.margins(x=0.06)
        bare(axes)
        text = svg_of(figure, *_titles(parts, scenario))
    names = [WITHOUT, *(parts.groups[i].title for i in order), WITH]
    end = text.rindex("</g></svg>")
    told = [*(_name(row, pair) for row, pair in enumerate(names)), _axis(parts, height)]
    return text[:end] + "".join(told) + text[end:]


def _scale(parts: Parts) -> float:
    """Chances are drawn in percent."""
    return HUNDRED if parts.question.kind == "probability" else 1.0


def _axis(parts: Parts, height: float) -> str:
    """What the axis and the whiskers are, below the axis in both languages."""
    asked = parts.question
    row = catalogue().units["%" if asked.kind == "probability" else asked.unit]
    text = f"{row.title_zh}；横线为 5–95% 区间 · {row.title_en}; whiskers: 5–95 %"
    middle = (LEFT + (WIDTH - LEFT - RIGHT) / 2.0) * POINTS
    return outlined(text, middle, height * POINTS - 6.0, 7.0, SOFT, before=0.5)


def _steps(axes: Axes, parts: Parts, order: list[int]) -> None:
    """Ends as points, steps as bars with the band of the part at the step's end."""
    scale = _scale(parts)
    at = float(parts.values[:, 0].mean()) * scale
    last = len(order) + 1
    _end(axes, parts, 0, 0)
    for row, group in enumerate(order, start=1):
        mean, low, high = (value * scale for value in parts.band(parts.part(group)))
        shade = UP if mean >= 0.0 else DOWN
        axes.plot([at, at], [row - 1, row], color="#bbbbbb", linewidth=0.7, zorder=1)
        axes.barh(row, mean, height=0.52, left=at, color=shade, linewidth=0, zorder=2)
        axes.plot([at + low, at + high], [row, row], color=INK, linewidth=0.9, zorder=3)
        _told(axes, row, _told_of(parts, (mean, low, high), is_signed=True))
        at += mean
    axes.plot([at, at], [last - 1, last], color="#bbbbbb", linewidth=0.7, zorder=1)
    _end(axes, parts, last, -1)


def _end(axes: Axes, parts: Parts, row: int, place: int) -> None:
    """The value of the empty or the full coalition."""
    mean, low, high = (value * _scale(parts) for value in parts.band(parts.values[:, place]))
    axes.plot([mean], [row], "o", color=END, markersize=4.5, zorder=4, clip_on=False)
    _told(axes, row, _told_of(parts, (mean, low, high), is_signed=False), weight="bold")


def _told(axes: Axes, row: int, text: str, weight: str = "normal") -> None:
    axes.text(1.03, row, text, transform=axes.get_yaxis_transform(), va="center", fontsize=6.6, weight=weight,
              color=INK)  # fmt: skip


def _told_of(parts: Parts, band: tuple[float, float, float], is_signed: bool) -> str:
    """Mean and band, all numbers of a figure with the same decimals; chances are whole percent."""
    places = 0 if parts.question.kind == "probability" else decimals_of(parts)
    mean, low, high = fixed(band[0], places, is_signed), fixed(band[1], places), fixed(band[2], places)
    return f"{mean} ({low} to {high})"


def _titles(parts: Parts, scenario: Scenario) -> Pair:
    asked = parts.question
    kinds = {"level": ("", ""), "sum": (", sum to the year", "，累计"), "cost": (", sum to the year", "，累计"),
             "probability": (", chance of the target", "，目标实现概率")}  # fmt: skip
    kind = kinds[asked.kind]
    return (
        f"{head(scenario.title_en)}: {asked.title_en}{kind[0]}, {asked.year}",
        f"{head(scenario.title_zh)}：{asked.title_zh}{kind[1]}，{asked.year} 年",
    )


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _name(row: int, pair: Pair) -> str:
    """A group's name beside its row: Chinese, and English in smaller letters below."""
    right, middle = (LEFT - 0.1) * POINTS, (TOP + ROW * (row + 0.5)) * POINTS
    chinese = outlined(_cut(pair[1], LONGEST // 2), right, middle - 1.0, 8.2, INK, before=1.0)
    english = outlined(_cut(pair[0], LONGEST), right, middle + 8.0, 6.2, SOFT, before=1.0)
    return f'<g role="img" aria-label="{escape(f"{pair[1]} · {pair[0]}")}">{chinese}{english}</g>'
