"""Evaluates listed projects at the end of the year and pays the best of those that were carried out.

A project is finished when the R&D really carried out reaches a part of what was listed. The finished are ranked by
how much of the plan they carried out, plus the noise of the jury, ties by uid; the best share of them is paid
`rate` of the R&D of the year up to a largest sum, to the end of the line. Money comes when the work is done: it is
within reach in the next quarter. Rules R24, R25. Sources: C22; numbers assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.arithmetic import normal_of
from sim.core.money import YUAN_PER_MILLION
from sim.core.quotas import in_order
from sim.core.steps import step
from sim.core.streams import Draws

LINE = "post_completion_grant"


@dataclass(frozen=True)
class Params:
    """Part of the plan that counts as finished, noise of the jury, largest reward (million yuan a year)."""

    SHARED = ("award_grants.largest_ask",)
    finished_from: float
    jury_noise: float
    largest_ask: float


@step(writes=("firm.listed_project", "firm.received_yuan", "line.post_completion_grant"))
def evaluate_projects(world: World, params: Params, draws: Draws) -> None:
    """Evaluate, pay and strike the list, in the fourth quarter."""
    rate = float(world.governments.completion_rate[PROVINCE])
    if not world.calendar.is_last_of_year or rate <= 0.0:
        return
    firms, p = world.firms, params
    on_list = np.flatnonzero(firms.listed_project > 0.0)
    listed = on_list[firms.alive[on_list] != 0]
    carried = firms.rd_actual_year[listed] / firms.listed_project[listed]
    done = carried >= p.finished_from
    finished = listed[done]
    uids = firms.uid[finished]
    seen = carried[done] + p.jury_noise * normal_of(draws.uniform_for("completion.jury", uids))
    passed = int(float(world.governments.completion_pass_share[PROVINCE]) * len(finished) + 1e-9)
    best = finished[in_order(-seen, uids, passed)]
    world.pay(LINE, firms, *affordable(best, rewards(firms.rd_actual_year[best], rate, p.largest_ask),
                                       world.accounts.left(LINE)))  # fmt: skip
    firms.listed_project[on_list] = 0.0


def rewards(carried: npt.NDArray[np.float64], rate: float, largest: float) -> npt.NDArray[np.int64]:
    """Reward for R&D of the year (million yuan), whole yuan, shape (n,)."""
    yuan: npt.NDArray[np.int64] = np.floor(np.minimum(rate * carried, largest) * YUAN_PER_MILLION).astype(np.int64)
    return yuan


def affordable(
    rows: npt.NDArray[np.int64], yuan: npt.NDArray[np.int64], left: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The rows and sums, in the order given, to the end of the money."""
    paid = np.cumsum(yuan) <= left
    return rows[paid], yuan[paid]
