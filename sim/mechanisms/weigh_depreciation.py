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
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
BLOCK = 512


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
    if not firms.accelerated_depreciation.any():
        return
    weigh(
        firms.alive, firms.size_class, firms.hnte_stage, firms.margin, firms.claim_rank, firms.take_up_lift,
        firms.tax_cut, firms.deduction_rate, firms.accelerated_depreciation,
        np.array([p.take_up, p.profit_tax, p.equipment_share * (1.0 - present_value(p.life, p.discount_y))]),
        firms.cost_factor, firms.deferred_tax_share,
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
    accelerated: F8, number: F8, factor: F8, deferred: F8,
) -> None:  # fmt: skip
    """User cost relative to that with equal parts over the life, and tax put off as a share of R&D, in place.

    number : share of small firms that claim, tax rate, deduction that waiting costs as a share of R&D.
    """
    claim, profit_tax, waiting = number[0], number[1], number[2]
    gains, part, tax = np.empty(BLOCK, np.bool_), np.empty(BLOCK), np.empty(BLOCK)
    for first in range(0, alive.size, BLOCK):  # short loops without branches: the compiler takes several rows at once
        n = min(BLOCK, alive.size - first)
        j0 = np.uint64(first)
        for k in range(np.uint64(n)):
            gains[k] = (alive[j0 + k] != 0) & (margin[j0 + k] > 0.0) & (accelerated[j0 + k] > 0.0)
        for k in range(np.uint64(n)):
            gains[k] &= (size_class[j0 + k] >= MEDIUM) | (claim_rank[j0 + k] < claim + take_up[j0 + k])
        for k in range(np.uint64(n)):
            tax[k] = profit_tax - (tax_cut[j0 + k] if stage[j0 + k] == CERTIFIED else 0.0)
        for k in range(np.uint64(n)):
            rate = tax[k] * (1.0 + deduction[j0 + k])
            gain = rate * waiting
            tax[k] = accelerated[j0 + k] * gain / QUARTERS_A_YEAR
            part[k] = 1.0 - accelerated[j0 + k] * gain / (1.0 - rate + gain)
        for k in range(np.uint64(n)):
            factor[j0 + k] = factor[j0 + k] * part[k] if gains[k] else factor[j0 + k]
            deferred[j0 + k] = deferred[j0 + k] + tax[k] if gains[k] else deferred[j0 + k]
