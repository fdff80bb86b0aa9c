"""The yardstick: what a bare columnar run of about ten sub-processes costs here, to hold the model's run against.

Absolute times say nothing about another machine. So the whole model is measured as a multiple of this: 20,000 firms and
40 quarters of yardstick_kernels.py, in the same process and in turns with it. `bare_run` is a loop over the kernels
alone, `YardstickModel` the same as a Mesa model with column agents and Mesa's own DataCollector.
"""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np
import numpy.typing as npt

from benchmarks.yardstick_kernels import simulate
from benchmarks.yardstick_state import CITIES, SECTORS, Firms, Places, YardstickFirm, columns_for, places, scratch
from sim.core.arithmetic import exp, normal_inverse
from sim.core.column_model import ColumnModel
from sim.core.kernels import kernel
from sim.core.streams import philox

FIRMS, QUARTERS = 20_000, 40
ENTRY_SHARE, UIDS_A_QUARTER = 0.02, 65_536
TOTALS = ("firms", "sales", "knowledge", "rd_firms", "rd", "applicants", "grants", "granted", "patents", "certified",
          "allied", "exits")  # fmt: skip


@kernel
def enter(firms: Firms, place: Places, rows: Any, first_uid: int, quarter: int, replicate: int) -> None:
    """Put new firms on free rows; their traits follow from their uids. Those of quarter 0 are larger and older."""
    luck = np.empty((8, 1))
    for d in range(rows.size):
        i = rows[d]
        firms.uid[i] = first_uid + d
        philox(firms.uid[i : i + 1], quarter, 16, 1, replicate, luck[0], luck[1], luck[2], luck[3])
        philox(firms.uid[i : i + 1], quarter, 17, 1, replicate, luck[4], luck[5], luck[6], luck[7])
        firms.city[i] = int(luck[1, 0] * luck[1, 0] * CITIES)
        firms.group[i] = int(luck[0, 0] * SECTORS) * CITIES + firms.city[i]
        z = normal_inverse(luck[2, 0])
        firms.sales[i] = exp(1.0 + 0.5 * z) if quarter > 0 else exp(2.0 + z)
        firms.knowledge[i] = 0.5 * exp(0.5 * normal_inverse(luck[3, 0]))
        firms.absorption[i] = 0.2 + 0.8 * luck[4, 0]
        firms.age[i] = 0 if quarter > 0 else int(luck[6, 0] * 40)
        firms.alliance[i] = -1
        firms.certified[i] = firms.certificate_end[i] = firms.patents[i] = 0
        firms.growth[i] = firms.rd[i] = firms.grant[i] = 0.0
        firms.alive[i] = 1
        place.group_sum[firms.group[i]] += firms.knowledge[i]
        place.group_size[firms.group[i]] += 1


class BareRun:
    """State of a run without Mesa: arrays and the kernels."""

    def __init__(self, firms: int = FIRMS, replicate: int = 0) -> None:
        self.n, self.replicate, self.quarter = firms, replicate, 0
        self.columns, self.places = columns_for(firms), places()
        self.firms = Firms(*(getattr(self.columns, name) for name in Firms._fields))
        self.scratch, self.totals = scratch(self.columns.capacity), np.zeros(len(TOTALS))
        enter(self.firms, self.places, np.arange(firms), 0, 0, replicate)

    def next_quarter(self) -> None:
        """Simulate one quarter; entrants take the lowest free rows."""
        self.quarter += 1
        simulate(self.firms, self.places, self.scratch, self.n, self.quarter, self.replicate, self.totals)
        free = np.flatnonzero(self.firms.alive == 0)[: int(ENTRY_SHARE * self.n)]
        uid = self.n + self.quarter * UIDS_A_QUARTER
        enter(self.firms, self.places, free, uid, self.quarter, self.replicate)
        self.totals[0] += len(free)


def bare_run(firms: int = FIRMS, quarters: int = QUARTERS, replicate: int = 0) -> npt.NDArray[np.float64]:
    """Build and run without Mesa; totals by quarter, shape (quarters, 12)."""
    run, totals = BareRun(firms, replicate), np.empty((quarters, len(TOTALS)))
    for q in range(quarters):
        run.next_quarter()
        totals[q] = run.totals
    return totals


class YardstickModel(ColumnModel):
    """The same as a Mesa model: column agents, `step`, twelve totals a quarter in Mesa's DataCollector."""

    def __init__(self, firms: int = FIRMS, replicate: int = 0) -> None:
        super().__init__(rng=1)
        self.bare = BareRun(firms, replicate)
        self.register_kind(YardstickFirm, self.bare.columns)
        totals = self.bare.totals
        self.datacollector = mesa.DataCollector(
            model_reporters={name: lambda _, i=i: totals[i] for i, name in enumerate(TOTALS)}
        )

    def step(self) -> None:
        """One quarter."""
        self.bare.next_quarter()
        self.datacollector.collect(self)
