"""Firms that are fit for a board list; an award brings forward some of them, whose equity then pays for R&D.

Fit: profitable, grown, of some size and age, certified or large, no giant (those are listed already). Some would list
anyway: they take the award and change nothing. Others list because of it, with a hazard that rises less than the award.
They raise equity, which comes within reach of R&D over years, and what they disclose makes them stop R&D less. No
causal estimate: assumptions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import CERTIFIED, LARGE
from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.arithmetic import exp, quarterly_hazard
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.quotas import in_order
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
LINE = "listing_support"


@dataclass(frozen=True)
class Params:
    """Who is fit, how many list, and what listing brings."""

    least_sales: float  # million yuan a year
    largest_sales: float  # million yuan a year
    least_age: float  # quarters
    anyway_y: float
    induced_y: float
    half_award: float  # million yuan
    equity_to_sales: float
    spent_over: float  # years
    stop_factor: float


@step(writes=("firm.is_listed", "firm.is_listed_by_award", "firm.listing_equity", "firm.credit_q", "firm.stop_factor",
              "firm.received_yuan", "line.listing_support"))  # fmt: skip
def list_firms(world: World, params: Params, draws: Draws) -> None:
    """Hand on what listed firms gained, then list new ones while the line pays the award."""
    firms, p = world.firms, params
    award = float(world.governments.listing_award[PROVINCE])
    offered = award > 0.0 and world.accounts.left(LINE) > 0
    if not (offered or firms.is_listed_by_award.any()):
        return
    if offered:
        _list(world, p, draws, award)
    draw_on_equity(
        firms.alive, firms.is_listed_by_award, firms.listing_equity, 1.0 - exp(-0.25 / p.spent_over), p.stop_factor,
        firms.credit_q, firms.stop_factor,
    )  # fmt: skip


def _list(world: World, p: Params, draws: Draws, award: float) -> None:
    """List those who would anyway and those whom the award moves, the best merit first."""
    firms = world.firms
    anyway = quarterly_hazard(p.anyway_y)
    moved = quarterly_hazard(p.anyway_y + p.induced_y * award / (award + p.half_award))
    rows = fit(
        firms.alive, firms.is_listed, firms.hnte_stage, firms.size_class, firms.margin, firms.age_q, firms.sales_y,
        firms.sales_1y, firms.sales_2y, p.least_age, p.least_sales, p.largest_sales,
    )  # fmt: skip
    u = draws.uniform_for("listing.list", firms.uid[rows])
    rows, u = rows[u < moved], u[u < moved]
    best = in_order(-firms.quality[rows], firms.uid[rows])
    rows, u = rows[best], u[best]
    price = max(1, to_yuan(award))
    number = world.accounts.left(LINE) // price
    rows, u = rows[:number], u[:number]
    world.pay(LINE, firms, rows, price)
    firms.is_listed[rows] = 1
    by_award = rows[u >= anyway]
    firms.is_listed_by_award[by_award] = 1
    firms.listing_equity[by_award] = p.equity_to_sales * firms.sales_y[by_award]


@kernel
def draw_on_equity(alive: U1, listed: U1, equity: F8, part: float, watched: float, credit: F8, stop_factor: F8) -> None:
    """Put a part of what is left of the equity within reach of R&D; the public eye lowers the hazard of stopping."""
    concerned = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        concerned[j] = (alive[j] != 0) & (listed[j] != 0)
    for row in np.flatnonzero(concerned):
        credit[row] += part * equity[row]
        equity[row] -= part * equity[row]
        stop_factor[row] *= watched


@kernel
def fit(
    alive: U1, listed: U1, hnte_stage: I1, size: I1, margin: F8, age_q: npt.NDArray[np.int32], sales: F8, sales_1y: F8,
    sales_2y: F8, least_age: float, least_sales: float, largest_sales: float,
) -> npt.NDArray[np.int64]:  # fmt: skip
    """Rows of the firms that are fit for a list: certified or large, of some age and size, profitable and grown."""
    proven = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        proven[j] = (alive[j] != 0) & (listed[j] == 0) & ((hnte_stage[j] == CERTIFIED) | (size[j] == LARGE))
    rows, number = np.flatnonzero(proven), 0
    for row in rows:
        rows[number] = row
        grown = (sales[row] >= least_sales) & (sales[row] < largest_sales) & (sales_1y[row] >= sales_2y[row])
        number += int(grown & (margin[row] > 0.0) & (age_q[row] >= least_age))
    return rows[:number]
