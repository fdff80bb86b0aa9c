"""Mobility of researchers: protected leave to found firms, part-time posts in firms, inventors' share of income.

No money is paid: universities and institutes bear the cost, in research not done and in income given away.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import set_province


@dataclass(frozen=True)
class ResearcherMobility:
    """Share of staff who go on leave a year, share who may hold part-time posts, inventors' part of income."""

    leave_share: float
    part_time_share: float
    inventor_share: float

    def apply(self, world: World) -> None:
        """Write the shares that are not zero."""
        for term in ("leave_share", "part_time_share", "inventor_share"):
            if getattr(self, term) > 0.0:
                set_province(world, term, getattr(self, term))
