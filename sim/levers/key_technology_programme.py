"""Programme of key technologies: a few large projects of the strongest performers, paid over several years."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class KeyTechnologyProgramme:
    """Budget in million yuan a year, new projects a year, public money of one project in million yuan."""

    budget_y: float
    projects_y: float
    amount: float

    def apply(self, world: World) -> None:
        """Write projects and amount and appropriate the line; nothing without money, or without project and amount."""
        if min(self.budget_y, self.projects_y, self.amount) <= 0.0:
            return
        set_province(world, "key_projects_y", self.projects_y)
        set_province(world, "key_amount", self.amount)
        appropriate(world, "key_technology_programme", self.budget_y)
