"""Once a year firms apply for project grants; the best ranked are paid up to the end of the budget, by the quarter.

Score = merit + state advantage + noise, ties by uid. A grant pays `rate` of a project up to a largest sum, so what the
firm pays itself is fixed with it (share_project_cost). The part of the line that is not kept for firms goes to
universities and institutes. Where the call is for joint bids (R12), applicants without an alliance or a university are
left out with the strictness of that rule, unless they find a partner for the signature, with whom nothing joint need
follow. Sources: C11, C20, T01; the dose response, crowding-out and additionality are outcomes, none is coded here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import MEDIUM, PRIVATE
from sim.agents.government import PROVINCE
from sim.agents.public_research import within_reach
from sim.agents.world import World
from sim.core.arithmetic import normal_inverse
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.kernels import kernel
from sim.core.money import YUAN_PER_MILLION
from sim.core.quotas import fit_into, in_order
from sim.core.row_lists import rows_with
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
I8 = npt.NDArray[np.int64]
LINE = "rd_grant"


@dataclass(frozen=True)
class Params:
    """Who applies, what referees see, how much may be asked (million yuan a year), what public bodies can take."""

    SHARED = ("research_public.absorb_share",)
    absorb_share: float
    apply_small: float
    apply_large: float
    noise: float
    state_advantage: float
    largest_ask: float
    smallest_ask: float
    non_performer_apply: float
    trigger_share: float
    paper_partner: float


@step(writes=("firm.grant_award", "firm.grant_quarters", "firm.grant_project", "firm.has_rd",
              "firm.induced_by_grant", "firm.rd_intended_q", "firm.received_yuan", "university.received_yuan",
              "institute.received_yuan", "line.rd_grant"))  # fmt: skip
def award_grants(world: World, params: Params, draws: Draws) -> None:
    """Hold the yearly call when there is money, then pay this quarter's instalments."""
    rate = float(world.governments.grant_rate[PROVINCE])
    left = world.accounts.left(LINE)
    if rate > 0.0 and left > 0 and (world.calendar.is_first_of_year or _just_opened(world)):
        for_firms = int(left * float(world.governments.grant_firm_share[PROVINCE]))
        _call(world, params, draws, rate, for_firms)
    _pay_instalments(world)
    if rate > 0.0:
        _pay_public(world, float(world.governments.grant_firm_share[PROVINCE]), params.absorb_share)


def _just_opened(world: World) -> bool:
    line = world.accounts.number(LINE)
    return bool(world.accounts.disbursed_year[line] == 0 and world.accounts.available[line] > 0)


def _call(world: World, params: Params, draws: Draws, rate: float, budget: int) -> None:
    """Rank applications and fix each winner's quarterly award so that all instalments fit the budget."""
    firms, p = world.firms, params
    quarters = QUARTERS_A_YEAR - world.calendar.quarter_of_year
    rows, score, ask = applications(
        rows_with(firms.alive, firms.can_innovate), firms.has_rd, firms.size_class, firms.ownership, firms.quality,
        firms.rd_intended_q, firms.rd_intensity, firms.sales_y, draws.uniform("grants.apply", firms),
        draws.uniform("grants.noise", firms), rate, p.apply_small, p.apply_large, p.noise, p.state_advantage,
        p.largest_ask, p.smallest_ask, p.non_performer_apply,
    )  # fmt: skip
    strict = float(world.governments.grant_joint_only[PROVINCE])
    if strict > 0.0:
        may = ~bids_alone(world, draws, strict, p.paper_partner, rows)
        rows, score, ask = rows[may], score[may], ask[may]
    best = in_order(-score, firms.uid[rows])
    order = rows[best]
    instalment = np.floor(ask[best] / QUARTERS_A_YEAR * YUAN_PER_MILLION).astype(np.int64)
    inside = fit_into(instalment * quarters, budget)
    winners = order[inside]
    firms.grant_award[winners] = instalment[inside] / YUAN_PER_MILLION
    firms.grant_quarters[winners] = quarters
    firms.grant_project[winners] = firms.grant_award[winners] / rate
    triggered = winners[
        (firms.has_rd[winners] == 0) & (draws.uniform("grants.trigger", firms)[winners] < p.trigger_share)
    ]
    firms.has_rd[triggered] = 1
    firms.induced_by_grant[triggered] = 1
    firms.rd_intended_q[triggered] = firms.rd_intensity[triggered] * firms.sales_y[triggered] / 4.0


