"""How many places fall due when a rate is not a whole number, and who comes first when there are too few."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

_ROUNDING = 1e-9  # keeps 3 x 0.1 from losing a place to the last binary digit


def places_due(rate: float, period: int) -> int:
    """Whole places that fall due in a period when `rate` places a period are spread evenly.

    Over n periods floor(n x rate) places fall due, so that nothing is lost to rounding and no draw is needed.
    """
    if rate <= 0.0:
        return 0
    return math.floor(rate * (period + 1) + _ROUNDING) - math.floor(rate * period + _ROUNDING)


def best_first(
    rows: npt.NDArray[np.int64], score: npt.NDArray[np.float64], uid: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """The rows, highest score first, ties by uid; `score` and `uid` have one entry a row of the columns."""
    return rows[np.lexsort((uid[rows], -score[rows]))]
