"""Researchers of universities and institutes found firms on leave, hold part-time posts in firms, and share income.

Leave: a share of staff goes each year, keeps its posts for the quarters that the rule gives and comes back; those away
found firms at a rate a person, which raises the entry of small firms. Part time: university staff take posts with
performers of their city or field that want one and have no stronger tie; a post keeps up the tie and lets the firm
learn. Both cost the bodies research of their own: it falls by the share away and by the time of the posts; project
money is still used in full. Inventors' share: openness rises by largest x s / (s + half). No budget line: universities
and institutes bear the cost, in research not done and income given away. Rules R19, R20 of plan_c; rates assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.budget import PROJECT, RESEARCH, lines_of
from sim.agents.government import PROVINCE
from sim.agents.providers import by_uid
from sim.agents.world import World
from sim.core.arithmetic import quarterly_hazard
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.fixed_point import fixed_sum, unfixed
from sim.core.kernels import kernel
from sim.core.quotas import in_order
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]
PAID_RESEARCH = lines_of(PROJECT, RESEARCH)
AWAY = "staff_on_leave"  # shares of staff by quarter of leaving, a ring


@dataclass(frozen=True)
class Params:
    """Leave, posts and openness."""

    SHARED = ("population.n_small_tech", "exit_and_enter.entry_small_y")
    leave_quarters: float
    largest_leave: float  # share of staff
    found_y: float  # firms a person on leave and year
    post_wish_y: float
    post_quarters: float
    post_time: float  # share of a person's time
    post_tie: float
    post_gain: float
    largest_lift: float
    half_share: float
    n_small_tech: float
    entry_small_y: float


@step(writes=("government.entry_factor", "firm.post_quarters", "firm.partner_university", "firm.tie_strength",
              "firm.learning_gain", "university.rd_q", "institute.rd_q", "university.openness_lift",
              "institute.openness_lift", "indices.staff_on_leave", "notes.posts_given"))  # fmt: skip
def move_researchers(world: World, params: Params, draws: Draws) -> None:
    """Let staff go on leave and come back, fill part-time posts, open bodies, and take the cost off their research."""
    province = world.governments
    going = float(province.leave_share[PROVINCE])
    part_time = float(province.part_time_share[PROVINCE])
    away = send_on_leave(world, params, going)
    posts = np.zeros(world.universities.capacity)
    if part_time > 0.0 or world.notes.get("posts_given"):
        posts = give_posts(world, params, draws, part_time)
    share = float(province.inventor_share[PROVINCE])
    if share > 0.0:
        for kind in (world.universities, world.institutes):
            kind.openness_lift[:] += params.largest_lift * share / (share + params.half_share)
    if away > 0.0 or posts.any():
        time = params.post_time * posts / np.maximum(world.universities.rd_staff, 1.0)
        give_up_research(world, away, time)


def send_on_leave(world: World, p: Params, going: float) -> float:
    """Let this quarter's staff go, raise the entry of firms; returns the share of staff that is away."""
    if going <= 0.0 and AWAY not in world.indices:
        return 0.0
    ring = world.indices.setdefault(AWAY, np.zeros(int(p.leave_quarters)))
    slot = world.calendar.quarter % len(ring)
    ring[slot] = 0.0  # those who left a full term ago are back
    ring[slot] = max(0.0, min(going / QUARTERS_A_YEAR, p.largest_leave - ring.sum()))
    away = float(ring.sum())
    bodies = (world.universities, world.institutes)
    persons = away * unfixed(sum(fixed_sum(kind.rd_staff, kind.alive) for kind in bodies))
    usual = max(p.n_small_tech * p.entry_small_y / world.scale, 1e-9)
    world.governments.entry_factor[PROVINCE] *= 1.0 + p.found_y * persons / usual
    return away


