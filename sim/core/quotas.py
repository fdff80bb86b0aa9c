"""How many places fall due when a rate is not a whole number, and who comes first when there are too few."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.core.kernels import inline, kernel

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
FEW = 24  # up to so many are found in one pass, with each new one sorted in; more by partition
_ROUNDING = 1e-9  # keeps 3 x 0.1 from losing a place to the last binary digit


def places_due(rate: float, period: int) -> int:
    """Whole places that fall due in a period when `rate` places a period are spread evenly.

    Over n periods floor(n x rate) places fall due, so that nothing is lost to rounding and no draw is needed.
    """
    if rate <= 0.0:
        return 0
    return math.floor(rate * (period + 1) + _ROUNDING) - math.floor(rate * period + _ROUNDING)


@inline
def _is_before(values: Floats, uids: Rows, a: int, b: int) -> bool:
    """Whether position a comes before b: by value, then uid, then position; not a number comes last."""
    x, y = values[a], values[b]
    if x < y:
        return True
    if x > y or ((x != x) != (y != y)):
        return bool(y != y)
    return bool(uids[a] < uids[b] or (uids[a] == uids[b] and a < b))


@kernel
def first_of(values: Floats, uids: Rows, most: int) -> Rows:
    """Positions of the first `most` by value, uid and position, in order; made for a few of many, shape (n,) each."""
    first = np.empty(most, np.int64)
    held = 0
    for j in range(values.size):
        if held < most:
            held += 1
        elif not _is_before(values, uids, j, first[most - 1]):
            continue
        place = held - 1
        while place > 0 and _is_before(values, uids, j, first[place - 1]):
            first[place] = first[place - 1]
            place -= 1
        first[place] = j
    return first[:held]


def in_order(values: Floats, uids: Rows, most: int | None = None) -> Rows:
    """Positions by ascending value, ties by uid; with `most` the first so many alone. Both of shape (n,).

    Ties are rare, and a plain sort is many times faster than one by two keys, so the second key is only looked at
    when it is needed; who comes first is found without sorting the others.
    """
    if most is not None and 0 <= most < len(values):
        if most == 0:
            return np.empty(0, np.int64)
        if most <= FEW:
            return first_of(np.ascontiguousarray(values, np.float64), np.ascontiguousarray(uids, np.int64), most)
        last = np.partition(values, most - 1)[most - 1]
        if last == last:  # not a number stands last, and is not below itself
            near = np.flatnonzero(values <= last)
            return near[in_order(values[near], uids[near])][:most]
    order = values.argsort()
    ascending = values[order]
    if not (ascending[1:] > ascending[:-1]).all():
        order = np.lexsort((uids, values))
    return order if most is None else order[:most]


def best_first(rows: Rows, score: Floats, uid: Rows, most: int | None = None) -> Rows:
    """The rows, highest score first, ties by uid; `score` and `uid` have one entry a row of the columns.

    most : only the first so many are wanted.
    """
    return rows[in_order(-score[rows], uid[rows], most)]


@kernel
def fit_into(costs: npt.NDArray[np.int64], budget: int) -> npt.NDArray[np.bool_]:
    """In the order given, take each that still fits into what is left of the budget (whole yuan), shape (n,)."""
    taken = np.zeros(costs.size, np.bool_)
    left = budget
    for k in range(costs.size):
        if 0 < costs[k] <= left:
            taken[k] = True
            left -= costs[k]
    return taken
