"""Programme of technical renovation: benchmark projects of traditional industry are awarded a part of the outlay."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class RenovationProgramme:
    """Budget in million yuan a year, benchmark projects a year, part of the investment that is awarded."""

    budget_y: float
    projects_y: float
    rate: float

    def apply(self, world: World) -> None:
        """Write projects and rate and appropriate the line; nothing without money, or without project and rate."""
        if min(self.budget_y, self.projects_y, self.rate) <= 0.0:
            return
        set_province(world, "renovation_projects_y", self.projects_y)
        set_province(world, "renovation_rate", self.rate)
        appropriate(world, "renovation_programme", self.budget_y)
