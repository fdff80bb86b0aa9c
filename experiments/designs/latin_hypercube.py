"""A Latin hypercube: each key's range is cut into as many equal parts as there are points, each part drawn once."""

from __future__ import annotations

from scipy.stats.qmc import LatinHypercube

from experiments.designs import Design, Row


def count(design: Design) -> int:
    """Number of rows, known before any is made."""
    return design.size


def rows(design: Design) -> list[Row]:
    """All rows; the same seed gives the same rows."""
    drawn = LatinHypercube(d=len(design.keys), rng=design.seed).random(design.size)
    return [{key: span.at(u) for (key, span), u in zip(design.keys.items(), point, strict=True)} for point in drawn]
