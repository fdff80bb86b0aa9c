"""Lists of rows: the living that are marked, in order, and where the living end."""

from __future__ import annotations

import numpy as np

from sim.core.kernels import kernel
from sim.core.row_lists import end_of, rows_with


@kernel
def end(alive):
    """Where a loop over the rows ends."""
    return end_of(alive)


def flags(*values):
    return np.array(values, np.uint8)


def test_only_living_and_marked_rows_are_listed():
    assert rows_with(flags(1, 0, 1, 1, 1, 0), flags(1, 1, 0, 1, 1, 1)).tolist() == [0, 3, 4]
    assert rows_with(flags(0, 0), flags(1, 1)).tolist() == []
    assert rows_with(flags(1, 1, 1), flags(1, 1, 1)).tolist() == [0, 1, 2]
    random = np.random.default_rng(4)
    alive, marked = random.integers(0, 2, (2, 999)).astype(np.uint8)
    assert np.array_equal(rows_with(alive, marked), np.flatnonzero(alive & marked))


def test_a_loop_ends_behind_the_last_living_row():
    assert end(flags(0, 1, 0, 1, 0, 0)) == 4
    assert end(flags(0, 0)) == end(flags()) == 0
    assert end(flags(1, 1)) == 2
