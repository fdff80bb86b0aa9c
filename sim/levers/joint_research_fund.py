"""Fund for joint research: paid out of the increase of fiscal science spending alone, so no growth means no money."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.core.calendar import QUARTERS_A_YEAR
from sim.levers.base import appropriate, set_province

SPENDING = "fiscal_st_expenditure"  # 100m yuan a year
MILLION_IN_100M = 100.0
YEAR_OF_START = 2010  # the year whose value is kept beside the path


@dataclass(frozen=True)
class JointResearchFund:
    """Part of the increase of the year over the last, and public money of one project in million yuan."""

    increase_share: float
    project_size: float

    def apply(self, world: World) -> None:
        """Write the size of a project and appropriate the line; nothing in a year without an increase."""
        if self.increase_share <= 0.0 or self.project_size <= 0.0:
            return
        budget_y = self.increase_share * increase_of_spending(world)
        if budget_y <= 0.0:
            return
        set_province(world, "joint_project_size", self.project_size)
        appropriate(world, "joint_research_fund", budget_y)


def increase_of_spending(world: World) -> float:
    """Increase of fiscal science spending over the last year, million yuan, not below 0; 0 when no last year is known.

    Reads this quarter and the one a year before, nothing later.
    """
    now, clock = world.paths[SPENDING], world.calendar
    if clock.quarter >= QUARTERS_A_YEAR:
        before = float(now[clock.quarter - QUARTERS_A_YEAR])
    elif clock.year == YEAR_OF_START + 1:
        before = float(world.paths[f"{SPENDING}_2010"][clock.quarter])
    else:
        return 0.0
    return max(0.0, float(now[clock.quarter]) - before) * MILLION_IN_100M
