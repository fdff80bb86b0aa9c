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
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
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
    firms = world.firms
    n_cities, n_sectors = 11, 12
    peers = peer_shares(firms.alive, firms.has_rd, firms.sector, firms.city, n_sectors, n_cities, params.cell_shrink)
    participate(
        firms.alive, firms.is_above_scale, firms.can_innovate, firms.is_high_tech_field, firms.size_class,
        firms.centre_tier, firms.hnte_stage, firms.sector,
        firms.city, firms.sales_y, firms.knowledge, firms.voucher_effect, firms.certificate_gain,
        firms.certificate_threshold, firms.certificate_readiness, firms.start_lift, firms.stop_factor, peers,
        float(world.indices["push"][0]),
        draws.uniform("start.participate", firms), draws.uniform("start.certificate", firms),
        np.array([params.hazard_small, params.hazard_above_scale, params.imitation, params.voucher_lift,
                  params.stop_base, params.stop_knowledge, params.stop_certified, params.certificate_hazard,
                  params.pool_lift, params.start_size, params.stop_large, params.stop_centre]),
        firms.has_rd, firms.induced_by_certificate, firms.rd_intensity, firms.rd_intended_q, firms.covered,
    )  # fmt: skip


@kernel
def peer_shares(alive: U1, active: U1, sector: I1, city: I1, n_sectors: int, n_cities: int, shrink: float) -> F8:
    """Share of firms with R&D, by sector and city, shrunk to the sector; (n_sectors, n_cities)."""
    count = np.zeros((2, n_sectors, n_cities))
    for j in range(alive.size):
        if alive[j] != 0:
            count[0, sector[j], city[j]] += 1.0
            if active[j] != 0:
                count[1, sector[j], city[j]] += 1.0
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
def participate(
    alive: U1, above: U1, can: U1, field: U1, size: I1, tier: I1, stage: I1, sector: I1, city: I1, sales: F8,
    knowledge: F8, voucher_effect: F8, gain: F8, threshold: F8, readiness: F8, start_lift: F8, stop_factor: F8,
    peers: F8, push: float, u: F8,
    u_certificate: F8,
    number: F8, has_rd: U1, induced: U1, intensity: F8, intended: F8, covered: U1,
) -> None:  # fmt: skip
    """Start or stop R&D; one uniform decides each way, so a higher hazard never undoes a start."""
    for j in range(alive.size):
        if alive[j] == 0:
            continue
        if has_rd[j] != 0:
            stop = number[4] * exp(-number[5] * log(1.0 + knowledge[j])) * stop_factor[j]
            if stage[j] == CERTIFIED:
                stop *= number[6]
            if size[j] == LARGE:
                stop *= number[10]
            if tier[j] >= PROVINCIAL:
                stop *= number[11]
            if u[j] > 1.0 - stop:
                has_rd[j] = 0
                induced[j] = 0
                intended[j] = 0.0
            continue
        if can[j] == 0:
            continue
        own = number[1] if above[j] != 0 else number[0]
        hazard = own + number[2] * peers[sector[j], city[j]] + number[3] * voucher_effect[j] + start_lift[j]
        started = u[j] < 1.0 - exp(-hazard)
        if field[j] != 0 and gain[j] > 0.0 and readiness[j] <= push:
            wish = number[7] * push * (number[8] if stage[j] == POOL else 1.0)
            if not started and u_certificate[j] < 1.0 - exp(-wish):
                started = True
                induced[j] = 1
                intensity[j] = max(intensity[j], threshold[j])
        if started:
            has_rd[j] = 1
            covered[j] = covered[j] | 1
            intended[j] = number[9] * intensity[j] * sales[j] / 4.0
