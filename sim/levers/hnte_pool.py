"""Nursery pool for high-tech firms: yearly places with coaching, and an award for a new certificate."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class HntePool:
    """Places a year, award for a new certificate in million yuan, budget of awards in million yuan a year."""

    places_y: float
    award: float
    budget_y: float

    def apply(self, world: World) -> None:
        """Write places and award, appropriate the line; nothing without places, no award without money for it."""
        if self.places_y <= 0.0:
            return
        set_province(world, "pool_places_y", self.places_y)
        if self.award > 0.0 and self.budget_y > 0.0:
            set_province(world, "certificate_award", self.award)
            appropriate(world, "hnte_award", self.budget_y)
