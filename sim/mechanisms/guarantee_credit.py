"""Guarantees, insurance and pledged patents let small and medium private firms borrow what they lack for R&D.

Only firms whose finance falls short of what they intend ask. A bank lends to a profitable firm, to a loss-maker as
far as it is covered. The loan is at most a part of sales, as far as it is covered, and a part of the worth of the
patents in force; banks would have lent a part of it anyway, only the rest is new. Government pays the premium at once,
for the firm that owes it (it is no money for R&D), and its part of the loans of firms that close or default, to the
city's guarantee fund; it keeps a reserve for them and guarantees no more than premium and reserve allow. What the fund
cannot pay the banks lose.
No causal estimate for the province: assumptions with ranges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import MEDIUM, PRIVATE
from sim.agents.government import PROVINCE
from sim.agents.loan_law import carry_loans, lacking, with_loans
from sim.agents.world import World
from sim.core.arithmetic import quarterly_hazard
from sim.core.kernels import kernel
from sim.core.money import YUAN_PER_MILLION
from sim.core.quotas import fit_into, in_order
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I1 = npt.NDArray[np.int8]
I8 = npt.NDArray[np.int64]
U1 = npt.NDArray[np.uint8]
LINE = "credit_guarantee"
BOOK = "guaranteed_loans"  # note: rows, uids, cities and debts after the last quarter, to find who has closed since
N_CITIES = 11


@dataclass(frozen=True)
class Params:
    """Who asks, how much banks lend, what government pays and reserves."""

    apply_y: float
    cushion: float
    participation: float
    loan_to_sales: float
    pledge_worth: float  # million yuan
    premium_y: float
    reserve: float
    new_share: float
    drawn_over: int  # quarters
    repaid_over: int  # quarters


@step(writes=("firm.guaranteed_quarters", "firm.guaranteed_loan_q", "firm.guaranteed_debt", "firm.cash",
              "firm.credit_q", "firm.received_yuan", "government.received_yuan", "line.credit_guarantee",
              "notes.guaranteed_loans"))  # fmt: skip
def guarantee_credit(world: World, params: Params, draws: Draws) -> None:
    """Settle lost loans, guarantee new ones, and put the quarter's draws within reach of R&D."""
    firms, p = world.firms, params
    terms = world.governments
    coverage, reach = float(terms.guarantee_coverage[PROVINCE]), float(terms.pledge_reach[PROVINCE])
    offered = (coverage > 0.0 or reach > 0.0) and world.accounts.left(LINE) > 0
    if not (offered or BOOK in world.notes):
        return
    whole = coverage / p.new_share  # the part of a loan that is nothing new is covered too
    lost = _closed(world)
    if offered:
        _guarantee(world, p, draws, coverage, reach)
    rows = with_loans(firms.alive, firms.guaranteed_quarters, firms.guaranteed_debt).nonzero()[0]
    defaulted = carry_loans(
        rows, firms.has_rd, firms.guaranteed_quarters, firms.guaranteed_loan_q, firms.guaranteed_debt, p.drawn_over,
        p.repaid_over, firms.margin, firms.cash, firms.credit_q,
    )  # fmt: skip
    fails = defaulted > 0.0
    lost += _by_city(defaulted[fails], whole, firms.city[rows[fails]])
    _settle(world, lost)
    _keep_book(world, whole, rows)


def _by_city(debts: F8, coverage: float | F8, city: npt.NDArray[np.int8]) -> I8:
    """Whole yuan that government owes for lost loans, by city, shape (11,)."""
    owed = np.zeros(N_CITIES, np.int64)
    if not len(debts):
        return owed
    yuan = np.floor(coverage * debts * YUAN_PER_MILLION).astype(np.int64)
    np.add.at(owed, city.astype(np.int64), yuan)
    return owed


def _closed(world: World) -> I8:
    """What is owed for firms that closed since the last quarter with a guaranteed loan, whole yuan by city."""
    if BOOK not in world.notes:
        return np.zeros(N_CITIES, np.int64)
    rows, uids, city, debt, covered = world.notes[BOOK]
    gone = (world.firms.uid[rows] != uids) | (world.firms.alive[rows] == 0)
    return _by_city(debt[gone], covered, city[gone])


