"""Scores firms as the calls and evaluations for technology centres see them, from the accounts of the last year.

points = (1 - w) x 100 x sum of weight x x / (x + half) over reported R&D, R&D staff, patents and sales
       + w x 100 x r / (r + half), r = reported R&D over sales; w is in force only with a floor for the ratio.
The score reads what is reported, not what is done. Halves of R&D and staff: thresholds of the national rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.kernels import inline, kernel
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
EVALUATION, CALL = 1, 3  # quarters of the year (0 to 3) in which scores are read; the first in even years alone


@dataclass(frozen=True)
class Params:
    """Weights (sum one) and the values at which half of the points are earned."""

    weight_rd: float
    weight_staff: float
    weight_patents: float
    weight_sales: float
    half_rd: float  # million yuan a year
    half_staff: float  # person-years
    half_patents: float  # items
    half_sales: float  # million yuan a year
    half_ratio: float  # share of sales
    ratio_weight: float


@step(writes=("firm.centre_score",))
def score_centres(world: World, params: Params, draws: Draws) -> None:
    """Write the score of above-scale firms and of those with a centre or an institution; 0 for others."""
    firms, p, quarter = world.firms, params, world.calendar.quarter_of_year
    if quarter != CALL and (quarter != EVALUATION or world.calendar.year % 2):
        return
    weight = p.ratio_weight * float(world.governments.centre_ratio_weight[PROVINCE])
    score(
        firms.alive, firms.is_above_scale, firms.has_rd_institution, firms.centre_tier, firms.rd_reported_1y,
        firms.rd_staff, firms.inventions_in_force, firms.sales_1y, p.weight_rd, p.weight_staff, p.weight_patents,
        p.weight_sales, p.half_rd, p.half_staff, p.half_patents, p.half_sales, p.half_ratio, weight,
        firms.centre_score,
    )  # fmt: skip


@inline
def part(x: float, half: float) -> float:
    """Share of the points that x earns: one half at `half`, never more than 1."""
    return x / (x + half) if x > 0.0 else 0.0


@kernel
def score(
    alive: Flags, above_scale: Flags, institution: Flags, tier: npt.NDArray[np.int8], rd: Floats, staff: Floats,
    patents: npt.NDArray[Any], sales: Floats, weight_rd: float, weight_staff: float, weight_patents: float,
    weight_sales: float, half_rd: float, half_staff: float, half_patents: float, half_sales: float, half_ratio: float,
    ratio_weight: float, points: Floats,
) -> None:  # fmt: skip
    """Points (0 to 100) of each firm, shape (n,)."""
    seen = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        seen[j] = (alive[j] != 0) & ((above_scale[j] != 0) | (institution[j] != 0) | (tier[j] != 0))
    rows = np.flatnonzero(seen)
    own_rd, own_staff, own_patents, own_sales = rd[rows], staff[rows], patents[rows], sales[rows]
    earned = np.empty(rows.size)
    for i in range(rows.size):  # dense and without branches, so that divisions are vectorised
        base = weight_rd * part(own_rd[i], half_rd) + weight_staff * part(own_staff[i], half_staff)
        base += weight_patents * part(own_patents[i], half_patents) + weight_sales * part(own_sales[i], half_sales)
        ratio = own_rd[i] / own_sales[i] if own_sales[i] > 0.0 else 0.0
        earned[i] = 100.0 * ((1.0 - ratio_weight) * base + ratio_weight * part(ratio, half_ratio))
    points.fill(0.0)
    points[rows] = earned
