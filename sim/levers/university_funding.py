"""Performance funding of universities and institutes, by size and, as far as wanted, by their income from contracts."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class UniversityFunding:
    """Budget in million yuan a year, part of it that follows contract income instead of size."""

    budget_y: float
    conversion_weight: float

    def apply(self, world: World) -> None:
        """Write the weight and appropriate the line; nothing without money."""
        if self.budget_y <= 0.0:
            return
        set_province(world, "conversion_weight", self.conversion_weight)
        appropriate(world, "university_funding", self.budget_y)
