"""A stand-in for the draws that a fit ships: five sets of two parameters, in the shape of its own.

The table `other` has one value changed, `usual` the catalogue's own, `wild` one beyond its range.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from sim.catalogue.loader import catalogue

ADDRESSES = ("grow_firms.laplace_scale_y", "exit_and_enter.exit_small_y")
ROWS = 5


def load(name: str = "posterior") -> SimpleNamespace:
    """Draws evenly over the parameters' ranges."""
    rows = [catalogue().parameter(address) for address in ADDRESSES]
    parts = np.linspace(0.1, 0.9, ROWS)
    values = np.array([[row.low + part * (row.high - row.low) for row in rows] for part in parts])
    if name == "other":
        values[3, 1] *= 1.001
    if name == "usual":
        values[:] = [row.value for row in rows]
    if name == "wild":
        values[2, 0] = 2.0 * rows[0].high
    return SimpleNamespace(addresses=ADDRESSES, values=values, provenance="a stand-in")
