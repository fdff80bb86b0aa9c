"""Funds joint research of a firm with a university or institute, out of the increase of science spending alone.

The call is held when the line has opened. Bidders carry out R&D of their own worth the firm's part of a project and
have a partner: their university, else a body of their alliance, else a university in reach (same city or field) that
some of them find by bidding. Places go by merit and noise, ties by uid, as many as the line pays. Each instalment
goes to the firm and to the body in fixed parts; the body's part is a technology contract that the firm wants filled,
and the project ties the two. Rules R12, R27. What the money adds or displaces follows from the finance law.
All numbers assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import MEDIUM
from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.arithmetic import normal_of
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.money import YUAN_PER_MILLION, to_yuan
from sim.core.quotas import best_first
from sim.core.steps import step
from sim.core.streams import Draws

Rows = npt.NDArray[np.int64]
LINE = "joint_research_fund"


@dataclass(frozen=True)
class Params:
    """Who bids, how partners are found, how the money is shared, and the tie that a project leaves."""

    SHARED = (
        "award_grants.apply_small", "award_grants.apply_large", "award_grants.noise", "redeem_vouchers.city_reach",
        "redeem_vouchers.field_reach", "redeem_vouchers.tie_step",
    )  # fmt: skip
    apply_small: float
    apply_large: float
    noise: float
    city_reach: float
    field_reach: float
    tie_step: float
    find_partner: float
    firm_part: float


@step(writes=("firm.joint_instalment", "firm.joint_quarters", "firm.joint_university", "firm.joint_institute",
              "firm.partner_university", "firm.tie_strength", "firm.upgrade_demand", "firm.received_yuan",
              "university.received_yuan", "institute.received_yuan", "line.joint_research_fund"))  # fmt: skip
def fund_joint_research(world: World, params: Params, draws: Draws) -> None:
    """Hold the call of the year, then pay the instalments of running projects."""
    line = world.accounts.number(LINE)
    just_opened = world.accounts.available[line] > 0 and world.accounts.disbursed_year[line] == 0
    size = to_yuan(float(world.governments.joint_project_size[PROVINCE]))
    if size > 0 and just_opened:
        _call(world, params, draws, size)
    if world.firms.joint_quarters.any():
        _pay(world, params.firm_part)


def _call(world: World, p: Params, draws: Draws, size: int) -> None:
    """Choose projects, tie their partners and fix the instalments, so that all of the year fit the line."""
    firms = world.firms
    share = np.where(firms.size_class >= MEDIUM, p.apply_large, p.apply_small)
    able = (firms.alive != 0) & (firms.has_rd != 0) & (firms.joint_quarters == 0)
    able &= 4.0 * firms.rd_intended_q >= p.firm_part * size / YUAN_PER_MILLION
    rows = np.flatnonzero(able & (draws.uniform("joint.apply", firms) < share))
    university, institute = partners(world, p, draws, rows)
    bids = (university >= 0) | (institute >= 0)
    seen = firms.quality + p.noise * normal_of(draws.uniform("joint.noise", firms))
    place = np.full(firms.capacity, -1, np.int64)
    place[rows] = np.arange(len(rows))
    winners = best_first(rows[bids], seen, firms.uid, world.accounts.left(LINE) // size)
    quarters = QUARTERS_A_YEAR - world.calendar.quarter_of_year
    firms.joint_university[winners] = university[place[winners]]
    firms.joint_institute[winners] = institute[place[winners]]
    firms.joint_instalment[winners] = size // quarters
    firms.joint_quarters[winners] = quarters
    tie(world, winners, p.tie_step)


def partners(world: World, p: Params, draws: Draws, rows: Rows) -> tuple[Rows, Rows]:
    """University and institute with which each bidder bids, -1 without; shape (n_rows,) each."""
    firms, alliances = world.firms, world.alliances
    university = np.full(firms.capacity, -1, np.int64)
    institute = university.copy()
    for k in alliances.rows()[np.argsort(alliances.uid[alliances.rows()])[::-1]]:  # the oldest alliance counts last
        members = alliances.members[k][alliances.members[k] >= 0]
        has_university = alliances.university[k] >= 0
        university[members] = alliances.university[k]
        institute[members] = -1 if has_university else alliances.institute[k]
    own = firms.partner_university >= 0
    university[own], institute[own] = firms.partner_university[own], -1
    alone = (university[rows] < 0) & (institute[rows] < 0)
    alone &= draws.uniform("joint.find", firms)[rows] < p.find_partner
    seekers = rows[alone]
    university[seekers] = body_in_reach(world, p, seekers, draws.uniform("joint.partner", firms)[seekers])
    return university[rows], institute[rows]


def body_in_reach(world: World, p: Params, seekers: Rows, u: npt.NDArray[np.float64]) -> Rows:
    """University that each seeker finds, by openness and reach; -1 where none is in reach; shape (n_seekers,)."""
    firms, bodies = world.firms, world.universities
    reach = p.city_reach * (bodies.city[None, :] == firms.city[seekers, None])
    reach = reach + p.field_reach * (bodies.field[None, :] == firms.sector[seekers, None])
    passed = np.cumsum(reach * bodies.openness * (bodies.alive != 0), axis=1)
    chosen = np.argmax(passed > u[:, None] * passed[:, -1:], axis=1)
    return np.where(passed[:, -1] > 0.0, chosen, -1)


def tie(world: World, winners: Rows, step_up: float) -> None:
    """A project with a university strengthens the tie to it, or replaces a weaker one."""
    firms = world.firms
    body = firms.joint_university[winners]
    same = (body >= 0) & (firms.partner_university[winners] == body)
    switch = same | ((body >= 0) & (firms.tie_strength[winners] <= step_up))
    stronger = np.where(same, np.minimum(firms.tie_strength[winners] + step_up, 1.0), step_up)
    firms.partner_university[winners[switch]] = body[switch]
    firms.tie_strength[winners[switch]] = stronger[switch]


def _pay(world: World, firm_part: float) -> None:
    """Pay the quarter's instalments in the order of uid, to the end of the line; others lapse with their quarter."""
    firms = world.firms
    rows = np.flatnonzero((firms.alive != 0) & (firms.joint_quarters > 0))
    rows = rows[np.argsort(firms.uid[rows])]
    firms.joint_quarters[firms.joint_quarters > 0] -= 1
    performs = rows[firms.has_rd[rows] != 0]
    paid = performs[np.cumsum(firms.joint_instalment[performs]) <= world.accounts.left(LINE)]
    to_firm = (firm_part * firms.joint_instalment[paid]).astype(np.int64)
    to_body = firms.joint_instalment[paid] - to_firm
    world.pay(LINE, firms, paid, to_firm)
    firms.upgrade_demand[paid] += 4.0 * to_body / YUAN_PER_MILLION
    for bodies, partner in ((world.universities, firms.joint_university), (world.institutes, firms.joint_institute)):
        mine = partner[paid] >= 0
        sums = np.zeros(bodies.capacity, np.int64)
        np.add.at(sums, partner[paid[mine]], to_body[mine])
        world.pay(LINE, bodies, np.flatnonzero(sums), sums[sums > 0])
