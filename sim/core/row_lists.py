"""Which rows a step has to look at: most steps concern few rows, and a list of them is cheaper than a loop over all.

What concerns every row runs in dense loops that end at the last living row, long ones in blocks of rows. Neither kind
of loop should branch on what it reads: dense loops then run on vectors, and loops over a list do not wait for memory
row by row (a branch that is guessed wrong is found out only when its value has come).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.core.kernels import inline, kernel

Flags = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]
BLOCK = 512  # rows that a long dense loop works on at once, so that their columns stay in the nearest memory


@inline
def end_of(alive: Flags) -> int:
    """One more than the last living row, where a dense loop can end."""
    end = alive.size
    while end > 0 and alive[end - 1] == 0:
        end -= 1
    return end


@kernel
def rows_with(alive: Flags, flag: npt.NDArray[Any]) -> Rows:
    """Living rows on which the flag (0 or 1, one byte a row) is set, ascending, shape (n,)."""
    rows = np.empty(alive.size, np.int64)
    n = 0
    for j in range(end_of(alive)):
        rows[n] = j  # written over by the next row unless it counts: no branch
        n += alive[j] & flag[j]
    return rows[:n]
