"""The Chinese font of the page: one file, served by the door under one address, and how the page asks for it.

The reader's own fonts stay behind it: what users type may hold characters that the shipped subset has not.
"""

from __future__ import annotations

from functools import lru_cache

from experiments.fonts import FAMILY, FONT

PATH = f"/fonts/{FONT.name}"
KIND = "font/otf"
KEPT = "private, max-age=86400"  # a day in the reader's browser, and nowhere between
LATIN, LATIN_OF_CODE = "Source Sans", "Source Code Pro"  # what Streamlit brings
OF_SYSTEMS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei")
RULE = (
    f'@font-face {{font-family:"{FAMILY}"; font-weight:400; font-display:swap; src:url("{PATH}") format("opentype")}}'
)


def stack(latin: str, generic: str) -> str:
    """Families in the order in which a browser looks for a character; only what Latin lacks makes it load ours."""
    return ", ".join([*(f'"{family}"' for family in (latin, FAMILY, *OF_SYSTEMS)), generic])


@lru_cache(maxsize=1)
def data() -> bytes:
    """The font file. Raises OSError where the installation has lost it."""
    return FONT.read_bytes()
