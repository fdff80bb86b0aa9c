"""Marks which kinds of innovation activity a firm shows in the wide, administrative sense of plan E (rule R53).

Bits: 1 outlay (R&D), 2 staff (talent hired or alliance), 4 projects (new products, registered rights), 8 platform
(institution or technology centre), 16 key technology (inventions in force), 32 international. It differs from R&D in
the statistical sense. What a firm shows of its own is kept apart from what the coverage campaign brought it to show;
either of them counts. Which acts count is our reading of the plan's annex. Source: plan_e.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

U1 = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Params:
    """The share of new products in sales from which a project counts."""

    product_share: float


@step(writes=("firm.covered", "firm.own_activity"))
def mark_activity(world: World, params: Params, draws: Draws) -> None:
    """Set the bits of every firm."""
    firms = world.firms
    mark(firms.alive, firms.has_rd, firms.talent, firms.n_alliances, firms.new_product_share, firms.soft_ip,
         firms.has_rd_institution, firms.centre_tier, firms.inventions_in_force, params.product_share,
         firms.campaign_bits, firms.own_activity, firms.covered)  # fmt: skip


@kernel
def mark(
    alive: U1, active: U1, talent: npt.NDArray[np.float64], ties: npt.NDArray[np.int8],
    products: npt.NDArray[np.float64], rights: npt.NDArray[np.int32], institution: U1, tier: npt.NDArray[np.int8],
    inventions: npt.NDArray[np.int32], least_share: float, campaign: U1,
    own: U1, covered: U1,
) -> None:  # fmt: skip
    """Bits of the six kinds of activity for each firm: its own, and these with those of the campaign."""
    for j in range(alive.size):
        bits = 0
        if alive[j] != 0:
            if active[j] != 0:
                bits += 1
            if talent[j] > 0.0 or ties[j] > 0:
                bits += 2
            if products[j] >= least_share or rights[j] > 0:
                bits += 4
            if institution[j] != 0 or tier[j] > 0:
                bits += 8
            if inventions[j] > 0:
                bits += 16
        own[j] = bits
        covered[j] = bits | campaign[j] if alive[j] != 0 else 0
