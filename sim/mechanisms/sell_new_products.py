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
from sim.core.row_lists import end_of, rows_with
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I8 = npt.NDArray[np.int64]


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
        _set_level(world, p)
    rows = who_may_move(firms.alive, firms.has_rd, firms.new_product_share, firms.product_gain)
    wanted = wanted_share(rows, firms.has_rd, firms.knowledge, firms.sales_y, p.elasticity)
    move(rows, wanted, firms.voucher_effect, firms.success_factor, firms.product_gain,
         draws.uniform("products.success", firms), float(world.indices["product_level"][0]),
         1.0 - exp(-p.adjustment_y / 4.0), quarterly_hazard(p.success), p.voucher_gain, p.largest_share,
         firms.new_product_share)  # fmt: skip


def _set_level(world: World, p: Params) -> None:
    """In the first quarter: the level at which above-scale firms sell what was observed, and the shares of that."""
    firms = world.firms
    rows = rows_with(firms.alive, firms.has_rd & firms.is_above_scale)
    raw = np.zeros(firms.capacity)
    raw[rows] = wanted_share(rows, firms.has_rd, firms.knowledge, firms.sales_y, p.elasticity)
    total = unfixed(fixed_sum(raw * firms.sales_y, firms.alive)) * world.scale
    world.indices["product_level"] = np.array([p.sales_2010 / max(total, 1e-9)])
    np.minimum(raw * world.indices["product_level"][0], p.largest_share, out=firms.new_product_share)


@kernel
def who_may_move(alive: U1, active: U1, share: F8, demand: F8) -> I8:
    """Rows whose share can change: without R&D, products and demand it stays at nothing."""
    found = np.empty(alive.size, np.uint8)
    end = end_of(alive)
    for j in range(end):  # one width a loop, so that the compiler takes many rows at once
        found[j] = (share[j] != 0.0) | (demand[j] != 0.0)
    for j in range(end):
        found[j] |= active[j]
    return rows_with(alive, found)


@kernel
def wanted_share(rows: I8, active: U1, knowledge: F8, sales: F8, elasticity: float) -> F8:
    """(K / S)^e of performers before the level, 0 for others, shape (n,)."""
    wanted = np.empty(rows.size)
    for k in range(rows.size):
        j = rows[k]
        relative = knowledge[j] / max(sales[j], 1e-9)
        wanted[k] = relative if active[j] != 0 else 0.0
    for k in range(rows.size):  # apart, so that it runs on vectors; nothing stays nothing
        wanted[k] = power(wanted[k], elasticity)
    return wanted


@kernel
def move(
    rows: I8, wanted: F8, voucher: F8, success: F8, demand: F8, u: F8, level: float, speed: float, chance: float,
    voucher_gain: float, largest: float, share: F8,
) -> None:  # fmt: skip
    """Share of new products after the quarter; without R&D it fades at the same speed."""
    for k in range(rows.size):
        j = rows[k]
        goal = min(level * wanted[k] * (1.0 + voucher_gain * voucher[j]) + demand[j], largest)
        moves = (goal < share[j]) | (u[j] < chance * success[j])
        share[j] += speed * (goal - share[j]) if moves else 0.0
