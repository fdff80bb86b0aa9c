"""Firms set up and give up R&D institutions of their own.

Performers without one found it with a hazard a year; institutions close with a small hazard where R&D goes on and a
larger one where it has stopped (an institution can exist without R&D). 212 of 312 performers had one in 2014.
Duties and help add to the hazard of founding one, also without R&D; a token activity of a firm that cannot innovate
counts as none here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.arithmetic import quarterly_hazard
from sim.core.kernels import kernel
from sim.core.row_lists import rows_with
from sim.core.steps import step
from sim.core.streams import Draws

Flags = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Params:
    """Hazards a year."""

    found_y: float
    close_y: float
    close_idle_y: float


@step(writes=("firm.has_rd_institution",))
def start_institutions(world: World, params: Params, draws: Draws) -> None:
    """Draw who founds or closes an institution this quarter."""
    firms, p = world.firms, params
    in_earnest: Flags = (firms.has_rd & firms.can_innovate).view(np.uint8)
    has_help = (firms.institution_lift > 0.0).view(np.uint8)
    rows = rows_with(firms.alive, in_earnest | firms.has_rd_institution | has_help)  # nothing can change for others
    change(
        rows, in_earnest, draws.uniform_for("institution.change", firms.uid[rows]), quarterly_hazard(p.found_y),
        quarterly_hazard(p.close_y), quarterly_hazard(p.close_idle_y), firms.institution_lift, firms.has_rd_institution,
    )  # fmt: skip


@kernel
def change(
    rows: npt.NDArray[np.int64], has_rd: Flags, u: npt.NDArray[np.float64], found: float, close: float,
    close_idle: float, lift: npt.NDArray[np.float64], institution: Flags,
) -> None:  # fmt: skip
    """Found (low u) or close (high u), in place; the two ends keep a higher hazard from undoing the other."""
    for k in range(rows.size):
        j = rows[k]
        chance = found if has_rd[j] != 0 else 0.0
        if lift[j] > 0.0:
            chance = 1.0 - (1.0 - chance) * (1.0 - quarterly_hazard(lift[j]))
        closing = close if has_rd[j] != 0 else close_idle
        stays = u[k] <= 1.0 - closing
        begins = u[k] < chance
        institution[j] = stays if institution[j] != 0 else begins
