"""Knowledge becomes new products: their share of sales follows knowledge over sales, when development succeeds.

share* = level x (K / S)^e x (1 + voucher gain); a success draw decides whether the share moves up this quarter.
Sources: R10, D07; level fitted to one observation (2012).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.arithmetic import exp, power, quarterly_hazard
from sim.core.fixed_point import fixed_sum, unfixed
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Params:
    """The share law: level of 2010, elasticity, speed, success."""

    elasticity: float
    adjustment_y: float
    success: float
    voucher_gain: float
    largest_share: float
    sales_2010: float


@step(writes=("firm.new_product_share", "indices.product_level"))
def sell_new_products(world: World, params: Params, draws: Draws) -> None:
    """Move every performer's share of new products."""
    firms, p = world.firms, params
    if "product_level" not in world.indices:
        raw = np.zeros(firms.capacity)
        wanted_share(firms.alive, firms.has_rd, firms.is_above_scale, firms.knowledge, firms.sales_y, p.elasticity, raw)
        total = unfixed(fixed_sum(raw * firms.sales_y, firms.alive)) * world.scale
        world.indices["product_level"] = np.array([p.sales_2010 / max(total, 1e-9)])
        np.minimum(raw * world.indices["product_level"][0], p.largest_share, out=firms.new_product_share)
    move(firms.alive, firms.has_rd, firms.knowledge, firms.sales_y, firms.voucher_effect, firms.success_factor,
         firms.product_gain, draws.uniform("products.success", firms), float(world.indices["product_level"][0]),
         np.array([p.elasticity, 1.0 - exp(-p.adjustment_y / 4.0), quarterly_hazard(p.success), p.voucher_gain,
                   p.largest_share]), firms.new_product_share)  # fmt: skip


@kernel
def wanted_share(alive: U1, active: U1, above: U1, knowledge: F8, sales: F8, elasticity: float, out: F8) -> None:
    """(K / S)^e of above-scale performers, before the level."""
    for j in range(alive.size):
        if alive[j] != 0 and active[j] != 0 and above[j] != 0:
            out[j] = power(knowledge[j] / max(sales[j], 1e-9), elasticity)


@kernel
def move(
    alive: U1,
    active: U1,
    knowledge: F8,
    sales: F8,
    voucher: F8,
    success: F8,
    demand: F8,
    u: F8,
    level: float,
    number: F8,
    share: F8,
) -> None:
    """Share of new products after the quarter; without R&D it fades at the same speed."""
    for j in range(alive.size):
        if alive[j] == 0:
            continue
        wanted = 0.0
        if active[j] != 0:
            wanted = level * power(knowledge[j] / max(sales[j], 1e-9), number[0]) * (1.0 + number[3] * voucher[j])
        wanted = min(wanted + demand[j], number[4])
        if wanted < share[j] or u[j] < number[2] * success[j]:
            share[j] += number[1] * (wanted - share[j])
