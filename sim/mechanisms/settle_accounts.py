"""The books are closed: what each budget line disbursed equals what its recipients received, to the yuan.

Raises AccountsError otherwise, in every quarter of every run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
    for columns in (world.firms, world.universities, world.institutes):
        living, dead = sum_lines(columns.received_yuan, columns.alive)
        received += living
        if dead.any():
            raise AccountsError(f"{columns.kind}: payments of {int(dead.sum())} yuan to an agent that is not there")
    world.accounts.check(received)
    if world.calendar.is_last_of_year:
        world.accounts.close_year(world.calendar.year)
        _add_uses(world)


def _add_uses(world: World) -> None:
    """Add how the year's payments were used; the first five uses sum to the disbursed."""
    from sim.agents.finance_law import USES

    year = world.calendar.year
    for i, line in enumerate(world.accounts.lines):
        uses = {name: int(v) for name, v in zip(USES, world.notes["uses"][year][i], strict=True)}
        entry = world.accounts.years[year][line]
        entry |= uses
        if sum(uses[name] for name in USES[:5]) != entry["disbursed"]:
            raise AccountsError(f"{line} {year}: uses {uses} do not sum to {entry['disbursed']} yuan disbursed")


@kernel
def sum_lines(
    received: npt.NDArray[np.int64], alive: npt.NDArray[np.uint8]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Yuan received by line, of the living and of the dead."""
    living = np.zeros(received.shape[1], np.int64)
    dead = np.zeros(received.shape[1], np.int64)
    for j in range(alive.size):
        for k in range(received.shape[1]):
            if alive[j] != 0:
                living[k] += received[j, k]
            else:
                dead[k] += received[j, k]
    return living, dead
