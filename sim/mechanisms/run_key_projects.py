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
from sim.core.money import YUAN_PER_MILLION, to_yuan
from sim.core.quotas import best_first, places_due
from sim.core.steps import step
from sim.core.streams import Draws

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
    if firms.key_needed.any():
        running = np.flatnonzero((firms.alive != 0) & (firms.key_needed > 0.0))
        firms.key_carried[running] += firms.rd_actual_q[running]
        _judge(world, p, draws, running[firms.key_quarters[running] == 0])
    places_y = float(world.governments.key_projects_y[PROVINCE])
    if places_y > 0.0 and world.notes.get(CALLED) != world.calendar.year:
        world.notes[CALLED] = world.calendar.year
        _call(world, p, draws, places_y / world.scale)
    if firms.key_quarters.any():
        _pay(world)
    if firms.key_effect.any():
        firms.success_factor[:] *= 1.0 + p.product_success * firms.key_effect
        firms.key_effect[:] *= exp(-1.0 / (QUARTERS_A_YEAR * p.lead_years))


def _call(world: World, p: Params, draws: Draws, places_y: float) -> None:
    """Start projects of the best, within what the line has left after the instalments of running ones."""
    firms = world.firms
    quarters = QUARTERS_A_YEAR - world.calendar.quarter_of_year
    places = places_due(places_y * quarters / QUARTERS_A_YEAR, world.calendar.year)
    may = (firms.alive != 0) & (firms.has_rd != 0) & (firms.size_class >= MEDIUM) & (firms.key_needed <= 0.0)
    rows = np.flatnonzero(may)
    seen = np.zeros(firms.capacity)
    seen[rows] = firms.quality[rows] + p.knowledge_merit * log_of(1.0 + firms.knowledge[rows])
    seen[rows] += p.centre_merit * firms.centre_tier[rows]
    seen[rows] += p.noise * normal_of(draws.uniform("key.noise", firms)[rows])
    running = firms.alive != 0
    due = np.minimum(firms.key_quarters, quarters)[running] * firms.key_instalment[running]
    instalment = to_yuan(float(world.governments.key_amount[PROVINCE]) / p.duration)
    affordable = max(0, world.accounts.left(LINE) - int(due.sum())) // (quarters * max(instalment, 1))
    chosen = best_first(rows, seen, firms.uid, min(places, affordable))
    firms.key_instalment[chosen] = instalment
    firms.key_quarters[chosen] = int(p.duration)
    firms.key_carried[chosen] = 0.0
    firms.key_needed[chosen] = p.duration * (firms.rd_actual_q[chosen] + instalment / YUAN_PER_MILLION)
    begin_projects(world, KIND, chosen)


def _pay(world: World) -> None:
    """Pay the quarter's instalments in the order of uid, to the end of the line; others lapse with their quarter."""
    firms = world.firms
    rows = np.flatnonzero((firms.alive != 0) & (firms.key_quarters > 0))
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
    won = ended[draws.uniform("key.success", firms)[ended] < chance]
    firms.key_effect[won] = 1.0
    firms.key_needed[ended] = 0.0
    mine = (centres.alive != 0) & (centres.programme == catalogue().programme(KIND)) & (centres.tier == RUNNING)
    rows = np.flatnonzero(mine)
    centres.tier[rows[np.isin(centres.host_uid[rows], firms.uid[won])]] = COMPLETED
    lost = np.setdiff1d(firms.uid[ended], firms.uid[won])
    centres.remove(rows[np.isin(centres.host_uid[rows], lost)])
