"""The rows of a CSV file, one column a key; an empty cell leaves its key as the scenario has it."""

from __future__ import annotations

from experiments.designs import Design, Row


def count(design: Design) -> int:
    """Number of rows."""
    return len(design.listed)


def rows(design: Design) -> list[Row]:
    """All rows."""
    return [{key: text for key, text in row.items() if text != ""} for row in design.listed]
