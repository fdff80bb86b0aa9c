"""State firms are held to duties: R&D over sales, R&D activity, a partner university, an R&D institution.

Ratio: provincial key state firms that can innovate are held to it (desire_rd: in part filled, in part on paper).
Activity: state firms that can innovate start sooner and stop less. Those that cannot meet the duty with a token: R&D
of a very small share of sales, enough for statistics to count them, with next to no knowledge. Cooperation: key state
firms without a partner sign with a university, rather one of their city or field; the tie is weak and lasts as long as
the duty. Institution: state firms and large industrial firms found one sooner, also without R&D. No budget line: the
firms bear the cost, as R&D that they would not have chosen. Rules R08 to R11 (plan_a, plan_c, plan_d); strengths
assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import LARGE, PRIVATE, STATE_KEY
from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.arithmetic import quarterly_hazard
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Params:
    """What a duty of full strictness does, and how near a university is."""

    SHARED = ("redeem_vouchers.city_reach", "redeem_vouchers.field_reach")
    start_y: float
    stop_cut: float
    token_y: float
    token_ratio: float  # share of sales
    sign_y: float
    duty_tie: float
    institution_y: float
    city_reach: float
    field_reach: float


@step(writes=("firm.rd_duty", "firm.start_lift", "firm.stop_factor", "firm.institution_lift", "firm.has_rd",
              "firm.rd_intensity", "firm.rd_intended_q", "firm.partner_university",
              "firm.tie_strength"))  # fmt: skip
def oblige_state_firms(world: World, params: Params, draws: Draws) -> None:
    """Turn the duties in force into what firms do and report this quarter."""
    firms, p, province = world.firms, params, world.governments
    ratio, active = float(province.duty_ratio[PROVINCE]), float(province.duty_active[PROVINCE])
    cooperation = float(province.duty_cooperation[PROVINCE])
    institution = float(province.duty_institution[PROVINCE])
    if max(ratio, active, cooperation, institution) <= 0.0:
        return
    alive, of_state = firms.alive != 0, firms.ownership < PRIVATE
    state = np.flatnonzero(alive & of_state)
    key = state[firms.ownership[state] == STATE_KEY]
    if ratio > 0.0:
        rows = key[firms.can_innovate[key] != 0]
        firms.rd_duty[rows] = np.maximum(firms.rd_duty[rows], ratio)
    if active > 0.0:
        firms.start_lift[state] += p.start_y * active
        firms.stop_factor[state] *= 1.0 - p.stop_cut * active
        if world.calendar.is_first_of_year:
            start_tokens(world, p, draws, state, active)
    if cooperation > 0.0:
        cooperate(world, p, draws, key, cooperation)
    if institution > 0.0:
        large = (firms.size_class == LARGE) & (firms.is_above_scale != 0)
        firms.institution_lift[np.flatnonzero(alive & (of_state | large))] += p.institution_y * institution


def start_tokens(world: World, p: Params, draws: Draws, rows: I8, active: float) -> None:
    """State firms that can never innovate begin a token activity, once a year."""
    firms = world.firms
    idle = rows[(firms.can_innovate[rows] == 0) & (firms.has_rd[rows] == 0)]
    now = idle[draws.uniform_for("duty.token", firms.uid[idle]) < p.token_y * active]
    firms.has_rd[now] = 1
    firms.rd_intensity[now] = np.minimum(firms.rd_intensity[now], p.token_ratio)
    firms.rd_intended_q[now] = firms.rd_intensity[now] * firms.sales_y[now] / 4.0


def cooperate(world: World, p: Params, draws: Draws, rows: I8, strictness: float) -> None:
    """Key state firms without a partner sign with a university, and keep the tie up as far as the duty asks."""
    firms, universities = world.firms, world.universities
    free = rows[firms.partner_university[rows] < 0]
    signing = free[draws.uniform_for("duty.sign", firms.uid[free]) < quarterly_hazard(p.sign_y * strictness)]
    order = universities.rows()
    order = order[np.argsort(universities.uid[order], kind="stable")]
    chosen = np.full(len(signing), -1, np.int64)
    pick(firms.city[signing], firms.sector[signing], draws.uniform_for("duty.body", firms.uid[signing]), order,
         universities.city, universities.field, universities.quality, p.city_reach, p.field_reach, chosen)  # fmt: skip
    firms.partner_university[signing] = chosen
    tied = rows[firms.partner_university[rows] >= 0]
    firms.tie_strength[tied] = np.maximum(firms.tie_strength[tied], p.duty_tie * strictness)


@kernel
def pick(
    city: npt.NDArray[np.int8], sector: npt.NDArray[np.int8], u: F8, order: I8, body_city: npt.NDArray[np.int8],
    body_field: npt.NDArray[np.int8], quality: F8, city_reach: float, field_reach: float, chosen: I8,
) -> None:  # fmt: skip
    """Each firm draws a university by quality, more likely in its city and field; -1 where there is none."""
    for i in range(city.size):
        total = 0.0
        for k in range(order.size):
            b = order[k]
            near = city_reach * (body_city[b] == city[i]) + field_reach * (body_field[b] == sector[i])
            total += quality[b] * (1.0 + near)
        passed = 0.0
        for k in range(order.size):
            b = order[k]
            near = city_reach * (body_city[b] == city[i]) + field_reach * (body_field[b] == sector[i])
            passed += quality[b] * (1.0 + near)
            if passed >= u[i] * total:
                chosen[i] = b
                break
