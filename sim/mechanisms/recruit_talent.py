"""Recruits from outside settle with firms and public bodies that do research, as far as packages and people reach.

Persons a quarter: what the line pays at the package, at most pool x (package / reference)^supply elasticity. Hosts
need R&D of their own; the best by knowledge and noise take one person a quarter each, up to a quota of their staff. A
part of those paid for were in the province before and only change place: paid, but nobody gains. The others leave with
a hazard, faster where R&D has stopped. At h = worth x talent / staff a firm learns (1 + h)^e - 1 of its own R&D more
and a public body files (1 + h)^e as many inventions: without R&D talent is idle. Supply of staff: price_talent. The
line buys settlement and is paid to the host. Sources: J01, J04, J05.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.arithmetic import binomial_inverse, log_of, normal_of, power, quarterly_hazard
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.columns import Columns
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.quotas import best_first, in_order, places_due
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
LINE = "talent_programme"


@dataclass(frozen=True)
class Params:
    """Who would come, where they settle, when they leave, what they bring."""

    pool_y: float  # persons a year
    reference_package: float  # million yuan a person
    supply_elasticity: float
    public_share: float
    inside_share: float
    quota: float  # share of staff
    noise: float
    leave_y: float
    idle_leave_y: float
    worth: float
    elasticity: float
    largest_share: float


@step(writes=("firm.talent", "university.talent", "institute.talent", "firm.learning_gain", "university.filing_factor",
              "institute.filing_factor", "firm.received_yuan", "university.received_yuan", "institute.received_yuan",
              "line.talent_programme", "notes.talent_recruited"))  # fmt: skip
def recruit_talent(world: World, params: Params, draws: Draws) -> None:
    """Let talent leave, recruit as far as the line and the pool reach, and write what talent brings this quarter."""
    if world.notes.get("talent_recruited"):
        let_leave(world, params, draws)
    number = persons(world, params)
    if number > 0:
        recruit(world, params, draws, number)
    if world.notes.get("talent_recruited"):
        write_effects(world, params)


def persons(world: World, p: Params) -> int:
    """Persons to be recruited this quarter: what the line pays, at most those who would come."""
    package = float(world.governments.talent_package[PROVINCE])
    left = world.accounts.left(LINE)
    if package <= 0.0 or left <= 0:
        return 0
    payable = left // (QUARTERS_A_YEAR - world.calendar.quarter_of_year) // to_yuan(package)
    willing = p.pool_y * power(package / p.reference_package, p.supply_elasticity) / QUARTERS_A_YEAR
    return int(min(payable, places_due(willing / world.scale, world.calendar.quarter)))


def recruit(world: World, p: Params, draws: Draws, number: int) -> None:
    """Settle persons with hosts, one each, and pay the hosts; those who were here before add nothing."""
    publics = int(np.floor(number * p.public_share + draws.province("talent.public")))
    bodies = [(kind, *candidates(kind, kind.rd_q, p, draws)) for kind in (world.universities, world.institutes)]
    score = np.concatenate([found for _, _, found in bodies])
    uids = np.concatenate([kind.uid[rows] for kind, rows, _ in bodies])
    taken = np.zeros(len(score), bool)
    taken[in_order(-score, uids, publics)] = True
    first = 0
    for kind, rows, found in bodies:
        settle(world, p, draws, kind, rows[taken[first : first + len(found)]])
        first += len(found)
    firms = world.firms
    rows, found = candidates(firms, np.where(firms.has_rd != 0, firms.rd_actual_q, 0.0), p, draws)
    seen = np.zeros(firms.capacity)
    seen[rows] = found
    settle(world, p, draws, firms, best_first(rows, seen, firms.uid, number - publics))
    world.notes["talent_recruited"] = True


def candidates(kind: Columns, rd: F8, p: Params, draws: Draws) -> tuple[Rows, F8]:
    """Rows of the living hosts that do research and are below their quota, and their score."""
    rows = np.flatnonzero((kind.alive != 0) & (rd > 0.0))
    rows = rows[kind.talent[rows] + 1.0 <= np.maximum(1.0, p.quota * kind.rd_staff[rows])]
    noise = normal_of(draws.uniform_for("talent.host", kind.uid[rows]))
    return rows, log_of(1.0 + kind.knowledge[rows]) + p.noise * noise


def settle(world: World, p: Params, draws: Draws, kind: Columns, rows: Rows) -> None:
    """Pay each host a package; the person counts unless he or she came from inside the province."""
    if not len(rows):
        return
    world.pay(LINE, kind, rows, to_yuan(float(world.governments.talent_package[PROVINCE])))
    kind.talent[rows] += draws.uniform_for("talent.origin", kind.uid[rows]) >= p.inside_share


def let_leave(world: World, p: Params, draws: Draws) -> None:
    """Draw how many of each host's talent leave this quarter."""
    for kind in (world.firms, world.universities, world.institutes):
        rows = np.flatnonzero((kind.alive != 0) & (kind.talent > 0.0))
        if len(rows):
            idle = np.zeros(len(rows), np.uint8)
            if kind is world.firms:
                idle = (kind.has_rd[rows] == 0).astype(np.uint8)
            left = np.zeros(len(rows))
            chances = quarterly_hazard(p.leave_y), quarterly_hazard(p.idle_leave_y)
            leave(kind.talent[rows], idle, draws.uniform_for("talent.leave", kind.uid[rows]), *chances, left)
            kind.talent[rows] -= left


def write_effects(world: World, p: Params) -> None:
    """Raise learning of performing firms and filings of public bodies by the talent that they have."""
    firms = world.firms
    rows = np.flatnonzero((firms.alive != 0) & (firms.has_rd != 0) & (firms.talent > 0.0))
    gain = gains(firms.talent[rows], firms.rd_staff[rows], p.worth, p.largest_share, p.elasticity)
    firms.learning_gain[rows] += gain
    for kind in (world.universities, world.institutes):
        rows = np.flatnonzero((kind.alive != 0) & (kind.talent > 0.0))
        gain = gains(kind.talent[rows], kind.rd_staff[rows], p.worth, p.largest_share, p.elasticity)
        kind.filing_factor[rows] *= 1.0 + gain


@kernel
def leave(talent: F8, idle: npt.NDArray[np.uint8], u: F8, chance: float, idle_chance: float, out: F8) -> None:
    """Persons who leave each host, shape (n,)."""
    for j in range(talent.size):
        out[j] = binomial_inverse(u[j], int(talent[j]), idle_chance if idle[j] != 0 else chance)


@kernel
def gains(talent: F8, staff: F8, worth: float, largest: float, elasticity: float) -> F8:
    """(1 + h)^e - 1 of each host, h = worth x talent / staff up to its largest."""
    out = np.zeros(talent.size)
    for j in range(talent.size):
        out[j] = power(1.0 + min(worth * talent[j] / max(staff[j], 1.0), largest), elasticity) - 1.0
    return out
