"""Inventions that are expected to be filed, by the law of file_patents, before chance draws whole ones.

Filings of a firm are a few a year: the draw hides an effect of a few percent that two designs, or two programmes
together, differ by. Its mean is what a study of many firms would see, and is no other quantity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from experiments.outcomes import Array
from sim.agents.world import World
from sim.core.arithmetic import exp
from sim.core.columns import Columns
from sim.mechanisms.file_patents import FIRMS, INDIVIDUALS, PUBLIC, Params, expect
from sim.scenario import Scenario

Uids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class OfYear:
    """What is expected of one year. uids, filed : of firms, shape (n,), a firm as often as it has quarters; others."""

    uids: Uids
    filed: Array
    others: float


@dataclass
class Expected:
    """Notes, after filings of a quarter are drawn, what was expected of each firm and of all others together."""

    scenario: Scenario
    years: dict[int, list[tuple[Uids, Array, float]]] = field(default_factory=dict)

    @cached_property
    def params(self) -> Params:
        """The law of filings of the run."""
        return self.scenario.params("file_patents", Params)

    def __call__(self, world: World) -> None:
        """Add a quarter."""
        p, level = self.params, world.indices["filing_level"]
        years = (world.calendar.quarter + 0.5) / 4.0
        drift = p.step_2011 * exp(p.drift_y * years)
        rows, of_firms = self._owners(world.firms, float(level[FIRMS]) * drift)
        others = float(level[INDIVIDUALS]) * p.step_2011 * exp(p.individual_growth_y * years)
        for kind in (world.universities, world.institutes):
            others += float(self._owners(kind, float(level[PUBLIC]) * drift)[1].sum())
        self.years.setdefault(world.calendar.year, []).append((world.firms.uid[rows], of_firms, others))

    def _owners(self, kind: Columns, level: float) -> tuple[npt.NDArray[np.int64], Array]:
        """Rows of the owners of a kind that are alive, and the mean of their filings."""
        rows = np.flatnonzero(kind.alive)
        factors = (kind.knowledge, kind.patent_propensity, kind.filing_factor)
        return rows, expect(rows, *factors, level, self.params.elasticity)[0]

    def by_year(self) -> Mapping[int, OfYear]:
        """All years that were noted."""
        return {year: OfYear(*_joined(quarters)) for year, quarters in self.years.items()}


def _joined(quarters: Sequence[tuple[Uids, Array, float]]) -> tuple[Uids, Array, float]:
    uids, filed, others = zip(*quarters, strict=True)
    return np.concatenate(uids), np.concatenate(filed), float(sum(others))


def filed_by(year: OfYear, uids: Uids) -> Array:
    """Inventions expected of firms in a year, 0 for those that are not there; uids and result of shape (n,)."""
    order = np.argsort(uids, kind="stable")
    place = np.minimum(np.searchsorted(uids, year.uids, sorter=order), max(len(uids) - 1, 0))
    if not len(uids):
        return np.zeros(0)
    at = order[place]
    is_asked = uids[at] == year.uids
    filed: Array = np.bincount(at[is_asked], weights=year.filed[is_asked], minlength=len(uids)).astype(np.float64)
    return filed
