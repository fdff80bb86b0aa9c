"""The books are closed: what each budget line disbursed equals what its recipients received, to the yuan.

Raises AccountsError otherwise, in every quarter of every run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.finance_law import SHARES_OF_A_YUAN, USES
from sim.agents.world import World
from sim.core.kernels import kernel
from sim.core.money import AccountsError
from sim.core.steps import step
from sim.core.streams import Draws


@dataclass(frozen=True)
class Params:
    """None: accounts have no parameters."""


@step(writes=("accounts",))
def settle_accounts(world: World, params: Params, draws: Draws) -> None:
    """Check the quarter's payments line by line; in the last quarter close the year with the uses of its payments."""
    received = np.zeros(len(world.accounts.lines), np.int64)
    last = world.calendar.is_last_of_year
    lines = np.flatnonzero((world.accounts.disbursed_q != 0) | last)  # at the year's end also those that paid nothing
    for columns in world.payees:
        living, dead = sum_lines(columns.received_yuan, columns.alive, lines)
        received += living
        if dead.any():
            raise AccountsError(f"{columns.kind}: payments of {int(dead.sum())} yuan to an agent that is not there")
    world.accounts.check(received)
    if last:
        world.accounts.close_year(world.calendar.year)
        _add_uses(world)


def _add_uses(world: World) -> None:
    """Add how the year's payments were used; all but own money pulled in sum to the disbursed."""
    year = world.calendar.year
    for i, line in enumerate(world.accounts.lines):
        uses = {name: int(v) for name, v in zip(USES, world.notes["uses"][year][i], strict=True)}
        entry = world.accounts.years[year][line]
        entry |= uses
        if sum(uses[name] for name in SHARES_OF_A_YUAN) != entry["disbursed"]:
            raise AccountsError(f"{line} {year}: uses {uses} do not sum to {entry['disbursed']} yuan disbursed")


@kernel
def sum_lines(
    received: npt.NDArray[np.int64], alive: npt.NDArray[np.uint8], lines: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Yuan received on the given lines, by line, of the living and of the dead."""
    living = np.zeros(received.shape[1], np.int64)
    dead = np.zeros(received.shape[1], np.int64)
    for k in lines:
        of_all, of_living = 0, 0
        for j in range(alive.size):  # without a branch: many times faster
            of_all += received[j, k]
            of_living += received[j, k] * alive[j]
        living[k], dead[k] = of_living, of_all - of_living
    return living, dead
