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
from sim.core.quotas import best_first
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I1 = npt.NDArray[np.int8]
Rows = npt.NDArray[np.int64]
U1 = npt.NDArray[np.uint8]
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
        ((firms.alive & firms.is_listed_by_award) != 0).nonzero()[0], firms.listing_equity,
        1.0 - exp(-0.25 / p.spent_over), p.stop_factor, firms.credit_q, firms.stop_factor,
    )  # fmt: skip


def _list(world: World, p: Params, draws: Draws, award: float) -> None:
    """List those who would anyway and those whom the award moves, the best merit first."""
    firms = world.firms
    moved = quarterly_hazard(p.anyway_y + p.induced_y * award / (award + p.half_award))
    proven = eligible(firms.alive, firms.is_listed, firms.hnte_stage, firms.size_class).nonzero()[0]
    rows = best_first(
        fit(
            proven, draws.uniform_for("listing.list", firms.uid[proven]), firms.margin, firms.sales_y, firms.sales_1y,
            firms.sales_2y, firms.age_q, moved, p.least_sales, p.largest_sales, p.least_age,
        ),
        firms.quality, firms.uid,
    )  # fmt: skip
    price = max(1, to_yuan(award))
    rows = rows[: world.accounts.left(LINE) // price]
    world.pay(LINE, firms, rows, price)
    firms.is_listed[rows] = 1
    by_award = rows[draws.uniform_for("listing.list", firms.uid[rows]) >= quarterly_hazard(p.anyway_y)]
    firms.is_listed_by_award[by_award] = 1
    firms.listing_equity[by_award] = p.equity_to_sales * firms.sales_y[by_award]


@kernel
def eligible(alive: U1, is_listed: U1, stage: I1, size_class: I1) -> npt.NDArray[np.bool_]:
    """Whether each is certified or large and not listed yet, shape (n,)."""
    found = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        found[j] = (alive[j] != 0) & (is_listed[j] == 0) & ((stage[j] == CERTIFIED) | (size_class[j] == LARGE))
    return found


@kernel
def fit(
    rows: Rows, u: F8, margin: F8, sales_y: F8, sales_1y: F8, sales_2y: F8, age: npt.NDArray[np.int32], moved: float,
    least_sales: float, largest_sales: float, least_age: float,
) -> Rows:  # fmt: skip
    """Those of the rows that list now: profitable, grown, of some size and age; u : draws by place, shape (n_rows,)."""
    found = np.empty_like(rows)
    n = 0
    for k in range(rows.size):
        j = rows[k]
        if u[k] < moved and margin[j] > 0.0 and sales_1y[j] >= sales_2y[j] and age[j] >= least_age:
            found[n] = j
            n += least_sales <= sales_y[j] < largest_sales
    return found[:n]


@kernel
def draw_on_equity(rows: Rows, equity: F8, part: float, watched: float, credit: F8, stop_factor: F8) -> None:
    """Put a part of the equity left on the rows within reach of R&D; the public eye lowers the hazard of stopping."""
    for j in rows:
        credit[j] += part * equity[j]
        equity[j] -= part * equity[j]
        stop_factor[j] *= watched
