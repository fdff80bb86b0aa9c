"""Runs benchmark projects of technical renovation in traditional industry, awarded a part of the outlay when they end.

The call is held once a year, in the first quarter in force. Above-scale firms of heavy industry that earn a profit
apply with an investment that is a part of their sales. Places go by merit and noise, ties by uid, as far as the line
reaches. A part of the projects would have been carried out without the award; only the others buy technology that
would not have been bought, and grow faster for some years (fading). After a year the projects are awarded. They stand
among the platforms as kind renovation_benchmark, tier 1 while they run and 2 when completed.
All numbers assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.government import PROVINCE
from sim.agents.industry import LAST_HEAVY_SECTOR
from sim.agents.programme_hosts import begin_projects
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.arithmetic import exp, normal_of
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.kernels import kernel
from sim.core.money import YUAN_PER_MILLION
from sim.core.quotas import fit_into, in_order, places_due
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int8]
Rows = npt.NDArray[np.int64]
LINE, KIND = "renovation_programme", "renovation_benchmark"
CALLED = "renovation_call"  # note: year of the last call
RUNNING, COMPLETED = 1, 2  # tiers of a project among the platforms
RECENT = 0.5  # a firm whose lead is not half gone has just renovated


@dataclass(frozen=True)
class Params:
    """Who applies, size and content of a project, how much of it is additional, and what it brings."""

    SHARED = ("award_grants.noise",)
    apply_y: float
    noise: float
    investment_share: float
    largest_investment: float
    technology_share: float
    additional_share: float
    growth: float
    lead_years: float


@step(writes=("firm.renovation_quarters", "firm.renovation_award", "firm.renovation_purchase",
              "firm.renovation_effect", "firm.upgrade_demand", "firm.growth_add", "firm.received_yuan", "centre.*",
              "line.renovation_programme"))  # fmt: skip
def renovate_firms(world: World, params: Params, draws: Draws) -> None:
    """Hold the call of the year, carry projects on, award and count those that end, let the lead fade."""
    firms, p = world.firms, params
    places_y = float(world.governments.renovation_projects_y[PROVINCE])
    if places_y <= 0.0 and CALLED not in world.notes:
        return  # no project has ever begun
    if places_y > 0.0 and world.notes.get(CALLED) != world.calendar.year:
        world.notes[CALLED] = world.calendar.year
        _call(world, p, draws, places_y / world.scale)
    use_lead(firms.renovation_effect, firms.growth_add, p.growth, exp(-1.0 / (QUARTERS_A_YEAR * p.lead_years)))
    running = ((firms.renovation_quarters > 0) & (firms.alive != 0)).nonzero()[0]
    if len(running):
        _carry_on(world, running)


def _call(world: World, p: Params, draws: Draws, places_y: float) -> None:
    """Start the projects of the best ranked, as far as places and the line reach beyond awards already promised."""
    firms = world.firms
    part = (QUARTERS_A_YEAR - world.calendar.quarter_of_year) / QUARTERS_A_YEAR
    places = places_due(places_y * part, world.calendar.year)
    running = ((firms.renovation_quarters > 0) & (firms.alive != 0)).nonzero()[0]
    left = world.accounts.left(LINE) - int(firms.renovation_award[running].sum())
    rows = in_heavy_industry(firms.alive, firms.is_above_scale, firms.sector, firms.renovation_quarters).nonzero()[0]
    rows = rows[(firms.margin[rows] > 0.0) & (firms.renovation_effect[rows] < RECENT)]
    rows = rows[draws.uniform_for("renovation.apply", firms.uid[rows]) < p.apply_y]
    uids = firms.uid[rows]
    seen = firms.quality[rows] + p.noise * normal_of(draws.uniform_for("renovation.noise", uids))
    chosen = rows[in_order(-seen, uids, places)]
    investment = np.minimum(p.investment_share * firms.sales_y[chosen], p.largest_investment)
    rate = float(world.governments.renovation_rate[PROVINCE])
    award = np.floor(rate * investment * YUAN_PER_MILLION).astype(np.int64)
    inside = fit_into(award, left)  # one that is too dear does not shut out those behind it
    chosen = chosen[inside]
    additional = draws.uniform_for("renovation.additional", firms.uid[chosen]) < p.additional_share
    firms.renovation_award[chosen] = award[inside]
    firms.renovation_quarters[chosen] = QUARTERS_A_YEAR
    firms.renovation_purchase[chosen] = np.where(additional, p.technology_share * investment[inside], 0.0)
    begin_projects(world, KIND, chosen)


def _carry_on(world: World, running: Rows) -> None:
    """Firms buy the technology of their project; what ends is awarded by uid to the end of the line, and counted."""
    firms, centres = world.firms, world.centres
    firms.upgrade_demand[running] += firms.renovation_purchase[running]
    firms.renovation_quarters[running] -= 1
    ended = running[firms.renovation_quarters[running] == 0]
    if not len(ended):
        return
    ended = ended[firms.uid[ended].argsort()]
    firms.renovation_effect[ended] = np.where(firms.renovation_purchase[ended] > 0.0, 1.0, 0.0)
    yuan = firms.renovation_award[ended]
    paid = np.cumsum(yuan) <= world.accounts.left(LINE)
    world.pay(LINE, firms, ended[paid], yuan[paid])
    mine = (centres.alive != 0) & (centres.programme == catalogue().programme(KIND)) & (centres.tier == RUNNING)
    rows = mine.nonzero()[0]
    centres.tier[rows[np.isin(centres.host_uid[rows], firms.uid[ended])]] = COMPLETED


@kernel
def use_lead(effect: Floats, growth: Floats, gain: float, kept: float) -> None:
    """Add to growth what is left of the lead of past projects, which fades; both in place."""
    for j in range(effect.size):
        if effect[j] != 0.0:  # few firms have one
            growth[j] += gain * effect[j]
            effect[j] *= kept


@kernel
def in_heavy_industry(alive: Flags, above_scale: Flags, sector: Codes, quarters: Codes) -> npt.NDArray[np.bool_]:
    """Above-scale firms of heavy industry without a project, shape (n,)."""
    may = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        heavy = (above_scale[j] != 0) & (sector[j] <= LAST_HEAVY_SECTOR)
        may[j] = (alive[j] != 0) & heavy & (quarters[j] <= 0)
    return may
