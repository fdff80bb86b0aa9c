"""High-tech certificates: nursery pool, application, certification, twelve quarters of validity, renewal or expiry.

A firm of a high-tech field with a registered right applies when its reported R&D over sales (three years) meets the
threshold of its size and the certificate pays. Renewal comes before expiry in the quarter. Holders whose ratio has
fallen below the threshold lose it at expiry. Awards for new certificates are paid while the line lasts, best ratio
first. Sources: act_hnte_2008, act_hnte_2016, B10, B12, B15; feasibility_fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import CERTIFIED, NONE, POOL
from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.arithmetic import normal_of, quarterly_hazard
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.quotas import in_order, places_due
from sim.core.row_lists import rows_with
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
I2 = npt.NDArray[np.int16]
I4 = npt.NDArray[np.int32]
I8 = npt.NDArray[np.int64]
LINE = "hnte_award"
FIRST, RENEWED = 1, 2  # certificate_q


@dataclass(frozen=True)
class Params:
    """Readiness, application, scores, renewal, validity, and the pool."""

    ready_start: float
    apply_y: float
    pass_share: float
    renew: float
    validity_q: int
    least_age_q: int
    pool_stay_q: int
    pool_noise: float


@step(writes=("firm.hnte_stage", "firm.hnte_quarters_left", "firm.pool_quarters", "firm.certificate_q",
              "firm.received_yuan", "line.hnte_award", "flows.hnte_new", "flows.hnte_renewed"))  # fmt: skip
def certify_firms(world: World, params: Params, draws: Draws) -> None:
    """Fill the pool once a year; certify, renew and expire; pay awards."""
    firms, p = world.firms, params
    _fill_pool(world, params, draws)
    push = float(world.indices["push"][0])
    start = float(world.notes.setdefault("push_2011", push))
    ready = p.ready_start + (1.0 - p.ready_start) * max(push - start, 0.0) / max(1.0 - start, 1e-9)
    concerned = (firms.hnte_stage != NONE).view(np.uint8) | (firms.is_high_tech_field & firms.has_rd)
    rows = rows_with(firms.alive, concerned)
    uids = firms.uid[rows]
    asking, kind = who_asks(
        rows, firms.is_high_tech_field, firms.age_q, firms.soft_ip, firms.inventions_in_force, firms.certificate_gain,
        firms.certificate_readiness, draws.uniform_for("certify.apply", uids),
        draws.uniform_for("certify.score", uids), draws.uniform_for("certify.renew", uids), ready,
        quarterly_hazard(p.apply_y), p.pass_share, p.renew, p.least_age_q, p.pool_stay_q, firms.hnte_stage,
        firms.hnte_quarters_left, firms.pool_quarters,
    )  # fmt: skip
    ratio = reported_ratio(asking, firms.rd_reported_q, firms.sales_y, firms.rd_reported_1y, firms.sales_1y,
                           firms.rd_reported_2y, firms.sales_2y, firms.has_rd, firms.age_q)  # fmt: skip
    meets = ratio >= firms.certificate_threshold[asking]
    given, new = asking[meets], meets & (kind == FIRST)
    firms.hnte_stage[given] = CERTIFIED
    firms.hnte_quarters_left[given] = p.validity_q
    firms.certificate_q.fill(0)
    firms.certificate_q[given] = kind[meets]
    n_new = int(np.count_nonzero(new))
    world.flows["hnte_new"], world.flows["hnte_renewed"] = n_new, len(given) - n_new
    _remember_new(world, n_new)
    _pay_awards(world, asking[new], ratio[new])


def _remember_new(world: World, new: int) -> None:
    """New certificates of the year so far, and of the last full year (what firms know of the chance of an award)."""
    notes = world.notes
    if world.calendar.is_first_of_year:
        notes["hnte_new_last_year"] = notes.get("hnte_new_this_year", 0)
        notes["hnte_new_this_year"] = 0
    notes["hnte_new_this_year"] += new


def _fill_pool(world: World, params: Params, draws: Draws) -> None:
    """Once a year, in the first quarter with places, admit the firms nearest to their threshold; ties by uid."""
    firms, year = world.firms, world.calendar.year
    places = places_due(float(world.governments.pool_places_y[PROVINCE]) / world.scale, year)
    if places <= 0 or world.notes.get("pool_filled") == year:
        return
    world.notes["pool_filled"] = year
    rows = rows_with(firms.alive, firms.is_high_tech_field & firms.can_innovate)
    rows = rows[(firms.hnte_stage[rows] == NONE) & (firms.certificate_gain[rows] > -1.0)]
    near = nearness(rows, firms.has_rd, firms.rd_reported_1y, firms.sales_1y, firms.certificate_threshold)
    score = near + params.pool_noise * normal_of(draws.uniform_for("certify.pool", firms.uid[rows]))
    chosen = rows[in_order(-score, firms.uid[rows], places)]
    firms.hnte_stage[chosen] = POOL
    firms.pool_quarters[chosen] = 0


def _pay_awards(world: World, rows: npt.NDArray[np.int64], ratio: F8) -> None:
    """Pay the award to new holders in the order of their ratio while the line lasts."""
    award = to_yuan(float(world.governments.certificate_award[PROVINCE]))
    if award <= 0 or not len(rows):
        return
    firms = world.firms
    places = world.accounts.left(LINE) // award
    world.pay(LINE, firms, rows[in_order(-ratio, firms.uid[rows], places)], award)


@kernel
def nearness(rows: I8, has_rd: U1, rd: F8, sales: F8, threshold: F8) -> F8:
    """Reported R&D over sales of last year relative to the threshold, at most 1.5; shape (n,)."""
    near = np.empty(rows.size)
    for k in range(rows.size):
        j = rows[k]
        ratio = rd[j] / max(sales[j], 1e-9)
        near[k] = min((ratio if has_rd[j] == 1 else 0.0) / max(threshold[j], 1e-9), 1.5)
    return near


@kernel
def reported_ratio(
    rows: I8, rd_q: F8, sales: F8, rd_1: F8, sales_1: F8, rd_2: F8, sales_2: F8, active: U1, age: I4
) -> F8:
    """Reported R&D over sales as certification reads it: this year's rate and the two years before, shape (n,).

    A year counts with its sales whether or not the firm did R&D in it, from the firm's first full year on.
    """
    ratio = np.empty(rows.size)
    for k in range(rows.size):
        j = rows[k]
        before, long_before, turnover, earlier = rd_1[j], rd_2[j], sales_1[j], sales_2[j]  # read by all: no branches
        rd = 4.0 * rd_q[j] + (before if age[j] >= 4 else 0.0) + (long_before if age[j] >= 8 else 0.0)
        base = sales[j] + (turnover if age[j] >= 4 else 0.0) + (earlier if age[j] >= 8 else 0.0)
        found = rd / max(base, 1e-9)
        ratio[k] = found if active[j] != 0 else 0.0
    return ratio


@kernel
def who_asks(
    rows: I8, field: U1, age: I4, soft_ip: I4, inventions: I4, gain: F8, readiness: F8, u_apply: F8, u_score: F8,
    u_renew: F8, ready: float, apply: float, passing: float, renew: float, least_age: int, longest_stay: int,
    stage: I1, left: I2, pool: I2,
) -> tuple[I8, I1]:  # fmt: skip
    """Rows whose ratio now decides, and what for (FIRST or RENEWED); clocks move, certificates and stays end."""
    asking = np.empty(rows.size, np.int64)
    kind = np.empty(rows.size, np.int8)
    n = 0
    for k in range(rows.size):
        j = rows[k]
        holds = stage[j] == CERTIFIED
        left_now = left[j] - (1 if holds else 0)
        ends = holds & (left_now <= 0)
        pool[j] += 1 if stage[j] == POOL else 0
        in_pool = (stage[j] == POOL) & (pool[j] <= longest_stay)
        stage[j] = CERTIFIED if holds & (left_now > 0) else (POOL if in_pool else NONE)
        left[j] = 0 if ends else left_now
        may = (not holds) & (field[j] != 0) & (age[j] >= least_age) & (soft_ip[j] + inventions[j] != 0)
        applies = may & (in_pool | (readiness[j] <= ready)) & (u_apply[k] < apply) & (u_score[k] < passing)
        asking[n] = j  # written over by the next one unless it asks
        kind[n] = RENEWED if holds else FIRST
        n += (gain[j] > 0.0) & (applies | (ends & (u_renew[k] < renew)))
    return asking[:n], kind[:n]
