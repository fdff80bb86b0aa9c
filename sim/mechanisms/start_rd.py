"""Once a year firms start or stop R&D: of their own accord, after peers, after a voucher, or for the certificate.

Only firms that can ever innovate start: 1 - exp(-(p + q x share of active peers + voucher lift + lift by other help)).
Firms of high-tech
fields for which a certificate pays start for its sake at a hazard x the dated push. The stop hazard falls with
knowledge, with a certificate, in large firms and in hosts of a provincial or national technology centre.
Sources: O01, O02, P02, Q05, B15; feasibility_fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import CERTIFIED, LARGE, POOL
from sim.agents.world import World
from sim.core.arithmetic import exp, log
from sim.core.kernels import inline, kernel
from sim.core.row_lists import end_of, rows_with
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
I8 = npt.NDArray[np.int64]
MARGIN = 1e-12  # far above the rounding of an exponential
PROVINCIAL = 2  # centre tier from which the host has a reputation to lose


@dataclass(frozen=True)
class Params:
    """Yearly hazards and what changes them."""

    hazard_above_scale: float
    hazard_small: float
    imitation: float
    voucher_lift: float
    stop_base: float
    stop_knowledge: float
    stop_certified: float
    stop_large: float
    stop_centre: float
    certificate_hazard: float
    pool_lift: float
    start_size: float
    cell_shrink: float


@step(writes=("firm.has_rd", "firm.induced_by_certificate", "firm.rd_intended_q", "firm.rd_intensity", "firm.covered"))
def start_rd(world: World, params: Params, draws: Draws) -> None:
    """Draw who carries out R&D this year (first quarter only)."""
    if not world.calendar.is_first_of_year:
        return
    firms, p = world.firms, params
    n_cities, n_sectors = 11, 12
    peers = peer_shares(firms.alive, firms.has_rd, firms.sector, firms.city, n_sectors, n_cities, p.cell_shrink)
    push = float(world.indices["push"][0])
    u = draws.uniform("start.participate", firms)
    active = rows_with(firms.alive, firms.has_rd)
    able = rows_with(firms.alive, firms.can_innovate & (1 - firms.has_rd))
    stop(
        active, firms.centre_tier, firms.size_class, firms.hnte_stage, firms.knowledge, firms.stop_factor, u,
        p.stop_base, p.stop_knowledge, p.stop_certified, p.stop_large, p.stop_centre, firms.has_rd,
        firms.induced_by_certificate, firms.rd_intended_q,
    )  # fmt: skip
    begin(
        able, firms.is_above_scale, firms.is_high_tech_field, firms.hnte_stage, firms.sector, firms.city,
        firms.sales_y, firms.voucher_effect, firms.certificate_gain, firms.certificate_threshold,
        firms.certificate_readiness, firms.start_lift, peers, u, draws.uniform("start.certificate", firms),
        p.hazard_small, p.hazard_above_scale, p.imitation, p.voucher_lift, p.certificate_hazard * push, p.pool_lift,
        push, p.start_size, firms.has_rd, firms.induced_by_certificate, firms.rd_intensity, firms.rd_intended_q,
        firms.covered,
    )  # fmt: skip


@kernel
def peer_shares(alive: U1, active: U1, sector: I1, city: I1, n_sectors: int, n_cities: int, shrink: float) -> F8:
    """Share of firms with R&D, by sector and city, shrunk to the sector; (n_sectors, n_cities)."""
    count = np.zeros((2, n_sectors, n_cities))
    for j in range(end_of(alive)):
        count[active[j], sector[j], city[j]] += alive[j]
    count[0] += count[1]
    share = np.zeros((n_sectors, n_cities))
    for s in range(n_sectors):
        able = 0.0
        acting = 0.0
        for c in range(n_cities):
            able += count[0, s, c]
            acting += count[1, s, c]
        mean = acting / able if able > 0.0 else 0.0
        for c in range(n_cities):
            share[s, c] = (count[1, s, c] + shrink * mean) / (count[0, s, c] + shrink)
    return share


@kernel
def stop(
    rows: I8, tier: I1, size: I1, stage: I1, knowledge: F8, factor: F8, u: F8, base: float, by_knowledge: float,
    certified: float, large: float, centre: float, has_rd: U1, induced: U1, intended: F8,
) -> None:  # fmt: skip
    """Performers stop at a high draw: a high and a low end of one uniform, so no hazard undoes the other."""
    hazard = np.empty(rows.size)
    for k in range(rows.size):
        hazard[k] = knowledge[rows[k]]
    for k in range(rows.size):  # apart, so that it runs on vectors
        hazard[k] = base * exp(-by_knowledge * log(1.0 + hazard[k]))
    for k in range(rows.size):
        j = rows[k]
        chance = hazard[k] * factor[j]
        chance = chance * certified if stage[j] == CERTIFIED else chance
        chance = chance * large if size[j] == LARGE else chance
        chance = chance * centre if tier[j] >= PROVINCIAL else chance
        if u[j] > 1.0 - chance:
            has_rd[j] = 0
            induced[j] = 0
            intended[j] = 0.0


@inline
def occurs(u: float, hazard: float) -> bool:
    """u < 1 - e^-hazard; as that is below the hazard, most draws are told without an exponential."""
    return u < hazard + MARGIN and u < 1.0 - exp(-hazard)


@kernel
def begin(
    rows: I8, above: U1, field: U1, stage: I1, sector: I1, city: I1, sales: F8, voucher_effect: F8, gain: F8,
    threshold: F8, readiness: F8, start_lift: F8, peers: F8, u: F8, u_certificate: F8, hazard_small: float,
    hazard_above: float, imitation: float, voucher_lift: float, for_certificate: float, pool_lift: float,
    push: float, start_size: float, has_rd: U1, induced: U1, intensity: F8, intended: F8, covered: U1,
) -> None:  # fmt: skip
    """Firms that could carry out R&D and do not start it, of their own accord or for the certificate."""
    for k in range(rows.size):
        j = rows[k]
        own = hazard_above if above[j] != 0 else hazard_small
        hazard = own + imitation * peers[sector[j], city[j]] + voucher_lift * voucher_effect[j] + start_lift[j]
        started = occurs(u[j], hazard)
        wish = for_certificate * (pool_lift if stage[j] == POOL else 1.0)
        draws_low = (field[j] != 0) & (u_certificate[j] < wish + MARGIN)  # the rarest condition comes first
        if draws_low and not started and gain[j] > 0.0 and readiness[j] <= push and occurs(u_certificate[j], wish):
            started = True
            induced[j] = 1
            intensity[j] = max(intensity[j], threshold[j])
        if started:
            has_rd[j] = 1
            covered[j] = covered[j] | 1
            intended[j] = start_size * intensity[j] * sales[j] / 4.0
