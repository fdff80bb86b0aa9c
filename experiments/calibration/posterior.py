"""Draws of the posterior that ship with the project: equally weighted parameter sets, with what made them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from experiments.calibration.checked_rows import TableFaults, read_lines
from experiments.outcomes import Array
from sim.catalogue.loader import catalogue
from sim.scenario_values import ScenarioError, decimal, outside

FOLDER = Path(__file__).parent
MARK = "# made by "
DIGITS = 6  # of a value in the table


@dataclass(frozen=True)
class Posterior:
    """Equally weighted draws.

    Attributes
    ----------
    addresses : parameters of the catalogue.
    values : shape (n_draws, n_addresses), in the units of the catalogue.
    provenance : the command, the model, catalogue and targets that made it, and how far the fit went.
    """

    addresses: tuple[str, ...]
    values: Array
    provenance: str

    def draw(self, number: int) -> dict[str, float]:
        """One draw by address; numbers beyond the last begin anew."""
        row = self.values[number % len(self.values)]
        return dict(zip(self.addresses, map(float, row), strict=True))


def load(name: str = "posterior", folder: Path = FOLDER) -> Posterior:
    """Draws that ship: `posterior` (fitted to 2011-2017) or `posterior_2014` (to 2011-2014 only).

    Raises ScenarioError where the table is missing, or a value left the catalogue's range since.
    """
    return _read(folder / f"{name}.csv")


@lru_cache(maxsize=4)
def _read(path: Path) -> Posterior:
    if not path.is_file():
        raise ScenarioError([f"{path.name}: there is none; `innopolicy calibrate ship=yes` makes it"])
    first, _, rest = path.read_text(encoding="utf-8").partition("\n")
    addresses = tuple(rest.partition("\n")[0].split(","))
    faults, known = TableFaults(path), catalogue().parameters
    rows = read_lines(faults, addresses)
    for address in addresses:
        if address not in known:
            faults.add(2, f"{address} is no parameter of the catalogue (any more)")
    faults.refuse()
    values = np.array([[faults.number(row, address) or 0.0 for address in addresses] for row in rows])
    for column, address in zip(values.T, addresses, strict=True):
        row = known[address]
        for end in (column.min(), column.max()):
            wrong = outside(float(end), row.low, row.high, row.unit)
            if wrong:
                faults.add(2, f"{address} = {decimal(float(end))} {wrong}")
    faults.refuse()
    values.setflags(write=False)
    return Posterior(addresses, values, first.removeprefix(MARK))


def text_of(posterior: Posterior) -> str:
    """The CSV text of draws: a comment that says what made them, the addresses, one line a draw, few digits."""
    known = [catalogue().parameters[address] for address in posterior.addresses]
    lines = [f"{MARK}{posterior.provenance}", ",".join(posterior.addresses)]
    for values in posterior.values:
        short = [float(f"{value:.{DIGITS}g}") for value in values]
        kept = [  # inside the range as it was before: rounding shall not lead out of it
            min(max(one, row.low), row.high) if row.low <= value <= row.high else one
            for one, value, row in zip(short, values, known, strict=True)
        ]
        lines.append(",".join(map(decimal, kept)))
    return "\n".join(lines) + "\n"
