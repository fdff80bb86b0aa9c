"""Talent programmes: settlement packages for people recruited from outside, and talent teams recognised."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_places, set_province


@dataclass(frozen=True)
class TalentProgramme:
    """Budget in million yuan a year, package in million yuan a person, talent teams recognised a year."""

    budget_y: float
    package: float
    teams_y: float

    def apply(self, world: World) -> None:
        """Write package and places of teams and appropriate the line; nothing without money, none hired unpaid."""
        if self.budget_y <= 0.0:
            return
        if self.teams_y > 0.0:
            set_places(world, "talent_team", self.teams_y)
        if self.package > 0.0:
            set_province(world, "talent_package", self.package)
        appropriate(world, "talent_programme", self.budget_y)
