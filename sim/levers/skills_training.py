"""Training of research and technical staff at universities, and of innovative entrepreneurs."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_places, set_province


@dataclass(frozen=True)
class SkillsTraining:
    """Places a year, innovative entrepreneurs trained a year, budget in million yuan a year."""

    places_y: float
    entrepreneurs_y: float
    budget_y: float

    def apply(self, world: World) -> None:
        """Write the places and appropriate the line; nothing without places, no course without money."""
        if self.places_y <= 0.0:
            return
        if self.entrepreneurs_y > 0.0:
            set_places(world, "innovative_entrepreneur", self.entrepreneurs_y)
        if self.budget_y > 0.0:
            set_province(world, "training_places_y", self.places_y)
            appropriate(world, "skills_training", self.budget_y)
