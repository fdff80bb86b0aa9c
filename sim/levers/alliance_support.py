"""Support for alliances: places for new ones a year, money for those recognised, a check for joint work behind it."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class AllianceSupport:
    """Budget and amount in million yuan a year, places a year, strictness of the check from 0 to 1."""

    budget_y: float
    amount_y: float
    places_y: float
    work_check: float

    def apply(self, world: World) -> None:
        """Write places, amount and check and appropriate the line; nothing at a budget of zero."""
        if self.budget_y <= 0.0:
            return
        set_province(world, "alliance_places_y", self.places_y)
        set_province(world, "alliance_amount_y", self.amount_y)
        set_province(world, "alliance_requires_work", self.work_check)
        if self.amount_y > 0.0:
            appropriate(world, "alliance_support", self.budget_y)
