"""An SVG with its title in both languages above it, for figures that stand alone and not in the report.

The titles are drawn as outlines of the shipped font, so that they look the same where no Chinese font is installed; the
SVG bears them as text too, for readers that speak.
"""

from __future__ import annotations

import io
import re
from html import escape

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextPath

from experiments.fonts import FONT
from experiments.words import Pair

INK = "#222222"
LETTERS = {Outline.MOVETO: "M", Outline.LINETO: "L", Outline.CURVE3: "Q", Outline.CURVE4: "C", Outline.CLOSEPOLY: "Z"}
LABEL_POINTS = 7.0
TITLE_ROOM = 34.0  # points above a figure for its two titles


def svg_of(figure: Figure, title_en: str, title_zh: str) -> str:
    """A figure as SVG text with two lines of title above it; equal figures give equal bytes."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    size = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', text)
    assert size is not None
    width, height = float(size[1]), float(size[2])
    inner = text[text.index(">") + 1 : text.rindex("</svg>")]
    lines = "".join(
        outlined(title, 6.0, y, points) for title, y, points in ((title_zh, 13.0, 11.0), (title_en, 27.0, 9.0))
    )
    spoken = f"<title>{escape(f'{title_zh} · {title_en}')}</title>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1"'
        f' width="{width:g}pt" height="{height + TITLE_ROOM:g}pt" viewBox="0 0 {width:g} {height + TITLE_ROOM:g}">'
        f'{spoken}{lines}<g transform="translate(0 {TITLE_ROOM:g})">{inner}</g></svg>\n'
    )


def outlined(text: str, x: float, y: float, points: float, fill: str = INK, before: float = 0.0) -> str:
    """A line of text as one SVG path of the shipped font's outlines, its base line at (x, y).

    before : the part of its width that lies before x: 0 begins there, 0.5 has it in the middle, 1 ends there.
    """
    plain = text.replace("$", r"\$")  # no formula, whatever a user wrote
    outline = TextPath((0.0, 0.0), plain, size=points, prop=FontProperties(fname=str(FONT)))
    x -= before * float(outline.get_extents().x1) if before else 0.0
    parts = []
    for vertices, code in outline.iter_segments(curves=True, simplify=False):
        numbers = "" if code == Outline.CLOSEPOLY else " ".join(f"{number:.2f}" for number in vertices)
        parts.append(f"{LETTERS[code]}{numbers}")
    return f'<path transform="translate({x:g} {y:g}) scale(1 -1)" d="{"".join(parts)}" fill="{fill}"/>'


def letters(points: float) -> FontProperties:
    """The shipped font, for labels in which Chinese stands; drawn as outlines."""
    return FontProperties(fname=str(FONT), size=points)


def named(axes: Axes, along: Pair | None, up: Pair | None = None) -> None:
    """Name the axes in both languages, Chinese first."""
    font = letters(LABEL_POINTS)
    if along is not None:
        axes.set_xlabel(f"{along[1]}\n{along[0]}", fontproperties=font)
    if up is not None:
        axes.set_ylabel(f"{up[1]}\n{up[0]}", fontproperties=font)


def bare(axes: Axes) -> None:
    """The look of all axes: two spines, light ticks."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color("#888888")
    axes.tick_params(length=2.5, width=0.6, color="#888888", labelcolor="#333333")
    axes.set_axisbelow(True)
