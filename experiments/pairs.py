"""Two scenarios run with the same seeds: which runs belong together, and what one value a run an indicator leaves.

Random keys do not depend on the scenario, so the difference of two runs of one replicate is owed to the policy alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from experiments.outcomes import PROVINCE, Array, Results
from sim.catalogue.loader import catalogue

REFERENCE = "history"
Rows = npt.NDArray[np.int64]
QUANTILES = (0.05, 0.95)


def reference_of(results: Sequence[Results]) -> Results:
    """The reference scenario: history, or the first where history was not run."""
    return next((one for one in results if one.scenario.name == REFERENCE), results[0])


def paired(one: Results, other: Results) -> tuple[Rows, Rows]:
    """Places of the runs of the replicates that both have, in the order of the replicates.

    Raises ValueError where a replicate took other parameters or drivers in one than in the other: no pair.
    """
    both = sorted(set(one.replicates) & set(other.replicates))
    places = [np.array([found.replicates.index(r) for r in both], np.int64) for found in (one, other)]
    for r, here, there in zip(both, *places, strict=True):
        if _draw(one, int(here)) != _draw(other, int(there)):
            names = f"{one.scenario.name} and {other.scenario.name}"
            raise ValueError(f"{names}: replicate {r} took other parameters or drivers in one: their runs are no pairs")
    return places[0], places[1]


def _draw(results: Results, place: int) -> str:
    """What a run took beside its scenario's parameters and drivers."""
    return results.draws[place] if results.draws else ""


def whole_run(results: Results, indicator: str, group: str = PROVINCE) -> Array | None:
    """One value a run, shape (n_runs,): the sum of a flow over all full years, anything else at the end of the last.

    None where the group has no such indicator, or the run no full year.
    """
    row = catalogue().indicators[indicator]
    if group not in results.groups or not results.years:
        return None
    values = results.groups[group][:, :, list(catalogue().indicators).index(indicator)]
    found: Array = values.sum(axis=1) if row.kind == "flow" else values[:, -1]
    return None if np.isnan(found).any() else found


def band(values: Array) -> tuple[float, float, float]:
    """Mean, 5 % and 95 % of runs, shape (n_runs,)."""
    low, high = np.quantile(values, QUANTILES)
    return float(values.mean()), float(low), float(high)


def beyond_chance(low: float, high: float) -> bool:
    """Whether a band leaves out zero, so that nearly all seeds agree on the sign."""
    return low > 0.0 or high < 0.0
