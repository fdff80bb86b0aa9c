"""Pays performance funding to universities and institutes, in part by their income from contracts.

The year's line goes out in four instalments: (1 - w) by size, w by the contract income of the last quarter. Where
money follows contracts, bodies open themselves to firms: openness rises by gain x (1 - openness) x m / (m + half),
m = w x funding over own R&D, so that the answer saturates in the budget and ends with it.
The money is research of its recipients. Plans A and C (weight of conversion in evaluation); numbers assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.government import PROVINCE
from sim.agents.public_research import within_reach
from sim.agents.world import World
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.columns import Columns
from sim.core.fixed_point import fixed_sum, unfixed
from sim.core.money import YUAN_PER_MILLION
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
LINE = "university_funding"


@dataclass(frozen=True)
class Params:
    """Split of the part that goes by size, and how openness answers to money that follows contracts."""

    SHARED = ("research_public.universities_share", "research_public.absorb_share")
    universities_share: float
    absorb_share: float
    openness_gain: float
    half_share: float


@step(writes=("university.received_yuan", "institute.received_yuan", "university.openness_lift",
              "institute.openness_lift", "line.university_funding"))  # fmt: skip
def fund_universities(world: World, params: Params, draws: Draws) -> None:
    """Pay the quarter's instalment and set the answer of those who are funded by their contracts."""
    left = world.accounts.left(LINE)
    if left <= 0:
        return
    instalment = left // (QUARTERS_A_YEAR - world.calendar.quarter_of_year)
    weight = float(world.governments.conversion_weight[PROVINCE])
    kinds = (world.universities, world.institutes)
    income = [unfixed(fixed_sum(kind.contract_income_q, kind.alive)) for kind in kinds]
    total = sum(income)
    by_income = weight if total > 0.0 else 0.0  # nobody has sold anything: all goes by size
    for kind, share in zip(kinds, (params.universities_share, 1.0 - params.universities_share), strict=True):
        parts = (1.0 - by_income) * share * kind.capacity_share
        if by_income > 0.0:
            parts = parts + by_income * kind.contract_income_q / total
        yuan = within_reach(kind, parts * instalment, params.absorb_share)
        rows = np.flatnonzero(yuan)
        world.pay(LINE, kind, rows, yuan[rows])
        if weight > 0.0:
            answer(kind, weight * yuan / YUAN_PER_MILLION, params.openness_gain, params.half_share)


def answer(kind: Columns, at_stake: F8, gain: float, half: float) -> None:
    """Raise the openness of bodies by what they have at stake (million yuan a quarter), shape (n,)."""
    stake = at_stake / np.maximum(kind.rd_q, 1e-9)
    kind.openness_lift[:] += np.where(kind.alive != 0, gain * (1.0 - kind.openness) * stake / (stake + half), 0.0)
