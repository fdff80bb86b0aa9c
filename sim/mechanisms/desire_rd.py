"""Firms decide how much R&D they want: a share of sales, more at a lower user cost, up to a threshold that pays.

R* = intensity x sales base / 4 x answer to user cost x peers^e; ln R moves towards ln R* at a yearly speed, from what
was intended less a part of what the money did not suffice for: that has to be built up again.
User cost B = (1 - t (1 + d)) / (1 - t), the extra deduction d only for those who claim it and (mostly) only in a
profitable year. The elasticities that were measured are those of reported R&D, so it is what firms report that answers
with (B / B_2010)^-elasticity. Part of that is on paper: the tax value of a reported yuan / (2 x curvature), for
relabelling costs more than in proportion, but never more than the whole answer, B^-elasticity - 1. What is carried out
is the rest: (B / B_2010)^-elasticity x (1 + paper_2010) / (1 + paper).
Both follow the law once a year, when budgets are made: the part of the way that was measured is one of yearly R&D.
A part of it each quarter would answer late, by a quarter of the way instead of a third in the first year.
A firm that begins has no earlier budget to adjust: its first one is made at the prices in force.
What is done on shared instruments is no spending: R* x (1 - part spared). A firm within its reach of a threshold
that pays raises what it reports to it, a part of the rise is real; a holder counts what it reported beyond it in the
two years before, as the certificate is judged over three; a firm held to a ratio by its owner moves towards
it, in part on paper.
Sources: A02, A03, A04, A05, A06, A10, B03, P03; feasibility_fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import CERTIFIED, MEDIUM, PRIVATE
from sim.agents.world import World
from sim.core.arithmetic import exp, log, power, power_of
from sim.core.kernels import inline, kernel
from sim.core.row_lists import end_of, rows_with
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
I8 = npt.NDArray[np.int64]
LEAST = 1e-6  # million yuan a quarter: floor under the logarithm


@dataclass(frozen=True)
class Params:
    """Elasticities, speeds, take-up and the answer to a threshold."""

    SHARED = ("report_rd.relabel_curvature",)
    elasticity_large: float
    elasticity_small: float
    elasticity_state: float
    relabel_curvature: float
    price_adjustment_y: float
    adjustment_y: float
    rebuild: float
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


@step(writes=("firm.rd_intended_q", "firm.notch_lift_q", "firm.sales_base", "firm.price_answer",
              "firm.relabelled_share"))  # fmt: skip
def desire_rd(world: World, params: Params, draws: Draws) -> None:
    """Set the R&D that each performer intends this quarter, and what it will report beyond it."""
    firms, p = world.firms, params
    smooth(firms.alive, firms.sales_y, 1.0 - exp(-p.smoothing_y / 4.0), firms.sales_base)
    firms.notch_lift_q.fill(0.0)
    rows = rows_with(firms.alive, firms.has_rd)
    part = p.price_adjustment_y if world.calendar.is_first_of_year else 0.0  # of the way to the answer to the law
    from_what_was_done(rows, firms.rd_actual_q, p.rebuild, firms.rd_intended_q)  # before the law moves it
    response = price_response(
        rows, firms.ownership, firms.size_class, firms.hnte_stage, firms.margin, firms.deduction_rate, firms.tax_cut,
        firms.claim_rank, firms.take_up_lift, firms.user_cost_base, firms.tax_value_base,
        firms.cost_factor, firms.rd_actual_q, p.elasticity_small, p.elasticity_large, p.elasticity_state, p.take_up,
        p.carry_forward_value, p.profit_tax, p.relabel_curvature, part,
        firms.price_answer, firms.relabelled_share, firms.rd_intended_q,
    )  # fmt: skip
    wanted, owed = wish(
        rows, response, firms.rd_intensity, firms.sales_base, firms.spared_share, firms.sector, firms.rd_duty,
        firms.sales_y, _peers(world, p.peer_elasticity), p.duty_real_share,
    )  # fmt: skip
    places = paying(
        rows, firms.is_high_tech_field, firms.hnte_stage, firms.certificate_gain, firms.certificate_readiness,
        float(world.indices["push"][0]),
    )  # fmt: skip
    needed = jump(
        rows, places, firms.hnte_stage, firms.sales_y, firms.sales_1y, firms.sales_2y, firms.rd_reported_1y,
        firms.rd_reported_2y, firms.certificate_threshold, firms.notch_reach,
        draws.uniform_for("desire.notch", firms.uid[rows[places]]), p.notch_real_share, p.notch_safety, p.notch_noise,
        p.holder_reach, firms.relabelled_share, wanted,
    )  # fmt: skip
    adjust(rows, wanted, needed, owed, 1.0 - exp(-p.adjustment_y / 4.0), p.duty_paper_share, firms.relabelled_share,
           firms.rd_intended_q, firms.notch_lift_q)  # fmt: skip


def _peers(world: World, elasticity: float) -> F8:
    """What peers do to wanted R&D, by sector: mean R&D of last quarter relative to the start, to the elasticity."""
    found = world.indices.get("peer_ratio")
    return np.ones(12) if found is None else power_of(found, elasticity)


@inline
def user_cost(tax: float, deduction: float) -> float:
    """Tax part of the user cost: 0.833, 0.750, 0.667 at 25 % and d = 0.5, 0.75, 1; 0.912, 0.868, 0.824 at 15 %."""
    return (1.0 - tax * (1.0 + deduction)) / (1.0 - tax)


@kernel
def smooth(alive: U1, sales: F8, speed: float, base: F8) -> None:
    """Let the sales on which each firm plans follow its sales."""
    for j in range(end_of(alive)):
        base[j] += speed * (sales[j] - base[j]) if alive[j] != 0 else 0.0


@kernel
def from_what_was_done(rows: I8, actual: F8, rebuild: float, intended: F8) -> None:
    """Let the part of what was intended that lacked money start again from what was carried out, in place."""
    for k in range(rows.size):
        j = rows[k]
        kept = rebuild * max(intended[j] - actual[j], 0.0)  # a granted project comes on top of what was intended
        intended[j] -= kept if actual[j] > 0.0 else 0.0


@kernel
def price_response(
    rows: I8, ownership: I1, size_class: I1, stage: I1, margin: F8, deduction: F8, tax_cut: F8, claim_rank: F8,
    take_up: F8, cost_base: F8, value_base: F8, cost_factor: F8, actual: F8, elasticity_small: float,
    elasticity_large: float, elasticity_state: float, claiming: float, carried: float, profit_tax: float,
    curvature: float, speed: float, answer: F8, paper: F8, intended: F8,
) -> F8:  # fmt: skip
    """What prices do to the R&D that performers carry out, relative to the law of 2010, shape (n,).

    Moves the answer to the tax law and the part on paper, and with them what was intended before.
    """
    n = rows.size
    brings, brought, response, share, elasticity = np.empty(n), np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    for k in range(n):
        j = rows[k]
        extra, is_large = deduction[j], size_class[j] >= MEDIUM  # read by all: no branches
        tax = profit_tax - (tax_cut[j] if stage[j] == CERTIFIED else 0.0)  # few are certified: a branch is cheaper
        taken = extra if is_large | (claim_rank[j] < claiming + take_up[j]) else 0.0
        earns = margin[j] > 0.0
        share[k] = tax * taken / (2.0 * curvature) if earns else 0.0
        brings[k], brought[k] = user_cost(tax, taken if earns else taken * carried), cost_base[j]
        of_private = elasticity_large if is_large else elasticity_small
        response[k], elasticity[k] = cost_factor[j], elasticity_state if ownership[j] < PRIVATE else of_private
    for values in (brings, brought, response):
        for k in range(n):  # apart, so that it runs on vectors
            values[k] = power(values[k], -elasticity[k])
    for k in range(n):
        j = rows[k]
        part = speed if actual[j] > 0.0 else 1.0  # who begins has nothing to adjust
        by_law, before = part * (log(brings[k] / brought[k]) - answer[j]), 1.0 + paper[j]
        answer[j] += by_law
        paper[j] += part * (min(share[k], brings[k] - 1.0) - paper[j])
        now, in_2010 = 1.0 + paper[j], 1.0 + min(value_base[j] / (2.0 * curvature), brought[k] - 1.0)
        response[k] *= exp(answer[j]) * in_2010 / now
        intended[j] *= exp(by_law) * before / now if actual[j] > 0.0 else response[k]  # a first budget is at its prices
    return response


@kernel
def wish(
    rows: I8, response: F8, intensity: F8, base: F8, spared: F8, sector: I1, duty: F8, sales: F8, peers: F8,
    real_share: float,
) -> tuple[F8, F8]:  # fmt: skip
    """R&D that the performers want before any threshold, and what their owners ask of them; both of shape (n,)."""
    wanted = np.empty(rows.size)
    owed = np.empty(rows.size)
    for k in range(rows.size):
        j = rows[k]
        wanted[k] = intensity[j] * base[j] / 4.0 * response[k] * (1.0 - spared[j]) * peers[sector[j]]
        owed[k] = duty[j] * sales[j] / 4.0
        wanted[k] += real_share * max(owed[k] - wanted[k], 0.0)
    return wanted, owed


@kernel
def paying(rows: I8, field: U1, stage: I1, gain: F8, readiness: F8, push: float) -> I8:
    """Places in the rows of those for whom the threshold pays, shape (n_paying,): only they are looked at further."""
    places, n = np.empty(rows.size, np.int64), 0
    for k in range(rows.size):
        places[n] = k  # written over by the next unless it counts: no branch
        n += field[rows[k]] != 0
    fields, n = places[:n], 0
    for k in fields:
        j = rows[k]
        places[n] = k
        n += (gain[j] > 0.0) & ((stage[j] == CERTIFIED) | (readiness[j] <= push))
    return places[:n]


@kernel
def jump(
    rows: I8, places: I8, stage: I1, sales: F8, sales_1: F8, sales_2: F8, rd_1: F8, rd_2: F8, threshold: F8, reach: F8,
    u: F8, real_share: float, safety: float, noise: float, holder_reach: float, paper: F8, wanted: F8,
) -> F8:  # fmt: skip
    """Reported R&D that those within reach of a threshold that pays need for it, 0 for others, shape (n,).

    Raises `wanted`. places : those of the rows for whom it pays; u : draws by place among these.
    """
    needed = np.zeros(rows.size)
    for i in range(places.size):
        k = places[i]
        j = rows[k]
        certified = stage[j] == CERTIFIED
        ratio = threshold[j] * (1.0 + safety + noise * (u[i] - 0.5))
        spare = max(rd_1[j] + rd_2[j] - ratio * (sales_1[j] + sales_2[j]), 0.0) if certified else 0.0
        goal = max(ratio * sales[j] - spare, 0.0) / 4.0
        within = 1.0 + reach[j] + (holder_reach if certified else 0.0)
        said = wanted[k] * (1.0 + paper[j])  # what it reports anyway
        rises = (said < goal) & (goal <= said * within)
        needed[k] = goal if rises else 0.0
        wanted[k] *= 1.0 + real_share * (goal / said - 1.0) if rises else 1.0
    return needed


@kernel
def adjust(
    rows: I8,
    wanted: F8,
    needed: F8,
    owed: F8,
    speed: float,
    paper_share: float,
    paper: F8,
    intended: F8,
    lift: F8,
) -> None:
    """Move ln R towards the wish; what is still lacking is reported only."""
    new = np.empty(rows.size)
    for k in range(rows.size):
        new[k] = max(intended[rows[k]], LEAST)
    for k in range(rows.size):  # apart, so that it runs on vectors
        before = log(new[k])
        new[k] = exp(before + speed * (log(max(wanted[k], LEAST)) - before))
    for k in range(rows.size):
        j = rows[k]
        intended[j] = new[k]
        lift[j] = max(needed[k] - new[k] * (1.0 + paper[j]), paper_share * (owed[k] - new[k]), 0.0)
