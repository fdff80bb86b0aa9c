"""Registers technology-based small and medium firms, once a year from the year in which registration begins.

Eligible: firms below a line of sales in a high-tech field or with R&D. They register with a hazard a year, drop out
with another, and lose the status when they outgrow the line or leave. No base is known: the pace is an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.kernels import kernel
from sim.core.row_lists import end_of
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Params:
    """First year, line of sales, and hazards a year."""

    first_year: float
    sales_limit: float  # million yuan a year
    register_y: float
    lapse_y: float


@step(writes=("firm.is_tech_sme",))
def register_tech_smes(world: World, params: Params, draws: Draws) -> None:
    """Draw who registers and who lapses, in the first quarter of each year."""
    firms, p = world.firms, params
    if not world.calendar.is_first_of_year or world.calendar.year < int(p.first_year):
        return
    register(
        firms.alive, firms.is_high_tech_field, firms.has_rd, firms.sales_y, draws.uniform("sme.register", firms),
        p.sales_limit, p.register_y, p.lapse_y, firms.is_tech_sme,
    )  # fmt: skip


@kernel
def register(
    alive: Flags, tech: Flags, has_rd: Flags, sales: Floats, u: Floats, sales_limit: float, register_y: float,
    lapse_y: float, registered: Flags,
) -> None:  # fmt: skip
    """Register (low u) or lapse (high u), in place; no branches, so that the loop runs on vectors."""
    for j in range(end_of(alive)):
        may = (sales[j] < sales_limit) & ((tech[j] != 0) | (has_rd[j] != 0))
        joins = may & (u[j] < register_y)
        stays = may & (u[j] <= 1.0 - lapse_y)
        found = stays if registered[j] != 0 else joins
        registered[j] = found if alive[j] != 0 else registered[j]
