"""Runs projects on key technologies: chosen performers are paid over years, and must carry out R&D on top of the usual.

The yearly call (the first quarter in force) goes to medium and large performers by merit, knowledge, rank of their
technology centre and noise, ties by uid; one project a firm at a time, as many as the places and what the line has
left after running projects. Instalments are project money. At the end the project succeeds with a chance that grows
with the R&D really carried out, up to what was asked (usual R&D of the firm over its duration plus the public money).
Projects stand among the platforms as kind key_technology, tier 1 while they run and 2 after success; a failure is
struck. A success for some years raises the chance that the firm's development succeeds.
What the money adds or displaces follows from the finance law. All numbers assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import MEDIUM
from sim.agents.government import PROVINCE
from sim.agents.programme_hosts import begin_projects
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.arithmetic import exp, log_of, normal_of
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.kernels import kernel
from sim.core.money import YUAN_PER_MILLION, to_yuan
from sim.core.quotas import in_order, places_due
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
LINE, KIND = "key_technology_programme", "key_technology"
CALLED = "key_technology_call"  # note: year of the last call
RUNNING, COMPLETED = 1, 2  # tiers of a project among the platforms


@dataclass(frozen=True)
class Params:
    """Merit in the call, length of a project, chance of success and what a success brings."""

    SHARED = ("award_grants.noise",)
    noise: float
    knowledge_merit: float
    centre_merit: float
    duration: float  # quarters
    success_share: float
    product_success: float
    lead_years: float


@step(writes=("firm.key_instalment", "firm.key_quarters", "firm.key_needed", "firm.key_carried", "firm.key_effect",
              "firm.success_factor", "firm.received_yuan", "centre.*",
              "line.key_technology_programme"))  # fmt: skip
def run_key_projects(world: World, params: Params, draws: Draws) -> None:
    """Judge projects that ended, hold the call of the year, pay instalments, let the lead fade."""
    firms, p = world.firms, params
    places_y = float(world.governments.key_projects_y[PROVINCE])
    if places_y <= 0.0 and CALLED not in world.notes:
        return  # no project has ever begun
    running = np.flatnonzero(firms.key_needed > 0.0)
    running = running[firms.alive[running] != 0]
    firms.key_carried[running] += firms.rd_actual_q[running]
    ended = running[firms.key_quarters[running] == 0]
    if len(ended):
        _judge(world, p, draws, ended)
    if places_y > 0.0 and world.notes.get(CALLED) != world.calendar.year:
        world.notes[CALLED] = world.calendar.year
        _call(world, p, draws, places_y / world.scale)
    _pay(world)
    use_lead(firms.key_effect, firms.success_factor, p.product_success, exp(-1.0 / (QUARTERS_A_YEAR * p.lead_years)))


def _call(world: World, p: Params, draws: Draws, places_y: float) -> None:
    """Start projects of the best, within what the line has left after the instalments of running ones."""
    firms = world.firms
    quarters = QUARTERS_A_YEAR - world.calendar.quarter_of_year
    places = places_due(places_y * quarters / QUARTERS_A_YEAR, world.calendar.year)
    rows = np.flatnonzero(may_apply(firms.alive, firms.has_rd, firms.size_class))
    rows = rows[firms.key_needed[rows] <= 0.0]
    uids = firms.uid[rows]
    seen = firms.quality[rows] + p.knowledge_merit * log_of(1.0 + firms.knowledge[rows])
    seen += p.centre_merit * firms.centre_tier[rows]
    seen += p.noise * normal_of(draws.uniform_for("key.noise", uids))
    running = np.flatnonzero((firms.key_quarters > 0) & (firms.alive != 0))
    due = np.minimum(firms.key_quarters[running], quarters) * firms.key_instalment[running]
    instalment = to_yuan(float(world.governments.key_amount[PROVINCE]) / p.duration)
    affordable = max(0, world.accounts.left(LINE) - int(due.sum())) // (quarters * max(instalment, 1))
    chosen = rows[in_order(-seen, uids, min(places, affordable))]
    firms.key_instalment[chosen] = instalment
    firms.key_quarters[chosen] = int(p.duration)
    firms.key_carried[chosen] = 0.0
    firms.key_needed[chosen] = p.duration * (firms.rd_actual_q[chosen] + instalment / YUAN_PER_MILLION)
    begin_projects(world, KIND, chosen)


def _pay(world: World) -> None:
    """Pay the quarter's instalments in the order of uid, to the end of the line; others lapse with their quarter."""
    firms = world.firms
    rows = np.flatnonzero((firms.key_quarters > 0) & (firms.alive != 0))
    if not len(rows):
        return
    rows = rows[np.argsort(firms.uid[rows])]
    firms.key_quarters[rows] -= 1
    performs = rows[firms.has_rd[rows] != 0]
    yuan = firms.key_instalment[performs]
    paid = np.cumsum(yuan) <= world.accounts.left(LINE)
    world.pay(LINE, firms, performs[paid], yuan[paid])


def _judge(world: World, p: Params, draws: Draws, ended: Rows) -> None:
    """Draw the success of projects that ended; a success is counted and starts the lead of the firm."""
    firms, centres = world.firms, world.centres
    chance = p.success_share * np.minimum(firms.key_carried[ended] / firms.key_needed[ended], 1.0)
    won = ended[draws.uniform_for("key.success", firms.uid[ended]) < chance]
    firms.key_effect[won] = 1.0
    firms.key_needed[ended] = 0.0
    mine = (centres.alive != 0) & (centres.programme == catalogue().programme(KIND)) & (centres.tier == RUNNING)
    rows = np.flatnonzero(mine)
    centres.tier[rows[np.isin(centres.host_uid[rows], firms.uid[won])]] = COMPLETED
    lost = np.setdiff1d(firms.uid[ended], firms.uid[won])
    centres.remove(rows[np.isin(centres.host_uid[rows], lost)])


@kernel
def may_apply(
    alive: npt.NDArray[np.uint8], has_rd: npt.NDArray[np.uint8], size: npt.NDArray[np.int8]
) -> npt.NDArray[np.bool_]:
    """Medium and large firms with R&D, shape (n,)."""
    may = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        may[j] = (alive[j] != 0) & (has_rd[j] != 0) & (size[j] >= MEDIUM)
    return may


@kernel
def use_lead(effect: Floats, success_factor: Floats, gain: float, kept: float) -> None:
    """Raise the chance of development by what is left of the lead of past projects, which fades; both in place."""
    for j in range(effect.size):
        if effect[j] != 0.0:  # few firms have one
            success_factor[j] *= 1.0 + gain * effect[j]
            effect[j] *= kept
