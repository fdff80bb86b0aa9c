"""Firms grow by chance: Laplace growth in a year, its scale falling with size, and a little more with new products.

The evidence is of yearly growth, so the law of a quarter is that of which four sum to a Laplace variable: g is the
difference of two gamma variables with shape 1/4 and scale b (S / S0)^v, less ln(1 / (1 - b^2)) / 4, so that growth has
no mean of its own. Growth comes in lumps, hardly anything in most quarters: Laplace growth by the quarter would sum to
years nearer to the normal. The group's path is added when the next quarter opens (follow_revenue).
Sources: N01, N02, N03.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.arithmetic import exp, laplace_quarter_inverse, log
from sim.core.kernels import kernel
from sim.core.row_lists import BLOCK, end_of
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Params:
    """The growth law."""

    laplace_scale_y: float
    size_variance: float
    scale_reference: float
    product_growth_y: float
    least_sales: float
    largest_scale_q: float
    largest_step_q: float


@step(writes=("firm.sales_y", "firm.age_q"))
def grow_firms(world: World, params: Params, draws: Draws) -> None:
    """Draw the growth of every firm."""
    firms, p = world.firms, params
    grow(firms.alive, firms.new_product_share, firms.growth_add, draws.uniform53("grow.sales", firms),
         p.laplace_scale_y, p.size_variance, p.scale_reference, p.product_growth_y / 4.0, p.least_sales,
         2.0 * p.largest_scale_q, p.largest_step_q, firms.sales_y, firms.age_q)  # fmt: skip


@kernel
def grow(
    alive: U1, products: F8, added: F8, u: F8, scale: float, variance: float, reference: float, by_products: float,
    least: float, largest_scale: float, largest_step: float, sales: F8, age: npt.NDArray[np.int32],
) -> None:  # fmt: skip
    """Sales and age of each firm after the quarter; `scale` and `largest_scale` are those of a year.

    Blocks of rows go through short loops without branches: one with all of the arithmetic would wait for itself.
    """
    end = end_of(alive)
    for j in range(end):
        age[j] += 1 if alive[j] != 0 else 0
    b, growth = np.empty(BLOCK), np.empty(BLOCK)
    for first in range(0, end, BLOCK):
        rows = slice(first, min(first + BLOCK, end))
        living, turnover, by_chance, new, more = alive[rows], sales[rows], u[rows], products[rows], added[rows]
        for i in range(living.size):
            b[i] = variance * log(max(turnover[i], 1.0) / reference)
        for i in range(living.size):
            b[i] = min(scale * exp(b[i]), largest_scale)
        for i in range(living.size):
            growth[i] = b[i] * laplace_quarter_inverse(by_chance[i])
        for i in range(living.size):
            growth[i] = growth[i] + 0.25 * log(1.0 - b[i] * b[i]) + by_products * new[i] + more[i] / 4.0
        for i in range(living.size):
            grown = max(turnover[i] * exp(min(max(growth[i], -largest_step), largest_step)), least)
            turnover[i] = grown if living[i] != 0 else turnover[i]
