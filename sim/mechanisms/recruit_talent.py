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
from sim.core.arithmetic import SMALLEST, binomial_inverse, log, normal_inverse, power, quarterly_hazard
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.columns import Columns
from sim.core.kernels import inline, kernel
from sim.core.money import to_yuan
from sim.core.quotas import in_order, places_due
from sim.core.row_lists import end_of, rows_with
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
U1 = npt.NDArray[np.uint8]
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
    if publics > 0:
        recruit_for_public(world, p, draws, publics)
    if number > publics:
        firms = world.firms
        rows, score = candidates(firms, rows_with(firms.alive, firms.has_rd), firms.rd_actual_q, p, draws)
        settle(world, p, draws, firms, rows[in_order(-score, firms.uid[rows], number - publics)])
    world.notes["talent_recruited"] = True


def recruit_for_public(world: World, p: Params, draws: Draws, number: int) -> None:
    """Settle persons with the best of universities and institutes together."""
    kinds = (world.universities, world.institutes)
    bodies = [(kind, *candidates(kind, kind.rows(), kind.rd_q, p, draws)) for kind in kinds]
    score = np.concatenate([found for _, _, found in bodies])
    uids = np.concatenate([kind.uid[rows] for kind, rows, _ in bodies])
    taken = np.zeros(len(score), bool)
    taken[in_order(-score, uids, number)] = True
    first = 0
    for kind, rows, found in bodies:
        settle(world, p, draws, kind, rows[taken[first : first + len(found)]])
        first += len(found)


def candidates(kind: Columns, able: Rows, rd: F8, p: Params, draws: Draws) -> tuple[Rows, F8]:
    """Of the rows of the able those that do research and are below their quota, and their score."""
    noise = draws.uniform_for("talent.host", kind.uid[able])
    return hosts(able, rd, kind.talent, kind.rd_staff, kind.knowledge, noise, p.quota, p.noise)


@kernel
def hosts(
    able: Rows, rd: F8, talent: F8, staff: F8, knowledge: F8, u: F8, quota: float, noise: float
) -> tuple[Rows, F8]:  # fmt: skip
    """Those of the rows that do research and may take one more person, and their score; u, shape (n_rows,)."""
    found, score = np.empty_like(able), np.empty(able.size)
    n = 0
    for k in range(able.size):
        j = able[k]
        # nearly nobody has talent yet, and the first person is within any quota: no need to look at the staff
        if rd[j] > 0.0 and (talent[j] <= 0.0 or talent[j] + 1.0 <= max(1.0, quota * staff[j])):
            found[n], score[n] = j, noise * normal_inverse(u[k])
            n += 1
    for k in range(n):
        score[k] = log(max(1.0 + knowledge[found[k]], SMALLEST)) + score[k]
    return found[:n], score[:n]


def settle(world: World, p: Params, draws: Draws, kind: Columns, rows: Rows) -> None:
    """Pay each host a package; the person counts unless he or she came from inside the province."""
    if not len(rows):
        return
    world.pay(LINE, kind, rows, to_yuan(float(world.governments.talent_package[PROVINCE])))
    kind.talent[rows] += draws.uniform_for("talent.origin", kind.uid[rows]) >= p.inside_share


def let_leave(world: World, p: Params, draws: Draws) -> None:
    """Draw how many of each host's talent leave this quarter."""
    chances = quarterly_hazard(p.leave_y), quarterly_hazard(p.idle_leave_y)
    for kind in (world.firms, world.universities, world.institutes):
        rows = with_talent(kind.alive, kind.talent)
        if len(rows):
            performs = kind.has_rd if kind is world.firms else kind.alive
            leave(rows, kind.talent, performs, draws.uniform_for("talent.leave", kind.uid[rows]), *chances)


def write_effects(world: World, p: Params) -> None:
    """Raise learning of performing firms and filings of public bodies by the talent that they have."""
    firms = world.firms
    rows = with_talent(firms.alive & firms.has_rd, firms.talent)
    firms.learning_gain[rows] += gains(rows, firms.talent, firms.rd_staff, p.worth, p.largest_share, p.elasticity)
    for kind in (world.universities, world.institutes):
        lift_filings(kind.alive, kind.talent, kind.rd_staff, p.worth, p.largest_share, p.elasticity, kind.filing_factor)


@kernel
def with_talent(living: U1, talent: F8) -> Rows:
    """Rows of the living (flag) that have talent, shape (n,)."""
    rows, n = np.empty(living.size, np.int64), 0
    for j in range(end_of(living)):
        rows[n] = j  # written over by the next row unless it counts: no branch
        n += (living[j] != 0) & (talent[j] > 0.0)
    return rows[:n]


@kernel
def leave(rows: Rows, talent: F8, performs: U1, u: F8, chance: float, idle_chance: float) -> None:
    """Persons leave the hosts on the rows, in place; u, shape (n_rows,)."""
    for k in range(rows.size):
        j = rows[k]
        talent[j] -= binomial_inverse(u[k], int(talent[j]), chance if performs[j] != 0 else idle_chance)


@kernel
def gains(rows: Rows, talent: F8, staff: F8, worth: float, largest: float, elasticity: float) -> F8:
    """(1 + h)^e - 1 of each host on the rows, h = worth x talent / staff up to its largest; shape (n_rows,)."""
    out = np.zeros(rows.size)
    for k in range(rows.size):
        out[k] = gain_of(talent[rows[k]], staff[rows[k]], worth, largest, elasticity)
    return out


@kernel
def lift_filings(
    alive: U1, talent: F8, staff: F8, worth: float, largest: float, elasticity: float, factor: F8
) -> None:  # fmt: skip
    """Public bodies with talent file (1 + h)^e as many inventions, in place."""
    for j in range(alive.size):
        if alive[j] != 0 and talent[j] > 0.0:
            factor[j] *= 1.0 + gain_of(talent[j], staff[j], worth, largest, elasticity)


@inline
def gain_of(talent: float, staff: float, worth: float, largest: float, elasticity: float) -> float:
    """(1 + h)^e - 1 of one host."""
    return power(1.0 + min(worth * talent / max(staff, 1.0), largest), elasticity) - 1.0
