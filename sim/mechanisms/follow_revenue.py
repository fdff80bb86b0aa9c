"""Sales of each group are tied to their exogenous path: heavy and light industry to revenue, the others to GDP.

Light above-scale industry follows nominal GDP at an elasticity, heavy industry takes the rest of the province's
industrial revenue, so policy moves firms against each other and not the province's revenue. Size classes follow sales.
Sources: drivers ind_revenue, gdp_revised; the split of the path is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import LARGE, MEDIUM, MICRO, SMALL
from sim.agents.industry import HEAVY, LIGHT, industry_group
from sim.agents.world import World
from sim.core.arithmetic import power
from sim.core.fixed_point import fixed, unfixed
from sim.core.kernels import kernel
from sim.core.row_lists import end_of
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
LARGEST_LIGHT_SHARE = 0.9  # heavy industry keeps a tenth of revenue in any scenario of drivers


@dataclass(frozen=True)
class Params:
    """Elasticities of the paths to GDP, and the limits of the size classes (million yuan a year)."""

    SHARED = ("population.small_from", "population.medium_from", "population.large_from")
    light_gdp_elasticity: float
    small_gdp_elasticity: float
    small_from: float
    medium_from: float
    large_from: float


@step(writes=("firm.sales_y", "firm.size_class"))
def follow_revenue(world: World, params: Params, draws: Draws) -> None:
    """Scale sales so that each group meets its path in this quarter."""
    firms, p, now = world.firms, params, world.exogenous
    sums = group_sales(firms.alive, firms.is_above_scale, firms.sector, firms.sales_y)
    revenue = now["ind_revenue"] * 100.0 / world.scale
    start = now["ind_revenue_2010"] * 100.0 / world.scale * float(world.notes["light_share_2010"])
    light = start * power(now["gdp_revised"] / now["gdp_revised_2010"], p.light_gdp_elasticity)
    light = min(light, LARGEST_LIGHT_SHARE * revenue)
    before = float(world.notes.get("gdp_before", now["gdp_revised_2010"]))
    world.notes["gdp_before"] = now["gdp_revised"]
    factor = (
        (revenue - light) / max(unfixed(sums[HEAVY]), 1e-9),
        light / max(unfixed(sums[LIGHT]), 1e-9),
        power(now["gdp_revised"] / before, p.small_gdp_elasticity),
    )
    tie(firms.alive, firms.is_above_scale, firms.sector, *factor, p.small_from, p.medium_from, p.large_from,
        firms.sales_y, firms.size_class)  # fmt: skip


@kernel
def group_sales(alive: U1, above: U1, sector: I1, sales: F8) -> tuple[int, int]:
    """Integer sums of sales of above-scale heavy and of above-scale light industry."""
    heavy = 0
    light = 0
    for j in range(end_of(alive)):
        part = fixed(sales[j]) if alive[j] != 0 else 0
        group = industry_group(above[j], sector[j])
        heavy += part if group == HEAVY else 0
        light += part if group == LIGHT else 0
    return heavy, light


@kernel
def tie(
    alive: U1, above: U1, sector: I1, heavy: float, light: float, other: float, small_from: float, medium_from: float,
    large_from: float, sales: F8, size_class: I1,
) -> None:  # fmt: skip
    """Scale each group by its factor and set size classes; no branches, so that the loops run on vectors."""
    end = end_of(alive)
    for j in range(end):
        group = industry_group(above[j], sector[j])
        factor = heavy if group == HEAVY else (light if group == LIGHT else other)
        scaled = sales[j] * factor
        sales[j] = scaled if alive[j] != 0 else sales[j]
    for j in range(end):
        turnover, before = sales[j], size_class[j]
        found = SMALL if turnover >= small_from else MICRO
        found = MEDIUM if turnover >= medium_from else found
        found = LARGE if turnover >= large_from else found
        size_class[j] = found if alive[j] != 0 else before
