"""Markdown as the documents show it: tables, and numbers with as many digits as a reader wants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; bars inside cells are escaped."""
    cells = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    lines = [list(header), ["---"] * len(header), *cells]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def shown(value: float) -> str:
    """A number as a reader wants it: whole above a thousand, else three or four digits."""
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:,.4g}"
