"""A campaign lists firms just below the above-scale line, helps them across it and rewards those who cross.

Each year the largest industrial firms within reach of the line are put on a list, as many as there are places; few
firms are near it, so more places bring less. On the list a firm grows a little faster, and at the yearly review
(cross_line) its sales are reported more carefully. One that crossed is paid the award in the next year, as far as the
line reaches and never twice, and leaves the list; so do others in time. Those led across by reporting alone may fall
back. Crossing takes a firm into the statistics of R&D; the province's revenue is given from outside, so sales only
move between firms. All strengths are assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.money import to_yuan
from sim.core.quotas import best_first, places_due
from sim.core.steps import step
from sim.core.streams import Draws

LINE = "scale_up_campaign"


@dataclass(frozen=True)
class Params:
    """Who is within reach (share of the line), and what the list does."""

    SHARED = ("population.above_scale_line",)
    above_scale_line: float
    reach: float
    list_quarters: float
    growth_y: float
    reported_help: float


@step(writes=("firm.campaign_quarters", "firm.had_line_award", "firm.growth_add", "firm.line_help",
              "firm.received_yuan", "line.scale_up_campaign", "notes.campaign_year"))  # fmt: skip
def lead_across_line(world: World, params: Params, draws: Draws) -> None:
    """Reward those who crossed, draw up the year's list, and help those on it."""
    firms, p, province = world.firms, params, world.governments
    places_y = float(province.campaign_places_y[PROVINCE])
    if places_y <= 0.0 and "campaign_year" not in world.notes:
        return
    listed = np.flatnonzero((firms.alive != 0) & (firms.campaign_quarters > 0))
    crossed = listed[firms.is_above_scale[listed] != 0]
    if len(crossed):
        reward(world, crossed)
        firms.campaign_quarters[crossed] = 0
    firms.campaign_quarters[:] -= firms.campaign_quarters > 0
    if places_y > 0.0 and world.notes.get("campaign_year") != world.calendar.year:
        world.notes["campaign_year"] = world.calendar.year
        rows = best_first(np.flatnonzero(within_reach(world, p)), firms.sales_y, firms.uid)
        rows = rows[: places_due(places_y / world.scale, world.calendar.year)]
        firms.campaign_quarters[rows] = int(p.list_quarters)
    helped = np.flatnonzero((firms.alive != 0) & (firms.campaign_quarters > 0))
    firms.growth_add[helped] += p.growth_y
    firms.line_help[helped] += p.reported_help


def within_reach(world: World, p: Params) -> npt.NDArray[np.bool_]:
    """Industrial firms below the line, within reach of it and not on the list, shape (capacity,)."""
    firms = world.firms
    found: npt.NDArray[np.bool_] = (firms.alive != 0) & (firms.is_industrial != 0) & (firms.is_above_scale == 0)
    found &= (firms.campaign_quarters == 0) & (firms.sales_y >= p.reach * p.above_scale_line)
    return found


def reward(world: World, crossed: npt.NDArray[np.int64]) -> None:
    """Pay the award to those who crossed, the largest first, until the line is empty."""
    price = to_yuan(float(world.governments.campaign_award[PROVINCE]))
    if price <= 0:
        return
    firms = world.firms
    order = best_first(crossed[firms.had_line_award[crossed] == 0], firms.sales_y, firms.uid)
    paid = order[: world.accounts.left(LINE) // price]
    world.pay(LINE, firms, paid, price)
    firms.had_line_award[paid] = 1
