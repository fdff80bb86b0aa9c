"""Runs alliances: members who left, dissolution, support, joint projects, promotion and what members gain.

Dissolution a year h x (1 - l) where joint work goes on, h x paper factor for paper alliances; support is paid to the
lead firm, longest recognised first, as far as the line reaches over the quarters left of the year. Joint projects start
at a hazard that grows with value and support, last 6 to 12 quarters and may fail. Work = n / (n + h) of n projects.
Gain of a member = 1 - product over its alliances of (1 - value x work). Sources: F03, F04, F05.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.government import PROVINCE
from sim.agents.providers import by_uid
from sim.agents.world import World
from sim.core.arithmetic import quarterly_hazard
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int8]
Rows = npt.NDArray[np.int64]
LINE = "alliance_support"
FEWEST_FIRMS = 2
PROVINCIAL, NATIONAL = 2, 3


@dataclass(frozen=True)
class Params:
    """Hazards a year and what changes them; lengths in quarters."""

    dissolve_y: float
    paper_factor: float
    work_learning: float
    project_start_y: float
    project_shortest: float  # quarters
    project_longest: float  # quarters
    project_failure_y: float
    support_lift: float
    projects_half: float
    national_y: float
    national_age: float  # quarters


@step(
    writes=(
        "alliance.*",
        "firm.n_alliances",
        "firm.alliance_benefit",
        "firm.received_yuan",
        "university.n_projects",
        "institute.n_projects",
        "line.alliance_support",
    )
)
def manage_alliances(world: World, params: Params, draws: Draws) -> None:
    """Let members leave, alliances end, be paid, work and rise; then tell firms what they gain."""
    alliances, firms, p = world.alliances, world.firms, params
    drop_members(
        alliances.alive, alliances.members, alliances.member_uids, alliances.n_members, alliances.lead, alliances.city,
        firms.alive, firms.uid, firms.city,
    )  # fmt: skip
    ending = dissolve(
        alliances.alive, alliances.n_members, alliances.is_paper, alliances.n_projects, alliances.age_q,
        draws.uniform("alliance.end", alliances), p.dissolve_y, p.paper_factor, p.work_learning, alliances.tier,
    )  # fmt: skip
    if ending:
        alliances.remove(np.flatnonzero((alliances.alive != 0) & (alliances.tier < 0)))
    pay_support(world)
    run_projects(
        alliances.alive, alliances.is_paper, alliances.value, alliances.support_yuan, alliances.project_quarters,
        alliances.n_projects, draws.uniform("alliance.project", alliances), draws.uniform("alliance.length", alliances),
        draws.uniform("alliance.failure", alliances), p.project_start_y, p.support_lift, p.project_shortest,
        p.project_longest, p.project_failure_y,
    )  # fmt: skip
    if world.calendar.is_last_of_year:
        promote(
            alliances.alive, alliances.is_paper, alliances.value, alliances.age_q,
            draws.uniform("alliance.national", alliances), p.national_y, p.national_age, alliances.tier,
        )  # fmt: skip
    firms.n_alliances.fill(0)
    firms.alliance_benefit.fill(0.0)
    order = by_uid(alliances.alive, alliances.uid)
    if len(order):
        share_gains(
            order, alliances.members, alliances.value, alliances.n_projects, p.projects_half, firms.n_alliances,
            firms.alliance_benefit,
        )  # fmt: skip
        book_projects(order, alliances.university, alliances.n_projects, world.universities.n_projects)
        book_projects(order, alliances.institute, alliances.n_projects, world.institutes.n_projects)


def pay_support(world: World) -> None:
    """Pay a quarter's support to the lead firms of recognised alliances, in the order of their uid."""
    alliances, calendar = world.alliances, world.calendar
    alliances.support_yuan.fill(0)
    price = to_yuan(float(world.governments.alliance_amount_y[PROVINCE]) / 4.0)
    if price <= 0:
        return
    rows = by_uid(alliances.alive & alliances.is_supported, alliances.uid)
    if not len(rows):
        return
    number = world.accounts.left(LINE) // (price * (4 - calendar.quarter_of_year))
    paid = rows[:number]
    world.pay(LINE, world.firms, alliances.lead[paid], price)  # a firm may lead several
    alliances.support_yuan[paid] = price


