"""Elite partnering: strong firms of the province run joint projects with leading universities from outside."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class ElitePartnering:
    """Budget in million yuan a year, new projects a year, support of one project in million yuan."""

    budget_y: float
    projects_y: float
    amount: float

    def apply(self, world: World) -> None:
        """Write projects and amount, appropriate the line; nothing without money, projects or an amount."""
        if self.budget_y <= 0.0 or self.projects_y <= 0.0 or self.amount <= 0.0:
            return
        set_province(world, "elite_projects_y", self.projects_y)
        set_province(world, "elite_amount", self.amount)
        appropriate(world, "elite_partnering", self.budget_y)
