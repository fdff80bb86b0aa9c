"""Campaign that leads firms across the above-scale line: places on a yearly list, and an award for crossing."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class ScaleUpCampaign:
    """Places a year, award for crossing in million yuan, budget of awards in million yuan a year."""

    places_y: float
    award: float
    budget_y: float

    def apply(self, world: World) -> None:
        """Write places and award, appropriate the line; nothing without places, no award without money for it."""
        if self.places_y <= 0.0:
            return
        set_province(world, "campaign_places_y", self.places_y)
        if self.award > 0.0 and self.budget_y > 0.0:
            set_province(world, "campaign_award", self.award)
            appropriate(world, "scale_up_campaign", self.budget_y)
