"""Performers test results at pilot-scale bases before they sell them, and more of them succeed.

Each base takes performers of its sector, those of its city first, by merit plus noise up to its capacity a quarter,
every firm at one base. The line pays the host for each test; a base that nobody pays works at a part of its capacity on
what users pay themselves. A test raises the chance that development succeeds. All assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.arithmetic import normal_of
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.money import to_yuan
from sim.core.quotas import in_order
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
LINE = "pilot_bases"
BASE = "pilot_base"


@dataclass(frozen=True)
class Params:
    """Capacity, cost, what a test does, who comes first."""

    SHARED = ("certify_tech_smes.noise",)
    capacity_q: float  # tests a quarter
    test_cost: float  # million yuan
    unpaid_use: float
    success_gain: float
    city_bonus: float  # standard deviations
    noise: float  # standard deviations


@step(writes=("firm.success_factor", "firm.received_yuan", "line.pilot_bases"))
def test_at_pilot_bases(world: World, params: Params, draws: Draws) -> None:
    """Fill every base, paid tests first, and raise the chance of success of those who tested."""
    number = catalogue().programme(BASE)
    centres, firms, p = world.centres, world.firms, params
    bases = np.flatnonzero((centres.alive != 0) & (centres.programme == number))
    if not len(bases):
        return
    bases = bases[np.argsort(centres.uid[bases])]
    performers = np.flatnonzero((firms.alive != 0) & (firms.has_rd != 0))
    uids, sector, city = (array[performers] for array in (firms.uid, firms.sector, firms.city))
    seen = p.noise * normal_of(draws.uniform_for("pilot_base.order", uids))
    seen += firms.quality[performers]
    served = np.zeros(len(performers), np.bool_)
    paid_tests = tests_paid(world, p)
    for base in bases:
        mine = np.flatnonzero((sector == centres.sector[base]) & ~served)
        near = seen[mine] + p.city_bonus * (city[mine] == centres.city[base])
        wanted = mine[in_order(-near, uids[mine], int(p.capacity_q))]
        n_paid = min(len(wanted), paid_tests)
        n_own = min(len(wanted) - n_paid, int(p.unpaid_use * (p.capacity_q - n_paid) + 0.5))
        served[wanted[: n_paid + n_own]] = True
        paid_tests -= n_paid
        pay_host(world, int(centres.host[base]), n_paid * to_yuan(p.test_cost))
    firms.success_factor[performers[served]] *= 1.0 + p.success_gain


def tests_paid(world: World, p: Params) -> int:
    """Tests that this quarter's part of the line pays."""
    instalment = world.accounts.left(LINE) // (QUARTERS_A_YEAR - world.calendar.quarter_of_year)
    price = to_yuan(p.test_cost)
    return int(instalment // price) if price > 0 else 0


def pay_host(world: World, host: int, yuan: int) -> None:
    """Pay the firm that runs a base for its tests."""
    if yuan > 0:
        world.pay(LINE, world.firms, np.array([host]), yuan)
