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
from sim.agents.loan_law import carry_loans, lacking, with_loans
from sim.agents.world import World
from sim.core.arithmetic import quarterly_hazard
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.kernels import inline, kernel
from sim.core.money import YUAN_PER_MILLION
from sim.core.quotas import best_first, fit_into
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I1 = npt.NDArray[np.int8]
I8 = npt.NDArray[np.int64]
U1 = npt.NDArray[np.uint8]
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
    rows = with_loans(firms.alive, firms.subsidised_quarters, firms.subsidised_debt).nonzero()[0]
    if not (offered or len(rows)):
        return
    if offered:
        rows = np.concatenate([rows, _take_in(world, p, draws, points, rows)])
    paying = rows[firms.subsidised_quarters[rows] > 0]
    carry_loans(
        rows, firms.has_rd, firms.subsidised_quarters, firms.subsidised_loan_q, firms.subsidised_debt, p.paid_for,
        p.repaid_over, firms.margin, firms.cash, firms.credit_q,
    )  # fmt: skip
    if offered:
        _pay(world, p, points, paying)


def _applicants(world: World, p: Params, draws: Draws) -> I8:
    """Rows of the firms without such a loan that ask for one, the best first."""
    firms = world.firms
    rows = eligible(firms.alive, firms.can_innovate, firms.subsidised_quarters).nonzero()[0]
    rows = asking(
        rows, draws.uniform_for("interest.apply", firms.uid[rows]), firms.has_rd, firms.subsidised_debt,
        quarterly_hazard(p.apply_y), quarterly_hazard(p.starters_y),
    )  # fmt: skip
    return best_first(rows, firms.quality, firms.uid)


def _take_in(world: World, p: Params, draws: Draws, points: float, held: I8) -> I8:
    """Choose among applicants, the best first, as far as the line bears their interest to the end of the year.

    held : rows with such a loan. Returns the rows that got one.
    """
    firms = world.firms
    rows = _applicants(world, p, draws)
    stock = loans(
        rows, firms.has_rd, firms.rd_intended_q, firms.rd_intensity, firms.sales_y, p.debt_share, p.loan_years,
        p.largest_loan,
    )  # fmt: skip
    running = held[firms.subsidised_quarters[held] > 0]
    quarters_left = QUARTERS_A_YEAR - world.calendar.quarter_of_year
    room = world.accounts.left(LINE) // quarters_left - int(
        np.add.reduce(_interest(firms.subsidised_stock[running], points))
    )
    taken = fit_into(_interest(stock, points), room)
    rows, stock = rows[taken], stock[taken]
    firms.subsidised_quarters[rows] = p.paid_for
    firms.subsidised_stock[rows] = stock
    firms.subsidised_loan_q[rows] = new_loans(
        rows, draws.uniform_for("interest.bank", firms.uid[rows]), stock, firms.has_rd, firms.rd_intended_q,
        firms.rd_finance_q, firms.rd_intensity, firms.sales_y, firms.cash, p.participation, p.cushion, p.normal_cash,
        p.paid_for,
    )  # fmt: skip
    return rows


def _interest(stock: F8, points: float) -> I8:
    """Interest of a quarter in whole yuan, shape (n,)."""
    return np.floor(points / 100.0 / QUARTERS_A_YEAR * stock * YUAN_PER_MILLION).astype(np.int64)


def _pay(world: World, p: Params, points: float, rows: I8) -> None:
    """Pay the interest of the quarter in the order of uids while the line lasts; who is paid has the cheaper loan."""
    firms = world.firms
    left = world.accounts.left(LINE)
    yuan = _interest(firms.subsidised_stock[rows], points)
    if int(np.add.reduce(yuan)) > left:  # where all are paid their order says nothing
        order = firms.uid[rows].argsort()
        order = order[np.cumsum(yuan[order]) <= left]
        rows, yuan = rows[order], yuan[order]
    world.pay(LINE, firms, rows, yuan)
    ease(
        rows, firms.has_rd, firms.rd_intended_q, firms.subsidised_stock, firms.subsidised_loan_q, firms.cash,
        firms.sales_y, p.debt_share, points / 100.0, p.loan_rate, p.depreciation_y, p.normal_cash, p.start_lift,
        firms.cost_factor, firms.start_lift,
    )  # fmt: skip


