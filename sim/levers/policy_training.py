"""Policy training: small and medium firms learn which reliefs and vouchers they may claim."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class PolicyTraining:
    """Places a year in firms, budget in million yuan a year."""

    places_y: float
    budget_y: float

    def apply(self, world: World) -> None:
        """Write the places and appropriate the line; nothing without places or money."""
        if self.places_y <= 0.0 or self.budget_y <= 0.0:
            return
        set_province(world, "training_places_y", self.places_y)
        appropriate(world, "policy_training", self.budget_y)
