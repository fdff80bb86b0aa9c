"""Firms grow: Laplace growth with a scale that falls with size, tied by group to the province's industrial revenue.

g ~ Laplace(0, b (S / S0)^v / 2) less ln(1 / (1 - b^2)), so that growth has no mean of its own. Above-scale light
industry follows nominal GDP, heavy industry the rest of industrial revenue; other firms follow GDP. New products add a
little. Sources: N02, N03; drivers ind_revenue, gdp_revised.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.arithmetic import exp, laplace_inverse, log, power
from sim.core.fixed_point import fixed, unfixed
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Params:
    """The growth law and the size classes."""

    laplace_scale_y: float
    size_variance: float
    scale_reference: float
    light_gdp_elasticity: float
    small_gdp_elasticity: float
    product_growth_y: float
    least_sales: float
    small_from: float
    medium_from: float
    large_from: float


@step(writes=("firm.sales_y", "firm.age_q", "firm.size_class", "indices.light_start", "indices.gdp_before"))
def grow_firms(world: World, params: Params, draws: Draws) -> None:
    """Draw growth, then scale each group to its exogenous path of the next quarter."""
    firms, p, quarter = world.firms, params, world.calendar.quarter
    following = min(quarter + 1, len(world.paths["ind_revenue"]) - 1)
    gdp, gdp_next = world.exogenous["gdp_revised"], float(world.paths["gdp_revised"][following])
    sums = grow(
        firms.alive, firms.is_above_scale, firms.sector, firms.new_product_share,
        draws.uniform53("grow.sales", firms),
        np.array([p.laplace_scale_y / 2.0, p.size_variance, p.scale_reference, p.product_growth_y / 4.0,
                  p.least_sales]), firms.sales_y, firms.age_q,
    )  # fmt: skip
    light_start = world.indices.setdefault("light_share_start", np.array([_light_share(world)]))[0]
    revenue = float(world.paths["ind_revenue"][following]) * 100.0 / world.scale
    base = world.exogenous["ind_revenue_2010"] * 100.0 / world.scale
    light = base * light_start * power(gdp_next / world.exogenous["gdp_revised_2010"], p.light_gdp_elasticity)
    light = min(light, 0.9 * revenue)
    target = [revenue - light, light]
    factor = np.array([target[g] / max(unfixed(sums[g]), 1e-9) for g in range(2)]
                      + [power(gdp_next / gdp, p.small_gdp_elasticity)])  # fmt: skip
    tie(firms.alive, firms.is_above_scale, firms.sector, factor,
        np.array([p.small_from, p.medium_from, p.large_from]), firms.sales_y, firms.size_class)  # fmt: skip


def _light_share(world: World) -> float:
    """Share of light industry in above-scale revenue at the start."""
    return float(world.notes["light_share_2010"])


@kernel
def grow(
    alive: U1, above: U1, sector: I1, products: F8, u: F8, number: F8, sales: F8, age: npt.NDArray[np.int32]
) -> npt.NDArray[np.int64]:
    """Sales after the firm's own growth; integer sums of heavy, light and other firms."""
    sums = np.zeros(3, np.int64)
    for j in range(alive.size):
        if alive[j] == 0:
            continue
        age[j] += 1
        b = min(number[0] * power(max(sales[j], 1.0) / number[2], number[1]), 0.4)
        growth = b * laplace_inverse(u[j]) + log(1.0 - b * b) + number[3] * products[j]
        sales[j] = max(sales[j] * exp(min(max(growth, -1.5), 1.5)), number[4])
        sums[2 if above[j] == 0 else (0 if sector[j] <= 3 else 1)] += fixed(sales[j])
    return sums


@kernel
def tie(alive: U1, above: U1, sector: I1, factor: F8, limits: F8, sales: F8, size_class: I1) -> None:
    """Scale each group by its factor and set size classes."""
    for j in range(alive.size):
        if alive[j] == 0:
            continue
        sales[j] *= factor[2 if above[j] == 0 else (0 if sector[j] <= 3 else 1)]
        size_class[j] = 0
        for k in range(3):
            if sales[j] >= limits[k]:
                size_class[j] = k + 1
