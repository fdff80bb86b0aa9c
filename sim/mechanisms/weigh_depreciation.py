"""Early depreciation of R&D equipment makes R&D cheaper: the deduction comes at once instead of over years.

Equipment is a part of R&D. Written off in equal parts over its life at a discount rate, a yuan of it is worth z < 1 of
deduction today; at full acceleration 1. The user cost falls from 1 - t (1 + d) (1 - e + e z) to 1 - t (1 + d) for who
claims and has a taxable profit; loss-makers gain nothing. The tax that is put off is counted in settle_tax at present
value. Sources: A06 for the form of the user cost; the statute for the write-off; the share of equipment is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import CERTIFIED, MEDIUM
from sim.agents.world import World
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.kernels import inline, kernel
from sim.core.row_lists import BLOCK, end_of
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Params:
    """Equipment in R&D, how it is written off, and the tax."""

    SHARED = ("desire_rd.take_up", "desire_rd.profit_tax")
    equipment_share: float
    life: int  # years
    discount_y: float
    take_up: float
    profit_tax: float


@step(writes=("firm.cost_factor", "firm.deferred_tax_share"))
def weigh_depreciation(world: World, params: Params, draws: Draws) -> None:
    """Lower the user cost of who gains, and add up the share of R&D by which tax is put off."""
    firms, p = world.firms, params
    if world.calendar.is_first_of_year and firms.deferred_tax_share.any():
        firms.deferred_tax_share.fill(0.0)
    accelerated = firms.accelerated_depreciation
    if not accelerated.any():
        return
    weigh(
        firms.alive, firms.size_class, firms.hnte_stage, firms.margin,
        firms.claim_rank, firms.take_up_lift, firms.tax_cut, firms.deduction_rate, accelerated, p.take_up,
        p.profit_tax, p.equipment_share * (1.0 - present_value(p.life, p.discount_y)), firms.cost_factor,
        firms.deferred_tax_share,
    )  # fmt: skip


@inline
def present_value(life: int, discount_y: float) -> float:
    """Worth today of a yuan that is deducted in equal parts in `life` years, the first one now."""
    total = 0.0
    factor = 1.0
    for _ in range(life):
        total += factor
        factor /= 1.0 + discount_y
    return total / life


@kernel
def weigh(
    alive: U1, size_class: I1, stage: I1, margin: F8, claim_rank: F8, take_up: F8, tax_cut: F8, deduction: F8,
    accelerated: F8, claiming: float, profit_tax: float, by_waiting: float, factor: F8, deferred: F8,
) -> None:  # fmt: skip
    """User cost relative to that with equal parts over the life, and tax put off as a share of R&D, in place.

    claiming : share of small firms that claim; by_waiting : deduction that waiting costs as a share of R&D. Blocks of
    rows go through short loops without branches, so that they run on vectors.
    """
    rate, early = np.empty(BLOCK), np.empty(BLOCK)
    end = end_of(alive)
    for first in range(0, end, BLOCK):
        rows = slice(first, min(first + BLOCK, end))
        living, size, where, earned, rank, lift = (
            alive[rows], size_class[rows], stage[rows], margin[rows], claim_rank[rows], take_up[rows]
        )  # fmt: skip
        cut, extra, share, cost, later = (
            tax_cut[rows], deduction[rows], accelerated[rows], factor[rows], deferred[rows]
        )  # fmt: skip
        for i in range(living.size):
            points = cut[i]
            tax = profit_tax - (points if where[i] == CERTIFIED else 0.0)
            rate[i] = tax * (1.0 + extra[i])
        for i in range(living.size):
            claims = (size[i] >= MEDIUM) | (rank[i] < claiming + lift[i])
            part = share[i]
            early[i] = part if claims & (living[i] != 0) & (earned[i] > 0.0) & (part > 0.0) else 0.0
        for i in range(living.size):
            gain = rate[i] * by_waiting
            left = cost[i] * (1.0 - early[i] * gain / (1.0 - rate[i] + gain))
            cost[i] = left if early[i] > 0.0 else cost[i]
            later[i] += early[i] * gain / QUARTERS_A_YEAR
