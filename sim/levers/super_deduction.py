"""Super-deduction: firms may deduct an extra share of their R&D from taxable profit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.levers.base import BY_LAW


@dataclass(frozen=True)
class SuperDeduction:
    """Extra share of R&D; the word dated_law gives each class of firm the rate of its year."""

    rate: float

    def apply(self, world: World) -> None:
        """Write the deduction rate of every firm; nothing at a rate of zero."""
        if self.rate == 0.0:
            return
        firms, law = world.firms, world.exogenous
        if self.rate != BY_LAW:
            firms.deduction_rate[:] = self.rate
            return
        makes = np.array([row.super_deduction_class == "manufacturing" for row in catalogue().sectors])
        rate = np.where(makes[firms.sector], law["deduction_manufacturing"], law["deduction_all"])
        firms.deduction_rate[:] = np.where(firms.is_tech_sme == 1, np.maximum(rate, law["deduction_tech_sme"]), rate)
