"""Firms earn the margin of their group; what is left after debt service fills or drains the cash buffer.

Above-scale margins are shifted so that their sum meets the observed profit margin of the province: light industry has
its own, heavy industry takes the rest, plus coal_pass x ln(coal price / observed coal price) in a scenario that changes
the coal price. Cash: dC = pass x (margin - hurdle) S / 4; shortfalls beyond the buffer become arrears, which bear
interest and are served before cash refills. Sources: drivers ind_profit_margin, coal_price; L03, R05; feasibility_fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.industry import HEAVY, LIGHT, OTHER, industry_group
from sim.agents.world import World
from sim.core.arithmetic import log
from sim.core.fixed_point import fixed, unfixed
from sim.core.kernels import kernel
from sim.core.row_lists import BLOCK, end_of
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
    arrears_interest_y: float


@step(writes=("firm.margin", "firm.cash", "firm.debt_overhang", "firm.sales_year", "firm.profit_year"))
def earn_profit(world: World, params: Params, draws: Draws) -> None:
    """Set margins, move cash, add up the year's sales and profit."""
    firms, now, p = world.firms, world.exogenous, params
    sums = group_sums(firms.alive, firms.is_above_scale, firms.sector, firms.sales_y, firms.margin_offset)
    sales = [max(unfixed(s), 1e-9) for s in sums[0]]
    offset = [unfixed(o) / s for o, s in zip(sums[1], sales, strict=True)]
    total = now["ind_profit_margin"] / 100.0 * (sales[HEAVY] + sales[LIGHT])
    heavy = (total - p.margin_light * sales[LIGHT]) / sales[HEAVY]
    heavy += p.coal_pass * log(now["coal_price"] / now["coal_price_observed"])
    level = (heavy - offset[HEAVY], p.margin_light - offset[LIGHT], p.margin_services - offset[OTHER])
    earn(firms.alive, firms.is_above_scale, firms.sector, firms.sales_y, firms.margin_offset, *level,
         firms.margin, firms.sales_year, firms.profit_year)  # fmt: skip
    move_cash(firms.alive, firms.is_above_scale, firms.sector, firms.sales_y, firms.margin, p.hurdle_heavy,
              p.hurdle_other, p.cash_pass, p.cash_cap, p.normal_cash, p.cash_reversion, p.arrears_share,
              p.arrears_interest_y / 4.0, firms.cash, firms.debt_overhang)  # fmt: skip


@kernel
def group_sums(
    alive: U1, above: U1, sector: I1, sales: F8, offset: F8
) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Integer sums of sales, and of offset x sales, by group (heavy, light, other)."""
    end = end_of(alive)
    heavy = light = every = heavy_offset = light_offset = every_offset = 0
    for j in range(end):
        group = industry_group(above[j], sector[j])
        part = fixed(sales[j]) if alive[j] != 0 else 0
        weighed = fixed(sales[j] * offset[j]) if alive[j] != 0 else 0
        every += part
        every_offset += weighed
        heavy += part if group == HEAVY else 0
        heavy_offset += weighed if group == HEAVY else 0
        light += part if group == LIGHT else 0
        light_offset += weighed if group == LIGHT else 0
    other = (every - heavy - light, every_offset - heavy_offset - light_offset)
    return (heavy, light, other[0]), (heavy_offset, light_offset, other[1])


@kernel
def earn(
    alive: U1, above: U1, sector: I1, sales: F8, offset: F8, heavy: float, light: float, other: float, margin: F8,
    sales_year: F8, profit_year: F8,
) -> None:  # fmt: skip
    """Margin of each firm and the sums of its year; a loop for each column, so that all run on vectors."""
    end = end_of(alive)
    for j in range(end):
        group = industry_group(above[j], sector[j])
        level = heavy if group == HEAVY else (light if group == LIGHT else other)
        found = level + offset[j]
        margin[j] = found if alive[j] != 0 else margin[j]
    for j in range(end):
        added = sales[j] / 4.0
        sales_year[j] += added if alive[j] != 0 else 0.0
    for j in range(end):
        added = margin[j] * (sales[j] / 4.0)
        profit_year[j] += added if alive[j] != 0 else 0.0


@kernel
def move_cash(
    alive: U1, above: U1, sector: I1, sales: F8, margin: F8, hurdle_heavy: float, hurdle_other: float,
    cash_pass: float, cash_cap: float, normal_cash: float, reversion: float, arrears_share: float, interest: float,
    cash: F8, overhang: F8,
) -> None:  # fmt: skip
    """Cash and arrears after the quarter, in blocks of rows; short loops with few columns run on vectors."""
    surplus = np.empty(BLOCK)
    end = end_of(alive)
    for first in range(0, end, BLOCK):
        rows = slice(first, min(first + BLOCK, end))
        living, turnover, arrears, held = alive[rows], sales[rows], overhang[rows], cash[rows]
        earned, high, branch = margin[rows], above[rows], sector[rows]
        for i in range(living.size):
            hurdle = hurdle_heavy if industry_group(high[i], branch[i]) == HEAVY else hurdle_other
            surplus[i] = cash_pass * (earned[i] - hurdle) * (turnover[i] / 4.0)
        for i in range(living.size):  # arrears bear interest and are served before cash refills
            arrears[i] += interest * arrears[i]
            less = min(surplus[i], arrears[i])
            served = less if (surplus[i] > 0.0) & (arrears[i] > 0.0) & (living[i] != 0) else 0.0
            arrears[i] -= served
            surplus[i] -= served
        for i in range(living.size):
            left = held[i] + surplus[i] + reversion * (normal_cash * turnover[i] - held[i])
            lacking = arrears_share * -left
            arrears[i] += lacking if (left < 0.0) & (living[i] != 0) else 0.0
            left = min(0.0 if left < 0.0 else left, cash_cap * turnover[i])
            held[i] = left if living[i] != 0 else held[i]
