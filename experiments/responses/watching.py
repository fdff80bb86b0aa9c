"""What experiments note while a model runs: who was paid, counts of the quarter, firms by quarter.

A watch is called with the world at the end of every quarter, before firms leave (Lab.run).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from experiments.outcomes import Array
from experiments.responses.beside import Act, beside
from experiments.responses.lab import Lab, Trace, Watch
from sim.agents.budget import BUDGET_LINES
from sim.agents.world import World
from sim.core.fixed_point import ONE
from sim.core.money import YUAN_PER_MILLION

Uids = npt.NDArray[np.int64]


@dataclass
class Paid:
    """Million yuan that each firm got from one budget line in some years, by uid."""

    line: str
    years: Sequence[int]
    by_uid: dict[int, float] = field(default_factory=dict)

    def __call__(self, world: World) -> None:
        """Add the payments of the quarter."""
        if world.calendar.year not in self.years:
            return
        rows, yuan = world.firms.received_yuan.by_payee(np.array([BUDGET_LINES.index(self.line)]))
        for uid, paid in zip(world.firms.uid[rows].tolist(), yuan[:, 0].tolist(), strict=True):
            if paid > 0:
                self.by_uid[uid] = self.by_uid.get(uid, 0.0) + paid / YUAN_PER_MILLION

    @property
    def uids(self) -> Uids:
        """Uids of those who were paid, ascending, shape (n,)."""
        return np.array(sorted(self.by_uid), np.int64)

    @property
    def amounts(self) -> Array:
        """Million yuan of each, in the order of `uids`."""
        return np.array([self.by_uid[uid] for uid in sorted(self.by_uid)])


@dataclass
class Counted:
    """Counts of the quarter that the world keeps as flows, summed over some years; for the whole province."""

    flows: Sequence[str]
    years: Sequence[int]
    sums: dict[str, float] = field(default_factory=dict)

    def __call__(self, world: World) -> None:
        """Add the flows of the quarter."""
        if world.calendar.year in self.years:
            for name in self.flows:
                now = world.flows.get(name, 0) / ONE * world.scale
                self.sums[name] = self.sums.get(name, 0.0) + now


@dataclass
class Quarterly:
    """Columns of the living firms at the end of each quarter of some years, sorted by uid.

    by_quarter : quarter number (4 x year + quarter of the year, from 0) -> columns.
    """

    columns: Sequence[str]
    years: Sequence[int]
    by_quarter: dict[int, dict[str, npt.NDArray[Any]]] = field(default_factory=dict)

    def __call__(self, world: World) -> None:
        """Keep the columns of the quarter."""
        calendar, firms = world.calendar, world.firms
        if calendar.year not in self.years:
            return
        rows = np.flatnonzero(firms.alive)
        rows = rows[np.argsort(firms.uid[rows])]
        self.by_quarter[4 * calendar.year + calendar.quarter_of_year] = {
            name: getattr(firms, name)[rows].copy() for name in ("uid", *self.columns)
        }


def together(*watches: Watch) -> Watch:
    """Several watches as one."""

    def watch(world: World) -> None:
        for one in watches:
            one(world)

    return watch


def lab_beside(lab: Lab, name: str, before: Act | None = None, after: Act | None = None) -> Lab:
    """The laboratory whose models do something beside a step as well; it shares no runs with the first."""

    def around() -> AbstractContextManager[Any]:
        stack = ExitStack()
        stack.enter_context(lab.around())
        stack.enter_context(beside(name, before, after))
        return stack

    return Lab(lab.seed, lab.k, lab.parameters, around)


def of_firms(panel: Any, column: str, uids: Uids, absent: float = 0.0) -> Array:
    """A column of the firms with these uids, shape (n,), `absent` for those that are not in the panel."""
    known = panel["uid"]
    if not len(known):
        return np.full(len(uids), absent)
    place = np.minimum(np.searchsorted(known, uids), len(known) - 1)
    return np.where(known[place] == uids, panel[column][place].astype(np.float64), absent)


def inventions_of(trace: Trace, years: Sequence[int], uids: Uids) -> Array:
    """Inventions that each of these firms is expected to file in the years together, shape (n,)."""
    total: Array = np.sum([of_firms(trace.expected[year].firms, "filed", uids) for year in years], axis=0)
    return total
