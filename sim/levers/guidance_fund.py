"""Guidance fund: government capital invests in young high-tech firms together with private venture capital."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class GuidanceFund:
    """Target of the fund in million yuan a year, part of private venture capital that investors save in tax."""

    budget_y: float
    tax_credit: float

    def apply(self, world: World) -> None:
        """Write the term and appropriate the line; nothing without money."""
        if self.budget_y <= 0.0:
            return
        set_province(world, "fund_tax_credit", self.tax_credit)
        appropriate(world, "guidance_fund", self.budget_y)
