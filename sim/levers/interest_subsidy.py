"""Interest subsidy: government pays points of the interest on loans for R&D."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class InterestSubsidy:
    """Budget in million yuan a year, percentage points of interest paid."""

    budget_y: float
    points: float

    def apply(self, world: World) -> None:
        """Write the term and appropriate the line; nothing without money or points."""
        if self.budget_y <= 0.0 or self.points <= 0.0:
            return
        set_province(world, "interest_points", self.points)
        appropriate(world, "interest_subsidy", self.budget_y)
