"""The calendar year's profit tax is settled, and what it does not collect is counted by lever.

Whoever holds a certificate at the end of the year pays the lower rate for the whole of it: a certificate of any month
counts for its year and the next two. Profit is set first against losses of five years, then against the extra
deductions of the year, then against those that earlier years could not use, which carry five years as losses do.
Early depreciation is counted with the super-deduction at the worth of the delay, tax credits of investors with theirs.
Sources: act_profit_tax; national rule loss_carry_forward.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import CERTIFIED, LOSS_YEARS
from sim.agents.world import World
from sim.core.fixed_point import fixed, fixed_sum, unfixed
from sim.core.kernels import float_bits, inline, kernel
from sim.core.row_lists import end_of, rows_with
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]
LEVERS = ("super_deduction", "hnte_tax_rate")


@dataclass(frozen=True)
class Params:
    """The ordinary rate of the profit tax."""

    SHARED = ("desire_rd.profit_tax",)
    profit_tax: float


@step(writes=("firm.losses_carried", "firm.deductions_carried", "notes.tax_expenditure"))
def settle_tax(world: World, params: Params, draws: Draws) -> None:
    """Settle the year in its last quarter, once the year's certificates are given."""
    if not world.calendar.is_last_of_year:
        return
    firms = world.firms
    rows = concerned(firms.alive, firms.hnte_stage, firms.profit_year, firms.deductible_year, firms.losses_carried,
                     firms.deductions_carried)  # fmt: skip
    forgone = settle(
        rows, firms.hnte_stage, firms.tax_cut_year, firms.profit_year, firms.deductible_year, params.profit_tax,
        firms.losses_carried, firms.deductions_carried,
    )  # fmt: skip
    spared = dict(zip(LEVERS, map(int, forgone), strict=True))
    if firms.deferred_tax_share.any():
        gained = firms.deferred_tax_share * firms.rd_reported_year * (firms.profit_year > 0.0)
        spared["super_deduction"] += int(fixed_sum(gained, firms.alive))
    for lever, credit in world.notes.pop("tax_credits", {}).items():  # of others than firms: investors
        spared[lever] = spared.get(lever, 0) + credit
    by_year = world.notes.setdefault("tax_expenditure", {})
    by_lever = {name: unfixed(v) * world.scale for name, v in spared.items()}
    by_year.setdefault(world.calendar.year, {}).update(by_lever)  # relief of other taxes is there already


@inline
def use(carried: F8, j: int, taxable: float) -> float:
    """Take what is carried off the profit, the oldest first; returns what was used."""
    total = 0.0
    for k in range(carried.shape[1]):
        age = carried.shape[1] - 1 - k
        used = min(carried[j, age], taxable - total)
        carried[j, age] -= used
        total += used
    return total


@inline
def grow_older(carried: F8, j: int, new: float) -> None:
    """What is carried grows a year older; the oldest lapses, the new enters."""
    for k in range(carried.shape[1] - 1):
        age = carried.shape[1] - 1 - k
        carried[j, age] = carried[j, age - 1]
    carried[j, 0] = new


@kernel
def concerned(
    alive: npt.NDArray[np.uint8], stage: npt.NDArray[np.int8], profit: F8, deductible: F8, losses: F8, deductions: F8
) -> I8:
    """Rows of which there is something to count or to carry: not those with a profit, no certificate and no more."""
    found = np.empty(alive.size, np.uint8)
    for j in range(end_of(alive)):
        carried = 0
        for age in range(LOSS_YEARS):
            carried |= float_bits(losses[j, age]) | float_bits(deductions[j, age])
        plain = (profit[j] > 0.0) & (deductible[j] == 0.0) & (stage[j] != CERTIFIED)
        found[j] = (not plain) | (carried != 0)
    return rows_with(alive, found)


@kernel
def settle(
    rows: I8, stage: npt.NDArray[np.int8], tax_cut: F8, profit: F8, deductible: F8,
    profit_tax: float, losses: F8, deductions: F8,
) -> npt.NDArray[np.int64]:  # fmt: skip
    """Tax not collected because of the extra deduction and of the lower rate (fixed point, million yuan)."""
    forgone = np.zeros(2, np.int64)
    for j in rows:
        taxable = max(profit[j], 0.0)
        taxable -= use(losses, j, taxable)
        extra = min(deductible[j], taxable)
        extra += use(deductions, j, taxable - extra)
        grow_older(losses, j, max(-profit[j], 0.0))
        grow_older(deductions, j, max(deductible[j] - taxable, 0.0))
        rate = profit_tax - (tax_cut[j] if stage[j] == CERTIFIED else 0.0)
        forgone[0] += fixed(rate * extra)
        forgone[1] += fixed((profit_tax - rate) * (taxable - extra))
    return forgone
