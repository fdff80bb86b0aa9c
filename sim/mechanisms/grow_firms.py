"""Firms grow by chance: Laplace growth with a scale that falls with size, and a little more with new products.

g ~ Laplace(0, b (S / S0)^v / 2) less ln(1 / (1 - b^2)), so that growth has no mean of its own; the group's path is
added when the next quarter opens (follow_revenue). Sources: N02, N03.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.arithmetic import exp, laplace_inverse, log, power
from sim.core.kernels import kernel
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
         np.array([p.laplace_scale_y / 2.0, p.size_variance, p.scale_reference, p.product_growth_y / 4.0,
                   p.least_sales, p.largest_scale_q, p.largest_step_q]), firms.sales_y, firms.age_q)  # fmt: skip


@kernel
def grow(alive: U1, products: F8, added: F8, u: F8, number: F8, sales: F8, age: npt.NDArray[np.int32]) -> None:
    """Sales and age of each firm after the quarter."""
    for j in range(alive.size):
        if alive[j] == 0:
            continue
        age[j] += 1
        b = min(number[0] * power(max(sales[j], 1.0) / number[2], number[1]), number[5])
        growth = b * laplace_inverse(u[j]) + log(1.0 - b * b) + number[3] * products[j] + added[j] / 4.0
        sales[j] = max(sales[j] * exp(min(max(growth, -number[6]), number[6])), number[4])
