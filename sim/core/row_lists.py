"""Which rows a step has to look at: most steps concern few rows, and a list of them is cheaper than a loop over all.

What concerns every row runs in dense loops without branches, long ones in blocks of rows (see BLOCK)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]
BLOCK = 512  # rows that a long dense loop works on at once, so that their columns stay in the nearest memory


def rows_with(alive: Flags, *flags: Flags) -> Rows:
    """Living rows on which every flag (0 or 1) is set, ascending, shape (n,)."""
    found = alive
    for flag in flags:
        found = found & flag
    return found.view(np.bool_).nonzero()[0]  # as booleans: many times faster
