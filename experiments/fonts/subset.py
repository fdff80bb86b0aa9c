"""Makes the font again: `python -m experiments.fonts.subset [source=FILE.ttc] [face=NUMBER]`.

Its characters are those of all texts of the project (code, catalogue, templates, configs), and the commonest 3,755 of
the standard GB 2312 with its punctuation, so that what users write is mostly there too. The source is Noto Sans CJK as
Debian's package fonts-noto-cjk brings it; the face of Simplified Chinese is number 2 of the collection.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from experiments.fonts import FAMILY, FONT, subset_bytes

PACKAGES = ("sim", "experiments", "configs")
TEXTS = (".py", ".csv", ".html", ".css", ".yaml", ".md", ".j2", ".js")
SOURCE = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
FACE = 2
LATIN = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))))
SYMBOLS = "–—‘’“”…·×÷±≤≥≈≠∞−→←↑↓●○■□▲△▼▽◆◇★☆✓①②③④⑤⑥⑦⑧⑨⑩Δσμαβγ"
PUNCTUATION, COMMON = range(0xA1, 0xA4), range(0xB0, 0xD8)  # rows of GB 2312: signs and full width; first level


def gb2312(rows: range) -> str:
    """The characters of some rows of the standard, given by their first byte."""
    found = []
    for first in rows:
        for second in range(0xA1, 0xFF):
            try:
                found.append(bytes((first, second)).decode("gb2312"))
            except UnicodeDecodeError:  # a place that the standard leaves empty
                continue
    return "".join(found)


def texts(folders: Sequence[Traversable] = ()) -> Iterator[tuple[str, str]]:
    """Name and text of every file of the project that a reader may see words of."""
    for one in folders or [files(package) for package in PACKAGES]:
        for item in sorted(one.iterdir(), key=lambda item: item.name):
            if item.is_dir():
                yield from texts([item])
            elif item.name.endswith(TEXTS):
                yield item.name, item.read_text(encoding="utf-8")


def characters() -> str:
    """All characters that the font shall have, sorted."""
    own = {character for _, text in texts() for character in text if character.isprintable()}
    return "".join(sorted(own | set(LATIN + SYMBOLS + gb2312(PUNCTUATION) + gb2312(COMMON))))


def main(arguments: Sequence[str]) -> None:
    """Write the font beside this file."""
    given = dict(one.split("=", 1) for one in arguments)
    data = subset_bytes(Path(given.get("source", SOURCE)), characters(), int(given.get("face", FACE)), FAMILY)
    FONT.write_bytes(data)
    print(f"{FONT.name}: {len(data):,} bytes, {len(characters()):,} characters asked for")


if __name__ == "__main__":
    main(sys.argv[1:])
