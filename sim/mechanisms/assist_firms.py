"""Firms without R&D that could begin are matched to help: by mentor firms, teams of experts, officials; the best first.

Diagnosis looks at above-scale firms without R&D and picks those that could ever innovate. Mentors are performers of the
same sector with an institution, each with few pupils; then come teams of experts, then officials, as far as there are
people and money. Help of two years adds to the hazard of starting R&D, and lowers the cost of the first projects, in
proportion to the firm's promise and to who helps; the practices that it leaves fade and go on to found institutions.
Who has started stops again by the law of all firms. Sources: Q02, Q05.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.agents.government import PROVINCE
from sim.agents.policy_network import EXPERT_TEAM, MENTOR, NO_ADVISER, OFFICIAL, payable
from sim.agents.world import World
from sim.core.arithmetic import logistic, quarterly_hazard
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.quotas import best_first
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
LINE = "assistance_matching"
KINDS_OF_HELP = 4  # with nobody


@dataclass(frozen=True)
class Params:
    """Firms for each helper, costs (million yuan a year and firm), strength, what lasts."""

    official_firms: float
    team_firms: float
    mentor_firms: int
    official_cost_y: float
    team_cost_y: float
    mentor_cost_y: float
    help_q: int
    start_lift_y: float
    official_strength: float
    institution_lift_y: float
    practice_fade_y: float
    first_project_help: float

    @cached_property
    def price(self) -> npt.NDArray[np.int64]:
        """Yuan a quarter for a firm by who helps it, shape (KINDS_OF_HELP,)."""
        costs = (self.official_cost_y, self.team_cost_y, self.mentor_cost_y)
        return np.array([0, *(to_yuan(cost / QUARTERS_A_YEAR) for cost in costs)])


@step(
    writes=("firm.adviser", "firm.adviser_quarters", "firm.assistance_effect", "firm.start_lift", "firm.cost_factor",
            "firm.institution_lift", "firm.received_yuan", "university.received_yuan", "government.received_yuan",
            "line.assistance_matching")
)  # fmt: skip
def assist_firms(world: World, params: Params, draws: Draws) -> None:
    """End help that is over or cannot be paid, match firms to free helpers, pay, and write what help does."""
    firms, p, terms = world.firms, params, world.governments
    helpers = [float(n[PROVINCE]) / world.scale for n in (terms.help_officials, terms.help_teams, terms.help_mentors)]
    offered = max(helpers) > 0.0
    if not offered and not firms.assistance_effect.any():
        return
    grow_old(firms.alive, firms.adviser, firms.adviser_quarters, firms.assistance_effect,
             1.0 - quarterly_hazard(p.practice_fade_y))  # fmt: skip
    mentors = mentors_by_sector(world)
    keep_help(world, p, mentors)
    if offered:
        match_firms(world, p, mentors, helpers)
    pay_helpers(world, p, draws, mentors)
    act(
        firms.alive, firms.has_rd, firms.adviser, firms.assistance_effect, p.start_lift_y, p.institution_lift_y,
        p.first_project_help, firms.start_lift, firms.institution_lift, firms.cost_factor,
    )  # fmt: skip


def mentors_by_sector(world: World) -> list[Rows]:
    """Rows of the firms that could teach, by sector, those with the most knowledge first."""
    firms = world.firms
    able = (firms.alive != 0) & (firms.is_above_scale != 0) & (firms.has_rd != 0) & (firms.has_rd_institution != 0)
    order = best_first((able & (firms.adviser == NO_ADVISER)).nonzero()[0], firms.knowledge, firms.uid)
    sector = firms.sector[order]
    return [order[sector == s] for s in range(int(firms.sector.max(initial=0)) + 1)]


def helped(world: World) -> Rows:
    """Rows of the firms with an adviser, by uid."""
    rows = ((world.firms.alive != 0) & (world.firms.adviser != NO_ADVISER)).nonzero()[0]
    by_uid: Rows = rows[world.firms.uid[rows].argsort()]
    return by_uid


def pupils_by_sector(world: World, rows: Rows, mentors: list[Rows]) -> Rows:
    """Number of firms with a mentor among the rows, by sector."""
    return np.bincount(world.firms.sector[rows[world.firms.adviser[rows] == MENTOR]], minlength=len(mentors))


def keep_help(world: World, p: Params, mentors: list[Rows]) -> None:
    """Help goes on as far as mentors are still there and the line can pay it this quarter."""
    firms = world.firms
    rows = helped(world)
    seats = np.array([len(teachers) * p.mentor_firms for teachers in mentors])
    for sector in (pupils_by_sector(world, rows, mentors) > seats).nonzero()[0]:
        pupils = rows[(firms.adviser[rows] == MENTOR) & (firms.sector[rows] == sector)]
        firms.adviser[pupils[seats[sector] :]] = NO_ADVISER
    rows = rows[firms.adviser[rows] != NO_ADVISER]
    firms.adviser[rows[payable(p.price[firms.adviser[rows]], world.accounts.left(LINE)) :]] = NO_ADVISER
    firms.adviser_quarters[firms.adviser == NO_ADVISER] = 0


def match_firms(world: World, p: Params, mentors: list[Rows], helpers: list[float]) -> None:
    """Give free helpers to the most promising firms, as many as the line can pay to the end of the year."""
    firms = world.firms
    now = helped(world)
    used = np.bincount(firms.adviser[now], minlength=KINDS_OF_HELP)
    per_helper = (p.official_firms, p.team_firms, float(p.mentor_firms))
    room = np.array([0, *(int(n * per + 0.5) for n, per in zip(helpers, per_helper, strict=True))]) - used
    if not len(world.universities):
        room[EXPERT_TEAM] = 0
    seats = np.array([len(teachers) * p.mentor_firms for teachers in mentors]) - pupils_by_sector(world, now, mentors)
    may = (firms.alive != 0) & (firms.is_above_scale != 0) & (firms.has_rd == 0) & (firms.can_innovate != 0)
    rows = (may & (firms.adviser == NO_ADVISER)).nonzero()[0]
    order = best_first(rows, firms.quality - firms.assistance_effect, firms.uid)  # the unhelped come first
    given = np.zeros(len(order), np.int8)
    match(firms.sector[order].astype(np.int64), room.astype(np.int64), seats.astype(np.int64), given)
    chosen, kind = order[given > 0], given[given > 0]
    quarters_left = QUARTERS_A_YEAR - world.calendar.quarter_of_year
    free = world.accounts.left(LINE) - int(p.price[firms.adviser[now]].sum()) * quarters_left
    number = payable(p.price[kind] * quarters_left, max(free, 0))
    chosen, kind = chosen[:number], kind[:number]
    firms.adviser[chosen] = kind
    firms.adviser_quarters[chosen] = p.help_q
    strength = np.where(kind == OFFICIAL, p.official_strength, 1.0) * promise(firms.quality[chosen])
    firms.assistance_effect[chosen] = np.maximum(firms.assistance_effect[chosen], strength)


def pay_helpers(world: World, p: Params, draws: Draws, mentors: list[Rows]) -> None:
    """Pay city governments for officials, universities for experts, mentor firms for their pupils."""
    firms, rows, price = world.firms, helped(world), p.price
    kind = firms.adviser[rows]
    by_city = np.bincount(firms.city[rows[kind == OFFICIAL]], minlength=128)
    cities = ((world.governments.alive != 0) & (world.governments.level == 1)).nonzero()[0]
    world.pay(LINE, world.governments, cities, by_city[world.governments.city[cities]] * price[OFFICIAL])
    bodies = world.universities.rows()
    bodies = bodies[world.universities.uid[bodies].argsort()]
    visited = firms.uid[rows[kind == EXPERT_TEAM]]
    if len(visited) and len(bodies):
        staff = np.cumsum(np.floor(world.universities.rd_staff[bodies]) + 1.0)  # whole numbers: exact sums
        chosen = np.searchsorted(staff, draws.uniform_for("assist.university", visited) * staff[-1], side="right")
        world.pay(LINE, world.universities, bodies, np.bincount(chosen, minlength=len(bodies)) * price[EXPERT_TEAM])
    pupils = pupils_by_sector(world, rows, mentors)
    waiting = [n - p.mentor_firms * np.arange(len(able)) for n, able in zip(pupils, mentors, strict=True)]
    number, teachers = np.minimum(np.concatenate(waiting), p.mentor_firms), np.concatenate(mentors)
    world.pay(LINE, firms, teachers[number > 0], number[number > 0] * price[MENTOR])


@kernel
def promise(quality: Floats) -> Floats:
    """What help yields in a firm of this quality (standard normal) relative to the mean firm, between 0 and 2."""
    out = np.empty(quality.size)
    for j in range(quality.size):
        out[j] = 2.0 * logistic(quality[j])
    return out


@kernel
def match(sector: npt.NDArray[np.int64], room: Rows, seats: Rows, given: Codes) -> None:
    """Kind of help of each firm in turn, in place: a mentor of its sector, else a team, else an official, else none."""
    for i in range(sector.size):
        if room[MENTOR] > 0 and seats[sector[i]] > 0:
            given[i] = MENTOR
            seats[sector[i]] -= 1
        elif room[EXPERT_TEAM] > 0:
            given[i] = EXPERT_TEAM
        elif room[OFFICIAL] > 0:
            given[i] = OFFICIAL
        else:
            break
        room[given[i]] -= 1


@kernel
def grow_old(alive: Flags, adviser: Codes, quarters: Codes, effect: Floats, kept: float) -> None:
    """One quarter passes: help nears its end, and without an adviser practices fade; in place."""
    for j in range(alive.size):
        if alive[j] == 0 or effect[j] <= 0.0:
            continue
        if adviser[j] != NO_ADVISER:
            quarters[j] -= 1
            if quarters[j] <= 0:
                quarters[j] = 0
                adviser[j] = NO_ADVISER
        if adviser[j] == NO_ADVISER:
            effect[j] *= kept
            if effect[j] < 0.001:
                effect[j] = 0.0


@kernel
def act(
    alive: Flags, has_rd: Flags, adviser: Codes, effect: Floats, start_y: float, institution_y: float,
    first_help: float, start: Floats, institution: Floats, cost: Floats,
) -> None:  # fmt: skip
    """With an adviser: a higher hazard of starting R&D, cheaper first projects; with practices: institutions."""
    for j in range(alive.size):
        if alive[j] == 0 or effect[j] <= 0.0:
            continue
        institution[j] += institution_y * effect[j]
        if adviser[j] == NO_ADVISER:
            continue
        start[j] += start_y * effect[j]
        if has_rd[j] != 0:
            cost[j] *= 1.0 - first_help * min(effect[j], 1.0)
