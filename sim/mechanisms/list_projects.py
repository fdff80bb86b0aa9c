"""Lists projects whose performers are paid after completion, and lets the promise lower their cost of R&D.

In the first quarter performers apply with their R&D of the year; the best by merit and noise are listed, as many as
the line can pay should the promised part pass. Until the evaluation each listed firm counts on
p(win) x discount x reward: cost factor 1 - that share of its project, less for a firm short of cash, to whom money
that comes later is of little use. Rules R24, R25; form: channels.md 2. Sources: C22; all numbers assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import MEDIUM, PRIVATE
from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.arithmetic import normal_inverse
from sim.core.kernels import kernel
from sim.core.money import YUAN_PER_MILLION
from sim.core.quotas import in_order
from sim.core.row_lists import rows_with
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I1 = npt.NDArray[np.int8]
I8 = npt.NDArray[np.int64]
LINE = "post_completion_grant"


@dataclass(frozen=True)
class Params:
    """Who applies, what referees see, largest and smallest reward (million yuan a year), worth of a promise."""

    SHARED = (
        "award_grants.apply_small", "award_grants.apply_large", "award_grants.noise", "award_grants.state_advantage",
        "award_grants.largest_ask", "award_grants.smallest_ask", "finance_rd.normal_cash",
    )  # fmt: skip
    apply_small: float
    apply_large: float
    noise: float
    state_advantage: float
    largest_ask: float
    smallest_ask: float
    normal_cash: float
    expected_finish: float
    discount: float
    constraint_weight: float


@step(writes=("firm.listed_project", "firm.cost_factor"))
def list_projects(world: World, params: Params, draws: Draws) -> None:
    """List projects in the first quarter; in every quarter the promise lowers the cost of listed projects."""
    firms, p = world.firms, params
    rate = float(world.governments.completion_rate[PROVINCE])
    pass_share = float(world.governments.completion_pass_share[PROVINCE])
    if rate <= 0.0 or pass_share <= 0.0:
        if firms.listed_project.any():  # a promise lapses with its lever
            firms.listed_project.fill(0.0)
        return
    if world.calendar.is_first_of_year:
        firms.listed_project.fill(0.0)
        _call(world, p, draws, rate, pass_share)
    rows = rows_with(firms.alive, firms.has_rd & (firms.listed_project > 0.0).view(np.uint8))
    promise(
        rows, firms.listed_project, firms.cash, firms.sales_y, rate, p.largest_ask,
        pass_share * p.expected_finish * p.discount, p.normal_cash, p.constraint_weight, firms.cost_factor,
    )  # fmt: skip


def _call(world: World, p: Params, draws: Draws, rate: float, pass_share: float) -> None:
    """List the best ranked, as many as the line can pay when the promised part of them passes."""
    firms = world.firms
    rows = rows_with(firms.alive, firms.has_rd)
    score, plan = bids(
        rows, firms.size_class, firms.ownership, firms.quality, firms.rd_intended_q,
        draws.uniform_for("completion.apply", firms.uid[rows]), draws.uniform_for("completion.noise", firms.uid[rows]),
        rate, p.apply_small, p.apply_large, p.noise, p.state_advantage, p.smallest_ask,
    )  # fmt: skip
    applied = (plan > 0.0).nonzero()[0]
    rows, plan = rows[applied], plan[applied]
    order = in_order(-score[applied], firms.uid[rows])
    rows, plan = rows[order], plan[order]
    expected = np.floor(pass_share * np.minimum(rate * plan, p.largest_ask) * YUAN_PER_MILLION)
    listed = np.cumsum(expected.astype(np.int64)) <= world.accounts.left(LINE)
    firms.listed_project[rows[listed]] = plan[listed]


@kernel
def bids(
    rows: I8, size_class: I1, ownership: I1, quality: F8, intended: F8, u_apply: F8, u_noise: F8, rate: float,
    apply_small: float, apply_large: float, noise: float, state_advantage: float, smallest: float,
) -> tuple[F8, F8]:  # fmt: skip
    """Score and planned R&D (million yuan a year, zero without an application) of the performers, shape (n,)."""
    score = np.zeros(rows.size)
    plan = np.zeros(rows.size)
    for k in range(rows.size):
        j = rows[k]
        if u_apply[k] >= (apply_large if size_class[j] >= MEDIUM else apply_small):
            continue
        if rate * 4.0 * intended[j] < smallest:
            continue
        plan[k] = 4.0 * intended[j]
        score[k] = quality[j] + noise * normal_inverse(u_noise[k])
        if ownership[j] < PRIVATE:
            score[k] += state_advantage
    return score, plan


@kernel
def promise(
    rows: I8, listed: F8, cash: F8, sales: F8, rate: float, largest: float, chance: float, normal_cash: float,
    constraint_weight: float, cost_factor: F8,
) -> None:  # fmt: skip
    """Lower the cost of listed projects by what their performers expect."""
    for j in rows:
        share = min(rate * listed[j], largest) / listed[j]
        lack = min(max(1.0 - cash[j] / max(normal_cash * sales[j], 1e-9), 0.0), 1.0)
        cost_factor[j] *= 1.0 - chance * share * (1.0 - constraint_weight * lack)
