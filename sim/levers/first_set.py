"""First sets of equipment: a part of the insurance premium and of the price is paid for the first buyer."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class FirstSet:
    """Budget in million yuan a year, part of the premium that is paid, part of the price that is paid."""

    budget_y: float
    premium_share: float
    purchase_share: float

    def apply(self, world: World) -> None:
        """Write the shares and appropriate the line; nothing without money or without any share."""
        if self.budget_y <= 0.0 or max(self.premium_share, self.purchase_share) <= 0.0:
            return
        set_province(world, "first_set_premium", self.premium_share)
        set_province(world, "first_set_purchase", self.purchase_share)
        appropriate(world, "first_set", self.budget_y)
