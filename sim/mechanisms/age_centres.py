"""Lets a quarter pass for centres and platforms: they age, and those whose host firm has left the market close.

To be run after exit and entry, so that no count at the end of a quarter holds a centre without its host.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.centre import HOST_FIRM
from sim.agents.world import World
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

Flags = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Params:
    """None: a centre lives as long as its host, unless an evaluation removes it."""


@step(writes=("centre.*",))
def age_centres(world: World, params: Params, draws: Draws) -> None:
    """Add a quarter to the age of every centre and close those without a host."""
    centres, firms = world.centres, world.firms
    orphans = pass_quarter(
        centres.alive, centres.host_kind, centres.host, centres.host_uid, firms.alive, firms.uid, centres.age_q
    )
    if len(orphans):
        centres.remove(orphans)


@kernel
def pass_quarter(
    alive: Flags, host_kind: npt.NDArray[np.int8], host: npt.NDArray[np.int32], host_uid: npt.NDArray[np.int64],
    firm_alive: Flags, firm_uid: npt.NDArray[np.int64], age_q: npt.NDArray[np.int32],
) -> npt.NDArray[np.int64]:  # fmt: skip
    """Age centres in place; returns the rows whose host firm is gone (its row may hold another firm by now)."""
    orphans, number = np.empty(alive.size, np.int64), 0
    for c in range(alive.size):
        age_q[c] += alive[c] != 0
    for c in range(alive.size):
        if (alive[c] != 0) & (host_kind[c] == HOST_FIRM):
            j = host[c]
            if firm_alive[j] == 0 or firm_uid[j] != host_uid[c]:
                orphans[number] = c
                number += 1
    return orphans[:number]
