"""Sums over agents as 64-bit integers, so that rows, blocks, order and workers cannot change a digit.

An amount x is held as the nearest multiple of 2^-20 of its unit; sums are exact up to 8.7e12 units.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.core.kernels import inline, kernel

ONE = 1 << 20
LIMIT = float(1 << 62)


@inline
def fixed(x: float) -> int:
    """Integer for x in units of 2^-20, rounded half up."""
    y = x * 1048576.0
    return int(y + 0.5) if y >= 0.0 else -int(0.5 - y)


def unfixed(i: int) -> float:
    """The amount that an integer stands for."""
    return int(i) / ONE


@kernel
def fixed_sum(values: npt.NDArray[Any], alive: npt.NDArray[np.uint8]) -> int:
    """Integer sum of the values of rows whose mask is not zero."""
    total = 0
    for j in range(values.size):
        if alive[j] != 0:
            total += fixed(values[j])
    return total


@kernel
def fixed_sum_by(
    values: npt.NDArray[Any], alive: npt.NDArray[np.uint8], group: npt.NDArray[Any], n: int
) -> npt.NDArray[np.int64]:
    """Integer sums by group number 0..n-1 of the rows whose mask is not zero."""
    totals = np.zeros(n, np.int64)
    for j in range(values.size):
        if alive[j] != 0:
            totals[group[j]] += fixed(values[j])
    return totals


def check_range(total: int) -> None:
    """Raise OverflowError when a sum nears the end of the integers."""
    if abs(int(total)) > LIMIT:
        raise OverflowError(f"sum {int(total)} in fixed point is near the limit {LIMIT:.3g}")