def give_posts(world: World, p: Params, draws: Draws, part_time: float) -> F8:
    """Age posts, fill free ones, keep up their ties; returns the posts of each university, shape (capacity,)."""
    firms, universities = world.firms, world.universities
    age_posts(firms.post_quarters)
    posts = held_posts(world)
    room = np.where(universities.alive != 0, np.floor(part_time * universities.rd_staff) - posts, 0.0)
    free = np.maximum(room, 0.0).astype(np.int64)
    if free.any():
        rows = without_post(firms.alive, firms.has_rd, firms.post_quarters).nonzero()[0]
        rows = rows[(firms.partner_university[rows] < 0) | (firms.tie_strength[rows] < p.post_tie)]
        wish = draws.uniform_for("mobility.wish", firms.uid[rows])
        wishes = wish < quarterly_hazard(p.post_wish_y)
        rows = rows[wishes]
        rows = rows[in_order(wish[wishes], firms.uid[rows])]
        order = by_uid(universities.alive, universities.uid)
        chosen = np.full(len(rows), -1, np.int64)
        choose(firms.city[rows], firms.sector[rows], draws.uniform_for("mobility.body", firms.uid[rows]), order,
               universities.city, universities.field, free, chosen)  # fmt: skip
        placed = rows[chosen >= 0]
        firms.partner_university[placed] = chosen[chosen >= 0]
        firms.post_quarters[placed] = int(p.post_quarters)
        world.notes["posts_given"] = True
    with_post = ((firms.post_quarters > 0) & (firms.alive != 0)).nonzero()[0]
    firms.tie_strength[with_post] = np.maximum(firms.tie_strength[with_post], p.post_tie)
    firms.learning_gain[with_post] += p.post_gain
    return held_posts(world)


def held_posts(world: World) -> F8:
    """Part-time posts that the staff of each university hold, shape (capacity,)."""
    firms = world.firms
    rows = ((firms.post_quarters > 0) & (firms.alive != 0)).nonzero()[0]
    partner = firms.partner_university[rows]
    return np.bincount(partner[partner >= 0], minlength=world.universities.capacity).astype(np.float64)


def give_up_research(world: World, away: float, time: F8) -> None:
    """Lower the R&D that bodies carry out on their own by the share of staff away and the time of posts."""
    for kind, lost in ((world.universities, np.minimum(away + time, 1.0)), (world.institutes, min(away, 1.0))):
        own = kind.rd_q - kind.received_yuan.total(PAID_RESEARCH) / 1e6
        kind.rd_q[:] -= np.maximum(own, 0.0) * lost


@kernel
def age_posts(quarters: npt.NDArray[np.int8]) -> None:
    """A quarter passes for the posts in force, in place."""
    for j in range(quarters.size):
        quarters[j] -= quarters[j] > 0


@kernel
def without_post(
    alive: npt.NDArray[np.uint8], has_rd: npt.NDArray[np.uint8], quarters: npt.NDArray[np.int8]
) -> npt.NDArray[np.bool_]:
    """Firms with R&D and without a post, shape (n,)."""
    may = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        may[j] = (alive[j] != 0) & (has_rd[j] != 0) & (quarters[j] == 0)
    return may


@kernel
def choose(
    city: npt.NDArray[np.int8], sector: npt.NDArray[np.int8], u: F8, order: I8, body_city: npt.NDArray[np.int8],
    body_field: npt.NDArray[np.int8], free: I8, chosen: I8,
) -> None:  # fmt: skip
    """Each firm in turn draws a university of its city or field, by free posts; `free` is used up in place."""
    for i in range(city.size):
        total = 0
        for k in range(order.size):
            b = order[k]
            if body_city[b] == city[i] or body_field[b] == sector[i]:
                total += free[b]
        target = u[i] * total
        passed = 0
        for k in range(order.size):
            b = order[k]
            if free[b] > 0 and (body_city[b] == city[i] or body_field[b] == sector[i]):
                passed += free[b]
                if passed >= target:
                    chosen[i] = b
                    free[b] -= 1
                    break