@kernel
def eligible(alive: U1, can_innovate: U1, quarters: I1) -> npt.NDArray[np.bool_]:
    """Whether each could innovate and has no subsidy yet, shape (n,)."""
    found = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        found[j] = (alive[j] != 0) & (can_innovate[j] != 0) & (quarters[j] == 0)
    return found


@kernel
def asking(rows: I8, u: F8, has_rd: U1, debt: F8, hazard: float, starters_hazard: float) -> I8:
    """Those of the rows that ask and owe nothing, shape (n_asking,); u : by place."""
    found = np.empty_like(rows)
    n = 0
    for k in range(rows.size):
        j = rows[k]
        if u[k] < (hazard if has_rd[j] != 0 else starters_hazard) and debt[j] == 0.0:
            found[n] = j
            n += 1
    return found[:n]


@kernel
def loans(
    rows: I8, has_rd: U1, intended: F8, intensity: F8, sales: F8, debt_share: float, years: float, largest: float
) -> F8:  # fmt: skip
    """Loans that stand for the R&D that firms on the rows do or would do, million yuan, shape (n_rows,)."""
    stock = np.empty(rows.size)
    for k in range(rows.size):
        j = rows[k]
        wanted_y = 4.0 * intended[j] if has_rd[j] != 0 else intensity[j] * sales[j]
        stock[k] = min(debt_share * wanted_y * years, largest)
    return stock


@kernel
def new_loans(
    rows: I8, bank: F8, stock: F8, has_rd: U1, intended: F8, finance: F8, intensity: F8, sales: F8, cash: F8,
    participation: float, cushion: float, normal_cash: float, paid_for: int,
) -> F8:  # fmt: skip
    """What each bank that takes part adds a quarter: what a performer lacks, of others the more the thinner their cash.

    Million yuan a quarter, shape (n_rows,); bank, stock : by place.
    """
    loan_q = np.zeros(rows.size)
    for k in range(rows.size):
        j = rows[k]
        if bank[k] < participation:
            if has_rd[j] != 0:
                short = lacking(cushion, intended[j], finance[j])
            else:
                short = thin(cash[j], normal_cash * sales[j]) * (intensity[j] * sales[j]) / 4.0
            loan_q[k] = min(short, stock[k] / paid_for)
    return loan_q


@inline
def thin(cash: float, normal: float) -> float:
    """How far cash falls short of the normal, 0 to 1."""
    return max(1.0 - cash / max(normal, 1e-9), 0.0)


@inline
def cheaper(debt_share: float, points: float, rate: float, depreciation: float) -> float:
    """User cost of R&D with `points` (share a year) off the loan rate, relative to that without."""
    return 1.0 - debt_share * min(points, rate) / (rate + depreciation)


@kernel
def ease(
    rows: I8, has_rd: U1, intended: F8, stock: F8, loan_q: F8, cash: F8, sales: F8,
    debt_share: float, points: float, rate: float, depreciation: float, normal_cash: float, lift: float, factor: F8,
    start: F8,
) -> None:  # fmt: skip
    """Lower the user cost of performers; raise the hazard of starting of others whose bank lends.

    The thinner their cash the more such a loan does for starting. Only the part of R&D capital (R&D of a year over its
    depreciation) that the loan covers is cheaper: a yuan of interest lowers the cost of capital by a yuan.
    """
    for j in rows:
        if has_rd[j] != 0:
            share = min(debt_share, stock[j] * depreciation / max(4.0 * intended[j], 1e-9))
            factor[j] *= cheaper(share, points, rate, depreciation)
        elif loan_q[j] > 0.0:
            start[j] += lift * thin(cash[j], normal_cash * sales[j])
