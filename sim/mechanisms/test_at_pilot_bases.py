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
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
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
    centres, firms, p = world.centres, world.firms, params
    bases = ((centres.alive != 0) & (centres.programme == catalogue().programme(BASE))).nonzero()[0]
    if not len(bases):
        return
    bases = bases[centres.uid[bases].argsort()]
    performers = ((firms.alive & firms.has_rd) != 0).nonzero()[0]
    uids = firms.uid[performers]
    merit = p.noise * normal_of(draws.uniform_for("pilot_base.order", uids))
    merit += firms.quality[performers]
    served, n_paid = np.zeros(len(performers), np.bool_), np.zeros(len(bases), np.int64)
    fill(
        centres.sector[bases], centres.city[bases], firms.sector[performers], firms.city[performers], merit, uids,
        p.city_bonus, p.capacity_q, p.unpaid_use, tests_paid(world, p), served, n_paid,
    )  # fmt: skip
    price = to_yuan(p.test_cost)
    for base in n_paid.nonzero()[0]:
        pay_host(world, int(centres.host[bases[base]]), int(n_paid[base]) * price)
    firms.success_factor[performers[served]] *= 1.0 + p.success_gain


@kernel
def fill(
    base_sector: Codes, base_city: Codes, sector: Codes, city: Codes, merit: Floats, uids: Rows, city_bonus: float,
    capacity: float, unpaid_use: float, paid_tests: int, served: npt.NDArray[np.bool_], n_paid: Rows,
) -> None:  # fmt: skip
    """Fill the bases in turn, paid tests first: who of the performers is served, and paid tests by base, in place.

    A base lists the best performers of its sector who were not served yet, highest merit first, ties by uid.
    """
    most = int(capacity)
    best, score = np.empty(most + 1, np.int64), np.empty(most + 1)
    for base in range(base_sector.size):
        n = 0
        for i in range(sector.size):
            if sector[i] != base_sector[base] or served[i]:
                continue
            mine = merit[i] + city_bonus * (city[i] == base_city[base])
            k = n  # its place on the list: below all that are better
            while k > 0 and (mine > score[k - 1] or (mine == score[k - 1] and uids[i] < uids[best[k - 1]])):
                best[k], score[k] = best[k - 1], score[k - 1]
                k -= 1
            if k < most:
                best[k], score[k] = i, mine
                n = min(n + 1, most)
        paid = min(n, paid_tests)
        own = min(n - paid, int(unpaid_use * (capacity - paid) + 0.5))
        for k in range(paid + own):
            served[best[k]] = True
        n_paid[base] = paid
        paid_tests -= paid


def tests_paid(world: World, p: Params) -> int:
    """Tests that this quarter's part of the line pays."""
    instalment = world.accounts.left(LINE) // (QUARTERS_A_YEAR - world.calendar.quarter_of_year)
    price = to_yuan(p.test_cost)
    return int(instalment // price) if price > 0 else 0


def pay_host(world: World, host: int, yuan: int) -> None:
    """Pay the firm that runs a base for its tests."""
    if yuan > 0:
        world.pay(LINE, world.firms, np.array([host]), yuan)
