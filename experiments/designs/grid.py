"""Every combination of the values of all keys, the last key changing fastest."""

from __future__ import annotations

from itertools import product
from math import prod

from experiments.designs import Design, Row


def count(design: Design) -> int:
    """Number of rows, known before any is made."""
    return prod(len(values) for values in design.keys.values())


def rows(design: Design) -> list[Row]:
    """All rows."""
    return [dict(zip(design.keys, texts, strict=True)) for texts in product(*design.keys.values())]
