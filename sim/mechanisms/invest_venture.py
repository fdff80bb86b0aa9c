"""A guidance fund invests in young firms of high-tech fields, together with private venture capital that it draws in.

Only a part of the fund is ever raised. Private money comes to m yuan for each yuan of the fund, more if investors save
tax on it. Young small private performers of high-tech fields seek money with a hazard; investors look at the best
first, take none below a bar and none again for years: deals are limited by firms as well as by money. Venture capital
turns into knowledge over years and counts more than a yuan of R&D; the private part also pays for R&D. New firms of
other fields become a little fewer. Sources: I01, I02, I03, I04, I05.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import MEDIUM, PRIVATE
from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.arithmetic import exp, normal_inverse, power, quarterly_hazard
from sim.core.fixed_point import ONE, fixed, fixed_sum, unfixed
from sim.core.kernels import kernel
from sim.core.money import YUAN_PER_MILLION
from sim.core.quotas import fit_into, in_order
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I1 = npt.NDArray[np.int8]
I8 = npt.NDArray[np.int64]
U1 = npt.NDArray[np.uint8]
LINE = "guidance_fund"


@dataclass(frozen=True)
class Params:
    """The fund's money, the firms that can be funded, and what venture capital does."""

    realised: float
    crowd_in: float
    credit_elasticity: float
    pitch_y: float
    oldest: float  # quarters
    bar: float  # standard deviations of merit
    noise: float
    rest: int  # quarters
    ticket_to_sales: float
    least_ticket: float  # million yuan
    largest_ticket: float  # million yuan
    lag_years: float
    potency: float
    entry_effect: float
    half_entry: float  # million yuan of the province


@step(writes=("firm.venture_stock", "firm.venture_cash", "firm.venture_quarters", "firm.knowledge_add", "firm.credit_q",
              "firm.received_yuan", "government.entry_factor", "line.guidance_fund", "flows.venture_deals",
              "flows.venture_private", "notes.tax_credits"))  # fmt: skip
def invest_venture(world: World, params: Params, draws: Draws) -> None:
    """Let capital invested before become knowledge, then make the deals of the quarter."""
    firms, p = world.firms, params
    world.flows["venture_deals"] = world.flows["venture_private"] = 0
    offered = world.accounts.left(LINE) > 0
    rows = funded(firms.alive, firms.venture_stock, firms.venture_quarters).nonzero()[0]
    if not (offered or len(rows)):
        return
    real = 1.0
    if len(rows):  # not before the second quarter, when there is a price of R&D
        real = 1.0 / float(world.indices["deflator"][0] * world.indices["price"][0])
    spend(
        rows, firms.venture_stock, firms.venture_cash, firms.venture_quarters, 1.0 - exp(-0.25 / p.lag_years),
        (p.potency - 1.0) * real, firms.knowledge_add, firms.credit_q,
    )  # fmt: skip
    if offered:
        _make_deals(world, p, draws)
        rows = funded(firms.alive, firms.venture_stock, firms.venture_quarters).nonzero()[0]
    at_work = unfixed(fixed_sum(firms.venture_stock[rows], firms.alive[rows])) * world.scale
    world.governments.entry_factor[PROVINCE] *= exp(p.entry_effect * at_work / (at_work + p.half_entry))