def _keep_book(world: World, covered: float, held: I8) -> None:
    """Remember who of those that held a loan still owes how much, until nobody owes anything."""
    firms = world.firms
    rows = held[(firms.guaranteed_debt[held] > 0.0) | (firms.guaranteed_quarters[held] > 0)]
    if len(rows):
        debt = firms.guaranteed_debt[rows].copy()
        world.notes[BOOK] = (rows, firms.uid[rows].copy(), firms.city[rows].copy(), debt, covered)
    else:
        world.notes.pop(BOOK, None)


def _settle(world: World, owed: I8) -> None:
    """Pay the cities' guarantee funds, each its part when the line is too short."""
    left, total = world.accounts.left(LINE), int(owed.sum())
    if total == 0:
        return
    if total > left:
        owed = np.floor(owed * (left / total)).astype(np.int64)
    cities = (owed > 0).nonzero()[0]
    world.pay(LINE, world.governments, cities + 1, owed[cities])  # the province is row 0


def _applicants(world: World, p: Params, draws: Draws, coverage: float) -> tuple[I8, F8]:
    """Rows of the firms that ask and whose bank lends, the best first, and what each lacks, million yuan a quarter."""
    firms = world.firms
    rows = eligible(firms.alive, firms.has_rd, firms.ownership, firms.size_class, firms.guaranteed_quarters).nonzero()[
        0
    ]
    uids = firms.uid[rows]
    rows, short = asking(
        rows, draws.uniform_for("guarantee.apply", uids), draws.uniform_for("guarantee.bank", uids),
        quarterly_hazard(p.apply_y), firms.rd_intended_q, firms.rd_finance_q, firms.guaranteed_debt, firms.margin,
        p.cushion, p.participation, coverage,
    )  # fmt: skip
    order = in_order(-firms.quality[rows], firms.uid[rows])
    return rows[order], short[order]


@kernel
def eligible(alive: U1, has_rd: U1, ownership: I1, size_class: I1, quarters: I1) -> npt.NDArray[np.bool_]:
    """Whether each is a small or medium private performer that draws no guaranteed loan, shape (n,)."""
    found = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        small = (ownership[j] == PRIVATE) & (size_class[j] <= MEDIUM)
        found[j] = (alive[j] != 0) & (has_rd[j] != 0) & small & (quarters[j] == 0)
    return found


@kernel
def asking(
    rows: I8, apply: F8, bank: F8, hazard: float, intended: F8, finance: F8, debt: F8, margin: F8, cushion: float,
    participation: float, coverage: float,
) -> tuple[I8, F8]:  # fmt: skip
    """Those of the rows (performers) that lack finance, ask and find a bank, and what they lack.

    apply, bank : draws by place, shape (n_rows,).
    """
    found, short = np.empty_like(rows), np.empty(rows.size)
    n = 0
    for k in range(rows.size):
        j = rows[k]
        if apply[k] < hazard and debt[j] == 0.0:
            lacks = lacking(cushion, intended[j], finance[j])
            if lacks > 0.0 and bank[k] < participation * (1.0 if margin[j] > 0.0 else coverage):
                found[n], short[n] = j, lacks
                n += 1
    return found[:n], short[:n]


def _guarantee(world: World, p: Params, draws: Draws, coverage: float, reach: float) -> None:
    """Guarantee the loans of the best who ask, while the line covers premiums and the reserve of all loans."""
    firms = world.firms
    rows, short = _applicants(world, p, draws, coverage)
    if not len(rows):
        return
    pledged = reach * p.pledge_worth * firms.inventions_in_force[rows]
    most = coverage * p.loan_to_sales * firms.sales_y[rows] + pledged
    loan = np.minimum(short * p.drawn_over / p.new_share, most)
    years = (p.drawn_over + p.repaid_over) / 4.0
    premium = np.floor(p.premium_y * years * loan * YUAN_PER_MILLION).astype(np.int64)
    reserved = np.floor(p.reserve * coverage * loan * YUAN_PER_MILLION).astype(np.int64)
    book = world.notes.get(BOOK)
    held = 0 if book is None else int(p.reserve * coverage / p.new_share * _total(book[3]) * YUAN_PER_MILLION)
    taken = fit_into(premium + reserved, world.accounts.left(LINE) - held)
    rows = rows[taken]
    firms.guaranteed_quarters[rows] = p.drawn_over
    firms.guaranteed_loan_q[rows] = p.new_share * loan[taken] / p.drawn_over
    world.pay(LINE, firms, rows, premium[taken])


def _total(debts: F8) -> float:
    """Sum of debts that the order of rows cannot change."""
    return float(np.rint(debts * YUAN_PER_MILLION).astype(np.int64).sum()) / YUAN_PER_MILLION
