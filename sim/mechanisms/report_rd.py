"""Firms report R&D to statistics and the tax office: what they did, what they relabel, and what a threshold asks for.

Relabelled share of a claimant = tax value of a yuan / (2 x curvature) (cost convex in the share); appraised state firms
add a share of their own; audits remove a part. In the last quarter the year's tax is settled: losses carry five years,
and the tax not collected is counted by lever. Sources: B03, A06, A10; act_profit_tax; feasibility_fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import CERTIFIED, MEDIUM, PRIVATE
from sim.agents.world import World
from sim.core.fixed_point import fixed, unfixed
from sim.core.kernels import inline, kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
LEVERS = ("super_deduction", "hnte_tax_rate")


@dataclass(frozen=True)
class Params:
    """Relabelling, take-up and the tax."""

    relabel_curvature: float
    relabel_state: float
    audit_cut: float
    take_up: float
    profit_tax: float


@step(writes=("firm.rd_reported_q", "firm.rd_actual_year", "firm.rd_reported_year", "firm.losses_carried",
              "notes.tax_expenditure"))  # fmt: skip
def report_rd(world: World, params: Params, draws: Draws) -> None:
    """Set reported R&D; settle the year's tax in the last quarter."""
    firms, p = world.firms, params
    report(firms.alive, firms.has_rd, firms.ownership, firms.size_class, firms.hnte_stage, firms.margin,
           firms.deduction_rate, firms.tax_cut, firms.claim_rank, firms.rd_actual_q, firms.notch_lift_q,
           np.array([p.relabel_curvature, p.relabel_state, 1.0 - p.audit_cut, p.take_up, p.profit_tax]),
           firms.rd_reported_q, firms.rd_actual_year, firms.rd_reported_year)  # fmt: skip
    if world.calendar.is_last_of_year:
        forgone = settle_tax(
            firms.alive, firms.size_class, firms.hnte_stage, firms.claim_rank, firms.deduction_rate, firms.tax_cut,
            firms.profit_year, firms.rd_reported_year, p.take_up, p.profit_tax, firms.losses_carried,
        )  # fmt: skip
        by_year = world.notes.setdefault("tax_expenditure", {})
        by_year[world.calendar.year] = {name: unfixed(v) * world.scale for name, v in zip(LEVERS, forgone, strict=True)}


@kernel
def report(
    alive: U1, has_rd: U1, ownership: I1, size_class: I1, stage: I1, margin: F8, deduction: F8, tax_cut: F8,
    claim_rank: F8, actual: F8, lift: F8, number: F8, reported: F8, actual_year: F8, reported_year: F8,
) -> None:  # fmt: skip
    """Reported R&D of each firm and the sums of its year."""
    for j in range(alive.size):
        reported[j] = 0.0
        if alive[j] == 0 or has_rd[j] == 0:
            continue
        share = 0.0
        if margin[j] > 0.0 and (size_class[j] >= MEDIUM or claim_rank[j] < number[3]):
            tax = number[4] - (tax_cut[j] if stage[j] == CERTIFIED else 0.0)
            share = tax * deduction[j] / (2.0 * number[0])
        if ownership[j] < PRIVATE:
            share += number[1]
        reported[j] = actual[j] * (1.0 + number[2] * share) + number[2] * lift[j]
        actual_year[j] += actual[j]
        reported_year[j] += reported[j]


@inline
def age_losses(losses: F8, j: int, new: float) -> None:
    """Every loss grows a year older; the oldest lapses, the new one enters."""
    for k in range(losses.shape[1] - 1):
        age = losses.shape[1] - 1 - k
        losses[j, age] = losses[j, age - 1]
    losses[j, 0] = new


@kernel
def settle_tax(
    alive: U1, size_class: I1, stage: I1, claim_rank: F8, deduction: F8, tax_cut: F8, profit: F8, reported: F8,
    take_up: float, profit_tax: float, losses: F8,
) -> npt.NDArray[np.int64]:  # fmt: skip
    """Tax not collected because of the extra deduction and of the lower rate (fixed point, million yuan); losses."""
    forgone = np.zeros(2, np.int64)
    for j in range(alive.size):
        if alive[j] == 0:
            continue
        if profit[j] <= 0.0:
            age_losses(losses, j, -profit[j])
            continue
        taxable = profit[j]
        for k in range(losses.shape[1]):  # the oldest loss first
            age = losses.shape[1] - 1 - k
            used = min(losses[j, age], taxable)
            losses[j, age] -= used
            taxable -= used
        age_losses(losses, j, 0.0)
        claims = size_class[j] >= MEDIUM or claim_rank[j] < take_up
        extra = min(deduction[j] * reported[j], taxable) if claims else 0.0
        rate = profit_tax - (tax_cut[j] if stage[j] == CERTIFIED else 0.0)
        forgone[0] += fixed(rate * extra)
        forgone[1] += fixed((profit_tax - rate) * (taxable - extra))
    return forgone
