"""Knowledge grows with R&D at constant price and with what firms absorb from peers, allies, universities and projects.

K' = (1 - d) K + R + absorption x min(cap R, spillovers); absorption = r / (r + half). Each gain is relative to own R&D
or to the mean R&D of the cell, so none can explode. Sources: E04, E12, E18, F01, F07, D06.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.arithmetic import quarterly_hazard
from sim.core.fixed_point import ONE, fixed
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
N_SECTORS, N_CITIES = 12, 11


@dataclass(frozen=True)
class Params:
    """Depreciation, absorption and the strength of each source."""

    depreciation_y: float
    absorption_half: float
    spillover_peers: float
    spillover_alliance: float
    spillover_university: float
    spillover_voucher: float
    spillover_cap: float


@step(writes=("firm.knowledge", "university.knowledge", "institute.knowledge", "indices.cell_rd", "indices.peer_ratio"))
def accumulate_knowledge(world: World, params: Params, draws: Draws) -> None:
    """Add the quarter's R&D to everybody's knowledge; group means are read in the next quarter."""
    firms, p = world.firms, params
    real = 1.0 / (world.indices["deflator"][0] * world.indices["price"][0])
    means = world.indices.get("cell_rd")
    sums = cell_sums(firms.alive, firms.has_rd, firms.sector, firms.city, firms.rd_actual_q, N_SECTORS, N_CITIES)
    fresh = sums[0] / np.maximum(sums[1], 1) / ONE
    keep = 1.0 - quarterly_hazard(p.depreciation_y)
    learn(firms.alive, firms.has_rd, firms.sector, firms.city, firms.rd_actual_q, firms.sales_y, firms.alliance_benefit,
          firms.tie_strength, firms.voucher_effect, firms.learning_gain, firms.knowledge_add,
          fresh if means is None else means, real, keep,
          np.array([p.absorption_half, p.spillover_peers, p.spillover_alliance, p.spillover_university,
                    p.spillover_voucher, p.spillover_cap]), firms.knowledge)  # fmt: skip
    world.indices["cell_rd"] = fresh
    _peers(world, sums)
    for columns in (world.universities, world.institutes):
        columns.knowledge[:] = keep * columns.knowledge + real * columns.rd_q


def _peers(world: World, sums: npt.NDArray[np.int64]) -> None:
    """Mean R&D of each sector's performers relative to the first quarter, for the peers' part of desired R&D."""
    mean = sums[0].sum(axis=1) / np.maximum(sums[1].sum(axis=1), 1) / ONE
    start = world.indices.setdefault("sector_rd_start", np.maximum(mean, 1e-9))
    world.indices["peer_ratio"] = np.clip(mean / start, 0.25, 4.0)


@kernel
def cell_sums(
    alive: U1, active: U1, sector: I1, city: I1, rd: F8, n_sectors: int, n_cities: int
) -> npt.NDArray[np.int64]:
    """Integer sums of R&D and numbers of performers by sector and city, shape (2, n_sectors, n_cities)."""
    sums = np.zeros((2, n_sectors, n_cities), np.int64)
    for j in range(alive.size):
        if alive[j] != 0 and active[j] != 0:
            sums[0, sector[j], city[j]] += fixed(rd[j])
            sums[1, sector[j], city[j]] += 1
    return sums


@kernel
def learn(
    alive: U1, active: U1, sector: I1, city: I1, rd: F8, sales: F8, alliance: F8, tie: F8, voucher: F8, gain: F8,
    given: F8, cell: F8, real: float, keep: float, number: F8, knowledge: F8,
) -> None:  # fmt: skip
    """Knowledge of each firm after the quarter (million yuan of 2010)."""
    for j in range(alive.size):
        if alive[j] == 0:
            continue
        gained = 0.0
        if active[j] != 0:
            own = rd[j] * real
            ratio = 4.0 * rd[j] / max(sales[j], 1e-9)
            outside = number[1] * cell[sector[j], city[j]] * real
            outside += own * (number[2] * alliance[j] + number[3] * tie[j] + number[4] * voucher[j] + gain[j])
            gained = own + ratio / (ratio + number[0]) * min(outside, number[5] * own)
        knowledge[j] = keep * knowledge[j] + gained + given[j]
