"""Campaign that certifies technology firms beyond those that register themselves, with or without their cost paid."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class TechSmeCertification:
    """Firms to be certified a year, and money for the cost of certification in million yuan a year."""

    places_y: float
    budget_y: float

    def apply(self, world: World) -> None:
        """Write the places and appropriate the line; nothing without places."""
        if self.places_y <= 0.0:
            return
        set_province(world, "tech_sme_places_y", self.places_y)
        appropriate(world, "tech_sme_certification", self.budget_y)
