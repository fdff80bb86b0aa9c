"""Start-up support: grants to new private firms by lot."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class StartupSupport:
    """Budget in million yuan a year, grant to a firm in million yuan."""

    budget_y: float
    amount: float

    def apply(self, world: World) -> None:
        """Write the term and appropriate the line; nothing without money or amount."""
        if self.budget_y <= 0.0 or self.amount <= 0.0:
            return
        set_province(world, "startup_amount", self.amount)
        appropriate(world, "startup_support", self.budget_y)
