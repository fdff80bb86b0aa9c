"""Local rewards for R&D: cities that can afford it pay a part of the R&D that firms reported for the last year."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class LocalRdReward:
    """Budget in million yuan a year, part of reported R&D, largest reward of a firm in million yuan a year."""

    budget_y: float
    rate: float
    cap: float

    def apply(self, world: World) -> None:
        """Write rate and cap and appropriate the line; nothing without money, rate or cap."""
        if min(self.budget_y, self.rate, self.cap) <= 0.0:
            return
        set_province(world, "reward_rate", self.rate)
        set_province(world, "reward_cap", self.cap)
        appropriate(world, "local_rd_reward", self.budget_y)
