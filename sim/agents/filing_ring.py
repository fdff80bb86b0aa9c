"""The ring of filings at the patent office: how many inventions an owner filed in each of the last quarters."""

from __future__ import annotations

import numpy as np

from sim.core.columns import Array, Column


class RingColumn(Column):
    """A row of values by place of a ring, of which a quarter looks at one or two: each place of all rows is contiguous.

    By row as other tables, the places that are looked at would lie apart, and all of them be fetched.
    """

    def empty(self, capacity: int) -> Array:
        """Array of shape (capacity, width), places one after the other in memory, filled with the default."""
        array: Array = np.zeros((int(self.width or 0), capacity), self.dtype).T
        if self.default:
            array.fill(self.default)
        return array
