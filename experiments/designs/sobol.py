"""Scrambled Sobol points: a power of two of them fills the ranges more evenly than chance (Owen 1998 scrambling)."""

from __future__ import annotations

from scipy.stats.qmc import Sobol

from experiments.designs import Design, Row


def count(design: Design) -> int:
    """Number of rows, known before any is made."""
    return design.size


def rows(design: Design) -> list[Row]:
    """All rows; the same seed gives the same rows."""
    drawn = Sobol(d=len(design.keys), scramble=True, rng=design.seed).random_base2(design.size.bit_length() - 1)
    return [{key: span.at(u) for (key, span), u in zip(design.keys.items(), point, strict=True)} for point in drawn]
