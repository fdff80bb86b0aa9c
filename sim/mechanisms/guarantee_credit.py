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
from sim.agents.loan_law import carry_loans, lacking
from sim.agents.world import World
from sim.core.arithmetic import quarterly_hazard
from sim.core.money import YUAN_PER_MILLION
from sim.core.quotas import best_first, fit_into
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]
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
    defaulted = carry_loans(
        firms.alive, firms.has_rd, firms.guaranteed_quarters, firms.guaranteed_loan_q, firms.guaranteed_debt,
        p.drawn_over, p.repaid_over, firms.margin, firms.cash, firms.credit_q,
    )  # fmt: skip
    rows = np.flatnonzero(defaulted > 0.0)
    lost += _by_city(defaulted[rows], whole, firms.city[rows])
    _settle(world, lost)
    _keep_book(world, whole)


def _by_city(debts: F8, coverage: float | F8, city: npt.NDArray[np.int8]) -> I8:
    """Whole yuan that government owes for lost loans, by city, shape (11,)."""
    yuan = np.floor(coverage * debts * YUAN_PER_MILLION).astype(np.int64)
    owed = np.zeros(N_CITIES, np.int64)
    np.add.at(owed, city.astype(np.int64), yuan)
    return owed


def _closed(world: World) -> I8:
    """What is owed for firms that closed since the last quarter with a guaranteed loan, whole yuan by city."""
    if BOOK not in world.notes:
        return np.zeros(N_CITIES, np.int64)
    rows, uids, city, debt, covered = world.notes[BOOK]
    gone = (world.firms.uid[rows] != uids) | (world.firms.alive[rows] == 0)
    return _by_city(debt[gone], covered, city[gone])


def _keep_book(world: World, covered: float) -> None:
    """Remember who owes how much, until nobody owes anything."""
    firms = world.firms
    rows = np.flatnonzero((firms.alive != 0) & ((firms.guaranteed_debt > 0.0) | (firms.guaranteed_quarters > 0)))
    if len(rows):
        debt = firms.guaranteed_debt[rows].copy()
        world.notes[BOOK] = (rows, firms.uid[rows].copy(), firms.city[rows].copy(), debt, covered)
    else:
        world.notes.pop(BOOK, None)


def _settle(world: World, owed: I8) -> None:
    """Pay the cities' guarantee funds, each its part when the line is too short."""
    left, total = world.accounts.left(LINE), int(owed.sum())
    if total > left:
        owed = np.floor(owed * (left / total)).astype(np.int64)
    cities = np.flatnonzero(owed > 0)
    world.pay(LINE, world.governments, cities + 1, owed[cities])  # the province is row 0


def _guarantee(world: World, p: Params, draws: Draws, coverage: float, reach: float) -> None:
    """Guarantee the loans of the best who ask, while the line covers premiums and the reserve of all loans."""
    firms = world.firms
    short = lacking(firms.alive, firms.has_rd, firms.rd_intended_q, firms.rd_finance_q, p.cushion)
    free = (firms.guaranteed_quarters == 0) & (firms.guaranteed_debt == 0.0)
    small = (firms.ownership == PRIVATE) & (firms.size_class <= MEDIUM)
    asks = draws.uniform("guarantee.apply", firms) < quarterly_hazard(p.apply_y)
    rows = np.flatnonzero((short > 0.0) & free & small & asks)
    willing = p.participation * np.where(firms.margin[rows] > 0.0, 1.0, coverage)
    rows = best_first(rows[draws.uniform("guarantee.bank", firms)[rows] < willing], firms.quality, firms.uid)
    pledged = reach * p.pledge_worth * firms.inventions_in_force[rows]
    most = coverage * p.loan_to_sales * firms.sales_y[rows] + pledged
    loan = np.minimum(short[rows] * p.drawn_over / p.new_share, most)
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
