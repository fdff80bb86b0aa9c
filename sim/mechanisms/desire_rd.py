"""Firms decide how much R&D they want: a share of sales, more at a lower user cost, up to a threshold that pays.

R* = intensity x sales base / 4 x (B / B_2010)^-elasticity x peers^e with B = (1 - t (1 + d)) / (1 - t), the extra
deduction d only for those who claim it and (mostly) only in a profitable year; ln R moves towards ln R* at a yearly
speed. What is done on shared instruments is no spending: R* x (1 - part spared). A firm within its reach of a threshold
that pays raises what it reports to it, a part of the rise is real; a firm held to a ratio by its owner moves towards
it, in part on paper.
Sources: A02, A03, A04, A06, A10, B03, P03; feasibility_fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import MEDIUM, PRIVATE
from sim.agents.world import World
from sim.core.arithmetic import exp, log, power
from sim.core.kernels import inline, kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
LEAST = 1e-6  # million yuan a quarter: floor under the logarithm


@dataclass(frozen=True)
class Params:
    """Elasticities, speeds, take-up and the answer to a threshold."""

    elasticity_large: float
    elasticity_small: float
    elasticity_state: float
    adjustment_y: float
    smoothing_y: float
    peer_elasticity: float
    take_up: float
    carry_forward_value: float
    profit_tax: float
    notch_real_share: float
    notch_safety: float
    notch_noise: float
    holder_reach: float
    duty_real_share: float
    duty_paper_share: float


@step(writes=("firm.rd_intended_q", "firm.notch_lift_q", "firm.sales_base"))
def desire_rd(world: World, params: Params, draws: Draws) -> None:
    """Set the R&D that each performer intends this quarter, and what it will report beyond it."""
    firms = world.firms
    p = params
    want(
        firms.alive, firms.has_rd, firms.ownership, firms.size_class, firms.hnte_stage, firms.is_high_tech_field,
        firms.sales_y, firms.margin, firms.deduction_rate, firms.tax_cut, firms.claim_rank, firms.user_cost_base,
        firms.rd_intensity, firms.certificate_gain, firms.certificate_threshold, firms.certificate_readiness,
        firms.notch_reach, draws.uniform("desire.notch", firms), float(world.indices["push"][0]),
        _peers(world, p.peer_elasticity),
        np.array([p.elasticity_small, p.elasticity_large, p.elasticity_state, 1.0 - exp(-p.adjustment_y / 4.0),
                  1.0 - exp(-p.smoothing_y / 4.0), p.take_up, p.carry_forward_value, p.profit_tax,
                  p.notch_real_share, p.notch_safety, p.notch_noise, p.holder_reach, p.duty_real_share,
                  p.duty_paper_share]),
        firms.cost_factor, firms.spared_share, firms.rd_duty, firms.take_up_lift, firms.sector,
        firms.rd_intended_q, firms.notch_lift_q, firms.sales_base,
    )  # fmt: skip


def _peers(world: World, elasticity: float) -> F8:
    """What peers do to wanted R&D, by sector: mean R&D of last quarter relative to the start, to the elasticity."""
    found = world.indices.get("peer_ratio")
    return np.ones(12) if found is None else np.array([power(float(ratio), elasticity) for ratio in found])


@inline
def user_cost(tax: float, deduction: float) -> float:
    """Tax part of the user cost: 0.833, 0.750, 0.667 at 25 % and d = 0.5, 0.75, 1; 0.912, 0.868, 0.824 at 15 %."""
    return (1.0 - tax * (1.0 + deduction)) / (1.0 - tax)


@kernel
def want(
    alive: U1, has_rd: U1, ownership: I1, size_class: I1, stage: I1, field: U1, sales: F8, margin: F8, deduction: F8,
    tax_cut: F8, claim_rank: F8, cost_base: F8, intensity: F8, gain: F8, threshold: F8, readiness: F8, reach: F8,
    u_notch: F8, push: float, peers: F8, number: F8, cost_factor: F8, spared: F8, duty: F8, take_up: F8,
    sector: I1, intended: F8, lift: F8, base: F8,
) -> None:  # fmt: skip
    """Intended R&D after adjustment, and the part that is only reported, of each performer."""
    for j in range(alive.size):
        lift[j] = 0.0
        if alive[j] == 0:
            continue
        base[j] += number[4] * (sales[j] - base[j])
        if has_rd[j] == 0:
            continue
        certified = stage[j] == 2
        tax = number[7] - (tax_cut[j] if certified else 0.0)
        claims = size_class[j] >= MEDIUM or claim_rank[j] < number[5] + take_up[j]
        taken = deduction[j] if claims else 0.0
        if margin[j] <= 0.0:
            taken *= number[6]
        elasticity = number[0] if size_class[j] < MEDIUM else number[1]
        if ownership[j] < PRIVATE:
            elasticity = number[2]
        relative = user_cost(tax, taken) / cost_base[j] * cost_factor[j]
        wanted = intensity[j] * base[j] / 4.0 * power(relative, -elasticity) * (1.0 - spared[j])
        wanted *= peers[sector[j]]
        owed = duty[j] * sales[j] / 4.0
        wanted += number[12] * max(owed - wanted, 0.0)
        pays = field[j] != 0 and gain[j] > 0.0 and (certified or readiness[j] <= push)
        needed = 0.0
        if pays:
            needed = threshold[j] * sales[j] / 4.0 * (1.0 + number[9] + number[10] * (u_notch[j] - 0.5))
            within = 1.0 + reach[j] + (number[11] if certified else 0.0)
            if wanted >= needed or needed > wanted * within:
                needed = 0.0
            else:
                wanted += number[8] * (needed - wanted)
        before = log(max(intended[j], LEAST))
        intended[j] = exp(before + number[3] * (log(max(wanted, LEAST)) - before))
        lift[j] = max(needed - intended[j], number[13] * (owed - intended[j]), 0.0)
