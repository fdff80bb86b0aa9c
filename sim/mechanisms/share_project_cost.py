"""Firms with a project grant in force weigh the R&D that it shares at its lower price, as those on the list do.

Cost factor = 1 - tied part x (1 - misused part) x grant / intended R&D: a grant is given for a project of a stated size
that the firm has to match with its own money, so what it shares is cheaper at the margin, beside the finance that it
brings. Whoever misuses the money counts on none of it. Form: handle 1 of channels of policy; the same weight as
a promise of payment after completion has (list_projects). Assumed; the additionality of grants is an outcome (C01).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.kernels import kernel
from sim.core.row_lists import rows_with
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Params:
    """The part of a grant that is tied to the spending it shares."""

    tied_share: float


@step(writes=("firm.cost_factor",))
def share_project_cost(world: World, params: Params, draws: Draws) -> None:
    """Lower the cost of R&D of performers with a grant in force."""
    firms = world.firms
    holders = firms.has_rd & (firms.grant_quarters > 0).view(np.uint8)
    if not holders.any():
        return
    rows = rows_with(firms.alive, holders)
    share_cost(rows, firms.grant_award, firms.rd_intended_q, firms.misuse_share, params.tied_share, firms.cost_factor)


@kernel
def share_cost(rows: I8, award: F8, intended: F8, misuse: F8, tied_share: float, cost_factor: F8) -> None:
    """Multiply the cost factor by what the firm pays itself; award and intended R&D in million yuan a quarter."""
    for j in rows:
        shared = min(award[j] / max(intended[j], award[j]), 1.0) if award[j] > 0.0 else 0.0
        cost_factor[j] *= max(1.0 - tied_share * (1.0 - misuse[j]) * shared, 0.1)  # no project is for nothing