@kernel
def drop_members(
    alive: Flags, members: npt.NDArray[np.int32], member_uids: Rows, n_members: npt.NDArray[np.int32],
    lead: npt.NDArray[np.int32], city: Codes, firm_alive: Flags, firm_uid: Rows, firm_city: Codes,
) -> None:  # fmt: skip
    """Free the places of members who left the market; the next on the list leads; too few members mark the end."""
    for a in range(alive.size):
        if alive[a] == 0:
            continue
        number, first = 0, -1
        for k in range(members.shape[1]):
            j = members[a, k]
            if j >= 0 and firm_alive[j] != 0 and firm_uid[j] == member_uids[a, k]:
                first = j if number == 0 else first
                number += 1
            else:
                members[a, k], member_uids[a, k] = -1, -1
        n_members[a], lead[a] = number, first
        city[a] = firm_city[first] if first >= 0 else city[a]


@kernel
def dissolve(
    alive: Flags, n_members: npt.NDArray[np.int32], paper: Flags, n_projects: npt.NDArray[np.int32],
    age_q: npt.NDArray[np.int32], u: Floats, dissolve_y: float, paper_factor: float, learning: float,
    tier: Codes,
) -> int:  # fmt: skip
    """Age by a quarter; alliances that end get tier -1 (too few firms, or the hazard); returns how many do."""
    ending = 0
    for a in range(alive.size):
        if alive[a] == 0:
            continue
        age_q[a] += 1
        yearly = dissolve_y
        if paper[a] != 0:
            yearly *= paper_factor
        elif n_projects[a] > 0:
            yearly *= 1.0 - learning
        if n_members[a] < FEWEST_FIRMS or u[a] < quarterly_hazard(yearly):
            tier[a] = -1
            ending += 1
    return ending


@kernel
def run_projects(
    alive: Flags, paper: Flags, value: Floats, paid: npt.NDArray[np.int64], left: npt.NDArray[np.int8],
    n_projects: npt.NDArray[np.int32], u_start: Floats, u_length: Floats, u_failure: Floats, start_y: float,
    support_lift: float, shortest: float, longest: float, failure_y: float,
) -> None:  # fmt: skip
    """Joint projects go on, fail and start; `left` (alliances, places) and `n_projects` change in place."""
    for a in range(alive.size):
        if alive[a] == 0:
            continue
        failed, free, running = u_failure[a] < quarterly_hazard(failure_y), -1, 0
        for k in range(left.shape[1]):
            if left[a, k] > 0:
                left[a, k] -= 1
                if failed:  # one failure ends one project
                    left[a, k] = 0
                    failed = False
            if left[a, k] > 0:
                running += 1
            else:
                free = k
        yearly = start_y * value[a] * (1.0 + (support_lift if paid[a] > 0 else 0.0))
        if free >= 0 and paper[a] == 0 and u_start[a] < quarterly_hazard(yearly):
            left[a, free] = int(shortest + u_length[a] * (longest - shortest + 1.0))
            running += 1
        n_projects[a] = running


@kernel
def promote(
    alive: Flags, paper: Flags, value: Floats, age_q: npt.NDArray[np.int32], u: Floats, national_y: float,
    national_age: float, tier: npt.NDArray[np.int8],
) -> None:  # fmt: skip
    """Provincial alliances of some age become national with a hazard a year that grows with their value."""
    for a in range(alive.size):
        old = age_q[a] >= national_age and tier[a] == PROVINCIAL and paper[a] == 0
        if alive[a] != 0 and old and u[a] < national_y * value[a]:
            tier[a] = NATIONAL


@kernel
def share_gains(
    order: Rows, members: npt.NDArray[np.int32], value: Floats, n_projects: npt.NDArray[np.int32], half: float,
    ties: Codes, gain: Floats,
) -> None:  # fmt: skip
    """Number of alliances and gain (0 to 1) of each member; both are zero before.

    Alliances in the order given, so that rows do not matter.
    """
    for a in order:
        for j in members[a]:
            if j >= 0:
                ties[j] += 1
                gain[j] = 1.0  # while its alliances are counted, the part that it does without
    for a in order:
        benefit = value[a] * n_projects[a] / (n_projects[a] + half)
        for j in members[a]:
            if j >= 0:
                gain[j] *= 1.0 - benefit
                ties[j] -= 1
                if ties[j] == 0:  # the last of its alliances
                    gain[j] = 1.0 - gain[j]
    for a in order:
        for j in members[a]:
            if j >= 0:
                ties[j] += 1


@kernel
def book_projects(
    order: Rows, body: npt.NDArray[np.int32], n_projects: npt.NDArray[np.int32], booked: npt.NDArray[np.int32]
) -> None:
    """Add the joint projects of each alliance to those of its university or institute (-1 for none), in place."""
    for a in order:
        if body[a] >= 0:
            booked[body[a]] += n_projects[a]
