"""Listing support: awards for firms that list on a board."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class ListingSupport:
    """Budget in million yuan a year, award for a firm in million yuan."""

    budget_y: float
    award: float

    def apply(self, world: World) -> None:
        """Write the term and appropriate the line; nothing without money or award."""
        if self.budget_y <= 0.0 or self.award <= 0.0:
            return
        set_province(world, "listing_award", self.award)
        appropriate(world, "listing_support", self.budget_y)
