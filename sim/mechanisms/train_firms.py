"""Trains small and medium firms on policy: by lottery, as many as the places and the money allow.

A trained firm is more likely to claim the extra deduction and to apply for a voucher; both fade as staff leave and
rules change. The pool is limited: private firms up to medium size with R&D or of a high-tech field, and whoever was
trained of late waits. Trainers are intermediaries. Everything assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import MEDIUM, PRIVATE
from sim.agents.government import PROVINCE
from sim.agents.intermediary import INTERMEDIARY
from sim.agents.policy_network import in_proportion
from sim.agents.world import World
from sim.core.arithmetic import exp
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.quotas import in_order, places_due
from sim.core.row_lists import rows_with
from sim.core.steps import step
from sim.core.streams import Draws

Codes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
LINE = "policy_training"
FORGOTTEN = 0.5  # what is left of training when a firm may come again
GONE = 0.01  # below this nothing is left


@dataclass(frozen=True)
class Params:
    """What a place costs, what training does and how long it lasts."""

    place_cost: float  # million yuan
    take_up_gain: float
    memory_years: float


@step(writes=("firm.trained", "firm.take_up_lift", "intermediary.received_yuan", "line.policy_training"))
def train_firms(world: World, params: Params, draws: Draws) -> None:
    """Let training fade, train this quarter's firms, and lift the take-up of all who remember."""
    firms, p = world.firms, params
    places_y = float(world.governments.training_places_y[PROVINCE])
    left = forget(firms.alive, exp(-1.0 / (QUARTERS_A_YEAR * p.memory_years)), firms.trained)
    if places_y > 0.0:
        left |= hold_courses(world, p, draws, places_y)
    if left:
        lift(firms.trained, p.take_up_gain, firms.take_up_lift)


def hold_courses(world: World, p: Params, draws: Draws, places_y: float) -> bool:
    """Draw who attends, and pay the intermediaries by the firms that they can serve; whether anybody came."""
    firms, calendar = world.firms, world.calendar
    due = places_due(places_y / (QUARTERS_A_YEAR * world.scale), calendar.first + calendar.quarter)
    price = to_yuan(p.place_cost)
    number = min(due, world.accounts.left(LINE) // max(price, 1))
    bodies = world.intermediaries
    trainers = ((bodies.alive != 0) & (bodies.role == INTERMEDIARY)).nonzero()[0]
    if number <= 0 or not len(trainers):
        return False
    rows = may_come(
        firms.alive, firms.ownership, firms.size_class, firms.has_rd, firms.is_high_tech_field, firms.trained
    )
    if not len(rows):
        return False
    trainers = trainers[bodies.uid[trainers].argsort()]
    chosen = drawn(world, draws, rows, number)
    firms.trained[chosen] = 1.0
    served = bodies.places[trainers] * bodies.efficiency[trainers]
    world.pay(LINE, bodies, trainers, in_proportion(price * len(chosen), served))
    return True


def drawn(world: World, draws: Draws, rows: Rows, number: int) -> Rows:
    """Those of the rows that have the lowest lots of the quarter, ties by uid, in any order."""
    if number >= len(rows):
        return rows
    uids = world.firms.uid[rows]
    lots = draws.uniform_for("training.lottery", uids)
    lowest = rows_below(rows, lots, number)
    return lowest if len(lowest) == number else rows[in_order(lots, uids, number)]


@kernel
def rows_below(rows: Rows, lots: Floats, number: int) -> Rows:
    """Those of the rows whose lots (uniform in (0, 1)) lie below a bound that leaves so many; none where lots tie.

    A bound is found by halves, which is sooner done than any sort: who comes is asked, not in which order.
    """
    low, high, below = 0.0, 1.0, 0
    for _ in range(40):  # lots have 32 bits
        bound, below = 0.5 * (low + high), 0
        for k in range(lots.size):
            below += lots[k] < bound
        if below == number:
            break
        low, high = (bound, high) if below < number else (low, bound)
    found, n = np.empty(rows.size, np.int64), 0
    for k in range(rows.size):
        found[n] = rows[k]  # written over by the next unless it counts: no branch
        n += (lots[k] < bound) & (below == number)
    return found[:n]


@kernel
def may_come(
    alive: Flags, ownership: Codes, size_class: Codes, has_rd: Flags, is_high_tech: Flags, trained: Floats
) -> Rows:  # fmt: skip
    """Rows of private firms up to medium size with R&D or of a high-tech field, not trained of late, shape (n,)."""
    may = np.empty(alive.size, np.uint8)
    for j in range(alive.size):  # bytes apart from numbers: each loop takes as many rows at once as it can
        small = (ownership[j] == PRIVATE) & (size_class[j] <= MEDIUM)
        may[j] = (alive[j] != 0) & small & ((has_rd[j] | is_high_tech[j]) != 0)
    for j in range(alive.size):
        may[j] &= trained[j] < FORGOTTEN
    return rows_with(alive, may)


@kernel
def lift(trained: Floats, gain: float, take_up: Floats) -> None:
    """Who remembers training claims more often, in place."""
    for j in range(trained.size):
        take_up[j] += gain * trained[j]


@kernel
def forget(alive: Flags, kept: float, trained: Floats) -> bool:
    """Keep a part of what is left of training, nothing in firms that are gone, in place; whether any is left."""
    n = 0
    for j in range(trained.size):
        left = trained[j] * kept
        remembers = (left >= GONE) & (alive[j] != 0)
        trained[j] = left if remembers else 0.0
        n += remembers
    return n > 0
