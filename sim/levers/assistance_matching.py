"""Assistance matching: officials, teams of experts and mentor firms help above-scale firms without R&D to begin."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class AssistanceMatching:
    """Budget in million yuan a year, officials, teams of experts and mentor firms at work in the province."""

    budget_y: float
    officials: float
    expert_teams: float
    mentors: float

    def apply(self, world: World) -> None:
        """Write who helps and appropriate the line; nothing without money or without anybody to help."""
        if self.budget_y <= 0.0 or max(self.officials, self.expert_teams, self.mentors) <= 0.0:
            return
        set_province(world, "help_officials", self.officials)
        set_province(world, "help_teams", self.expert_teams)
        set_province(world, "help_mentors", self.mentors)
        appropriate(world, "assistance_matching", self.budget_y)
