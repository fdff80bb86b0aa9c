"""Project grants: pay a part of firms' R&D projects up front, the best ranked first, to the end of the budget."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class RdGrant:
    """Budget in million yuan a year, part of spending that is paid, part kept for firms, strictness on joint bids."""

    budget_y: float
    rate: float
    firm_share: float
    joint_only: float

    def apply(self, world: World) -> None:
        """Write the grant terms and appropriate the line; nothing at a budget or rate of zero."""
        if self.budget_y <= 0.0 or self.rate <= 0.0:
            return
        set_province(world, "grant_rate", self.rate)
        set_province(world, "grant_firm_share", self.firm_share)
        set_province(world, "grant_joint_only", self.joint_only)
        appropriate(world, "rd_grant", self.budget_y)
