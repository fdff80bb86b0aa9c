"""Pilot-scale test bases: places in their call and money for tests of others on them."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_places


@dataclass(frozen=True)
class PilotBases:
    """Bases approved a year and money for tests in million yuan a year."""

    bases_y: float
    budget_y: float

    def apply(self, world: World) -> None:
        """Write the places and appropriate the line; nothing without bases."""
        if self.bases_y <= 0.0:
            return
        set_places(world, "pilot_base", self.bases_y)
        appropriate(world, "pilot_bases", self.budget_y)
