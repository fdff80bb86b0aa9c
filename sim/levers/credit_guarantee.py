"""Credit guarantee: S&T branches, guarantees, insurance and pledged patents open loans to firms without collateral."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class CreditGuarantee:
    """Budget in million yuan a year, part of a lost loan that is paid, part of the worth of patents lent against."""

    budget_y: float
    coverage: float
    pledge_reach: float

    def apply(self, world: World) -> None:
        """Write the terms and appropriate the line; nothing without money or coverage or pledge."""
        if self.budget_y <= 0.0 or max(self.coverage, self.pledge_reach) <= 0.0:
            return
        set_province(world, "guarantee_coverage", self.coverage)
        set_province(world, "pledge_reach", self.pledge_reach)
        appropriate(world, "credit_guarantee", self.budget_y)
