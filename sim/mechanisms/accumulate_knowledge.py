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
from sim.core.row_lists import end_of, rows_with
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
I8 = npt.NDArray[np.int64]
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
    rows = rows_with(firms.alive, firms.has_rd)
    fresh, by_sector = mean_rd(rows, firms.sector, firms.city, firms.rd_actual_q, N_SECTORS, N_CITIES)
    keep = 1.0 - quarterly_hazard(p.depreciation_y)
    gained = learn(
        rows, firms.sector, firms.city, firms.rd_actual_q, firms.sales_y, firms.alliance_benefit, firms.tie_strength,
        firms.voucher_effect, firms.learning_gain, fresh if means is None else means, real, p.absorption_half,
        p.spillover_peers, p.spillover_alliance, p.spillover_university, p.spillover_voucher, p.spillover_cap,
    )  # fmt: skip
    keep_and_add(firms.alive, firms.knowledge_add, rows, gained, keep, firms.knowledge)
    world.indices["cell_rd"] = fresh
    start = world.indices.setdefault("sector_rd_start", np.maximum(by_sector, 1e-9))
    world.indices["peer_ratio"] = np.minimum(np.maximum(by_sector / start, 0.25), 4.0)  # read in desire_rd
    for columns in (world.universities, world.institutes):
        columns.knowledge[:] = keep * columns.knowledge + real * columns.rd_q


@kernel
def mean_rd(rows: I8, sector: I1, city: I1, rd: F8, n_sectors: int, n_cities: int) -> tuple[F8, F8]:
    """Mean R&D of performers by sector and city, shape (n_sectors, n_cities), and by sector, shape (n_sectors,)."""
    sums = np.zeros((2, n_sectors, n_cities), np.int64)
    for j in rows:
        sums[0, sector[j], city[j]] += fixed(rd[j])
        sums[1, sector[j], city[j]] += 1
    by_cell = np.empty((n_sectors, n_cities))
    by_sector = np.empty(n_sectors)
    for s in range(n_sectors):
        total = 0
        number = 0
        for c in range(n_cities):
            total += sums[0, s, c]
            number += sums[1, s, c]
            by_cell[s, c] = sums[0, s, c] / max(sums[1, s, c], 1) / ONE
        by_sector[s] = total / max(number, 1) / ONE
    return by_cell, by_sector


@kernel
def learn(
    rows: I8, sector: I1, city: I1, rd: F8, sales: F8, alliance: F8, tie: F8, voucher: F8, gain: F8, cell: F8,
    real: float, half: float, peers: float, by_alliance: float, by_university: float, by_voucher: float, cap: float,
) -> F8:  # fmt: skip
    """What each performer adds to its knowledge by own and by absorbed R&D (million yuan of 2010), shape (n,)."""
    gained = np.empty(rows.size)
    for k in range(rows.size):
        j = rows[k]
        own = rd[j] * real
        ratio = 4.0 * rd[j] / max(sales[j], 1e-9)
        outside = peers * cell[sector[j], city[j]] * real
        outside += own * (by_alliance * alliance[j] + by_university * tie[j] + by_voucher * voucher[j] + gain[j])
        gained[k] = own + ratio / (ratio + half) * min(outside, cap * own)
    return gained


@kernel
def keep_and_add(alive: U1, given: F8, rows: I8, gained: F8, keep: float, knowledge: F8) -> None:
    """Knowledge of each firm after the quarter (million yuan of 2010): what is kept, gained and given."""
    for k in range(rows.size):
        gained[k] += keep * knowledge[rows[k]]
    for j in range(end_of(alive)):
        knowledge[j] = keep * knowledge[j] + given[j] if alive[j] != 0 else knowledge[j]
    for k in range(rows.size):
        knowledge[rows[k]] = gained[k] + given[rows[k]]
