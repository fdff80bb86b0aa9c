"""Industrial firms cross the above-scale line of 20 million yuan in both directions, once a year, with a band below.

Statistics take a firm in at the line and drop it when it has fallen a band below it. A firm that a campaign helps to
report counts a little more than it sells, on the way up only. Source: statistical_line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.kernels import kernel
from sim.core.row_lists import end_of
from sim.core.steps import step
from sim.core.streams import Draws


@dataclass(frozen=True)
class Params:
    """The line (million yuan a year) and the band below it (share)."""

    SHARED = ("population.above_scale_line",)
    above_scale_line: float
    band: float


@step(writes=("firm.is_above_scale", "flows.risen", "flows.fallen"))
def cross_line(world: World, params: Params, draws: Draws) -> None:
    """Review who is above scale (last quarter of the year)."""
    if not world.calendar.is_last_of_year:
        return
    firms = world.firms
    risen, fallen = review(firms.alive, firms.is_industrial, firms.sales_y, firms.line_help,
                           params.above_scale_line, params.above_scale_line * (1.0 - params.band),
                           firms.is_above_scale)  # fmt: skip
    world.flows["risen"], world.flows["fallen"] = int(risen), int(fallen)


@kernel
def review(
    alive: npt.NDArray[np.uint8], industrial: npt.NDArray[np.uint8], sales: npt.NDArray[np.float64],
    help_share: npt.NDArray[np.float64], line: float, floor: float, above: npt.NDArray[np.uint8],
) -> tuple[int, int]:  # fmt: skip
    """Numbers of firms that rose above the line and fell below the band."""
    risen = 0
    fallen = 0
    for j in range(end_of(alive)):  # no branches, so that the loop runs on vectors
        listed = (alive[j] != 0) & (industrial[j] != 0)
        rises = listed & (above[j] == 0) & (sales[j] * (1.0 + help_share[j]) >= line)
        falls = listed & (above[j] != 0) & (sales[j] < floor)
        risen += 1 if rises else 0
        fallen += 1 if falls else 0
        above[j] = 1 if rises else (0 if falls else above[j])
    return risen, fallen
