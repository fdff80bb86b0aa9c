"""What is on offer in the market for technology: knowledge and patents of firms and public bodies, and intermediaries.

Offer = (knowledge + patents x worth of a patent) x openness, in million yuan of 2010.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.agents.intermediary import INTERMEDIARY
from sim.agents.world import World
from sim.core.columns import Columns
from sim.core.fixed_point import fixed, unfixed
from sim.core.kernels import kernel

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
Counts = npt.NDArray[np.int32]


def total_offer(world: World, firm_openness: float, patent_worth: float, lifted: float) -> tuple[float, list[Floats]]:
    """Technology that firms and public bodies offer together, and of it what universities and institutes offer.

    Million yuan of 2010; of shape (capacity,) for each kind of body, with policy's lift of openness if `lifted` is 1.
    """
    firms, supplies = world.firms, []
    total = offered_by_firms(firms.alive, firms.knowledge, firms.inventions_in_force, firm_openness, patent_worth)
    for kind in (world.universities, world.institutes):
        out = np.empty(kind.capacity)
        total += offered_by_bodies(
            kind.alive, kind.knowledge, kind.inventions_in_force, kind.openness, kind.openness_lift, lifted,
            patent_worth, out,
        )  # fmt: skip
        supplies.append(out)
    return unfixed(total), supplies


def public_patents(world: World) -> float:
    """Patents of universities and institutes that are on offer: those in force times openness."""
    total = 0
    for kind in (world.universities, world.institutes):
        total += patents_on_offer(kind.alive, kind.inventions_in_force, kind.openness, kind.openness_lift)
    return unfixed(total)


def brokers(intermediaries: Columns) -> float:
    """Firms that the intermediaries can serve, weighted by their efficiency."""
    return unfixed(
        served_by(intermediaries.alive, intermediaries.role, intermediaries.places, intermediaries.efficiency)
    )


@kernel
def offered_by_firms(alive: Flags, knowledge: Floats, patents: Counts, openness: float, patent_worth: float) -> int:
    """Technology that firms offer together (fixed point, million yuan of 2010)."""
    total = 0
    for j in range(alive.size):
        total += fixed((knowledge[j] + patents[j] * patent_worth) * openness if alive[j] != 0 else 0.0)
    return total


@kernel
def offered_by_bodies(
    alive: Flags, knowledge: Floats, patents: Counts, openness: Floats, lift: Floats, lifted: float,
    patent_worth: float, out: Floats,
) -> int:  # fmt: skip
    """Write what each university or institute offers, million yuan of 2010, shape (n,); returns the sum (fixed)."""
    total = 0
    for j in range(alive.size):
        offered = (knowledge[j] + patents[j] * patent_worth) * (openness[j] + lifted * lift[j])
        out[j] = offered if alive[j] != 0 else 0.0
        total += fixed(out[j])
    return total


@kernel
def patents_on_offer(alive: Flags, patents: Counts, openness: Floats, lift: Floats) -> int:
    """Patents of public bodies that are on offer (fixed point)."""
    total = 0
    for j in range(alive.size):
        total += fixed(patents[j] * (openness[j] + lift[j]) if alive[j] != 0 else 0.0)
    return total


@kernel
def served_by(alive: Flags, role: npt.NDArray[np.int8], places: Counts, efficiency: Floats) -> int:
    """Firms that intermediaries can serve, weighted by efficiency (fixed point)."""
    total = 0
    for j in range(alive.size):
        if alive[j] != 0 and role[j] == INTERMEDIARY:
            total += fixed(places[j] * efficiency[j])
    return total
