"""A tile map of the eleven cities of Shanxi: one tile a city, roughly where it lies, with its name and number.

Names stand in both languages as text of the page, which shows one of them; colours are told apart by the colour-blind,
and every tile bears its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

PLACES: Mapping[str, tuple[int, int]] = {  # row from the north, column from the west
    "Shuozhou": (0, 1),
    "Datong": (0, 2),
    "Xinzhou": (1, 1),
    "Lvliang": (2, 0),
    "Taiyuan": (2, 1),
    "Yangquan": (2, 2),
    "Jinzhong": (3, 1),
    "Linfen": (4, 0),
    "Changzhi": (4, 1),
    "Yuncheng": (5, 0),
    "Jincheng": (5, 1),
}
WIDTH, HEIGHT, GAP = 78, 36, 4
ROWS = 1 + max(row for row, _ in PLACES.values())
COLUMNS = 1 + max(column for _, column in PLACES.values())
LEVELS = ("#f4f6f8", "#dfe8ee", "#c3d5e0", "#a3bfd0", "#84a9c0")  # from the least to the most of a level
GAINS, LOSSES = ("#e3eef7", "#b4d3ea", "#7db2d9"), ("#fbe8da", "#f4c49c", "#e59a5c")
STEPS = (3.0, 10.0)  # per cent from which a tint grows deeper
NO_TINT = "#ffffff"


@dataclass(frozen=True)
class Tile:
    """What a tile shows: the printed number, its fill, and whether it can be told from chance (else a broken edge)."""

    number: str
    fill: str
    is_sure: bool = True


def level_fill(value: float, most: float) -> str:
    """The fill of a level between none and the most of the cities."""
    return LEVELS[min(int(len(LEVELS) * value / most), len(LEVELS) - 1)] if most > 0.0 and value > 0.0 else LEVELS[0]


def change_fill(percent: float) -> str:
    """The fill of a difference in percent."""
    shades = GAINS if percent > 0.0 else LOSSES
    return shades[sum(abs(percent) >= step for step in STEPS)]


def tile_map(tiles: Mapping[str, Tile], names: Mapping[str, tuple[str, str]]) -> Markup:
    """The map as SVG text; names are English and Chinese. A city without a tile is drawn empty."""
    found = [_tile(city, tiles.get(city), names[city]) for city in PLACES]
    width, height = COLUMNS * (WIDTH + GAP) - GAP, ROWS * (HEIGHT + GAP) - GAP
    return Markup('<svg class="tiles" viewBox="-1 -1 {} {}">{}</svg>').format(
        width + 2, height + 2, Markup("").join(found)
    )


def _tile(city: str, tile: Tile | None, name: tuple[str, str]) -> Markup:
    row, column = PLACES[city]
    x, y = column * (WIDTH + GAP), row * (HEIGHT + GAP)
    fill, number = (tile.fill, tile.number) if tile else (NO_TINT, "–")
    edge = ' stroke-dasharray="3 2"' if tile and not tile.is_sure else ""
    return Markup(
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="3" fill="{fill}" stroke="#7c8894"{edge}/>'
        f'<text x="{x + WIDTH // 2}" y="{y + 14}" class="city"><tspan lang="en">{escape(name[0])}</tspan>'
        f'<tspan lang="zh">{escape(name[1])}</tspan></text>'
        f'<text x="{x + WIDTH // 2}" y="{y + 29}" class="number">{escape(number)}</text>'
    )
