"""The books are closed: what each budget line disbursed equals what its recipients received, to the yuan.

Raises AccountsError otherwise, in every quarter of every run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.finance_law import SHARES_OF_A_YUAN, USES
from sim.agents.world import World
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
    for columns in world.payees:
        if not len(columns.received_yuan):
            continue
        living, gone = columns.received_yuan.sums()
        received += living
        if gone.any():
            raise AccountsError(f"{columns.kind}: payments of {int(gone.sum())} yuan to an agent that is not there")
    world.accounts.check(received)
    if world.calendar.is_last_of_year:
        world.accounts.close_year(world.calendar.year)
        _add_uses(world)


def _add_uses(world: World) -> None:
    """Add how the year's payments were used; all but own money pulled in sum to the disbursed."""
    year = world.calendar.year
    for (line, entry), row in zip(world.accounts.years[year].items(), world.notes["uses"][year].tolist(), strict=True):
        uses = dict(zip(USES, row, strict=True))
        entry |= uses
        if sum(uses[name] for name in SHARES_OF_A_YUAN) != entry["disbursed"]:
            raise AccountsError(f"{line} {year}: uses {uses} do not sum to {entry['disbursed']} yuan disbursed")
