"""Tables for a terminal: columns below each other, wrapped to its width, or one record below the other."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from itertools import zip_longest

GAP = 2  # blanks between columns
LEAST = 16  # of a wrapped column; where that does not fit, rows are shown as records
INDENT = 4
WIDE_FROM = 0x2E7F  # Chinese characters take two columns


def columns_of_terminal() -> int | None:
    """Columns of the terminal that is written to; None for a pipe or a file, which get tables in full."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(2 if ord(c) > WIDE_FROM else 1 for c in text)


def padded(text: str, columns: int) -> str:
    """A text with blanks up to a width."""
    return text + " " * (columns - width(text))


def wrapped(text: str, columns: int) -> list[str]:
    """Lines of at most so many columns; broken at blanks and after ;, an address only where it is too long."""
    lines = [""]
    for piece in re.findall(r"[^ ;]+;?| +", text):
        parts = re.findall(r"[^._/]+[._/]*|[._/]+", piece) if width(piece) > columns else [piece]
        for part in parts:
            if lines[-1] and width(lines[-1]) + width(part.rstrip()) > columns:
                lines.append("")
            for c in part.lstrip() if not lines[-1] else part:
                if width(lines[-1]) + width(c) > columns and c != " ":
                    lines.append("")
                lines[-1] += c
    return [line.rstrip() for line in lines]


def capped(widths: Sequence[int], room: int) -> list[int]:
    """Widths that fit into so many columns where they can: the widest cut first, the first column never."""
    first, others = widths[0], widths[1:]
    cap = max(others, default=0)
    while cap > LEAST and first + sum(min(w, cap) for w in others) > room:
        cap -= 1
    return [first, *(min(w, cap) for w in others)]


def records(table: Sequence[Sequence[str]], columns: int) -> list[str]:
    """Each row as a record: its first cell, then a line for each other cell that says something."""
    heads = table[0]
    longest = max(map(width, heads))
    room = max(columns - INDENT - longest - GAP, LEAST)
    lines = []
    for row in table[1:]:
        lines.append(row[0])
        for head, cell in zip(heads[1:], row[1:], strict=True):
            for i, line in enumerate(wrapped(cell, room) if cell else []):
                lines.append(" " * INDENT + padded(head if i == 0 else "", longest + GAP) + line)
    return lines


def layout(table: Sequence[Sequence[str]], columns: int | None = None) -> list[str]:
    """Lines of a table with a header; `columns` is the width of the terminal, None for no limit."""
    widths = [max(width(row[i]) for row in table) for i in range(len(table[0]))]
    if columns is not None:
        room = columns - GAP * (len(widths) - 1)
        widths = capped(widths, room)
        if sum(widths) > room:
            return records(table, columns)
    lines = []
    for row in table:
        cells = [wrapped(cell, w) for cell, w in zip(row, widths, strict=True)]
        for parts in zip_longest(*cells, fillvalue=""):
            line = (" " * GAP).join(padded(part, w) for part, w in zip(parts, widths, strict=True))
            lines.append(line.rstrip())
    return lines
