"""New private firms draw lots for start-up grants; the prospect of one lets a few more firms start.

Eligible once: small private firms younger than the age limit. A grant protects its firm for a time that runs out. More
firms enter the more a newcomer may expect, amount x chance, with falling returns. Most would have entered and survived
anyway: that deadweight shows in the paired run. No causal estimate for the province: assumptions with ranges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import PRIVATE, SMALL
from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.arithmetic import quarterly_hazard
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.quotas import in_order
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I1 = npt.NDArray[np.int8]
LINE = "startup_support"


@dataclass(frozen=True)
class Params:
    """Who may apply, how long a grant protects, and how many more start."""

    age_limit: float  # quarters
    apply_y: float
    protects_for: int  # quarters
    protection: float
    entry_lift: float
    half_expected: float  # million yuan


@step(writes=("firm.startup_quarters", "firm.is_startup_grantee", "firm.exit_factor", "firm.received_yuan",
              "government.entry_factor", "line.startup_support"))  # fmt: skip
def support_startups(world: World, params: Params, draws: Draws) -> None:
    """Pay grants by lot, protect those who had one, and let the prospect raise entry."""
    firms, p = world.firms, params
    amount = float(world.governments.startup_amount[PROVINCE])
    offered = amount > 0.0 and world.accounts.appropriated_year[world.accounts.number(LINE)] > 0
    if not (offered or firms.startup_quarters.any()):
        return
    if offered:
        expected = amount * _grant(world, p, draws, max(1, to_yuan(amount)))
        world.governments.entry_factor[PROVINCE] *= 1.0 + p.entry_lift * expected / (expected + p.half_expected)
    holders = ((firms.alive != 0) & (firms.startup_quarters > 0)).nonzero()[0]
    protect(holders, firms.startup_quarters, p.protects_for, p.protection, firms.exit_factor)


def _grant(world: World, p: Params, draws: Draws, price: int) -> float:
    """Pay the winners of the lottery; returns the chance of a newcomer to have a grant before it is too old."""
    firms, accounts = world.firms, world.accounts
    target = young(
        firms.alive, firms.is_above_scale, firms.ownership, firms.size_class, firms.age_q, p.age_limit
    ).nonzero()[0]
    rows = target[firms.is_startup_grantee[target] == 0]
    uids = firms.uid[rows]
    applies = draws.uniform_for("startup.apply", uids) < quarterly_hazard(p.apply_y)
    ticket = draws.uniform_for("startup.lottery", uids)[applies]
    quarters_left = QUARTERS_A_YEAR - world.calendar.quarter_of_year
    number = accounts.left(LINE) // quarters_left // price
    rows = rows[applies][in_order(ticket, uids[applies], number)]
    world.pay(LINE, firms, rows, price)
    firms.startup_quarters[rows] = p.protects_for
    firms.is_startup_grantee[rows] = 1
    return int(np.count_nonzero(firms.is_startup_grantee[target])) / len(target) if len(target) else 0.0


@kernel
def young(
    alive: npt.NDArray[np.uint8], above: npt.NDArray[np.uint8], ownership: I1, size_class: I1,
    age: npt.NDArray[np.int32], age_limit: float,
) -> npt.NDArray[np.bool_]:  # fmt: skip
    """Whether each is a young small private firm below the scale of the statistics, shape (n,)."""
    found = np.empty(alive.size, np.bool_)
    for j in range(alive.size):  # one width a loop, so that the compiler takes many rows at once
        found[j] = age[j] < age_limit
    for j in range(alive.size):
        found[j] &= (alive[j] != 0) & (above[j] == 0) & (ownership[j] == PRIVATE) & (size_class[j] <= SMALL)
    return found


@kernel
def protect(holders: npt.NDArray[np.int64], quarters: I1, lasts: int, protection: float, exit_factor: F8) -> None:
    """Lower the hazard of closing for the rows of holders, less as time runs out, in place."""
    for j in holders:
        exit_factor[j] *= 1.0 - protection * quarters[j] / lasts
        quarters[j] -= 1
