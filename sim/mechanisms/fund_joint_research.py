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
from sim.agents.providers import by_uid
from sim.agents.world import World
from sim.core.arithmetic import normal_of
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.kernels import kernel
from sim.core.money import YUAN_PER_MILLION, to_yuan
from sim.core.quotas import in_order
from sim.core.steps import step
from sim.core.streams import Draws

Flags = npt.NDArray[np.uint8]
Links = npt.NDArray[np.int32]
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
    rows = without_project(firms.alive, firms.has_rd, firms.joint_quarters).nonzero()[0]
    rows = rows[4.0 * firms.rd_intended_q[rows] >= p.firm_part * size / YUAN_PER_MILLION]
    share = np.where(firms.size_class[rows] >= MEDIUM, p.apply_large, p.apply_small)
    rows = rows[draws.uniform_for("joint.apply", firms.uid[rows]) < share]
    university, institute = partners(world, p, draws, rows)
    bids = ((university >= 0) | (institute >= 0)).nonzero()[0]
    uids = firms.uid[rows[bids]]
    seen = firms.quality[rows[bids]] + p.noise * normal_of(draws.uniform_for("joint.noise", uids))
    won = bids[in_order(-seen, uids, world.accounts.left(LINE) // size)]
    winners, quarters = rows[won], QUARTERS_A_YEAR - world.calendar.quarter_of_year
    firms.joint_university[winners] = university[won]
    firms.joint_institute[winners] = institute[won]
    firms.joint_instalment[winners] = size // quarters
    firms.joint_quarters[winners] = quarters
    tie(world, winners, p.tie_step)


def partners(world: World, p: Params, draws: Draws, rows: Rows) -> tuple[Rows, Rows]:
    """University and institute with which each bidder bids, -1 without; shape (n_rows,) each."""
    firms, alliances = world.firms, world.alliances
    oldest_last = by_uid(alliances.alive, alliances.uid)[::-1]
    university, institute = bodies_of_alliances(
        oldest_last, alliances.members, alliances.university, alliances.institute, firms.capacity, rows
    )
    own = firms.partner_university[rows] >= 0
    university[own], institute[own] = firms.partner_university[rows[own]], -1
    alone = ((university < 0) & (institute < 0)).nonzero()[0]
    uids = firms.uid[rows[alone]]
    alone = alone[draws.uniform_for("joint.find", uids) < p.find_partner]
    seekers = rows[alone]
    university[alone] = body_in_reach(world, p, seekers, draws.uniform_for("joint.partner", firms.uid[seekers]))
    return university, institute


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
    running = (firms.joint_quarters > 0).nonzero()[0]
    rows = running[firms.alive[running] != 0]
    rows = rows[firms.uid[rows].argsort()]
    firms.joint_quarters[running] -= 1
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
        world.pay(LINE, bodies, sums.nonzero()[0], sums[sums > 0])


@kernel
def without_project(alive: Flags, has_rd: Flags, quarters: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
    """Firms with R&D that have no project, shape (n,)."""
    able = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        able[j] = (alive[j] != 0) & (has_rd[j] != 0) & (quarters[j] == 0)
    return able


@kernel
def bodies_of_alliances(
    order: Rows, members: Links, university: Links, institute: Links, n_firms: int, rows: Rows
) -> tuple[Rows, Rows]:
    """University, else institute, of the alliance of the firm on each row, -1 for none, shape (n_rows,) each.

    order : rows of the alliances; of several with the same firm the last one counts.
    """
    last = np.full(n_firms, -1, np.int32)
    for a in order:
        for j in members[a]:
            if j >= 0:
                last[j] = a
    universities, institutes = np.full(rows.size, -1, np.int64), np.full(rows.size, -1, np.int64)
    for i in range(rows.size):
        a = last[rows[i]]
        if a >= 0:
            universities[i] = university[a]
            institutes[i] = -1 if university[a] >= 0 else institute[a]
    return universities, institutes
