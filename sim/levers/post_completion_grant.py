"""Grants on completion: listed projects are financed by the firm, evaluated, and the best of the finished are paid."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class PostCompletionGrant:
    """Budget in million yuan a year, part of the R&D carried out that is paid, part of the finished that is paid."""

    budget_y: float
    rate: float
    pass_share: float

    def apply(self, world: World) -> None:
        """Write rate and share and appropriate the line; nothing without money, rate or anybody to be paid."""
        if min(self.budget_y, self.rate, self.pass_share) <= 0.0:
            return
        set_province(world, "completion_rate", self.rate)
        set_province(world, "completion_pass_share", self.pass_share)
        appropriate(world, "post_completion_grant", self.budget_y)