def bids_alone(world: World, draws: Draws, strict: float, paper_partner: float, rows: I8) -> npt.NDArray[np.bool_]:
    """Which of the applicants the rule of joint bids leaves out, shape (n,)."""
    firms = world.firms
    alone = (firms.n_alliances[rows] == 0) & (firms.partner_university[rows] < 0)
    uids = firms.uid[rows]
    checked = draws.uniform_for("grants.joint", uids) < strict
    found: npt.NDArray[np.bool_] = alone & checked & (draws.uniform_for("grants.paper", uids) >= paper_partner)
    return found


@kernel
def applications(
    rows: I8, has_rd: U1, size_class: I1, ownership: I1, quality: F8, intended: F8, intensity: F8, sales: F8,
    u_apply: F8, u_noise: F8, rate: float, apply_small: float, apply_large: float, noise: float,
    state_advantage: float, largest: float, smallest: float, non_performer_apply: float,
) -> tuple[I8, F8, F8]:  # fmt: skip
    """Rows, scores and sums asked for (million yuan a year) of those who apply."""
    who = np.empty(rows.size, np.int64)
    score, ask = np.empty(rows.size), np.empty(rows.size)
    n = 0
    for j in rows:
        share = apply_large if size_class[j] >= MEDIUM else apply_small
        project = 4.0 * intended[j]
        if has_rd[j] == 0:
            share = non_performer_apply
            project = intensity[j] * sales[j]
        wish = min(rate * project, largest)
        if u_apply[j] >= share or wish < smallest or wish <= 0.0:
            continue
        who[n], ask[n] = j, wish
        score[n] = quality[j] + noise * normal_inverse(u_noise[j])
        if ownership[j] < PRIVATE:
            score[n] += state_advantage
        n += 1
    return who[:n], score[:n], ask[:n]


def _pay_instalments(world: World) -> None:
    """Pay the quarter's instalment of every grant in force; a grant of a dead firm lapsed with it."""
    firms, accounts = world.firms, world.accounts
    due, yuan = instalments(firms.alive, firms.grant_quarters, firms.grant_award)
    if not len(due):
        return
    if int(yuan.sum()) > accounts.left(LINE):  # the money ends with the highest uids
        order = np.argsort(firms.uid[due])
        order = order[np.cumsum(yuan[order]) <= accounts.left(LINE)]
        due, yuan = due[order], yuan[order]
    world.pay(LINE, firms, due, yuan)


@kernel
def instalments(alive: U1, quarters: I1, award: F8) -> tuple[I8, I8]:
    """Rows of the living with a grant in force and its instalment in whole yuan; one fewer is left to them."""
    rows = np.empty(alive.size, np.int64)
    n = 0
    for j in range(alive.size):
        rows[n] = j  # written over by the next row unless it counts: no branch
        n += (alive[j] != 0) & (quarters[j] > 0)
    yuan = np.empty(n, np.int64)
    for i in range(n):
        yuan[i] = int(np.rint(award[rows[i]] * YUAN_PER_MILLION))
        quarters[rows[i]] -= 1
    return rows[:n], yuan


def _pay_public(world: World, firm_share: float, absorb: float) -> None:
    """Pay universities and institutes their part of the line, evenly over the year, in proportion to size."""
    accounts = world.accounts
    line = accounts.number(LINE)
    quarters_left = QUARTERS_A_YEAR - world.calendar.quarter_of_year
    year = int(accounts.appropriated_year[line] * (1.0 - firm_share))
    paid_public = int(world.notes.setdefault("grant_paid_public", {}).get(world.calendar.year, 0))
    amount = min((year - paid_public) // quarters_left, accounts.left(LINE))
    if amount <= 0:
        return
    spent = 0
    for columns in (world.universities, world.institutes):
        yuan = within_reach(columns, columns.capacity_share / 2.0 * amount, absorb)
        rows = np.flatnonzero(yuan)
        world.pay(LINE, columns, rows, yuan[rows])
        spent += int(yuan.sum())
    world.notes["grant_paid_public"][world.calendar.year] = paid_public + spent
