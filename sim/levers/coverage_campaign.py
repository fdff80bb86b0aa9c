"""Coverage campaign of Changzhi: survey, ledger and helpers for firms without activity, under appraisal pressure."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.campaign import HOST
from sim.agents.world import World
from sim.levers.base import appropriate


@dataclass(frozen=True)
class CoverageCampaign:
    """Part of their time that helpers give, their numbers, weight in the appraisal, budget in million yuan a year."""

    intensity: float
    officials: float
    expert_teams: float
    mentors: float
    pressure: float
    budget_y: float

    def apply(self, world: World) -> None:
        """Write the campaign's terms in the city's row and appropriate the line; nothing at an intensity of zero."""
        if self.intensity <= 0.0:
            return
        terms = {
            "campaign_intensity": self.intensity, "campaign_officials": self.officials,
            "campaign_teams": self.expert_teams, "campaign_mentors": self.mentors, "campaign_pressure": self.pressure,
        }  # fmt: skip
        for term, value in terms.items():
            world.governments[term][HOST] = value
        appropriate(world, "coverage_campaign", self.budget_y)
