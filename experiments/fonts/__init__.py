"""The Chinese font of figures and pages: a subset of Noto Sans CJK SC under the SIL Open Font License (OFL.txt).

    register()           matplotlib knows the font; gives the families to set as "font.family"
    embedded_css(text)   a style sheet's @font-face rule with the glyphs of this text alone, as a data: address
    missing(text)        the characters of a text that the font cannot show

`python -m experiments.fonts.subset` makes the font file again.
"""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from pathlib import Path

FAMILY = "Innopolicy Sans SC"
FONT = Path(__file__).with_name("InnopolicySansSC-Regular.otf")
LATIN = "DejaVu Sans"  # comes with matplotlib; digits and letters of figures
PLAIN_TO = 0x24F  # Latin letters up to here, which every browser has, are not embedded


@lru_cache(maxsize=1)
def covered() -> frozenset[str]:
    """All characters of the shipped font."""
    from matplotlib.ft2font import FT2Font

    return frozenset(map(chr, FT2Font(str(FONT)).get_charmap()))


def missing(text: str) -> set[str]:
    """Characters of a text that the shipped font has no glyph for; spaces and line ends are none."""
    return {one for one in set(text) - covered() if not one.isspace()}


@lru_cache(maxsize=1)
def register() -> list[str]:
    """Tell matplotlib of the font, once a process; the families to use: Latin first, Chinese where that has none."""
    from matplotlib import font_manager

    font_manager.fontManager.addfont(str(FONT))
    return [LATIN, FAMILY]


def embedded_css(text: str) -> str:
    """The @font-face rule with the glyphs that a text needs beyond Latin, the same bytes for the same characters.

    Nothing where the text needs none. What the shipped font does not have is left to the reader's own fonts.
    """
    needed = "".join(sorted(one for one in set(text) & covered() if ord(one) > PLAIN_TO))
    return _rule(needed) if needed else ""


@lru_cache(maxsize=8)
def _rule(characters: str) -> str:
    data = base64.b64encode(subset_bytes(FONT, characters)).decode("ascii")
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: 400; '
        f'src: url(data:font/otf;base64,{data}) format("opentype"); }}'
    )


def subset_bytes(source: Path, characters: str, number: int = 0, renamed: str = "") -> bytes:
    """A font file with the glyphs of some characters, without hints and layout tables, its licence kept inside.

    source : a font, or a collection of which `number` is taken; renamed : the new family name, or nothing.
    """
    from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    options = Options()
    options.set(
        hinting=False, layout_features=[], name_IDs=[0, 1, 2, 3, 4, 5, 6, 7, 13, 14], name_languages=[0x409],
        notdef_outline=True, recalc_timestamp=False, drop_tables=["GSUB", "GPOS", "BASE", "VORG", "vhea", "vmtx"],
    )  # fmt: skip
    with TTFont(source, fontNumber=number, lazy=True, recalcTimestamp=False) as font:
        if renamed:
            plain = renamed.replace(" ", "")
            for name, text in ((1, renamed), (3, f"{plain}-Regular"), (4, renamed), (6, f"{plain}-Regular")):
                font["name"].setName(text, name, 3, 1, 0x409)
            font["CFF "].cff.fontNames[0] = f"{plain}-Regular"
        subsetter = Subsetter(options)
        subsetter.populate(text=characters)
        subsetter.subset(font)
        buffer = io.BytesIO()
        font.save(buffer, reorderTables=True)
    return buffer.getvalue()
