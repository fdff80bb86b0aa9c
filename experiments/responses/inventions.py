"""Inventions that are expected to be filed, by the law of file_patents, before chance draws whole ones.

Filings of a firm are a few a year: the draw hides an effect of a few percent that two designs, or two programmes
together, differ by. Its mean is what a study of many firms would see, and is no other quantity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from experiments.outcomes import Array
from sim.agents.world import World
from sim.core.arithmetic import exp
from sim.core.columns import Columns
from sim.mechanisms.file_patents import FIRMS, INDIVIDUALS, NO_KNOWLEDGE, PUBLIC, Params, expect
from sim.scenario import Scenario

Uids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class OfYear:
    """What is expected of one year. firms : uid, ascending, and filed of each; others : of all others together."""

    firms: Mapping[str, npt.NDArray[Any]]
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
        """Rows of the owners of a kind that know something, and the mean of their filings."""
        rows = np.flatnonzero(kind.alive.view(np.bool_) & (kind.knowledge > NO_KNOWLEDGE))
        factors = (kind.knowledge, kind.patent_propensity, kind.filing_factor)
        return rows, expect(rows, *factors, level, self.params.elasticity)[0]

    def by_year(self) -> Mapping[int, OfYear]:
        """All years that were noted."""
        return {year: _of_year(quarters) for year, quarters in self.years.items()}


def _of_year(quarters: Sequence[tuple[Uids, Array, float]]) -> OfYear:
    """The quarters of a year added up."""
    uids, filed, others = zip(*quarters, strict=True)
    everybody, place = np.unique(np.concatenate(uids), return_inverse=True)
    return OfYear({"uid": everybody, "filed": np.bincount(place, np.concatenate(filed))}, float(sum(others)))
