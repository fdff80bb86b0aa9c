"""Super-deduction: firms may deduct an extra share of their R&D, and write its equipment off early."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.kernels import kernel
from sim.levers.base import BY_LAW

Floats = npt.NDArray[np.float64]


@cache
def makers() -> npt.NDArray[np.bool_]:
    """Sectors whose firms deduct by the rate of manufacturing, shape (n_sectors,)."""
    return np.array([row.super_deduction_class == "manufacturing" for row in catalogue().sectors])


@dataclass(frozen=True)
class SuperDeduction:
    """Extra share of R&D (dated_law: by class and year), and how far equipment is written off at once (0 to 1)."""

    rate: float
    accelerated_depreciation: float

    def apply(self, world: World) -> None:
        """Write the deduction rate and the depreciation of every firm; nothing at zero. The cost is tax expenditure."""
        firms, law = world.firms, world.exogenous
        if self.accelerated_depreciation > 0.0:
            firms.accelerated_depreciation[:] = self.accelerated_depreciation
        if self.rate == 0.0:
            return
        if self.rate != BY_LAW:
            firms.deduction_rate[:] = self.rate
            return
        by_sector = np.where(makers(), law["deduction_manufacturing"], law["deduction_all"])
        of_small = np.maximum(by_sector, law["deduction_tech_sme"])
        write_rates(firms.sector, firms.is_tech_sme, by_sector, of_small, firms.deduction_rate)


@kernel
def write_rates(
    sector: npt.NDArray[np.int8], is_small: npt.NDArray[np.uint8], by_sector: Floats, of_small: Floats, rate: Floats
) -> None:
    """Each firm's rate by its sector, that of registered small technology firms by theirs, in place."""
    for j in range(rate.size):
        code = np.uint8(sector[j])  # unsigned: no look for negative places
        rate[j] = of_small[code] if is_small[j] == 1 else by_sector[code]
