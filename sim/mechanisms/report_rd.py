"""Firms report R&D to statistics and the tax office: what they did, what they relabel, and what a threshold asks for.

What is relabelled for the deduction was decided with R&D itself (desire_rd). Who expects a reward on what it reports
adds reward / (2 x curvature), for the cost is convex in the share; appraised state firms add a share of their own;
audits remove a part.
What claimants may deduct and the points off the tax rate add up over the year, each quarter by the terms then in force
(settle_tax reads them). Sources: B03, A06, A10; feasibility_fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import MEDIUM, PRIVATE
from sim.agents.world import World
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.kernels import kernel
from sim.core.row_lists import end_of, rows_with
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I1 = npt.NDArray[np.int8]
I8 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Params:
    """Relabelling and take-up."""

    SHARED = ("desire_rd.take_up",)
    relabel_curvature: float
    relabel_state: float
    audit_cut: float
    take_up: float


@step(writes=("firm.rd_reported_q", "firm.rd_actual_year", "firm.rd_reported_year", "firm.deductible_year",
              "firm.tax_cut_year"))  # fmt: skip
def report_rd(world: World, params: Params, draws: Draws) -> None:
    """Set reported R&D and what it adds to the year's sums."""
    firms, p = world.firms, params
    firms.rd_reported_q.fill(0.0)
    report(rows_with(firms.alive, firms.has_rd), firms.ownership, firms.size_class, firms.deduction_rate,
           firms.claim_rank, firms.take_up_lift, firms.relabelled_share,
           firms.reported_reward, firms.rd_actual_q, firms.notch_lift_q, p.relabel_curvature, p.relabel_state,
           1.0 - p.audit_cut, p.take_up,
           firms.rd_reported_q, firms.rd_actual_year, firms.rd_reported_year, firms.deductible_year)  # fmt: skip
    add_quarter(firms.alive, firms.tax_cut, firms.tax_cut_year)


@kernel
def add_quarter(alive: npt.NDArray[np.uint8], of_year: F8, year: F8) -> None:
    """Add a quarter at a yearly value to the mean of the year."""
    for j in range(end_of(alive)):
        year[j] += of_year[j] / QUARTERS_A_YEAR


@kernel
def report(
    rows: I8, ownership: I1, size_class: I1, deduction: F8, claim_rank: F8, take_up: F8, paper: F8, reward: F8,
    actual: F8, lift: F8, curvature: float, state_share: float, unaudited: float, claiming: float, reported: F8,
    actual_year: F8, reported_year: F8, deductible_year: F8,
) -> None:  # fmt: skip
    """Reported R&D of each performer and the sums of its year."""
    for k in range(rows.size):  # all is read before it is known to be needed: no branches
        j = rows[k]
        extra, own, years = deduction[j], actual[j], deductible_year[j]
        claims = (size_class[j] >= MEDIUM) | (claim_rank[j] < claiming + take_up[j])
        share = paper[j] + reward[j] / (2.0 * curvature)
        share = share + state_share if ownership[j] < PRIVATE else share
        said = own * (1.0 + unaudited * share) + unaudited * lift[j]
        reported[j] = said
        actual_year[j] += own
        reported_year[j] += said
        deductible_year[j] = years + extra * said if claims else years
