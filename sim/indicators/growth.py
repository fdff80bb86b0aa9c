"""Growth accounting: what part of real growth is credited to knowledge."""

from __future__ import annotations

from sim.agents.world import World
from sim.core.arithmetic import log
from sim.indicators.census import amount

WINDOW_QUARTERS = 20


def st_contribution_rate(world: World) -> float:
    """Share (%) of real growth of the last five years (or since 2010) credited to knowledge and progress; 0 to 100.

    (elasticity x growth of knowledge + progress not tied to R&D) / growth of GDP at constant price. The nation's rate
    is computed by its own method: this is a reading of the model, grade D.
    """
    real_gdp = world.exogenous["gdp_revised"] / world.indices["deflator"][0]
    path = world.notes.setdefault("growth_path", [])
    if len(path) == world.calendar.quarter:  # once a quarter, however often it is asked
        path.append((amount(world, "knowledge"), real_gdp))
    knowledge, before = path[max(0, len(path) - 1 - WINDOW_QUARTERS)]
    years = min(len(path) - 1, WINDOW_QUARTERS) / 4.0
    if years <= 0.0:
        return 0.0
    growth = log(real_gdp / before) / years
    number = world.notes["number"]
    credited = number("growth.knowledge_elasticity") * log(path[-1][0] / knowledge) / years
    credited += number("growth.other_progress_y")
    return max(0.0, min(100.0, 100.0 * credited / growth)) if growth > 1e-6 else 100.0
