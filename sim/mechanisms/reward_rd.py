"""Pays local rewards on the R&D that firms reported for the last year, in the cities that can afford it.

Eligible are hosts of a technology centre and registered technology firms in a city whose firms make at least a
certain part of the sales of the province (its tax base). Each claims a rate of what it REPORTED, up to a cap; when
the claims exceed the line all are paid in proportion. Firms expect what was last paid on a yuan claimed, a year
later: that lowers their cost of R&D, and pays for relabelling (report_rd) of those who are below the cap. A capped
firm counts the mean, not the margin, in its cost. All numbers assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.fixed_point import fixed_sum_by
from sim.core.kernels import kernel
from sim.core.money import YUAN_PER_MILLION
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
LINE = "local_rd_reward"
N_CITIES = 11


@dataclass(frozen=True)
class Params:
    """Which cities pay, and what a yuan of the next year is worth now."""

    SHARED = ("list_projects.discount",)
    affordable_share: float
    discount: float


@step(writes=("firm.cost_factor", "firm.reported_reward", "firm.received_yuan", "line.local_rd_reward",
              "notes.reward_coverage"))  # fmt: skip
def reward_rd(world: World, params: Params, draws: Draws) -> None:
    """Pay the claims of the last year once the line opens, and lower the cost of those who expect the next reward."""
    firms = world.firms
    rate = float(world.governments.reward_rate[PROVINCE])
    if rate <= 0.0:
        return
    cap = float(world.governments.reward_cap[PROVINCE])
    eligible = may_claim(world, params.affordable_share)
    line = world.accounts.number(LINE)
    if world.accounts.disbursed_year[line] == 0 and world.accounts.available[line] > 0:
        _pay(world, eligible, rate, cap)
    coverage = float(world.notes.get("reward_coverage", 1.0))  # before the first payment the law is believed
    expect(
        firms.alive, firms.has_rd, eligible, firms.rd_intended_q, rate * coverage * params.discount,
        cap * coverage * params.discount, firms.cost_factor, firms.reported_reward,
    )  # fmt: skip


def may_claim(world: World, affordable_share: float) -> npt.NDArray[np.uint8]:
    """Flags of firms in a city that pays, with a centre or registered, shape (n,)."""
    firms = world.firms
    sales = fixed_sum_by(firms.sales_1y, firms.alive, firms.city, N_CITIES)
    pays = sales >= affordable_share * max(int(sales.sum()), 1)
    kind = (firms.centre_tier > 0) | (firms.is_tech_sme != 0)
    return np.asarray((firms.alive != 0) & kind & pays[firms.city], np.uint8)


def _pay(world: World, eligible: U1, rate: float, cap: float) -> None:
    """Pay the claims on last year's reported R&D, all in proportion when they exceed the line."""
    firms, left = world.firms, world.accounts.left(LINE)
    claim = np.floor(np.minimum(rate * firms.rd_reported_1y, cap) * YUAN_PER_MILLION).astype(np.int64)
    rows = np.flatnonzero((eligible != 0) & (claim > 0))
    claimed = int(claim[rows].sum())
    if claimed == 0:
        return
    coverage = min(1.0, left / claimed)
    yuan = claim[rows] if claimed <= left else np.floor(coverage * claim[rows]).astype(np.int64)
    world.pay(LINE, firms, rows, yuan)
    world.notes["reward_coverage"] = coverage


@kernel
def expect(
    alive: U1, has_rd: U1, eligible: U1, intended: F8, rate: float, largest: float, cost_factor: F8,
    reported_reward: F8,
) -> None:  # fmt: skip
    """Lower the cost of R&D by the reward that a firm expects on it, and say what reporting more pays, shape (n,)."""
    for j in range(alive.size):
        if alive[j] == 0 or has_rd[j] == 0 or eligible[j] == 0 or intended[j] <= 0.0:
            continue
        mean = min(rate, largest / (4.0 * intended[j]))
        cost_factor[j] *= 1.0 - mean
        if mean == rate:
            reported_reward[j] += rate
