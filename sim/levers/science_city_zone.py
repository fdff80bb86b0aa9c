"""The Science-Innovation City: R&D bodies brought to Taiyuan and Jinzhong, and research money for them.

How the two cities split the tax of the zone moves money between them and changes no total; it is not modelled.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_places


@dataclass(frozen=True)
class ScienceCityZone:
    """Budget in million yuan a year and R&D bodies brought in a year."""

    budget_y: float
    institutes_y: float

    def apply(self, world: World) -> None:
        """Write the places for R&D bodies and appropriate the line; nothing without money."""
        if self.budget_y <= 0.0:
            return
        set_places(world, "zone_institute", self.institutes_y)
        appropriate(world, "science_city_zone", self.budget_y)
