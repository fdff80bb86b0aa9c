"""Certifies further technology firms by campaign, beyond those that register themselves.

Eligible are the firms that could register (register_tech_smes): below a line of sales, in a high-tech field or with
R&D, and not registered yet. Places of the quarter go to the highest merit plus noise, ties by uid. The line pays the
cost of certification; firms whose cost is not paid go through with it only with a probability. The campaign ends at the
pool of firms that qualify: who does not is never certified.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.arithmetic import normal_of
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.money import to_yuan
from sim.core.quotas import in_order, places_due
from sim.core.steps import step
from sim.core.streams import Draws

Rows = npt.NDArray[np.int64]
LINE = "tech_sme_certification"


@dataclass(frozen=True)
class Params:
    """First year and line of sales of registration; cost, and who goes through unpaid; noise in the order."""

    SHARED = ("register_tech_smes.first_year", "register_tech_smes.sales_limit")
    first_year: float
    sales_limit: float  # million yuan a year
    cost: float  # million yuan
    unpaid_take_up: float
    noise: float  # standard deviations


@step(writes=("firm.is_tech_sme", "firm.received_yuan", "line.tech_sme_certification"))
def certify_tech_smes(world: World, params: Params, draws: Draws) -> None:
    """Certify as many eligible firms as the quarter has places."""
    firms, p = world.firms, params
    rate = float(world.governments.tech_sme_places_y[PROVINCE]) / world.scale / QUARTERS_A_YEAR
    if rate <= 0.0 or world.calendar.year < int(p.first_year):
        return
    qualified = (firms.is_high_tech_field | firms.has_rd) != 0
    free = (firms.alive != 0) & (firms.is_tech_sme == 0) & (firms.sales_y < p.sales_limit)
    rows = (free & qualified).nonzero()[0]
    uids = firms.uid[rows]
    seen = firms.quality[rows] + p.noise * normal_of(draws.uniform_for("sme.campaign", uids))
    chosen = rows[in_order(-seen, uids, places_due(rate, world.calendar.quarter))]
    price = to_yuan(p.cost)
    n_paid = min(len(chosen), world.accounts.left(LINE) // price) if price > 0 else len(chosen)
    world.pay(LINE, world.firms, chosen[:n_paid], price)
    unpaid = chosen[n_paid:]
    willing = unpaid[draws.uniform_for("sme.unpaid", firms.uid[unpaid]) < p.unpaid_take_up]
    firms.is_tech_sme[np.concatenate([chosen[:n_paid], willing])] = 1
