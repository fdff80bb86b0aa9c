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
    """Bits of the six kinds of activity for each firm: its own, and these with those of the campaign.

    A loop for a few columns each, without branches: the compiler takes many firms at once.
    """
    for j in range(own.size):
        own[j] = (active[j] != 0) + 2 * ((talent[j] > 0.0) | (ties[j] > 0))
    for j in range(own.size):
        own[j] += 4 * ((products[j] >= least_share) | (rights[j] > 0))
    for j in range(own.size):
        own[j] += 8 * ((institution[j] != 0) | (tier[j] > 0)) + 16 * (inventions[j] > 0)
    for j in range(own.size):
        own[j] = own[j] if alive[j] != 0 else 0
        covered[j] = own[j] | campaign[j] if alive[j] != 0 else 0
