"""How mixes do over states of the world: where the targets are met, and what is lost against the best mix of a state.

Margin of a run: how far its hardest target lies on the good side, as a share of the target. Regret of a mix in a state:
the best margin that any mix has there less its own, so never below zero, and zero for the best.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.discovery.unknowns import States
from experiments.optimisation.attainment import interval, margins_of
from experiments.outcomes import Array, Results
from experiments.pairs import QUANTILES
from sim.catalogue.rows import TargetRow


@dataclass(frozen=True)
class Table:
    """What came of all states and mixes; nan where a run failed.

    Attributes
    ----------
    values, margins : (n_mixes, n_states, n_replicates, n_targets); cost : (n_mixes, n_states, n_replicates), million
        yuan of public cost over the whole run beyond the first mix.
    """

    mixes: tuple[str, ...]
    targets: tuple[TargetRow, ...]
    states: States
    values: Array
    margins: Array
    cost: Array

    @property
    def worst(self) -> Array:
        """The margin of the hardest target, (n_mixes, n_states, n_replicates); nan where a run failed."""
        found: Array = self.margins.min(axis=3)
        return found

    @property
    def met(self) -> Array:
        """1 where a run meets all targets, 0 where it misses one or failed, (n_mixes, n_states, n_replicates)."""
        return (np.nan_to_num(self.worst, nan=-np.inf) >= 0.0).astype(np.float64)


@dataclass(frozen=True)
class Robust:
    """One row of regret.csv: margins and regrets as shares of the target, cost in million yuan of the whole run.

    met : share of runs that meet all targets, with Wilson's interval; best : share of states in which no mix does
    better; regret is that of the mean of a state's replicates.
    """

    mix: str
    states: int
    runs: int
    met: float
    met_p05: float
    met_p95: float
    margin: float
    margin_p05: float
    margin_p95: float
    regret: float
    regret_p95: float
    regret_max: float
    best: float
    cost: float
    cost_p05: float
    cost_p95: float


COLUMNS = tuple(Robust.__dataclass_fields__)


def filled(
    mixes: Sequence[str], targets: Sequence[TargetRow], states: States, replicates: int,
    results: Sequence[Sequence[Results | None]], costs: Sequence[Sequence[dict[int, float]]],
) -> Table:  # fmt: skip
    """The table of results by mix and state; costs : public cost of each replicate, of the same mixes and states."""
    n_states, n_targets = len(states.values), len(targets)
    values = np.full((len(mixes), n_states, replicates, n_targets), np.nan)
    margins, cost = values.copy(), np.full(values.shape[:3], np.nan)
    for m, row in enumerate(results):
        for s, one in enumerate(row):
            if one is None:
                continue
            here = list(one.replicates)
            for t, target in enumerate(targets):
                values[m, s, here, t], margins[m, s, here, t] = margins_of(target, one)
            for replicate in here:
                if replicate in costs[0][s]:
                    cost[m, s, replicate] = costs[m][s][replicate] - costs[0][s][replicate]
    return Table(tuple(mixes), tuple(targets), states, values, margins, cost)


def by_state(worst: Array) -> Array:
    """Mean over the replicates that succeeded, (n_mixes, n_states); nan where none did."""
    there = np.isfinite(worst)
    count = there.sum(axis=2)
    sums = np.where(there, worst, 0.0).sum(axis=2)
    return np.where(count > 0, sums / np.maximum(count, 1), np.nan)


def regrets(table: Table) -> Array:
    """Regret of each mix in each state, (n_mixes, n_states); nan in states where a mix has no run."""
    margin = by_state(table.worst)
    whole = np.where(np.isnan(margin).any(axis=0), np.nan, margin)
    found: Array = whole.max(axis=0) - whole
    return found


def robust(table: Table) -> list[Robust]:
    """A row for each mix, in their order."""
    regret, found = regrets(table), list[Robust]()
    whole = regret[:, ~np.isnan(regret).any(axis=0)]
    for m, name in enumerate(table.mixes):
        met, worst = table.met[m], table.worst[m]
        low, high = interval(int(met.sum()), met.size)
        there, cost = worst[np.isfinite(worst)], table.cost[m][np.isfinite(table.cost[m])]
        mine = whole[m]
        found.append(
            Robust(
                name, met.shape[0], met.size, float(met.mean()), low, high, *_band(there),
                float(mine.mean()) if mine.size else float("nan"), _quantile(mine, QUANTILES[1]), _quantile(mine, 1.0),
                float((mine <= 0.0).mean()) if mine.size else float("nan"), *_band(cost),
            )
        )  # fmt: skip
    return found


def _band(values: Array) -> tuple[float, float, float]:
    """Mean, 5 and 95 %; nan of nothing."""
    if not values.size:
        return float("nan"), float("nan"), float("nan")
    return float(values.mean()), _quantile(values, QUANTILES[0]), _quantile(values, QUANTILES[1])


def _quantile(values: Array, share: float) -> float:
    return float(np.quantile(values, share)) if values.size else float("nan")


def most_robust(rows: Sequence[Robust]) -> int:
    """The place of the mix with the least regret among those that meet the targets as often as any, but for chance.

    A mix counts as meeting them as often where its share lies inside the interval of the largest.
    """
    largest = max(rows, key=lambda one: one.met)
    alike = [i for i, one in enumerate(rows) if one.met >= largest.met_p05]
    return min(alike, key=lambda i: (math.inf if math.isnan(rows[i].regret) else rows[i].regret, -rows[i].met, i))
