"""Knowledge grows with R&D at constant price and with what firms absorb from peers, allies, universities and projects.

K' = (1 - d) K + R (1 + absorption x min(cap, spillovers)); absorption = r / (r + half). What firms teach each other is
the pool of their R&D relative to the first quarter, to the elasticity e, less 1: one more unit of R&D anywhere brings e
units to all together, whatever their sizes, as published returns to others say (R12: as far as the province retains
them; no source tells how they fall with distance between its cities and sectors). A voucher project and the tie to a
university that it leaves are one cooperation, of which the stronger counts: studies of vouchers measure both together.
All gains are relative to own R&D, so none can explode. Sources: E04, E10, E11, E12, E18, F01, F07, D06, R12.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.arithmetic import power, quarterly_hazard
from sim.core.fixed_point import ONE, fixed
from sim.core.kernels import kernel
from sim.core.row_lists import end_of, rows_with
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
I8 = npt.NDArray[np.int64]
N_SECTORS = 12


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


@step(writes=("firm.knowledge", "university.knowledge", "institute.knowledge", "indices.pool_ratio",
              "indices.peer_ratio"))  # fmt: skip
def accumulate_knowledge(world: World, params: Params, draws: Draws) -> None:
    """Add the quarter's R&D to everybody's knowledge; pool and means of sectors are read in the next quarter."""
    firms, p = world.firms, params
    real = 1.0 / (world.indices["deflator"][0] * world.indices["price"][0])
    ratio = float(world.indices.get("pool_ratio", np.ones(1))[0])
    rows = rows_with(firms.alive, firms.has_rd)
    pool, by_sector = rd_of_all(rows, firms.sector, firms.rd_actual_q, N_SECTORS)
    keep = 1.0 - quarterly_hazard(p.depreciation_y)
    gained = learn(
        rows, firms.rd_actual_q, firms.sales_y, firms.alliance_benefit, firms.tie_strength, firms.voucher_effect,
        firms.learning_gain, power(ratio, p.spillover_peers) - 1.0, real, p.absorption_half, p.spillover_alliance,
        p.spillover_university, p.spillover_voucher, p.spillover_cap,
    )  # fmt: skip
    keep_and_add(firms.alive, firms.knowledge_add, rows, gained, keep, firms.knowledge)
    start = world.indices.setdefault("sector_rd_start", np.maximum(by_sector, 1e-9))
    world.indices["peer_ratio"] = np.minimum(np.maximum(by_sector / start, 0.25), 4.0)  # read in desire_rd
    pool_start = world.indices.setdefault("pool_start", np.maximum(np.array([real * pool]), 1e-9))
    world.indices["pool_ratio"] = np.minimum(np.maximum(real * pool / pool_start, 0.25), 4.0)
    for columns in (world.universities, world.institutes):
        columns.knowledge[:] = keep * columns.knowledge + real * columns.rd_q


@kernel
def rd_of_all(rows: I8, sector: I1, rd: F8, n_sectors: int) -> tuple[float, F8]:
    """R&D of all performers, and their mean by sector, shape (n_sectors,)."""
    sums = np.zeros((2, n_sectors), np.int64)
    for j in rows:
        sums[0, sector[j]] += fixed(rd[j])
        sums[1, sector[j]] += 1
    total, mean = 0, np.empty(n_sectors)
    for s in range(n_sectors):
        total += sums[0, s]
        mean[s] = sums[0, s] / max(sums[1, s], 1) / ONE
    return total / ONE, mean


@kernel
def learn(
    rows: I8, rd: F8, sales: F8, alliance: F8, tie: F8, voucher: F8, gain: F8, by_peers: float, real: float,
    half: float, by_alliance: float, by_university: float, by_voucher: float, cap: float,
) -> F8:  # fmt: skip
    """What each performer adds to its knowledge by own and by absorbed R&D (million yuan of 2010), shape (n,)."""
    gained = np.empty(rows.size)
    for k in range(rows.size):
        j = rows[k]
        ratio = 4.0 * rd[j] / max(sales[j], 1e-9)
        outside = by_peers + by_alliance * alliance[j] + gain[j]
        outside += max(by_university * tie[j], by_voucher * voucher[j])
        gained[k] = rd[j] * real * (1.0 + ratio / (ratio + half) * min(outside, cap))
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
