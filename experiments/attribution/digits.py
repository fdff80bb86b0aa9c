"""How many decimals the numbers of one table have: all the same, so that small parts are seen to be small."""

from __future__ import annotations

import math
from collections.abc import Iterable

from experiments.attribution.parts import Parts
from experiments.number_texts import COUNTED
from sim.catalogue.loader import catalogue

SIGNIFICANT = 4  # digits of the largest number
MOST = 6
MOST_COUNTED = 1


def decimals(values: Iterable[float], unit: str = "") -> int:
    """Decimals at which the largest of the values has four digits; what is counted one by one has one at most."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest == 0.0:
        return 0
    row = catalogue().units.get(unit)
    most = MOST_COUNTED if row is not None and row.factor == 1.0 and row.dimension in COUNTED else MOST
    return min(max(0, SIGNIFICANT - 1 - math.floor(math.log10(largest))), most)


def decimals_of(parts: Parts) -> int:
    """Decimals of a question's ends and parts: those of the largest part, or of their sum."""
    sums = [float(parts.exact_total), *(float(parts.exact(i)) for i in range(len(parts.groups)))]
    return decimals(sums, parts.question.unit)


def fixed(value: float, places: int, is_signed: bool = False) -> str:
    """A number with so many decimals and with thousands apart; a part bears its sign, and zero has none."""
    text = f"{value:+,.{places}f}" if is_signed else f"{value:,.{places}f}"
    return text.lstrip("+-") if not text.strip("+-0.,") else text
