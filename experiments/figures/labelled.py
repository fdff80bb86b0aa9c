"""Labels of axes in Chinese and English, put into a drawn SVG as outlines of the shipped font.

Both languages stand in one place and a page shows the one that is read; where both are shown (`#both`, or a figure
that stands alone) the English lines keep their place and the Chinese ones move above them, or the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from experiments.figures.titled import outlined
from experiments.words import Pair

POINTS, LINE = 7.8, 10.0  # size of the letters and distance of lines, in points
INK = "#333333"
WIDE, NARROW, SPACE = 1.0, 0.57, 0.24  # of the size of the letters: a Chinese character, a Latin one, a space
CHINESE = re.compile(r"[\u2e80-\uffef]")
PIECES = re.compile(r"[^\u2e80-\uffef ]+[，。；：）、”]?|[“（]?[\u2e80-\uffef][，。；：）、”]*| ")


@dataclass(frozen=True)
class Label:
    """A label of an axis, wrapped, English and Chinese.

    x, y : points from the top left, of the line next to the axis. is_above : lines go up from there, else down.
    """

    lines: tuple[Sequence[str], Sequence[str]]
    x: float
    y: float
    is_above: bool


def width_of(text: str) -> float:
    """About how wide a text is, in points: a little too wide rather than too narrow."""
    sizes = (WIDE if CHINESE.match(one) else SPACE if one == " " else NARROW for one in text)
    return POINTS * sum(sizes)


def wrapped(text: str, room: float) -> list[str]:
    """A text in lines of at most so many points; words and numbers stay whole."""
    lines, line = list[str](), ""
    for piece in PIECES.findall(text):
        if line and width_of(line + piece) > room:
            lines.append(line.strip())
            line = ""
        line += piece
    return [*lines, line.strip()] if line.strip() else lines


def lines_of(text: Pair, room: float) -> tuple[Sequence[str], Sequence[str]]:
    """A label in both languages, wrapped."""
    return wrapped(text[0], room), wrapped(text[1], room)


def height_of(labels: Sequence[tuple[Sequence[str], Sequence[str]]], is_stacked: bool) -> float:
    """Points that the highest of labels needs: one language above the other, or the longer of both."""
    lines = [len(one[0]) + len(one[1]) if is_stacked else max(map(len, one)) for one in labels]
    return LINE * max(lines, default=0)


def svg_of_label(label: Label, is_stacked: bool) -> str:
    """Groups of outlines, one a language, for a page to show one of them; stacked, both in their own place."""
    moved = 1 if label.is_above else 0  # the language that makes room: Chinese goes up, English goes down
    away = LINE * len(label.lines[1 - moved]) * (-1.0 if label.is_above else 1.0)
    found = []
    for language, name in ((1, "zh"), (0, "en")):
        lines = label.lines[language]
        if not lines:
            continue
        shift = away if language == moved else 0.0
        how = f'transform="translate(0 {shift:g})"' if is_stacked else f'style="--away:{shift:g}px"'
        found.append(f'<g class="axis" lang="{name}" {how}><title>{escape(" ".join(lines))}</title>'
                     f"{''.join(_paths(label, lines))}</g>")  # fmt: skip
    return "".join(found)


def _paths(label: Label, lines: Sequence[str]) -> list[str]:
    first = label.y - LINE * (len(lines) - 1) if label.is_above else label.y
    return [outlined(line, label.x, first + LINE * row, POINTS, INK) for row, line in enumerate(lines)]
