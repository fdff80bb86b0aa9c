"""Firms earn the margin of their group; what is left after debt service fills or drains the cash buffer.

Above-scale margins are shifted so that their sum meets the observed profit margin of the province: light industry has
its own, heavy industry takes the rest, plus coal_pass x ln(coal price / observed coal price) in a scenario that changes
the coal price. Cash: dC = pass x (margin - hurdle) S / 4; shortfalls beyond the buffer become arrears, which are served
before cash refills. Sources: drivers ind_profit_margin, coal_price; L03, R05; feasibility_fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.industry import HEAVY, LIGHT, industry_group
from sim.agents.world import World
from sim.core.arithmetic import log
from sim.core.fixed_point import fixed, unfixed
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Params:
    """Margins of groups, debt service, and how cash moves; shares of sales."""

    SHARED = ("finance_rd.normal_cash",)
    margin_light: float
    margin_services: float
    coal_pass: float
    hurdle_heavy: float
    hurdle_other: float
    cash_pass: float
    cash_cap: float
    normal_cash: float
    cash_reversion: float
    arrears_share: float


@step(writes=("firm.margin", "firm.cash", "firm.debt_overhang", "firm.sales_year", "firm.profit_year"))
def earn_profit(world: World, params: Params, draws: Draws) -> None:
    """Set margins, move cash, add up the year's sales and profit."""
    firms, now = world.firms, world.exogenous
    sums = group_sums(firms.alive, firms.is_above_scale, firms.sector, firms.sales_y, firms.margin_offset)
    sales = [max(unfixed(s), 1e-9) for s in sums[0]]
    offset = [unfixed(o) / s for o, s in zip(sums[1], sales, strict=True)]
    total = now["ind_profit_margin"] / 100.0 * (sales[HEAVY] + sales[LIGHT])
    heavy = (total - params.margin_light * sales[LIGHT]) / sales[HEAVY]
    heavy += params.coal_pass * log(now["coal_price"] / now["coal_price_observed"])
    level = np.array([heavy, params.margin_light, params.margin_services]) - np.array(offset)
    hurdle = np.array([params.hurdle_heavy, params.hurdle_other, params.hurdle_other])
    earn(firms.alive, firms.is_above_scale, firms.sector, firms.sales_y, firms.margin_offset, level, hurdle,
         params.cash_pass, params.cash_cap, params.normal_cash, params.cash_reversion, params.arrears_share,
         firms.margin, firms.cash, firms.debt_overhang, firms.sales_year, firms.profit_year)  # fmt: skip


@kernel
def group_sums(alive: U1, above: U1, sector: I1, sales: F8, offset: F8) -> npt.NDArray[np.int64]:
    """Integer sums of sales and of offset x sales by group (heavy, light, other); shape (2, 3)."""
    sums = np.zeros((2, 3), np.int64)
    for j in range(sales.size):
        if alive[j] != 0:
            g = industry_group(above[j], sector[j])
            sums[0, g] += fixed(sales[j])
            sums[1, g] += fixed(sales[j] * offset[j])
    return sums


@kernel
def earn(
    alive: U1, above: U1, sector: I1, sales: F8, offset: F8, level: F8, hurdle: F8, cash_pass: float, cash_cap: float,
    normal_cash: float, reversion: float, arrears_share: float, margin: F8, cash: F8, overhang: F8, sales_year: F8,
    profit_year: F8,
) -> None:  # fmt: skip
    """Margin of each firm, its cash and arrears after a quarter, and the sums of its year."""
    for j in range(sales.size):
        if alive[j] == 0:
            continue
        g = industry_group(above[j], sector[j])
        margin[j] = level[g] + offset[j]
        quarter_sales = sales[j] / 4.0
        sales_year[j] += quarter_sales
        profit_year[j] += margin[j] * quarter_sales
        surplus = cash_pass * (margin[j] - hurdle[g]) * quarter_sales
        if surplus > 0.0 and overhang[j] > 0.0:
            served = min(surplus, overhang[j])
            overhang[j] -= served
            surplus -= served
        left = cash[j] + surplus + reversion * (normal_cash * sales[j] - cash[j])
        if left < 0.0:
            overhang[j] += arrears_share * -left
            left = 0.0
        cash[j] = min(left, cash_cap * sales[j])
