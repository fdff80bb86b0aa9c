"""Government pays points of interest on loans for R&D; banks that take part lend to firms that lack finance.

Price: R&D capital that stands on subsidised loans costs (r - s + d) / (r + d) of what it did; capital is R&D / d, so
that R&D becomes cheaper by the interest that is paid, no more. Access: what a firm lacks for its intended R&D comes as
a new loan when its bank takes part, to be paid back; firms without R&D whose cash is thin start more often with one.
Firms apply with a hazard; the best are taken as far as the line pays their interest to the end of the year.
Sources: L04, L05, L06.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.government import PROVINCE
from sim.agents.loan_law import carry_loans, lacking
from sim.agents.world import World
from sim.core.arithmetic import quarterly_hazard
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.kernels import inline, kernel
from sim.core.money import YUAN_PER_MILLION
from sim.core.quotas import best_first, fit_into
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]
LINE = "interest_subsidy"


@dataclass(frozen=True)
class Params:
    """Who applies, how loans look, and what access does."""

    SHARED = ("finance_rd.normal_cash", "guarantee_credit.cushion", "guarantee_credit.repaid_over")
    apply_y: float
    starters_y: float
    debt_share: float
    loan_years: float
    largest_loan: float  # million yuan
    loan_rate: float  # per year
    depreciation_y: float
    paid_for: int  # quarters
    participation: float
    start_lift: float
    normal_cash: float
    cushion: float
    repaid_over: int  # quarters


@step(writes=("firm.subsidised_quarters", "firm.subsidised_stock", "firm.subsidised_loan_q", "firm.subsidised_debt",
              "firm.cash", "firm.credit_q", "firm.cost_factor", "firm.start_lift", "firm.received_yuan",
              "line.interest_subsidy"))  # fmt: skip
def subsidise_interest(world: World, params: Params, draws: Draws) -> None:
    """Take new loans in, pay the quarter's interest, and hand on what cheaper and further loans do."""
    firms, p = world.firms, params
    points = float(world.governments.interest_points[PROVINCE])
    offered = points > 0.0 and world.accounts.left(LINE) > 0
    if not (offered or firms.subsidised_quarters.any() or firms.subsidised_debt.any()):
        return
    if offered:
        _take_in(world, p, draws, points)
    paying = np.flatnonzero((firms.alive != 0) & (firms.subsidised_quarters > 0))
    carry_loans(
        firms.alive, firms.has_rd, firms.subsidised_quarters, firms.subsidised_loan_q, firms.subsidised_debt,
        p.paid_for, p.repaid_over, firms.margin, firms.cash, firms.credit_q,
    )  # fmt: skip
    if offered:
        _pay(world, p, points, paying)


def _wanted_y(world: World, rows: I8) -> F8:
    """R&D that the firms on the rows mean to do, million yuan a year, shape (n_rows,)."""
    firms = world.firms
    begun, hoped = 4.0 * firms.rd_intended_q[rows], firms.rd_intensity[rows] * firms.sales_y[rows]
    wanted: F8 = np.where(firms.has_rd[rows] != 0, begun, hoped)
    return wanted


def _take_in(world: World, p: Params, draws: Draws, points: float) -> None:
    """Choose among applicants, the best first, as far as the line bears their interest to the end of the year."""
    firms = world.firms
    free = (firms.alive != 0) & (firms.subsidised_quarters == 0) & (firms.subsidised_debt == 0.0)
    rows = np.flatnonzero(free & (firms.can_innovate != 0))
    hazard = np.where(firms.has_rd[rows] != 0, quarterly_hazard(p.apply_y), quarterly_hazard(p.starters_y))
    rows = best_first(rows[draws.uniform("interest.apply", firms)[rows] < hazard], firms.quality, firms.uid)
    wanted = _wanted_y(world, rows)
    stock = np.minimum(p.debt_share * wanted * p.loan_years, p.largest_loan)
    running = (firms.alive != 0) & (firms.subsidised_quarters > 0)
    quarters_left = QUARTERS_A_YEAR - world.calendar.quarter_of_year
    room = world.accounts.left(LINE) // quarters_left - int(_interest(firms.subsidised_stock[running], points).sum())
    taken = fit_into(_interest(stock, points), room)
    rows, stock, wanted = rows[taken], stock[taken], wanted[taken]
    firms.subsidised_quarters[rows] = p.paid_for
    firms.subsidised_stock[rows] = stock
    short = lacking(firms.alive, firms.has_rd, firms.rd_intended_q, firms.rd_finance_q, p.cushion)[rows]
    thin = np.maximum(1.0 - firms.cash[rows] / np.maximum(p.normal_cash * firms.sales_y[rows], 1e-9), 0.0)
    short = np.where(firms.has_rd[rows] != 0, short, thin * wanted / 4.0)
    joins = draws.uniform("interest.bank", firms)[rows] < p.participation
    firms.subsidised_loan_q[rows] = np.where(joins, np.minimum(short, stock / p.paid_for), 0.0)


def _interest(stock: F8, points: float) -> I8:
    """Interest of a quarter in whole yuan, shape (n,)."""
    return np.floor(points / 100.0 / QUARTERS_A_YEAR * stock * YUAN_PER_MILLION).astype(np.int64)


def _pay(world: World, p: Params, points: float, rows: I8) -> None:
    """Pay the interest of the quarter in the order of uids while the line lasts; who is paid has the cheaper loan."""
    firms = world.firms
    rows = rows[np.argsort(firms.uid[rows])]
    yuan = _interest(firms.subsidised_stock[rows], points)
    paid = np.cumsum(yuan) <= world.accounts.left(LINE)
    rows, yuan = rows[paid], yuan[paid]
    world.pay(LINE, firms, rows, yuan)
    ease(
        rows, firms.has_rd, _wanted_y(world, rows), firms.subsidised_stock, firms.subsidised_loan_q, firms.cash,
        firms.sales_y,
        np.array([p.debt_share, points / 100.0, p.loan_rate, p.depreciation_y, p.normal_cash, p.start_lift]),
        firms.cost_factor, firms.start_lift,
    )  # fmt: skip


@inline
def cheaper(debt_share: float, points: float, rate: float, depreciation: float) -> float:
    """User cost of R&D with `points` (share a year) off the loan rate, relative to that without."""
    return 1.0 - debt_share * min(points, rate) / (rate + depreciation)


@kernel
def ease(
    rows: I8, has_rd: npt.NDArray[np.uint8], wanted_y: F8, stock: F8, loan_q: F8, cash: F8, sales: F8, number: F8,
    factor: F8, start: F8,
) -> None:  # fmt: skip
    """Lower the user cost of performers; raise the hazard of starting of others whose bank lends; wanted_y by place.

    The thinner their cash the more such a loan does for starting. Only the part of R&D capital (R&D of a year over its
    depreciation) that the loan covers is cheaper: a yuan of interest lowers the cost of capital by a yuan.
    """
    for k in range(rows.size):
        j = rows[k]
        if has_rd[j] != 0:
            share = min(number[0], stock[j] * number[3] / max(wanted_y[k], 1e-9))
            factor[j] *= cheaper(share, number[1], number[2], number[3])
        elif loan_q[j] > 0.0:
            start[j] += number[5] * max(1.0 - cash[j] / max(number[4] * sales[j], 1e-9), 0.0)
