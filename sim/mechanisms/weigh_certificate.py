"""Firms weigh what a high-tech certificate would bring over its three years against what it costs to get.

gain = 3 x cut x profit + expected award + other benefit - cost; the cost differs by firm (those late in line have more
to prepare) and is lower inside the nursery pool. The threshold of R&D over sales falls with sales and was lowered for
the smallest in 2016. Sources: act_hnte_2008, act_hnte_2016, B10.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import POOL
from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.arithmetic import logistic
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.row_lists import BLOCK, end_of
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
LINE = "hnte_award"


@dataclass(frozen=True)
class Params:
    """Cost and benefit of a certificate (million yuan a cycle) and the dated push towards certificates."""

    cost: float
    cost_spread: float
    pool_cost_cut: float
    other_benefit: float
    band_small: float
    band_middle: float
    push_start: float
    push_midpoint: float
    push_width: float


@step(writes=("firm.certificate_gain", "firm.certificate_threshold", "indices.push"))
def weigh_certificate(world: World, params: Params, draws: Draws) -> None:
    """Set gain and threshold of every firm and the level of the push."""
    firms, now = world.firms, world.exogenous
    years = (world.calendar.quarter + 0.5) / QUARTERS_A_YEAR
    rise = logistic((years - params.push_midpoint) / params.push_width)
    world.indices["push"] = np.array([params.push_start + (1.0 - params.push_start) * rise])
    award = float(world.governments.certificate_award[PROVINCE]) * _award_chance(world)
    weigh(firms.alive, firms.sales_y, firms.margin, firms.tax_cut, firms.hnte_stage, firms.certificate_readiness,
          award, params.cost, params.cost_spread, params.pool_cost_cut, params.other_benefit, params.band_small,
          params.band_middle, now["threshold_small"],
          now["threshold_middle"], now["threshold_large"], firms.certificate_gain,
          firms.certificate_threshold)  # fmt: skip


def _award_chance(world: World) -> float:
    """Chance of an award as firms see it: awards that this year's line can pay over last year's new certificates."""
    award = to_yuan(float(world.governments.certificate_award[PROVINCE]))
    if award <= 0:
        return 0.0
    payable = int(world.accounts.appropriated_year[world.accounts.number(LINE)]) // award
    return min(1.0, payable / max(int(world.notes.get("hnte_new_last_year", 0)), 1))


@kernel
def weigh(
    alive: npt.NDArray[np.uint8], sales: F8, margin: F8, tax_cut: F8, stage: npt.NDArray[np.int8],
    readiness: F8, award: float, cost: float, cost_spread: float, pool_cut: float, other: float, band_small: float,
    band_middle: float, threshold_small: float,
    threshold_middle: float, threshold_large: float, gain: F8, threshold: F8,
) -> None:  # fmt: skip
    """Gain of a cycle in million yuan and threshold by sales band; no branches, so that the loops run on vectors."""
    end = end_of(alive)
    for first in range(0, end, BLOCK):
        rows = slice(first, min(first + BLOCK, end))
        turnover, cut, rank, asked, worth = sales[rows], tax_cut[rows], readiness[rows], threshold[rows], gain[rows]
        living, where, earned = alive[rows], stage[rows], margin[rows]
        for i in range(living.size):
            ratio = threshold_middle if turnover[i] <= band_middle else threshold_large
            ratio = threshold_small if turnover[i] < band_small else ratio
            asked[i] = ratio if living[i] != 0 else asked[i]
        for i in range(living.size):
            paid = cost * (1.0 + cost_spread * (2.0 * rank[i] - 1.0))
            paid = paid * (1.0 - pool_cut) if where[i] == POOL else paid
            brings = 3.0 * cut[i] * max(earned[i], 0.0) * turnover[i] + award - paid
            brings = brings + other if cut[i] > 0.0 else brings
            worth[i] = brings if living[i] != 0 else worth[i]
