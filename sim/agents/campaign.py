"""The coverage campaign's own bookkeeping: helpers at hand, queues in a fixed order, and the monthly ledger by county.

Queues are served from the top, so more helpers never serve fewer or other firms: attention = capacity less the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.kernels import kernel
from sim.core.quotas import best_first

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
CHANGZHI = 3  # row of catalogue/cities.csv
HOST = 1 + CHANGZHI  # row of its government
RESEARCH, STAFF, PROJECT, PLATFORM = 1, 2, 4, 8  # bits of firm.covered that the model's campaign can bring
BASIC = RESEARCH | STAFF | PROJECT
ONES_IN = np.array([bits.bit_count() for bits in range(256)])  # of each bit mask
LEDGER = ("firms", "surveyed", "listed", "with_helper", "covered", "on_paper", "written_off", "lapsed")


@dataclass(frozen=True)
class Effort:
    """Helpers of a month for the run (numbers of the city x intensity / k), and the pressure of the month."""

    intensity: float
    officials: float
    teams: float
    mentors: float
    pressure: float


def effort_of(world: World) -> Effort:
    """The effort that the terms of the quarter ask for."""
    terms = world.governments
    intensity = float(terms.campaign_intensity[HOST])
    share = intensity / world.scale
    return Effort(
        intensity, share * float(terms.campaign_officials[HOST]), share * float(terms.campaign_teams[HOST]),
        share * float(terms.campaign_mentors[HOST]), float(terms.campaign_pressure[HOST]),
    )  # fmt: skip


def roll(world: World) -> Rows:
    """Rows of the firms that the campaign deals with or left a mark on, largest sales of last year first."""
    firms = world.firms
    rows = np.flatnonzero((firms.alive != 0) & (firms.city == CHANGZHI))
    marked = (firms.is_above_scale[rows] | firms.campaign_bits[rows]) != 0
    rows = rows[marked | (firms.campaign_advice[rows] > 0.0)]
    return best_first(rows, firms.sales_1y, firms.uid)


@kernel
def attention(groups: npt.NDArray[np.integer], waits: Mask, capacity: Floats) -> Floats:
    """Part of a helper's place that each firm gets, 0 to 1, shape (n,): served in the order given, by group.

    groups : code of each firm, shape (n,); waits : who stands in the queue; capacity : places by group.
    """
    found, ahead = np.zeros(groups.size), np.zeros(capacity.size)
    for i in range(groups.size):
        if waits[i]:
            found[i] = min(max(capacity[groups[i]] - ahead[groups[i]], 0.0), 1.0)
            ahead[groups[i]] += 1.0
    return found


def kinds_shown(bits: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Number of kinds of activity in each bit mask, shape (n,)."""
    return ONES_IN[bits]


def book_month(world: World, year: int, month: int, counted: dict[str, Mask], county: npt.NDArray[np.integer]) -> None:
    """Add the status of a month's end by county to notes['campaign'], handed in on the 3rd of the next month.

    counted : for each entry of LEDGER, who counts, shape (n,); county : of the same firms.
    """
    book = world.notes["campaign"]
    width = len(book["counties"])
    book["months"].append((year, month))
    book["ledger"].append(np.array([np.bincount(county[counted[name]], minlength=width) for name in LEDGER]).T)


def open_book(world: World, counties: tuple[str, ...]) -> dict[str, Any]:
    """The campaign's notes: months worked so far, and the ledger: one table (county x LEDGER) a month."""
    empty = {"worked": 0, "counties": counties, "months": [], "ledger": []}
    book: dict[str, Any] = world.notes.setdefault("campaign", empty)
    return book
