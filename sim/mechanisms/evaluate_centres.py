"""Evaluates enterprise technology centres every second year and removes the weak.

In the second quarter of even years, in each tier: the share with the lowest score goes (ties by uid), and provincial
centres whose reported R&D over sales lies below the floor in force for the firm go with the probability that the floor
is enforced. A firm that is removed loses its tier and may start again from the city call. Sources: S01, plan B.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.centre import HOST_FIRM
from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.fixed_point import ONE
from sim.core.kernels import kernel
from sim.core.quotas import best_first
from sim.core.steps import step
from sim.core.streams import Draws

Rows = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
SECOND_QUARTER = 1
TIERS = (1, 2, 3)
N_TIERS = len(TIERS)  # the first programmes are the tiers of enterprise technology centres
PROVINCIAL = 2


@dataclass(frozen=True)
class Params:
    """Grace in quarters and the probability that the floor is enforced."""

    grace: float  # quarters
    floor_enforcement: float


@step(writes=("firm.centre_tier", "centre.*", "flow.centres_removed"))
def evaluate_centres(world: World, params: Params, draws: Draws) -> None:
    """Score again and remove, in the second quarter of even years."""
    calendar, firms, centres = world.calendar, world.firms, world.centres
    world.flows["centres_removed"] = 0
    if calendar.quarter_of_year != SECOND_QUARTER or calendar.year % 2:
        return
    share = float(world.governments.centre_elimination[PROVINCE])
    rows = np.flatnonzero(judged(centres.alive, centres.host_kind, centres.programme, centres.age_q, params.grace))
    centres.score[rows] = firms.centre_score[centres.host[rows]]
    by_tier = {tier: rows[centres.tier[rows] == tier] for tier in TIERS}
    gone = [weakest(mine, centres.score, centres.uid, share) for mine in by_tier.values()]
    gone.append(below_floor(world, by_tier[PROVINCIAL], params.floor_enforcement, draws))
    removed = np.unique(np.concatenate(gone))
    firms.centre_tier[centres.host[removed]] = 0
    centres.remove(removed)
    world.flows["centres_removed"] = len(removed) * ONE


def weakest(rows: Rows, score: npt.NDArray[np.float64], uid: Rows, share: float) -> Rows:
    """The share of the rows with the lowest score, rounded to the nearest whole centre."""
    number = int(share * len(rows) + 0.5)
    return best_first(rows, -score, uid, number)


def below_floor(world: World, rows: Rows, enforcement: float, draws: Draws) -> Rows:
    """Provincial centres below their floor whose turn it is to be told so."""
    firms, centres = world.firms, world.centres
    host = centres.host[rows]
    below = firms.rd_reported_1y[host] < firms.ratio_floor[host] * firms.sales_1y[host]
    rows = rows[below]
    found: Rows = rows[draws.uniform_for("centre.floor", centres.uid[rows]) < enforcement]
    return found


@kernel
def judged(
    alive: npt.NDArray[np.uint8], host_kind: Codes, programme: Codes, age_q: npt.NDArray[np.int32], grace: float
) -> npt.NDArray[np.bool_]:  # fmt: skip
    """Enterprise technology centres that are old enough, shape (n,)."""
    is_judged = np.empty(alive.size, np.bool_)
    for c in range(alive.size):
        of_firm = (alive[c] != 0) & (host_kind[c] == HOST_FIRM) & (programme[c] < N_TIERS)
        is_judged[c] = of_firm & (age_q[c] >= grace)
    return is_judged