def _make_deals(world: World, p: Params, draws: Draws) -> None:
    """Fund the best of those who seek money while what the fund has raised lasts."""
    firms, accounts = world.firms, world.accounts
    line = accounts.number(LINE)
    credit = float(world.governments.fund_tax_credit[PROVINCE])
    private_ratio = p.crowd_in * power(1.0 - credit, -p.credit_elasticity)
    rows = _seekers(world, p, draws)
    ticket = np.minimum(np.maximum(p.ticket_to_sales * firms.sales_y[rows], p.least_ticket), p.largest_ticket)
    from_fund = np.floor(ticket / (1.0 + private_ratio) * YUAN_PER_MILLION).astype(np.int64)
    raised = int(p.realised * accounts.appropriated_year[line]) - int(accounts.disbursed_year[line])
    taken = fit_into(from_fund, min(raised, accounts.left(LINE)))
    rows, from_fund = rows[taken], from_fund[taken]
    private = ticket[taken] - from_fund / YUAN_PER_MILLION
    world.pay(LINE, firms, rows, from_fund)
    firms.venture_stock[rows] += ticket[taken]
    firms.venture_cash[rows] += private
    firms.venture_quarters[rows] = p.rest
    came = fixed_sum(private, np.ones(len(rows), np.uint8))
    world.flows["venture_deals"] = len(rows) * ONE
    world.flows["venture_private"] = came
    if credit > 0.0:
        held = world.notes.setdefault("tax_credits", {})
        held["guidance_fund"] = held.get("guidance_fund", 0) + fixed(credit * unfixed(came))


def _seekers(world: World, p: Params, draws: Draws) -> I8:
    """Rows of the firms that seek money this quarter and stand above the bar, the best first."""
    firms = world.firms
    fit = eligible(
        firms.alive, firms.has_rd, firms.is_high_tech_field, firms.ownership, firms.size_class, firms.venture_quarters
    )
    rows = fit.nonzero()[0]
    uids = firms.uid[rows]
    rows, seen = seeking(
        rows, draws.uniform_for("venture.pitch", uids), draws.uniform_for("venture.merit", uids), firms.age_q,
        firms.knowledge, firms.quality, quarterly_hazard(p.pitch_y), p.oldest, p.noise, p.bar,
    )  # fmt: skip
    return rows[in_order(-seen, firms.uid[rows])]


@kernel
def funded(alive: U1, stock: F8, quarters: I1) -> npt.NDArray[np.bool_]:
    """Whether each has venture capital or rests after a deal, shape (n,)."""
    found = np.empty(alive.size, np.bool_)
    for j in range(alive.size):  # one width a loop, so that the compiler takes many rows at once
        found[j] = stock[j] > 0.0
    for j in range(alive.size):
        found[j] = (alive[j] != 0) & ((quarters[j] > 0) | found[j])
    return found


@kernel
def eligible(
    alive: U1, has_rd: U1, high_tech: U1, ownership: I1, size_class: I1, quarters: I1
) -> npt.NDArray[np.bool_]:  # fmt: skip
    """Whether each is a small or medium private performer of a high-tech field that rests not, shape (n,)."""
    found = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        small = (ownership[j] == PRIVATE) & (size_class[j] <= MEDIUM)
        found[j] = (alive[j] != 0) & (has_rd[j] != 0) & (high_tech[j] != 0) & small & (quarters[j] == 0)
    return found


@kernel
def seeking(
    rows: I8, pitch: F8, merit: F8, age: npt.NDArray[np.int32], knowledge: F8, quality: F8, hazard: float,
    oldest: float, noise: float, bar: float,
) -> tuple[I8, F8]:  # fmt: skip
    """Those of the rows that seek money and stand above the bar, and what investors see of them.

    pitch, merit : draws by place, shape (n_rows,).
    """
    found, seen = np.empty_like(rows), np.empty(rows.size)
    n = 0
    for k in range(rows.size):
        j = rows[k]
        if pitch[k] < hazard and age[j] < oldest and knowledge[j] > 0.0:
            found[n], seen[n] = j, quality[j] + noise * normal_inverse(merit[k])
            n += seen[n] >= bar
    return found[:n], seen[:n]


@kernel
def spend(
    rows: I8, stock: F8, cash: F8, quarters: I1, part: float, gain: float, knowledge: F8, credit: F8
) -> None:  # fmt: skip
    """One quarter of venture capital at work on the rows, in place.

    part : share that is spent a quarter; gain : knowledge for each yuan beyond what R&D with it would bring.
    """
    for j in rows:
        if quarters[j] > 0:
            quarters[j] -= 1
        if stock[j] > 0.0:
            knowledge[j] += gain * part * stock[j]
            credit[j] += part * cash[j]
            stock[j] -= part * stock[j]
            cash[j] -= part * cash[j]
