"""What is not known before the fit: a range of each free parameter, inside the catalogue's, and its scale.

Draws are uniform over the range, or over its logarithm. The fit works with the place of a value inside its range, a
number from 0 to 1 that is uniform whatever the scale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.calibration.checked_rows import Line, TableFaults, read_lines
from experiments.outcomes import Array
from sim.catalogue.loader import catalogue
from sim.scenario_values import decimal, nearest, outside, shown

FOLDER = Path(__file__).parent
COLUMNS = ("address", "low", "high", "scale", "reason")
SCALES = ("linear", "log")
MOST = 60  # free parameters; the fit is good for about twelve


@dataclass(frozen=True)
class Prior:
    """One free parameter: low and high in the unit of its address, uniform on a linear or log scale."""

    address: str
    low: float
    high: float
    scale: str

    def value(self, place: float) -> float:
        """The value at a place from 0 (low) to 1 (high), inside the range to the last bit."""
        if self.scale == "log":
            found = float(self.low * (self.high / self.low) ** place)
        else:
            found = self.low + (self.high - self.low) * place
        return min(max(found, self.low), self.high)

    def place(self, value: float) -> float:
        """The place of a value, from 0 to 1 inside the range."""
        if self.scale == "log":
            return float(np.log(value / self.low) / np.log(self.high / self.low))
        return (value - self.low) / (self.high - self.low)


def load(path: Path | None = None) -> tuple[Prior, ...]:
    """The priors of a table (those that ship when None), in its order; an empty low or high is the catalogue's.

    Raises ScenarioError with file and line for every row that is wrong.
    """
    faults = TableFaults(path or FOLDER / "priors.csv")
    found: dict[str, Prior] = {}
    for row in read_lines(faults, COLUMNS):
        prior = _prior(faults, row)
        if prior is None:
            continue
        if prior.address in found:
            faults.add(row.number, f"address = {prior.address} stands twice")
        found[prior.address] = prior
        if len(found) == MOST + 1:
            faults.add(row.number, f"is one more than {MOST} free parameters")
    faults.refuse()
    return tuple(found.values())


def _prior(faults: TableFaults, row: Line) -> Prior | None:
    """The prior of one row; None where it is wrong, which is noted."""
    noted, known = len(faults.told), catalogue().parameters
    address = row.cells["address"]
    if address not in known:
        hint = nearest(address, known)
        faults.add(row.number, f"address = {shown(address)} is no parameter; see `list parameters`.{hint}")
        return None
    faults.word(row, "scale", SCALES)
    base = known[address]
    ends = {"low": base.low, "high": base.high}
    for column in ends:
        given = faults.number(row, column) if row.cells[column] else ends[column]
        wrong = None if given is None else outside(given, base.low, base.high, base.unit)
        if wrong:
            faults.add(row.number, f"{column} = {row.cells[column]} {wrong}")
        ends[column] = base.low if given is None else given
    if len(faults.told) == noted and not ends["low"] < ends["high"]:
        faults.add(row.number, f"low = {decimal(ends['low'])} is not below high = {decimal(ends['high'])}")
    if len(faults.told) == noted and row.cells["scale"] == "log" and ends["low"] <= 0.0:
        faults.add(row.number, f"low = {decimal(ends['low'])} must be above 0 on a log scale")
    return Prior(address, ends["low"], ends["high"], row.cells["scale"]) if len(faults.told) == noted else None


def values_at(priors: Sequence[Prior], places: Mapping[str, float]) -> dict[str, float]:
    """Values by address at places by address."""
    return {prior.address: prior.value(places[prior.address]) for prior in priors}


def values_of(priors: Sequence[Prior], places: Array) -> Array:
    """Values (n, n_priors) at places (n, n_priors)."""
    return np.array([[p.value(float(u)) for p, u in zip(priors, row, strict=True)] for row in places])


def digest(priors: Sequence[Prior]) -> str:
    """SHA-256 (hex, 8 digits) of addresses, ranges and scales."""
    return hashlib.sha256(repr(tuple(priors)).encode()).hexdigest()[:8]
