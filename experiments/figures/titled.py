"""An SVG with its title in both languages above it, for figures that stand alone and not in the report.

As in every figure of the project what matplotlib draws is Latin only; the two lines of title are text of the SVG, which
whoever shows it sets in a font that has the characters.
"""

from __future__ import annotations

import io
import re
from html import escape

from matplotlib.axes import Axes
from matplotlib.figure import Figure

FONTS = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','DejaVu Sans',sans-serif"
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
        f'<text x="6" y="{y}" font-size="{points}" font-family="{FONTS}" fill="#222222">{escape(title)}</text>'
        for title, y, points in ((title_zh, 13, 11), (title_en, 27, 9))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1"'
        f' width="{width:g}pt" height="{height + TITLE_ROOM:g}pt" viewBox="0 0 {width:g} {height + TITLE_ROOM:g}">'
        f'{lines}<g transform="translate(0 {TITLE_ROOM:g})">{inner}</g></svg>\n'
    )


def bare(axes: Axes) -> None:
    """The look of all axes: two spines, light ticks."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color("#888888")
    axes.tick_params(length=2.5, width=0.6, color="#888888", labelcolor="#333333")
    axes.set_axisbelow(True)
