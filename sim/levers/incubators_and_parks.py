"""Incubators and parks: money for service and rent of young firms, and further places."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class IncubatorsAndParks:
    """Budget in million yuan a year, places added a year, part of the rent that is paid."""

    budget_y: float
    places_y: float
    rent_cut: float

    def apply(self, world: World) -> None:
        """Write places and rent cut and appropriate the line; nothing without money."""
        if self.budget_y <= 0.0:
            return
        set_province(world, "incubator_places_y", self.places_y)
        set_province(world, "incubator_rent_cut", self.rent_cut)
        appropriate(world, "incubators_and_parks", self.budget_y)
