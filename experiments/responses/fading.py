"""How soon an effect fades once its cause is gone: half-life and end, seen or continued at the pace that was seen."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from experiments.responses.experiment import Measured

GONE = 0.1  # part of the first effect below which it is held to be gone


def fading(effect: Sequence[float]) -> tuple[float, float]:
    """Years until half of the first value is left, and until a tenth is.

    effect : by year, the first when the cause ends. Between years it is a straight line; what lies beyond the last year
    goes on at the mean pace of those that were seen. Not a number without a first effect; infinite where it does not
    fade.
    """
    if not effect or effect[0] <= 0.0:
        return float("nan"), float("nan")
    parts = [value / effect[0] for value in effect]
    return _reached(parts, 0.5), _reached(parts, GONE)


def noted(effect: Sequence[float]) -> dict[str, float]:
    """An effect by year as notes of a seed, which `of_all` adds up."""
    return {f"year_{year}": value for year, value in enumerate(effect)}


def of_all(found: Sequence[Measured]) -> tuple[float, float]:
    """How soon the sum of the effects of all seeds fades: few firms a seed would tell little."""
    years = sum(name.startswith("year_") for name in found[0])
    return fading([sum(one[f"year_{year}"] for one in found) for year in range(years)])


def _reached(parts: Sequence[float], level: float) -> float:
    """Years until the part falls to a level."""
    for year in range(1, len(parts)):
        above, below = parts[year - 1], parts[year]
        if below <= level:
            return year - 1 + (above - level) / (above - below)
    pace = -log(parts[-1]) / (len(parts) - 1) if len(parts) > 1 and 0.0 < parts[-1] < 1.0 else 0.0
    return -log(level) / pace if pace > 0.0 else float("inf")
