"""Strong firms run joint projects with elite universities and academies outside the province.

Above-scale performers with an institution are ranked by log knowledge plus noise; as many projects begin as fall due
and the line pays. While a project runs the firm is offered gain x v(d), v = (d / d*) (2 - d / d*), an inverted U in the
cognitive distance to its partner, of which it absorbs what its own R&D lets it; and it buys the partner's technology,
a contract absorbed from outside. No capacity of the province's own universities is used. Sources: F01, F02, E19.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.arithmetic import log_of, normal_of
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.quotas import in_order, places_due
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]
LINE = "elite_partnering"


@dataclass(frozen=True)
class Params:
    """Length and yield of a project, what is bought of the partner, noise in the choice."""

    SHARED = ("form_alliances.distance_peak",)
    distance_peak: float
    project_q: int
    learning_peak: float
    purchase_share: float
    own_ratio: float
    choice_noise: float


@step(
    writes=("firm.elite_quarters", "firm.elite_gain", "firm.learning_gain", "firm.upgrade_demand", "firm.received_yuan",
            "line.elite_partnering")
)  # fmt: skip
def partner_elite(world: World, params: Params, draws: Draws) -> None:
    """Pay the projects in force, begin new ones, and hand on what they bring this quarter."""
    firms, p = world.firms, params
    amount = float(world.governments.elite_amount[PROVINCE])
    if amount <= 0.0:
        firms.elite_quarters.fill(0)  # without the programme nothing runs on
        return
    price = to_yuan(amount / p.project_q)
    running = np.flatnonzero((firms.elite_quarters > 0) & (firms.alive != 0))
    running = running[np.argsort(firms.uid[running])]
    paid = running[: world.accounts.left(LINE) // price] if price > 0 else running
    firms.elite_quarters[running[len(paid) :]] = 0  # a project that is not paid is stopped
    world.pay(LINE, firms, paid, price)
    began = begin_projects(world, p, draws, price, len(paid))
    world.pay(LINE, firms, began, price)
    active = np.concatenate([paid, began])
    firms.learning_gain[active] += firms.elite_gain[active]
    bought_y = p.purchase_share * (1.0 + p.own_ratio) * amount * QUARTERS_A_YEAR / p.project_q
    firms.upgrade_demand[active] += bought_y
    firms.elite_quarters[active] -= 1


def begin_projects(world: World, p: Params, draws: Draws, price: int, n_running: int) -> Rows:
    """Rows of the firms whose project begins: the best of those that could, as far as the line pays to year's end."""
    firms, calendar = world.firms, world.calendar
    rate = float(world.governments.elite_projects_y[PROVINCE]) / (QUARTERS_A_YEAR * world.scale)
    quarters_left = QUARTERS_A_YEAR - calendar.quarter_of_year
    free = world.accounts.left(LINE) - n_running * price * (quarters_left - 1)
    due = places_due(rate, calendar.first + calendar.quarter)
    number = min(due, max(free, 0) // max(price * quarters_left, 1))
    if number <= 0:
        return np.zeros(0, np.int64)
    rows = np.flatnonzero(
        may_begin(firms.alive, firms.is_above_scale, firms.has_rd, firms.has_rd_institution, firms.elite_quarters)
    )
    uids = firms.uid[rows]
    merit = log_of(1.0 + firms.knowledge[rows]) + p.choice_noise * normal_of(draws.uniform_for("elite.choice", uids))
    chosen = rows[in_order(-merit, uids, number)]
    gain = np.zeros(len(chosen))
    partner = draws.uniform_for("elite.partner", firms.uid[chosen])
    value_of(firms.cognitive_position[chosen], partner, p.distance_peak, p.learning_peak, gain)
    firms.elite_gain[chosen] = gain
    firms.elite_quarters[chosen] = p.project_q
    return chosen


@kernel
def may_begin(
    alive: Flags, above_scale: Flags, has_rd: Flags, institution: Flags, quarters: npt.NDArray[np.int8]
) -> npt.NDArray[np.bool_]:
    """Above-scale performers with an institution and without a project, shape (n,)."""
    may = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        strong = (above_scale[j] != 0) & (has_rd[j] != 0) & (institution[j] != 0)
        may[j] = (alive[j] != 0) & strong & (quarters[j] == 0)
    return may


@kernel
def value_of(position: Floats, partner: Floats, peak: float, best: float, gain: Floats) -> None:
    """Gain offered at the distance to the partner, shape (n,): `best` at the peak, none at zero or twice the peak."""
    for i in range(position.size):
        relative = abs(position[i] - partner[i]) / peak
        gain[i] = best * max(relative * (2.0 - relative), 0.0)
